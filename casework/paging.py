"""Long lists in pages: each page goes on after the last row of the one before, whatever was added meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from engine.columns import Instant
from engine.errors import Sentence, Unreadable
from engine.transaction import Transaction

Mark = tuple[str | int | datetime, ...]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]

NOT_OURS = Sentence("游标无效，请从第一页重新查询。", "This is no cursor of this list; begin with the first page.")


@dataclass(frozen=True, slots=True)
class Order:
    """By which columns a list is sorted: none of them ever null, and together unique."""

    columns: tuple[Column, ...]
    newest_first: bool = False

    def mark(self, row: Row[Any]) -> Mark:
        """The mark of a row of a page in this order."""
        return tuple(row[-len(self.columns) :])

    def sorting(self) -> list[ColumnElement[Any]]:
        """What a statement is sorted by."""
        return [column.desc() if self.newest_first else column.asc() for column in self.columns]

    def backwards(self) -> "Order":
        """The same from its end."""
        return replace(self, newest_first=not self.newest_first)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the mark after which the next page begins; null on the last."""

    rows: list[Row[Any]]
    after: Mark | None


def fetch(
    tx: Transaction, statement: Select[*tuple[Any, ...]], order: Order, *, after: Mark | None, limit: int
) -> Page:
    """One page. Raises Unreadable for a mark that this list did not give."""
    columns, statement = order.columns, after_mark(statement, order, after)
    marked = statement.add_columns(*(column.label(f"mark_{place}") for place, column in enumerate(columns)))
    found = tx.session.execute(marked.order_by(*order.sorting()).limit(limit + 1)).all()
    rows = list(found[:limit])
    more = len(found) > limit
    return Page(rows, order.mark(rows[-1]) if more else None)


def after_mark(statement: Select[*tuple[Any, ...]], order: Order, after: Mark | None) -> Select[*tuple[Any, ...]]:
    """What comes behind a mark, if there is one. Raises Unreadable for a mark that a list in this order cannot give."""
    if after is None:
        return statement
    columns = order.columns
    _check(columns, after)
    here = tuple_(*(literal(value, column.type) for value, column in zip(after, columns, strict=True)))
    return statement.where(tuple_(*columns) < here if order.newest_first else tuple_(*columns) > here)


def _check(columns: Sequence[Column], after: Mark) -> None:
    if len(after) != len(columns) or any(
        type(value) is not _kind(column) for value, column in zip(after, columns, strict=True)
    ):
        raise Unreadable(NOT_OURS)


def _kind(column: Column) -> type:
    if isinstance(column.type, Instant):
        return datetime
    return int if isinstance(column.type, Integer) else str
