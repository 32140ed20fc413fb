"""Administrative divisions (行政区划): which there are, and which stands above which."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from casework.paging import Mark, Order, Page, fetch
from casework.tables import Region
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence, Stale
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import Filters, narrowed
from engine.store.dialect import take_turns
from engine.transaction import Transaction

CODE = re.compile(r"[0-9]{6}([0-9]{3}([0-9]{3})?)?\Z")  # GB/T 2260; 9 and 12 digits for townships and villages
BAD_CODE = Sentence(
    "行政区划代码为 6 位数字，乡镇为 9 位，村为 12 位。",
    "A division's code has 6 digits, a township's 9, a village's 12.",
)
IN_A_CIRCLE = Sentence("上级区划不能是该区划自身或其下级。", "The division above cannot be this one or one below it.")

FILTERS: Filters = {
    "q": lambda text: or_(Region.name.icontains(text, autoescape=True), Region.code.startswith(text, autoescape=True)),
    "parent": lambda code: Region.parent == code,
}
SORTED_BY = Order((Region.code,))


def add(tx: Transaction, code: str, name: str, name_en: str | None = None, *, parent: str | None = None) -> Region:
    """Adds a division. Raises Conflict when the code is taken, Invalid with every fault of what is said."""
    tx.ports.may(tx, "regions.add", code)
    faults = [] if CODE.match(code) else [Fault(BAD_CODE, "code")]
    _check(tx, code, parent, faults)
    if tx.session.get(Region, code) is not None:
        raise Conflict(Sentence(f"行政区划“{code}”已经存在。", f"There already is a division {code}."))
    region = Region(code=code, name=name, name_en=name_en, parent=parent)
    tx.add(region)
    tx.flush()
    return region


def change(
    tx: Transaction,
    code: str,
    name: str,
    name_en: str | None,
    *,
    parent: str | None,
    revision: int | None = None,
) -> Region:
    """Gives a division another name or place. Raises NotFound, Stale, Invalid."""
    tx.ports.may(tx, "regions.change", code)
    # One at a time: two changes at once could make a circle that neither of them sees.
    take_turns(tx.session.connection(), "regions")
    region = one(tx, code)
    if revision not in (None, region.revision):
        raise Stale
    _check(tx, code, parent, [])
    region.name, region.name_en, region.parent = name, name_en, parent
    region.revision += 1
    tx.flush()
    return region


def listed(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Page:
    """A page of divisions, by code: those above before those below."""
    return fetch(tx, narrowed(select(Region), FILTERS, wanted), SORTED_BY, after=after, limit=limit)


def one(tx: Transaction, code: str) -> Region:
    """A division. Raises NotFound."""
    found = tx.session.get(Region, code, populate_existing=True)
    if found is None:
        raise NotFound(absent(code))
    return found


def unknown(tx: Transaction, code: str, key: str = "region") -> list[Fault]:
    """The fault of naming a division that there is not; the whole office (000000) needs no row."""
    if code == EVERYWHERE or tx.session.get(Region, code) is not None:
        return []
    return [Fault(absent(code), key)]


def absent(code: str) -> Sentence:
    """Says that there is no division of this code."""
    return Sentence(f"没有行政区划“{code}”。", f"There is no division {code}.")


def _check(tx: Transaction, code: str, parent: str | None, faults: list[Fault]) -> None:
    if parent is not None:
        faults = [*faults, *unknown(tx, parent, "parent")]
        if code in _above(tx, parent):
            faults = [*faults, Fault(IN_A_CIRCLE, "parent")]
    if faults:
        raise Invalid(faults=faults)


def _above(tx: Transaction, code: str) -> set[str]:
    """A division and all above it."""
    parents = {row.code: row.parent for row in tx.session.execute(select(Region.code, Region.parent))}
    found: set[str] = set()
    at: str | None = code
    while at is not None and at not in found:
        found.add(at)
        at = parents.get(at)
    return found
