"""Items administered at the door: new versions, what became of them, suspending, resuming and repealing."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from api.etags import expected_revision, show_revision
from api.office.fields import PersonShown, Words, Written
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import item_changes, item_versions, items, names
from casework.item_changes import Ground
from casework.item_schema import ItemSchema
from casework.tables import Item, ItemChange, ItemState
from engine.errors import NotFound
from engine.transaction import Transaction

LONGEST_REASON = 2000

routes = Routes("item-versions", "Items administered: versions, suspending, repealing.", prefix="/api/items")


class ItemGiven(ItemSchema):
    """An item as it shall be from `in_force_on` on, by the document numbered `document_number` (both required)."""

    def load(self, data: Any, **options: Any) -> Any:
        """Only that it is an object: the command finds the faults, those of what the item names with the others."""
        return dict(data) if isinstance(data, Mapping) else super().load(data, **options)


class VersionShown(ma.Schema):
    """A version of an item: it counts from `counts_from` on, until the next one does."""

    version = ma.fields.Integer(required=True)
    in_force_on = ma.fields.Date(allow_none=True)
    out_of_force_on = ma.fields.Date(allow_none=True)
    counts_from = ma.fields.Date(required=True)
    counts_today = ma.fields.Boolean(required=True)
    document_number = ma.fields.String(allow_none=True, metadata={"description": "文号"})
    deployment_id = ma.fields.String(allow_none=True)
    published_at = Instant(required=True)
    published_by = ma.fields.Nested(PersonShown, required=True)


class VersionWhole(VersionShown):
    """A version with its document."""

    document = Written(ItemSchema, required=True)


class GroundGiven(ma.Schema):
    """From which day, why, and by which document (文号)."""

    on = ma.fields.Date(required=True)
    reason = Words(required=True, validate=ma.validate.Length(1, LONGEST_REASON))
    document_number = Words(required=True, validate=ma.validate.Length(1, 200))


class ChangeShown(ma.Schema):
    """An item was suspended, resumed or repealed."""

    state = ma.fields.Enum(ItemState, required=True)
    counts_from = ma.fields.Date(required=True)
    reason = Words(required=True)
    document_number = ma.fields.String(required=True, metadata={"description": "文号"})
    changed_at = Instant(required=True)
    changed_by = ma.fields.Nested(PersonShown, required=True)


@routes.put("/<code>", "发布事项新版本", "items.administer", body=ItemGiven, answer=VersionWhole)
def put_item(tx: Transaction, body: dict[str, Any], code: str) -> dict[str, Any]:
    """Publish an item's new version

    Running cases keep theirs. The same content as the newest version makes none.
    """
    item = item_versions.put(tx, code, body, revision=expected_revision())
    return _whole(tx, item)


@routes.get("/<code>/versions", "事项历次版本", "items.history", query=PageQuery, answer=page_of(VersionShown))
def list_versions(tx: Transaction, query: dict[str, Any], code: str) -> dict[str, Any]:
    """List an item's versions, newest first"""
    page = item_versions.listed(tx, code, after=query["cursor"], limit=query["limit"])
    current = items.current(tx, code)
    known = names.people(tx, [row.Item.published_by for row in page.rows])
    return {"rows": [_version(row.Item, current, known) for row in page.rows], "after": page.after}


@routes.get("/<code>/versions/<version>", "事项的一个版本", "items.history", answer=VersionWhole)
def show_version(tx: Transaction, code: str, version: str) -> dict[str, Any]:
    """Show one version of an item"""
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise NotFound
    return _whole(tx, item_versions.one(tx, code, int(version)))


@routes.post("/<code>/suspend", "暂停事项", "items.administer", body=GroundGiven, answer=ChangeShown)
def suspend(tx: Transaction, body: dict[str, Any], code: str) -> dict[str, Any]:
    """Suspend an item: from that day on no case starts"""
    return _changed(tx, item_changes.suspend(tx, code, Ground(**body), revision=expected_revision()))


@routes.post("/<code>/resume", "恢复事项", "items.administer", body=GroundGiven, answer=ChangeShown)
def resume(tx: Transaction, body: dict[str, Any], code: str) -> dict[str, Any]:
    """Resume a suspended item: from that day on cases start again"""
    return _changed(tx, item_changes.resume(tx, code, Ground(**body), revision=expected_revision()))


@routes.post("/<code>/repeal", "取消事项", "items.administer", body=GroundGiven, answer=ChangeShown)
def repeal(tx: Transaction, body: dict[str, Any], code: str) -> dict[str, Any]:
    """Repeal an item: from that day on no case starts any more"""
    return _changed(tx, item_changes.repeal(tx, code, Ground(**body), revision=expected_revision()))


@routes.get("/<code>/changes", "事项的暂停与取消", "items.history", answer=page_of(ChangeShown))
def list_changes(tx: Transaction, code: str) -> dict[str, Any]:
    """List when an item was suspended, resumed and repealed, newest first"""
    changes = item_changes.listed(tx, code)
    known = names.people(tx, [change.changed_by for change in changes])
    return {"rows": [_change(change, known) for change in changes], "after": None}


def _whole(tx: Transaction, item: Item) -> dict[str, Any]:
    show_revision(item_versions.revision_of(tx, item.code))
    known = names.people(tx, [item.published_by])
    return _version(item, items.current(tx, item.code), known) | {"document": items.of(item).published}


def _version(item: Item, current: Item, known: Mapping[str, names.Named]) -> dict[str, Any]:
    plain = ("version", "in_force_on", "out_of_force_on", "counts_from", "deployment_id", "published_at")
    return {name: getattr(item, name) for name in plain} | {
        "counts_today": item.id == current.id,
        "document_number": items.of(item).published["document_number"],
        "published_by": _who(known, item.published_by),
    }


def _changed(tx: Transaction, change: ItemChange) -> dict[str, Any]:
    show_revision(item_versions.revision_of(tx, change.code))
    return _change(change, names.people(tx, [change.changed_by]))


def _change(change: ItemChange, known: Mapping[str, names.Named]) -> dict[str, Any]:
    plain = ("state", "counts_from", "reason", "document_number", "changed_at")
    return {name: getattr(change, name) for name in plain} | {"changed_by": _who(known, change.changed_by)}


def _who(known: Mapping[str, names.Named], login: str) -> names.Named:
    return known.get(login) or names.Named(login, login)
