"""The item catalogue as lists show it: of every item the version that counts today, in one statement a page."""

from collections.abc import Mapping
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
    "state": lambda state: Item.state == state,
}
SORTED_BY = Order((Item.code,))


def listed(
    tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int, region: str = EVERYWHERE
) -> Page:
    """A page of the catalogue, by code; `in_force` asks for items under which a case may, or may not, start today."""
    statement = narrowed(select(Item).where(Item.id == _current(tx, region)), FILTERS, wanted)
    if (in_force := wanted.get("in_force")) is not None:
        statement = statement.where(_in_force(tx) if in_force else ~_in_force(tx))
    return fetch(tx, statement, SORTED_BY, after=after, limit=limit)


def _current(tx: Transaction, region: str) -> Any:
    """As items.current: the newest version whose force has begun, else the newest; a region's own before the common."""
    today = items.local_day(tx)
    has_begun = or_(Other.in_force_on.is_(None), Other.in_force_on <= today)
    return (
        select(Other.id)
        .where(Other.code == Item.code, Other.region.in_({region, EVERYWHERE}))
        .order_by(has_begun.desc(), (Other.region == EVERYWHERE).asc(), Other.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def _in_force(tx: Transaction) -> ColumnElement[bool]:
    today = items.local_day(tx)
    return and_(
        Item.state == ItemState.IN_FORCE,
        or_(Item.in_force_on.is_(None), Item.in_force_on <= today),
        or_(Item.out_of_force_on.is_(None), Item.out_of_force_on > today),
    )


def is_in_force(tx: Transaction, item: Item) -> bool:
    """Whether a case may start under this version today."""
    return item.state == ItemState.IN_FORCE and items.of(item).in_force(items.local_day(tx))
