"""A table's rows as lines of JSON and back: the same text for the same row, whichever database keeps it."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, select
from sqlalchemy.types import TypeEngine

from engine.columns import EPOCH, MILLISECOND, Instant, Number
from engine.store.dialect import in_byte_order

BATCH = 200
Values = dict[str, Any]
Complete = Callable[[Values], Values]
"""Adds to a row what lies outside the database."""


class Spelling(NamedTuple):
    """How a value that JSON does not know is written and read."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


SPELLINGS: Mapping[type[TypeEngine[Any]], Spelling] = {
    Instant: Spelling(lambda at: (at - EPOCH) // MILLISECOND, lambda written: EPOCH + written * MILLISECOND),
    Number: Spelling(lambda number: format(number.normalize(), "f"), Decimal),
    Date: Spelling(date.isoformat, date.fromisoformat),
    LargeBinary: Spelling(lambda content: base64.b64encode(content).decode(), base64.b64decode),
}
"""All other columns are texts, whole numbers, truth values, doubles or JSON."""


def lines(connection: Connection, table: Table, complete: Complete | None = None) -> Iterator[bytes]:
    """Every row in the order of its primary key, never more than a few in memory."""
    ordered = select(table).order_by(*(in_byte_order(connection, column) for column in table.primary_key))
    spelt = _spelt(table)
    with connection.execute(ordered, execution_options={"yield_per": _at_once(table)}) as found:
        for row in found:
            values = list(row if complete is None else complete(row._asdict()).values())
            for place, spelling in spelt:
                if values[place] is not None:
                    values[place] = spelling.write(values[place])
            yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def values(table: Table, line: bytes) -> Values:
    """The row that a line says."""
    found = json.loads(line)
    for place, spelling in _spelt(table):
        if found[place] is not None:
            found[place] = spelling.read(found[place])
    return dict(zip(table.columns.keys(), found, strict=True))


@cache
def _spelt(table: Table) -> Sequence[tuple[int, Spelling]]:
    kinds = [(place, type(column.type)) for place, column in enumerate(table.columns)]
    return [(place, SPELLINGS[kind]) for place, kind in kinds if kind in SPELLINGS]


def _at_once(table: Table) -> int:
    """Whole files are read one by one."""
    return 1 if any(map(_is_file, table.columns)) else BATCH


def _is_file(column: Column[Any]) -> bool:
    return isinstance(column.type, LargeBinary) and column.type.length is None
