"""Lists as Camunda pages and sorts them: `firstResult` and `maxResults`, `sortBy` together with `sortOrder`."""

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from api.engine_rest.wire import Dto
from engine.errors import Sentence
from engine.transaction import Transaction

MOST_ROWS = 10_000
"""Who asks for all rows gets as many as can be answered at once."""
ORDERS = ("asc", "desc")
TOGETHER = Sentence("sortBy 与 sortOrder 须同时给出。", "sortBy and sortOrder must come together.")

Column = ColumnElement[Any] | InstrumentedAttribute[Any]
SortKeys = Mapping[str, Column]


class Counted(ma.Schema):
    """How many there are."""

    count = ma.fields.Integer(required=True)


class PartQuery(Dto):
    """Which part of a list whose order stands in the body."""

    first_result = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 2**31 - 1))
    max_results = ma.fields.Integer(load_default=MOST_ROWS, validate=ma.validate.Range(0, 2**31 - 1))


class PageQuery(PartQuery):
    """Which part of a list, and in which order; a list says with `sortable` by what."""

    sort_by = ma.fields.String(load_default=None, validate=ma.validate.OneOf(()))
    sort_order = ma.fields.String(load_default=None, validate=ma.validate.OneOf(ORDERS))

    @ma.validates_schema
    def _sorts_whole(self, said: Mapping[str, Any], **kwargs: Any) -> None:
        if (said.get("sort_by") is None) is not (said.get("sort_order") is None):
            raise ma.ValidationError([TOGETHER], "sortBy")


def sortable(keys: SortKeys) -> ma.fields.String:
    """The field by which a list says what it can be sorted by."""
    return ma.fields.String(load_default=None, validate=ma.validate.OneOf(sorted(keys)))


def paged(
    tx: Transaction, statement: Select[*tuple[Any, ...]], keys: SortKeys, query: Mapping[str, Any], last: Column
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page; rows that are equal in the order asked for stand by `last`, which is unique."""
    if query.get("sort_by"):
        asked = keys[query["sort_by"]]
        statement = statement.order_by(asked.desc() if query["sort_order"] == "desc" else asked.asc())
    most = min(query["max_results"], MOST_ROWS)
    return tx.session.execute(statement.order_by(last).offset(query["first_result"]).limit(most)).all()


def counted(tx: Transaction, statement: Select[*tuple[Any, ...]]) -> dict[str, int]:
    """How many rows a list has."""
    return {"count": tx.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0}
