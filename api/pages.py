"""Cursors on the wire: an opaque text that says after which row the next page begins."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from functools import cache
from typing import Any

import marshmallow as ma

from casework.paging import NOT_OURS
from engine.errors import Unreadable

LONGEST = 500
MOST_ROWS = 200


class Cursor(ma.fields.String):
    """The place in a list where a page ended."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        written = [{"at": one.isoformat()} if isinstance(one, datetime) else one for one in value]
        return urlsafe_b64encode(json.dumps(written, ensure_ascii=False).encode()).decode().rstrip("=")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        """Raises Unreadable for anything that is no cursor."""
        text = str(value)
        if len(text) > LONGEST:
            raise Unreadable(NOT_OURS)
        try:
            read = json.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
            return tuple(_place(one) for one in read)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError, binascii.Error) as error:
            raise Unreadable(NOT_OURS) from error


class PageQuery(ma.Schema):
    """Which page of a list is asked for; a list's own filters inherit from this."""

    cursor = Cursor(load_default=None)
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, MOST_ROWS))


@cache
def page_of(row: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a page of such rows: `rows`, and `next`, the cursor of the page after it."""
    return ma.Schema.from_dict(
        {
            "rows": ma.fields.List(ma.fields.Nested(row), required=True),
            "next": Cursor(attribute="after", allow_none=True),
        },
        name=f"{row.__name__}Page",
    )


def _place(value: Any) -> str | int | datetime:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]).astimezone(UTC)
    if isinstance(value, str) and "\x00" not in value and value.isprintable():
        return value
    if type(value) is int and abs(value) < 2**31:
        return value
    raise ValueError(value)
