"""The item catalogue: versions of items, which one is in force, which a case began under.

A deployed item.toml whose content changed makes a new version; running cases keep theirs.
"""

import json
from datetime import date
from pathlib import PurePosixPath

from sqlalchemy import Select, select

from casework import filled_forms, item_document, matters
from casework.item_document import ItemDocument
from casework.tables import Item, ItemState
from engine.errors import Conflict, DiagramRefused, NotFound, Sentence
from engine.events import Deployed, Event
from engine.queries.definitions import EVERYWHERE
from engine.tables import Resource
from engine.transaction import Transaction

FILE_NAME = "item.toml"
_documents: dict[str, ItemDocument] = {}


def read_file(name: str, content: bytes) -> None:
    """The engine's port for `.toml` files of a deployment. Raises DiagramRefused with every fault."""
    if PurePosixPath(name).name == FILE_NAME:
        item_document.read(name, content)


def listen(tx: Transaction, event: Event) -> None:
    """A deployed item.toml is published with its deployment."""
    if not isinstance(event, Deployed):
        return
    named = [name for name in event.resource_names if PurePosixPath(name).name == FILE_NAME]
    if not named:
        return
    tx.flush()
    query = select(Resource).where(Resource.deployment_id == event.deployment_id, Resource.name.in_(named))
    for file in tx.session.scalars(query).all():
        publish(tx, event.region, item_document.read(file.name, file.content), event.deployment_id)


def publish(tx: Transaction, region: str, document: ItemDocument, deployment_id: str | None) -> Item:
    """Puts an item into force as a new version; unchanged content keeps the version it has.

    Raises DiagramRefused when its decision table names what is no field of the deployed application form.
    """
    tx.ports.may(tx, "items.publish", None)
    said = document.published
    _check_columns(tx, region, document)
    content = json.dumps(said, ensure_ascii=False, sort_keys=True)
    latest = tx.session.scalars(_versions(region).where(Item.code == said["code"]).limit(1)).first()
    if latest is not None and latest.document == content:
        return latest
    item = Item(
        id=tx.new_id(),
        region=region,
        code=said["code"],
        version=latest.version + 1 if latest else 1,
        state=ItemState.IN_FORCE,
        in_force_on=_day(said["in_force_on"]),
        out_of_force_on=_day(said["out_of_force_on"]),
        name=said["name"],
        definition_key=document.process,
        form_key=document.form,
        deployment_id=deployment_id,
        document=content,
    )
    tx.add(item)
    tx.flush()
    return item


def _check_columns(tx: Transaction, region: str, document: ItemDocument) -> None:
    form = filled_forms.latest(tx, document.form, region) if document.matters else None
    faults = [] if form is None else list(matters.unknown_columns(document.published, form))
    if faults:
        raise DiagramRefused(faults=faults)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _versions(region: str) -> Select[Item]:
    """A region's own items before the common ones, newest version first."""
    return (
        select(Item)
        .where(Item.region.in_({region, EVERYWHERE}))
        .order_by((Item.region == EVERYWHERE).asc(), Item.version.desc())
    )


def current(tx: Transaction, code: str, region: str = EVERYWHERE) -> Item:
    """The version that counts today: the newest whose force has begun, else the newest. Raises NotFound."""
    today = local_day(tx)
    versions = tx.session.scalars(_versions(region).where(Item.code == code)).all()
    begun = [item for item in versions if item.in_force_on is None or item.in_force_on <= today]
    if not versions:
        raise NotFound(Sentence(f"没有事项“{code}”。", f"There is no item “{code}”."))
    return (begun or list(versions))[0]


def in_force(tx: Transaction, code: str, region: str = EVERYWHERE) -> Item:
    """The version under which a case may start now. Raises NotFound, Conflict when the item is not in force."""
    item, today = current(tx, code, region), local_day(tx)
    if item.state != ItemState.IN_FORCE or not of(item).in_force(today):
        raise Conflict(Sentence(f"事项“{item.name}”当前未生效，不能申报。", f"Item “{item.code}” is not in force now."))
    return item


def local_day(tx: Transaction) -> date:
    """Today in the office's zone."""
    return tx.now.astimezone(tx.ports.zone).date()


def of(item: Item) -> ItemDocument:
    """The item's document; a version never changes, so it is read once."""
    found = _documents.get(item.id)
    if found is None:
        found = _documents[item.id] = ItemDocument(json.loads(item.document))
    return found


def document(tx: Transaction, item_id: str) -> ItemDocument:
    """The document of the version a case keeps."""
    found = _documents.get(item_id)
    return found if found is not None else of(tx.session.get_one(Item, item_id))
