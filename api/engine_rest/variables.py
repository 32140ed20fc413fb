"""Typed variables on the wire: `{"value": …, "type": …, "valueInfo": …}`, read leniently, written in full."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import marshmallow as ma
from flask import request

from api.engine_rest.variable_types import BOOLEANS, INFORMED, PLAIN, Unfit, refused
from api.engine_rest.wire import NO_PATTERN, Dto, is_pattern, written
from engine.errors import Sentence
from engine.queries.scopes import OPERATORS
from engine.store import contents
from engine.store.values import BYTES, INTEGER_LIMIT, OBJECT, Binary, Transient, value_of
from engine.transaction import Transaction

LONGEST_NAME = 255
MOST_VARIABLES = 1_000
NAMED = ma.validate.Length(1, LONGEST_NAME)
MOST_INLINE = 1 << 20
"""The largest Bytes that are shown with their variable, in bytes; larger ones are downloaded."""


class DeserializationsQuery(Dto):
    """Whether objects that are kept as JSON are shown as such, or as text."""

    deserialize_values = ma.fields.Boolean(load_default=True)


class DeserializationQuery(Dto):
    """The same of one variable."""

    deserialize_value = ma.fields.Boolean(load_default=True)


class VariableDto(ma.fields.Field[Any]):
    """One variable: a value, and what it is if the client says so."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> object:
        if not isinstance(value, Mapping):
            raise ma.ValidationError([Sentence('变量应写作 {"value": …}。', 'A variable is written {"value": …}.')])
        return _read(value)


def _read(said: Mapping[str, Any]) -> object:
    value, kind, info = said.get("value"), said.get("type"), said.get("valueInfo")
    info = info if isinstance(info, Mapping) else {}
    read = value if kind is None else typed(str(kind), value, info)
    return Transient(read) if info.get("transient") is True else read


def typed(kind: str, value: object, info: Mapping[str, Any]) -> object:
    """A value of the type that was said. Raises ValidationError."""
    name = kind.lower()
    if name not in PLAIN and name not in INFORMED:
        raise refused(Sentence(f"不支持变量类型“{kind}”。", f"Unsupported value type '{kind}'."))
    try:
        if name in INFORMED:
            return INFORMED[name](value, info)
        return None if value is None else PLAIN[name](value)
    except Unfit as unfit:
        raise refused(Sentence(f"该值不是 {kind} 类型。", f"The value is no {kind}.")) from unfit


