"""Camunda's types of variables on the wire: how a value of each is read, and what its `valueInfo` must say."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma

from api.engine_rest.wire import read_instant
from api.wire import parsed
from casework.materials import LONGEST_NAME, MOST_BYTES
from engine.errors import Sentence, Unreadable
from engine.store.values import BYTES, FILE, FORMAT, INTEGER_LIMIT, JSON_FORMAT, Binary, TypedValue

LONG_LIMIT, SHORT_LIMIT = 2**63, 2**15
BOOLEANS = {"true": True, "false": False}
CLASS_NAME = "objectTypeName"
JAVA_FORMAT = "application/x-java-serialized-object"
MEDIA_TYPE = re.compile(
    r"[\w!#$&^.+-]{1,127}/[\w!#$&^.+-]{1,127}(; ?[\w!#$&^.+-]{1,80}=[\w!#$&^.+:/-]{1,80}){0,4}", re.ASCII
)
CHARSET = re.compile(r"[A-Za-z0-9][\w.:+-]{0,39}", re.ASCII)
NO_FILENAME = Sentence(
    f"文件须在 valueInfo.filename 中给出名称，最长 {LONGEST_NAME} 个字符。",
    f"A File is named in valueInfo.filename, with at most {LONGEST_NAME} characters.",
)
NO_CONTENT = Sentence(
    "文件没有内容；若要保留已存的文件，请勿提交该变量。",
    "The File has no content; to keep the one that is stored, leave the variable out.",
)
NO_BASE64 = Sentence("内容不是有效的 base64。", "The content is no valid base64.")
TOO_LARGE = Sentence(
    f"文件或二进制数据最大 {MOST_BYTES >> 20} MB。", f"A File or Bytes has at most {MOST_BYTES >> 20} MB."
)
NO_MEDIA_TYPE = Sentence(
    "valueInfo.mimetype 应写作 application/pdf。", "valueInfo.mimetype is written like application/pdf."
)
NO_CHARSET = Sentence("valueInfo.encoding 应写作 UTF-8。", "valueInfo.encoding is written like UTF-8.")
NO_CLASS = Sentence(
    "Object 类型的值须在 valueInfo.objectTypeName 中给出类型。", "An Object says its type in valueInfo.objectTypeName."
)
NO_JAVA = Sentence(
    "不接收 Java 序列化对象；请使用 application/json 或 application/xml。",
    "Serialised Java objects are not taken; use application/json or application/xml.",
)
LONGEST_CLASS = 500
Info = Mapping[str, Any]


class Unfit(Exception):
    """A value is none of its type."""


def refused(why: Sentence) -> ma.ValidationError:
    """What is wrong with a value beside its type."""
    return ma.ValidationError([why])


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


def _whole(value: object, limit: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Unfit
    try:
        number = int(value)
    except ValueError as no_number:
        raise Unfit from no_number
    if not -limit <= number < limit:
        raise Unfit
    return number


def _sized(kind: str, limit: int) -> Callable[[object], TypedValue]:
    """A whole number that stays of its type, however small it is."""
    return lambda value: TypedValue(kind, str(_whole(value, limit)))


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
    _check_json(text)
    return TypedValue("Json", text)


def _check_json(text: str) -> None:
    try:
        parsed(text.encode())
    except Unreadable as no_json:
        raise Unfit from no_json


def _xml(value: object) -> TypedValue:
    """Kept as it is: nobody here reads it."""
    if not isinstance(value, str):
        raise Unfit
    return TypedValue("Xml", value)


def _null(value: object) -> None:
    if value is not None:
        raise Unfit


PLAIN: Mapping[str, Callable[[object], object]] = {
    "string": _text,
    "boolean": _boolean,
    "short": _sized("Short", SHORT_LIMIT),
    "integer": lambda value: _whole(value, INTEGER_LIMIT),
    "long": _sized("Long", LONG_LIMIT),
    "double": _double,
    "date": _date,
    "json": _json,
    "xml": _xml,
    "null": _null,
}
"""Types of which the value says everything."""


def _bytes(value: object, info: Info) -> Binary | None:
    if value is None:
        return None
    content = _decoded(value)
    return Binary(BYTES, {"size": len(content)}, content=content)


def _file(value: object, info: Info) -> Binary:
    if value is None:
        raise refused(NO_CONTENT)
    return file(_decoded(value), info)


def _decoded(value: object) -> bytes:
    if not isinstance(value, str):
        raise Unfit
    try:
        content = base64.b64decode("".join(value.split()), validate=True)
    except ValueError as no_base64:
        raise refused(NO_BASE64) from no_base64
    if len(content) > MOST_BYTES:
        raise refused(TOO_LARGE)
    return content


def file(content: bytes, info: Info) -> Binary:
    """A File of these bytes. Raises ValidationError for one without a name, or with what no header can say."""
    said: dict[str, object] = {"filename": _filename(info.get("filename"))}
    for name, written, why in (("mimetype", MEDIA_TYPE, NO_MEDIA_TYPE), ("encoding", CHARSET, NO_CHARSET)):
        value = info.get(name)
        if value in (None, ""):
            continue
        if not isinstance(value, str) or not written.fullmatch(value):
            raise refused(why)
        said[name] = value
    return Binary(FILE, {**said, "size": len(content)}, content=content)


def _filename(said: object) -> str:
    name = said.replace("\\", "/").rsplit("/", 1)[-1].strip() if isinstance(said, str) else ""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise refused(NO_FILENAME)
    return name


def _object(value: object, info: Info) -> TypedValue | None:
    """Kept as the text that was received; what is JSON is read by expressions."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unfit
    of, form = info.get(CLASS_NAME), info.get(FORMAT) or JSON_FORMAT
    if not isinstance(of, str) or not 0 < len(of) <= LONGEST_CLASS:
        raise refused(NO_CLASS)
    if form == JAVA_FORMAT or not isinstance(form, str) or not MEDIA_TYPE.fullmatch(form):
        raise refused(NO_JAVA)
    if form == JSON_FORMAT:
        _check_json(value)
    return TypedValue("Object", value, json.dumps({CLASS_NAME: of, FORMAT: form}, ensure_ascii=False))


INFORMED: Mapping[str, Callable[[object, Info], object]] = {"bytes": _bytes, "file": _file, "object": _object}
"""Types of which `valueInfo` says a part."""
