"""A long list at the door: a page of it as JSON, or the whole as a file for a spreadsheet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import marshmallow as ma
from flask import Response

from api.pages import MOST_ROWS, PageQuery
from api.tables import Columns, as_csv
from casework.paging import Mark

MOST_LINES = 50_000
AS_FILE = "text/csv"
"""The media type of a list as a file."""
PageOf = Callable[[Mark | None, int], tuple[Sequence[Any], Mark | None]]


class ListQuery(PageQuery):
    """Which page; with `format=csv` the whole list, at most 50,000 lines of it."""

    format = ma.fields.String(load_default="json", validate=ma.validate.OneOf(("json", "csv")))


def listed(query: Mapping[str, Any], name: str, columns: Columns, page: PageOf) -> dict[str, Any] | Response:
    """What the query asks for. `page` gives the rows after a mark, and the mark behind them."""
    if query["format"] == "csv":
        return as_csv(name, columns, islice(_whole(page), MOST_LINES))
    rows, after = page(query["cursor"], query["limit"])
    return {"rows": rows, "after": after}


def _whole(page: PageOf) -> Iterator[Any]:
    after: Mark | None = None
    while True:
        rows, after = page(after, MOST_ROWS)
        yield from rows
        if after is None:
            return
