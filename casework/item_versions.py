"""Versions of items: an administrator or a deployed item.toml makes a new one; running cases keep theirs."""

from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import func, select

from casework import filled_forms, item_document, item_law, item_links, items, matters, start_forms
from casework.item_document import ItemDocument
from casework.items import FILE_NAME
from casework.paging import Mark, Order, Page, fetch
from casework.reasons import is_said
from casework.tables import Item, ItemChange, ItemState
from engine.errors import Conflict, DiagramRefused, Fault, Invalid, NotFound, Sentence, Stale, told
from engine.events import Deployed, Event
from engine.queries.definitions import EVERYWHERE
from engine.store.dialect import take_turns
from engine.tables import Resource
from engine.transaction import Transaction

OTHER_CODE = Sentence("编码与地址中的事项不同。", "The code is not that of the item at this address.")
NO_DAY = Sentence("须注明生效日期。", "Say from which day it is in force.")
NO_PAPER = Sentence("须注明依据文件的文号。", "Give the number of the document it rests on.")
REPEALED = Sentence("事项已取消，不再发布新版本。", "The item is repealed: it gets no new version.")
SORTED_BY = Order((Item.version,), newest_first=True)


def listen(tx: Transaction, event: Event) -> None:
    """A deployed item.toml is published with its deployment; a deployment without one changes no item."""
    if not isinstance(event, Deployed):
        return
    named = [name for name in event.resource_names if PurePosixPath(name).name == FILE_NAME]
    if not named:
        return
    tx.flush()
    query = select(Resource).where(Resource.deployment_id == event.deployment_id, Resource.name.in_(named))
    for file in tx.session.scalars(query).all():
        publish(tx, event.region, item_document.read(file.name, file.content), event.deployment_id)


def put(tx: Transaction, code: str, said: Mapping[str, Any], *, revision: int | None = None) -> Item:
    """Publishes what an administrator says of an item as a new version; the same as before makes none.

    Raises Invalid with every fault, each with its key; Stale when the item changed since `revision`, Conflict when it
    is repealed.
    """
    tx.ports.may(tx, "items.administer", code)
    take_turn(tx, EVERYWHERE)
    document, faults = item_document.checked(said)
    faults += [*paper_faults(said), *item_links.unknown(said, item_links.known(tx))]
    if document is not None:
        faults += [*column_faults(tx, EVERYWHERE, document), *start_forms.of_item(tx, EVERYWHERE, document)]
    if said.get("code", code) != code:
        faults.append(Fault(OTHER_CODE, "code"))
    if faults or document is None:
        raise Invalid(faults=told(faults))
    if revision is not None and revision != revision_of(tx, code):
        raise Stale
    return publish(tx, EVERYWHERE, document, None)


def paper_faults(said: Mapping[str, Any]) -> list[Fault]:
    """A change of an item says from when it counts and on what paper it rests."""
    needed = {"in_force_on": NO_DAY, "document_number": NO_PAPER}
    return [Fault(sentence, key) for key, sentence in needed.items() if not is_said(str(said.get(key) or ""))]


def publish(tx: Transaction, region: str, document: ItemDocument, deployment_id: str | None) -> Item:
    """Puts an item into force as a new version; unchanged content keeps the version it has.

    Raises DiagramRefused when its decision table names what is no field of the deployed application form, Conflict
    when the item is repealed.
    """
    tx.ports.may(tx, "items.publish", None)
    take_turn(tx, region)
    faults = column_faults(tx, region, document)
    if faults:
        raise DiagramRefused(faults=faults)
    code, content = str(document.published["code"]), item_document.written(document)
    latest = tx.session.scalars(
        select(Item).where(Item.region == region, Item.code == code).order_by(Item.version.desc()).limit(1)
    ).first()
    if latest is not None and latest.document == content:
        return latest
    if is_repealed(tx, region, code):
        raise Conflict(REPEALED)
    version = latest.version + 1 if latest else 1
    item = Item(**columns(tx, region, document.published, content, version), deployment_id=deployment_id)
    tx.add(item)
    tx.flush()
    return item


def take_turn(tx: Transaction, region: str) -> None:
    """Whoever publishes items of a region takes turns, so that each finds the version before its own."""
    take_turns(tx.session.connection(), f"items of {region}")


def columns(tx: Transaction, region: str, said: Mapping[str, Any], content: str, version: int) -> dict[str, Any]:
    """A version's row."""
    today, in_force_on = items.local_day(tx), _day(said["in_force_on"])
    return {
        "id": tx.new_id(),
        "region": region,
        "code": said["code"],
        "version": version,
        "in_force_on": in_force_on,
        "out_of_force_on": _day(said["out_of_force_on"]),
        "counts_from": max(in_force_on or today, today),
        "name": said["name"],
        "definition_key": said["process"],
        "form_key": said["form"],
        "published_at": tx.now,
        "published_by": tx.actor.login,
        "document": content,
    }


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def column_faults(tx: Transaction, region: str, document: ItemDocument) -> list[Fault]:
    """What the item's decision table asks of the deployed application form that the form does not have."""
    asks = document.matters or document.renewal
    form = filled_forms.latest(tx, document.form, region) if asks else None
    if form is None:
        return []
    return [*matters.unknown_columns(document.published, form), *item_law.unknown_field(document.published, form)]


def is_repealed(tx: Transaction, region: str, code: str) -> bool:
    """Whether the item is repealed, be it from a day to come."""
    repeal = select(ItemChange.seq).where(
        ItemChange.region == region, ItemChange.code == code, ItemChange.state == ItemState.REPEALED
    )
    return tx.session.scalar(repeal) is not None


def revision_of(tx: Transaction, code: str) -> int:
    """Goes up with every version and every change of state, those to come included."""
    versions = select(func.coalesce(func.max(Item.version), 0)).where(Item.region == EVERYWHERE, Item.code == code)
    changes = select(func.count()).where(ItemChange.region == EVERYWHERE, ItemChange.code == code)
    return int(tx.session.execute(select(versions.scalar_subquery() + changes.scalar_subquery())).scalar_one())


def listed(tx: Transaction, code: str, *, after: Mark | None, limit: int) -> Page:
    """A page of an item's versions, newest first. Raises NotFound."""
    items.current(tx, code)
    versions = select(Item).where(Item.region == EVERYWHERE, Item.code == code)
    return fetch(tx, versions, SORTED_BY, after=after, limit=limit)


def one(tx: Transaction, code: str, version: int) -> Item:
    """One version of an item. Raises NotFound."""
    found = tx.session.scalar(select(Item).where(Item.region == EVERYWHERE, Item.code == code, Item.version == version))
    if found is None:
        raise NotFound(Sentence(f"事项“{code}”没有第 {version} 版。", f"Item “{code}” has no version {version}."))
    return found
