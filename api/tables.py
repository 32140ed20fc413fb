"""Lists as CSV: what a spreadsheet opens as it is, and never runs.

UTF-8 with a byte order mark, by which Excel knows it; a cell that a spreadsheet would take for a formula is marked as
text (CWE-1236).
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from flask import Response

from api.languages import say
from api.wire import ZONE
from engine.errors import Sentence

CSV = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Columns = Mapping[str, tuple[Sentence, Callable[[Any], object]]]
"""The columns of a list by a file's own name for them: the heading, and what of a row stands there."""


def as_csv(name: str, columns: Columns, rows: Iterable[Any]) -> Response:
    """The rows as a file to be saved under this name."""
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(say(heading) for heading, _ in columns.values())
    for row in rows:
        lines.writerow(cell(read(row)) for _, read in columns.values())
    response = Response(BYTE_ORDER_MARK + written.getvalue(), content_type=CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def cell(value: object) -> str:
    """What stands in a cell: text in the reader's language, instants as ISO 8601 in Beijing time."""
    match value:
        case None:
            return ""
        case Sentence():
            text = say(value)
        case datetime():
            return value.astimezone(ZONE).isoformat(timespec="seconds")
        case Enum():
            return str(value.value)
        case int() | float():
            return str(value)
        case _:
            text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
