"""JSON and instants on the wire: what is read strictly, and how instants are written. Knows no route."""

import json
import math
import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import marshmallow as ma
from flask import Request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import UnsupportedMediaType

from api import bodies
from engine.errors import Sentence, Unreadable

ZONE = ZoneInfo("Asia/Shanghai")
DEEPEST = 64
LARGEST = 2**63 - 1
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
BROKEN_JSON = Sentence("请求正文不是有效的 JSON。", "The request body is not valid JSON.")
BAD_TEXT = Sentence("请求含有无法保存的字符。", "The request has characters that cannot be kept.")
TOO_DEEP = Sentence(f"请求正文嵌套超过 {DEEPEST} 层。", f"The request body is nested more than {DEEPEST} levels deep.")


def written(instant: datetime) -> str:
    """An instant as every answer writes it: +08:00, to the millisecond."""
    return instant.astimezone(ZONE).isoformat(timespec="milliseconds")


def read_instant(text: str) -> datetime:
    """An ISO 8601 instant; without a zone it is Asia/Shanghai. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    return in_calendar(instant if instant.tzinfo else instant.replace(tzinfo=ZONE))


def in_calendar(instant: datetime) -> datetime:
    """The same, when it has a date in Beijing and in UTC. Raises ValueError for one before year 1 or after 9999."""
    try:
        instant.astimezone(ZONE).utctimetuple()
    except OverflowError as error:
        raise ValueError(str(instant)) from error
    return instant


class Instant(ma.fields.DateTime):
    """An instant; without a zone it is Asia/Shanghai, and it is written with +08:00 and milliseconds."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else written(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return read_instant(value)
        except (TypeError, ValueError, AttributeError) as error:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error


class Json(DefaultJSONProvider):
    """Compact JSON in readable Chinese, in the order it was written."""

    ensure_ascii = False
    sort_keys = False
    compact = True

    @staticmethod
    def default(o: Any) -> Any:
        """Instants as `written`; the rest as Flask does."""
        if isinstance(o, datetime):
            return written(o)
        return o.isoformat() if isinstance(o, date) else DefaultJSONProvider.default(o)


def read_json(request: Request) -> Any:
    """The JSON body, {} for an empty one. Raises Unreadable for what a parser or a database would trip over."""
    body = bodies.whole(request)
    if not body:
        return {}
    if not request.is_json:
        raise UnsupportedMediaType
    return parsed(body)


def parsed(body: bytes) -> Any:
    """The JSON that the bytes say. Raises Unreadable."""
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError) as error:
        raise Unreadable(BROKEN_JSON) from error
    check_text(value)
    return value


def check_address(request: Request) -> None:
    """Raises Unreadable for a path or query that no database keeps."""
    check_text([request.path, *(text for pair in request.args.items(multi=True) for text in pair)])


def check_text(value: Any, depth: int = 0) -> None:
    """Raises Unreadable for a NUL or half a surrogate pair anywhere in the value, or for too deep a value."""
    if depth > DEEPEST:
        raise Unreadable(TOO_DEEP)
    if isinstance(value, str):
        if UNKEEPABLE.search(value):
            raise Unreadable(BAD_TEXT)
    elif isinstance(value, dict):
        check_text(list(value), depth)
        check_text(list(value.values()), depth)
    elif isinstance(value, list):
        for inner in value:
            check_text(inner, depth + 1)


def _whole(digits: str) -> int:
    number = int(digits)
    if abs(number) > LARGEST:
        raise ValueError(digits)
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number
