"""The item catalogue: which version of an item counts today, whether a case may start under it, which one a case keeps.

Changes nothing; versions are made in item_versions, states in item_changes.
"""

import json
from collections import OrderedDict
from datetime import date
from pathlib import PurePosixPath
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, literal, select

from casework import item_document
from casework.item_document import ItemDocument
from casework.tables import Item, ItemChange, ItemState
from engine.columns import State
from engine.errors import Conflict, NotFound, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Transaction

FILE_NAME = "item.toml"
MOST_KEPT = 1_000

_documents: OrderedDict[str, ItemDocument] = OrderedDict()
_lock = Lock()


class Standing(NamedTuple):
    """An item in the version that counts, and its state on that day."""

    item: Item
    state: ItemState


def read_file(name: str, content: bytes) -> None:
    """The engine's port for `.toml` files of a deployment. Raises DiagramRefused with every fault."""
    if PurePosixPath(name).name == FILE_NAME:
        item_document.read(name, content)


def standing(tx: Transaction, code: str, region: str = EVERYWHERE) -> Standing:
    """The version that counts today, a region's own before the common one, with the item's state. Raises NotFound.

    Of the versions whose day has come it is the one whose day came last; when none has begun, the newest.
    """
    today = local_day(tx)
    found = tx.session.execute(
        select(Item, state_on(today))
        .where(Item.code == code, Item.region.in_({region, EVERYWHERE}))
        .order_by(*counting_first(Item, today))
        .limit(1)
    ).first()
    if found is None:
        raise NotFound(Sentence(f"没有事项“{code}”。", f"There is no item “{code}”."))
    return Standing(*found)


def counting_first(item: Any, today: date) -> tuple[ColumnElement[Any], ...]:
    """The order in which the first of an item's versions is the one that counts."""
    has_begun = item.counts_from <= today
    return (has_begun.desc(), (item.region == EVERYWHERE).asc(), item.counts_from.desc(), item.version.desc())


def state_on(day: date) -> ColumnElement[ItemState]:
    """The state of a query's Item on a day: what the last change says that counts by then."""
    changed = (
        select(ItemChange.state)
        .where(ItemChange.region == Item.region, ItemChange.code == Item.code, ItemChange.counts_from <= day)
        .order_by(ItemChange.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(changed, literal(ItemState.IN_FORCE, State(ItemState)), type_=State(ItemState)).label("state")


def current(tx: Transaction, code: str, region: str = EVERYWHERE) -> Item:
    """The version that counts today. Raises NotFound."""
    return standing(tx, code, region).item


def in_force(tx: Transaction, code: str, region: str = EVERYWHERE) -> Item:
    """The version under which a case may start now. Raises NotFound, Conflict when the item is not in force."""
    item, state = standing(tx, code, region)
    if not is_in_force(tx, item, state):
        raise Conflict(Sentence(f"事项“{item.name}”当前未生效，不能申报。", f"Item “{item.code}” is not in force now."))
    return item


def is_in_force(tx: Transaction, item: Item, state: ItemState) -> bool:
    """Whether a case may start under this version today."""
    return state == ItemState.IN_FORCE and of(item).in_force(local_day(tx))


def using(tx: Transaction, process_key: str, region: str = EVERYWHERE) -> list[Item]:
    """The items whose cases run by a process: of each the version that counts today, and the newest."""
    there = Item.region.in_({region, EVERYWHERE})
    codes = tx.session.scalars(select(Item.code).where(Item.definition_key == process_key, there).distinct()).all()
    found: dict[str, Item] = {}
    for code in sorted(codes):
        item, state = standing(tx, code, region)
        newest = tx.session.scalars(select(Item).where(Item.code == code, there).order_by(Item.version.desc())).first()
        if state != ItemState.REPEALED:
            uses = [one for one in (item, newest) if one is not None and one.definition_key == process_key]
            found.update({one.id: one for one in uses})
    return list(found.values())


def local_day(tx: Transaction) -> date:
    """Today in the office's zone."""
    return tx.now.astimezone(tx.ports.zone).date()


def of(item: Item) -> ItemDocument:
    """The item's document; a version never changes, so those used last are kept ready."""
    found = _kept(item.id)
    if found is None:
        found = ItemDocument(json.loads(item.document))
        with _lock:
            _documents[item.id] = found
            if len(_documents) > MOST_KEPT:
                _documents.popitem(last=False)
    return found


def document(tx: Transaction, item_id: str) -> ItemDocument:
    """The document of the version a case keeps."""
    return _kept(item_id) or of(tx.session.get_one(Item, item_id))


def _kept(item_id: str) -> ItemDocument | None:
    with _lock:
        found = _documents.get(item_id)
        if found is not None:
            _documents.move_to_end(item_id)
    return found