class Variables(ma.fields.Dict):
    """Variables by name, read into the engine's values; twenty-five thousand of them would hold a case for seconds."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("validate", ma.validate.Length(max=MOST_VARIABLES))
        options.setdefault("values", VariableDto())
        if not options.get("required"):
            options["load_default"] = dict
        super().__init__(keys=ma.fields.String(validate=NAMED), **options)


WRITERS: Sequence[tuple[type, Callable[[Any], tuple[str, object]]]] = (
    (type(None), lambda value: ("Null", None)),
    (bool, lambda value: ("Boolean", value)),
    (int, lambda value: ("Integer" if -INTEGER_LIMIT <= value < INTEGER_LIMIT else "Long", value)),
    (float, lambda value: ("Double", value)),
    (datetime, lambda value: ("Date", written(value))),
    (str, lambda value: ("String", value)),
    (Binary, lambda value: (value.type, None)),
    (object, lambda value: ("Json", json.dumps(value, ensure_ascii=False))),
)
AS_TEXT = ("Json", "Xml")
NAMES_OF_FILES = ("filename", "mimetype", "encoding")


def shown(value: object) -> dict[str, Any]:
    """A value as clients read it: Json is always a text, bytes are downloaded."""
    kind, content = next(write(value) for of, write in WRITERS if isinstance(value, of))
    return {"type": kind, "value": content, "valueInfo": file_info(value) if isinstance(value, Binary) else {}}


def file_info(value: Mapping[str, object]) -> dict[str, object]:
    """What `valueInfo` says of a File; nothing of Bytes."""
    return {name: value[name] for name in NAMES_OF_FILES if name in value}


def asks_for_objects() -> bool:
    """Whether a list is asked for objects as such: said in the address, also of a query in a body (Camunda 7)."""
    return request.args.get("deserializeValues", "").lower() != "false"


def shown_rows(tx: Transaction, rows: Iterable[Any], *, deserialized: bool = True) -> dict[str, Any]:
    """Stored variables by name: a Json is the text that was received, Bytes are base64, a File is downloaded.

    An Object that is JSON is shown as such when it is `deserialized`.
    """
    known = {row.name: row for row in rows}
    inline = _inline(tx, known.values())
    return {name: shown_row(row, inline, deserialized=deserialized) for name, row in known.items()}


def shown_row(
    row: Any, inline: Mapping[str, str] = MappingProxyType({}), *, deserialized: bool = True
) -> dict[str, Any]:
    """One stored variable; `inline` has the base64 of Bytes by the id of their content."""
    value = value_of(row)
    if isinstance(value, Binary):
        return {"type": row.type, "value": inline.get(value.id or ""), "valueInfo": file_info(value)}
    if row.type == OBJECT:
        said = value if deserialized else row.text
        return {"type": row.type, "value": said, "valueInfo": json.loads(row.value_info)}
    said = row.text if row.type in AS_TEXT else shown(value)["value"]
    return {"type": row.type, "value": said, "valueInfo": {}}


def _inline(tx: Transaction, rows: Iterable[Any]) -> dict[str, str]:
    """The Bytes among variables that are small enough to be shown, in base64 by the id of their content."""
    few = [row.bytes_id for row in rows if row.type == BYTES and json.loads(row.value_info)["size"] <= MOST_INLINE]
    return {id: base64.b64encode(one.read()).decode() for id, one in contents.several(tx, few).items()}


LIKE = ("like", "notLike")
MOST_CONDITIONS = 10
TOO_MANY = Sentence(
    f"变量条件最多 {MOST_CONDITIONS} 个。", f"There are at most {MOST_CONDITIONS} conditions on variables."
)
BAD_CONDITION = Sentence(
    f"变量条件应写作 名称_运算符_值，运算符为 {'、'.join(OPERATORS)} 之一。",
    f"A condition on a variable is name_operator_value, with one of the operators {', '.join(OPERATORS)}.",
)


class Conditions(ma.fields.Field[list[tuple[str, str, object]]]):
    """Conditions on variables: `name_operator_value`, separated by commas in an address; rows of name, operator and
    value in a body. In an address a value is a number or a truth where it reads like one. PostgreSQL plans each as a
    join, sixty for eighteen seconds, three thousand in nine gigabytes."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[tuple[str, str, object]]:
        if not isinstance(value, str | list):
            raise ma.ValidationError([BAD_CONDITION])
        rows = (
            [_in_address(one) for one in value.split(",")] if isinstance(value, str) else [_row(one) for one in value]
        )
        if len(rows) > MOST_CONDITIONS:
            raise ma.ValidationError([TOO_MANY])
        if any(operator not in OPERATORS for _, operator, _ in rows):
            raise ma.ValidationError([BAD_CONDITION])
        if any(operator in LIKE and not is_pattern(str(value)) for _, operator, value in rows):
            raise ma.ValidationError([NO_PATTERN])
        return rows


def _in_address(text: str) -> tuple[str, str, object]:
    name, _, rest = text.partition("_")
    operator, _, value = rest.partition("_")
    return name, operator, value if operator in LIKE else _likely(value)


def _row(said: Any) -> tuple[str, str, object]:
    if not (isinstance(said, Mapping) and isinstance(said.get("name"), str) and isinstance(said.get("operator"), str)):
        raise ma.ValidationError([BAD_CONDITION])
    name, operator, value = said["name"], said["operator"], said.get("value")
    return name, operator, str(value) if operator in LIKE else value


def _likely(text: str) -> object:
    if text in BOOLEANS:
        return BOOLEANS[text]
    try:
        return int(text)
    except ValueError:
        return text
