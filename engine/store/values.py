"""How a variable's value becomes columns and back: the types in Camunda's words, JSON kept as the text received."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.errors import Invalid, Sentence

INTEGER_LIMIT = 2**31
COLUMNS = ("type", "value_info", "text", "number", "instant", "bytes_id")


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value whose Camunda type was said, not guessed; `text` is its JSON exactly as received."""

    type: str
    text: str | None
    value_info: str | None = None


def columns(value: object) -> dict[str, Any]:
    """The columns of a value. Raises Invalid for one that no column can hold."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row.update(_filled(value))
    return row


def _filled(value: object) -> dict[str, Any]:
    if isinstance(value, TypedValue):
        return {"type": value.type, "text": value.text, "value_info": value.value_info}
    if value is None:
        return {"type": "Null"}
    if isinstance(value, bool):
        return {"type": "Boolean", "number": Decimal(value)}
    if isinstance(value, int):
        return {"type": "Integer" if abs(value) < INTEGER_LIMIT else "Long", "number": Decimal(value)}
    if isinstance(value, float | Decimal):
        return {"type": "Double", "number": Decimal(str(value)), "text": repr(float(value))}
    if isinstance(value, str):
        return {"type": "String", "text": value}
    return _filled_further(value)


def _filled_further(value: object) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {"type": "Date", "instant": value}
    if isinstance(value, date):
        return {"type": "String", "text": value.isoformat()}
    if isinstance(value, Mapping | list | tuple):
        return {"type": "Json", "text": json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_json)}
    raise Invalid(
        Sentence(
            f"变量值类型 {type(value).__name__} 无法保存。", f"A value of type {type(value).__name__} cannot be stored."
        )
    )


def _json(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)


def _number(row: Any) -> object:
    return float(row.text) if row.text is not None else float(row.number)


READERS: Mapping[str, Any] = {
    "Null": lambda row: None,
    "Boolean": lambda row: bool(row.number),
    "Integer": lambda row: int(row.number),
    "Long": lambda row: int(row.number),
    "Double": _number,
    "String": lambda row: row.text,
    "Date": lambda row: row.instant,
    "Json": lambda row: json.loads(row.text),
}


def value_of(row: Any) -> object:
    """The Python value of a stored row; of a type that only its sender understands, the text it sent."""
    return READERS.get(row.type, lambda row: row.text)(row)
