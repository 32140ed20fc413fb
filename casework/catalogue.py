"""The item catalogue as lists show it: of every item the version that counts today, in one statement a page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from casework import items
from casework.paging import Mark, Order, Page, fetch
from casework.tables import Item, ItemState
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import Filters, narrowed
from engine.transaction import Transaction

Other = aliased(Item)
FILTERS: Filters = {
    "q": lambda text: or_(Item.name.icontains(text, autoescape=True), Item.code.icontains(text, autoescape=True)),
}
SORTED_BY = Order((Item.code,))


def listed(
    tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int, region: str = EVERYWHERE
) -> Page:
    """A page of the catalogue, by code, each item with its `state`.

    `in_force` asks for items under which a case may, or may not, start today.
    """
    today = items.local_day(tx)
    state = items.state_on(today)
    statement = narrowed(select(Item, state).where(Item.id == _current(today, region)), FILTERS, wanted)
    if (asked := wanted.get("state")) is not None:
        statement = statement.where(state == asked)
    if (in_force := wanted.get("in_force")) is not None:
        is_in_force = and_(state == ItemState.IN_FORCE, _begun_and_not_over(today))
        statement = statement.where(is_in_force if in_force else ~is_in_force)
    return fetch(tx, statement, SORTED_BY, after=after, limit=limit)


def _current(today: date, region: str) -> Any:
    """As items.standing: the version whose day came last; a region's own before the common."""
    return (
        select(Other.id)
        .where(Other.code == Item.code, Other.region.in_({region, EVERYWHERE}))
        .order_by(*items.counting_first(Other, today))
        .limit(1)
        .scalar_subquery()
    )


def _begun_and_not_over(today: date) -> ColumnElement[bool]:
    return and_(
        or_(Item.in_force_on.is_(None), Item.in_force_on <= today),
        or_(Item.out_of_force_on.is_(None), Item.out_of_force_on > today),
    )
