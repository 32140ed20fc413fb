"""Typed variables on the wire: `{"value": …, "type": …, "valueInfo": …}`, read leniently, written in full."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import marshmallow as ma

from api.engine_rest.wire import NO_PATTERN, is_pattern, read_instant, written
from api.wire import parsed
from engine.errors import Sentence, Unreadable
from engine.queries.scopes import OPERATORS
from engine.store.values import INTEGER_LIMIT, TypedValue, value_of

LONG_LIMIT, SHORT_LIMIT = 2**63, 2**15
LONGEST_NAME = 255
NAMED = ma.validate.Length(1, LONGEST_NAME)
BOOLEANS = {"true": True, "false": False}


class Unfit(Exception):
    """A value is none of its type."""


def _text(value: object) -> str:
    if isinstance(value, bool | int | float | str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    raise Unfit


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in BOOLEANS:
        return BOOLEANS[value.lower()]
    raise Unfit


def _whole(limit: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise Unfit
        try:
            number = int(value)
        except ValueError as no_number:
            raise Unfit from no_number
        if not -limit <= number < limit:
            raise Unfit
        return number

    return read


def _double(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unfit
    try:
        number = float(value)
    except (ValueError, OverflowError) as no_number:
        raise Unfit from no_number
    if number != number or number in (float("inf"), float("-inf")):
        raise Unfit
    return number


def _date(value: object) -> datetime:
    if not isinstance(value, str):
        raise Unfit
    try:
        return read_instant(value)
    except (ValueError, OverflowError) as no_date:
        raise Unfit from no_date


def _json(value: object) -> TypedValue:
    """Kept as the text that was received; Camunda's newer tasklist sends the value itself. What it says is read as
    strictly as the body around it, because it is read again by whoever looks at the variable."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    try:
        parsed(text.encode())
    except Unreadable as no_json:
        raise Unfit from no_json
    return TypedValue("Json", text)


def _null(value: object) -> None:
    if value is not None:
        raise Unfit


READERS: Mapping[str, Callable[[object], object]] = {
    "string": _text,
    "boolean": _boolean,
    "short": _whole(SHORT_LIMIT),
    "integer": _whole(INTEGER_LIMIT),
    "long": _whole(LONG_LIMIT),
    "double": _double,
    "date": _date,
    "json": _json,
    "null": _null,
}


class VariableDto(ma.fields.Field[Any]):
    """One variable: a value, and what it is if the client says so."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> object:
        if not isinstance(value, Mapping):
            raise ma.ValidationError([Sentence('变量应写作 {"value": …}。', 'A variable is written {"value": …}.')])
        return _read(value)


def _read(said: Mapping[str, Any]) -> object:
    value, kind = said.get("value"), said.get("type")
    if kind is None or value is None:
        return value
    reader = READERS.get(str(kind).lower())
    if reader is None:
        raise ma.ValidationError([Sentence(f"不支持变量类型“{kind}”。", f"Unsupported value type '{kind}'.")])
    try:
        return reader(value)
    except Unfit as unfit:
        raise ma.ValidationError([Sentence(f"该值不是 {kind} 类型。", f"The value is no {kind}.")]) from unfit


class Variables(ma.fields.Dict):
    """Variables by name, read into the engine's values."""

    def __init__(self, **options: Any) -> None:
        super().__init__(keys=ma.fields.String(validate=NAMED), values=VariableDto(), load_default=dict, **options)


def plain(values: Mapping[str, object]) -> dict[str, object]:
    """The same values where a form is checked: what came as Json is what it says."""
    return {name: one.says if isinstance(one, TypedValue) else one for name, one in values.items()}


WRITERS: Sequence[tuple[type, Callable[[Any], tuple[str, object]]]] = (
    (type(None), lambda value: ("Null", None)),
    (bool, lambda value: ("Boolean", value)),
    (int, lambda value: ("Integer" if -INTEGER_LIMIT <= value < INTEGER_LIMIT else "Long", value)),
    (float, lambda value: ("Double", value)),
    (datetime, lambda value: ("Date", written(value))),
    (str, lambda value: ("String", value)),
    (object, lambda value: ("Json", json.dumps(value, ensure_ascii=False))),
)


def shown(value: object) -> dict[str, Any]:
    """A value as clients read it: Json is always a text."""
    kind, content = next(write(value) for of, write in WRITERS if isinstance(value, of))
    return {"type": kind, "value": content, "valueInfo": {}}


def shown_rows(rows: Iterable[Any]) -> dict[str, Any]:
    """Stored variables by name; a Json is the text that was received."""
    return {row.name: _json_row(row) if row.type == "Json" else shown(value_of(row)) for row in rows}


def _json_row(row: Any) -> dict[str, Any]:
    return {"type": "Json", "value": row.text, "valueInfo": {}}


LIKE = ("like", "notLike")
BAD_CONDITION = Sentence(
    f"变量条件应写作 名称_运算符_值，运算符为 {'、'.join(OPERATORS)} 之一。",
    f"A condition on a variable is name_operator_value, with one of the operators {', '.join(OPERATORS)}.",
)


class Conditions(ma.fields.Field[list[tuple[str, str, object]]]):
    """Conditions on variables: `name_operator_value`, separated by commas in an address; rows of name, operator and
    value in a body. In an address a value is a number or a truth where it reads like one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[tuple[str, str, object]]:
        if not isinstance(value, str | list):
            raise ma.ValidationError([BAD_CONDITION])
        rows = (
            [_in_address(one) for one in value.split(",")] if isinstance(value, str) else [_row(one) for one in value]
        )
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
