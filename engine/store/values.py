"""How a variable's value becomes columns and back: the types in Camunda's words, JSON kept as the text received, bytes
kept elsewhere."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from engine.errors import Invalid, Sentence
from engine.interpreter.step import Spelled, meaning

INTEGER_LIMIT = 2**31
DOUBLE_COLUMN_LIMIT = 10**19
UNSTORABLE_TEXT = Sentence("文本含有无法保存的字符。", "The text contains a character that cannot be stored.")
NO_BYTES_HERE = Sentence(
    "此处不能使用刚提交的文件或二进制数据：不能比较，也不能随信号、消息发出。",
    "A file or bytes that just came are not compared with, and no signal or message carries them.",
)
COLUMNS = ("type", "value_info", "text", "number", "instant", "bytes_id")
WHOLE = ("Short", "Integer", "Long")
BYTES, FILE, OBJECT = "Bytes", "File", "Object"
FORMAT, JSON_FORMAT = "serializationDataFormat", "application/json"


@dataclass(frozen=True, slots=True)
class TypedValue(Spelled):
    """A value whose Camunda type was said, not guessed; `text` is what was received, and JSON stays as it was written.

    `value_info` is the JSON of what Camunda calls so.
    """

    type: str
    text: str | None
    value_info: str | None = None

    @property
    def says(self) -> object:
        return value_of(SimpleNamespace(**columns(self)))


@dataclass(frozen=True, slots=True)
class Transient(Spelled):
    """A value that is seen until its command is done, and never stored (Camunda 7)."""

    value: object

    @property
    def says(self) -> object:
        return meaning(self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Binary(Mapping[str, object]):
    """A Bytes or a File. An expression sees its `info` (filename, mimetype, encoding, size), never the bytes.

    `id` says which stored bytes it has, None for one whose `content` is not stored yet.
    """

    type: str
    info: Mapping[str, object]
    id: str | None = None
    content: bytes | None = None

    def __getitem__(self, name: str) -> object:
        return self.info[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.info)

    def __len__(self) -> int:
        return len(self.info)


def _json(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping | Spelled):
        return dict(value) if isinstance(value, Mapping) else meaning(value)
    raise TypeError(type(value).__name__)


def _json_text(value: object) -> dict[str, Any]:
    return {"type": "Json", "text": json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_json)}


def _whole(value: int) -> dict[str, Any]:
    return {"type": "Integer" if abs(value) < INTEGER_LIMIT else "Long", "number": Decimal(value)}


def _fraction(value: float | Decimal) -> dict[str, Any]:
    comparable = abs(float(value)) < DOUBLE_COLUMN_LIMIT
    return {"type": "Double", "number": Decimal(str(value)) if comparable else None, "text": repr(float(value))}


def _text(value: str) -> dict[str, Any]:
    if "\0" in value or (not value.isprintable() and _is_unstorable(value)):
        raise Invalid(UNSTORABLE_TEXT)
    return {"type": "String", "text": value}


def _is_unstorable(value: str) -> bool:
    """A lone surrogate is no character; neither database can keep it."""
    return any("\ud800" <= character <= "\udfff" for character in value)


def _typed(value: TypedValue) -> dict[str, Any]:
    if value.type in WHOLE and value.text is not None:
        return {"type": value.type, "number": Decimal(value.text)}
    return {"type": value.type, "text": value.text, "value_info": value.value_info}


def _binary(value: Binary) -> dict[str, Any]:
    if value.id is None:
        raise Invalid(NO_BYTES_HERE)
    return {"type": value.type, "value_info": json.dumps(dict(value.info), ensure_ascii=False), "bytes_id": value.id}


WRITERS: Sequence[tuple[Any, Callable[[Any], dict[str, Any]]]] = (
    (TypedValue, _typed),
    (Transient, lambda transient: columns(transient.value)),
    (Binary, _binary),
    (type(None), lambda value: {"type": "Null"}),
    (bool, lambda value: {"type": "Boolean", "number": Decimal(value)}),
    (int, _whole),
    (float | Decimal, _fraction),
    (str, _text),
    (datetime, lambda value: {"type": "Date", "instant": value}),
    (date, lambda value: {"type": "String", "text": value.isoformat()}),
    (Mapping | list | tuple, _json_text),
)


def columns(value: object) -> dict[str, Any]:
    """The columns of a value. Raises Invalid for one that no column can hold."""
    for kind, write in WRITERS:
        if isinstance(value, kind):
            return {**dict.fromkeys(COLUMNS), **write(value)}
    name = type(value).__name__
    raise Invalid(Sentence(f"变量值类型 {name} 无法保存。", f"A value of type {name} cannot be stored."))


def _number(row: Any) -> object:
    return float(row.text) if row.text is not None else float(row.number)


def _object(row: Any) -> object:
    """Serialised as JSON, what that says."""
    is_json = json.loads(row.value_info or "{}").get(FORMAT) == JSON_FORMAT
    return json.loads(row.text) if is_json and row.text else row.text


READERS: Mapping[str, Any] = {
    "Null": lambda row: None,
    "Boolean": lambda row: bool(row.number),
    **dict.fromkeys(WHOLE, lambda row: int(row.number)),
    "Double": _number,
    "String": lambda row: row.text,
    "Date": lambda row: row.instant,
    "Json": lambda row: json.loads(row.text or "null"),
    OBJECT: _object,
    **dict.fromkeys((BYTES, FILE), lambda row: Binary(row.type, json.loads(row.value_info), row.bytes_id)),
}


def storable(text: str, most: int) -> str:
    """What a machine said, cut short, with every character that no database can keep replaced."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()[:most]


def value_of(row: Any) -> object:
    """The Python value of a stored row; of a type that only its sender understands, the text it sent."""
    return READERS.get(row.type, lambda row: row.text)(row)


def packed(variables: Mapping[str, object]) -> dict[str, Any]:
    """Variables as a JSON object, for a job that will hand them on. Raises Invalid for bytes that are not stored."""
    said = {
        name: {one: kept for one, kept in columns(value).items() if kept is not None}
        for name, value in variables.items()
    }
    found: dict[str, Any] = json.loads(json.dumps(said, default=str))
    return found


def unpacked(said: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """The same variables again, each of its type."""
    return {name: value_of(SimpleNamespace(**dict.fromkeys(COLUMNS) | _unpacked(one))) for name, one in said.items()}


def _unpacked(said: Mapping[str, str]) -> dict[str, Any]:
    read: Mapping[str, Callable[[str], Any]] = {"number": Decimal, "instant": datetime.fromisoformat}
    return {name: read.get(name, str)(kept) for name, kept in said.items()}


def as_json(variables: Mapping[str, object]) -> dict[str, Any]:
    """Variables as a JSON object, for who reads them; an instant becomes its ISO 8601 text."""
    encoded: dict[str, Any] = json.loads(json.dumps(dict(variables), default=_json))
    return encoded
