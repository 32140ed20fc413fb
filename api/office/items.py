"""The item catalogue (事项) at the door: the list, an item's service guide (办事指南), its application form."""

from typing import Any

import marshmallow as ma

from api.etags import show_revision
from api.office.fields import Written, in_language
from api.pages import PageQuery, page_of
from api.routes import Routes
from casework import catalogue, filled_forms, item_versions, items
from casework.applications import NO_FORM
from casework.item_schema import ItemSchema
from casework.tables import Item, ItemState
from engine.errors import NotFound
from engine.transaction import Transaction

routes = Routes("items", "The item catalogue (事项).", prefix="/api/items")


class ItemQuery(PageQuery):
    """Which items."""

    q = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 100))
    state = ma.fields.Enum(ItemState, load_default=None)
    in_force = ma.fields.Boolean(load_default=None)


class ItemShown(ma.Schema):
    """An item in the version that counts today."""

    code = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, metadata={"description": "事项类型"})
    case_kind = ma.fields.String(required=True, metadata={"description": "办件类型：instant 即办件, promised 承诺件"})
    body = ma.fields.String(required=True, metadata={"description": "实施主体"})
    state = ma.fields.Enum(ItemState, required=True)
    in_force = ma.fields.Boolean(required=True)
    promised = ma.fields.String(required=True, metadata={"description": "承诺时限, such as 1WD"})
    statutory = ma.fields.String(allow_none=True, metadata={"description": "法定时限"})


class ServiceGuide(ItemShown):
    """All that is published of an item (办事指南). The ETag goes up with every version and change of state."""

    in_force_on = ma.fields.Date(allow_none=True)
    out_of_force_on = ma.fields.Date(allow_none=True)
    document = Written(ItemSchema, required=True)


class ApplicationForm(ma.Schema):
    """The form an applicant fills in, as Camunda Forms JSON."""

    item = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    key = ma.fields.String(required=True)
    form = ma.fields.Dict(required=True)


def shown(tx: Transaction, item: Item, state: ItemState) -> dict[str, Any]:
    """An item as lists show it."""
    said = items.of(item).published
    return {
        "code": item.code,
        "version": item.version,
        "name": in_language(said["name"], said["name_en"]),
        "kind": said["kind"],
        "case_kind": said["case_kind"],
        "body": said["body"],
        "state": state,
        "in_force": items.is_in_force(tx, item, state),
        "promised": said["limits"]["promised"],
        "statutory": said["limits"]["statutory"],
    }


def guide(tx: Transaction, code: str) -> dict[str, Any]:
    """An item as applicants read it."""
    item, state = items.standing(tx, code)
    show_revision(item_versions.revision_of(tx, code))
    force = {"in_force_on": item.in_force_on, "out_of_force_on": item.out_of_force_on}
    return shown(tx, item, state) | force | {"document": items.of(item).published}


@routes.get("", "事项目录", "items.read", query=ItemQuery, answer=page_of(ItemShown))
def list_items(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the items"""
    page = catalogue.listed(tx, query, after=query["cursor"], limit=query["limit"])
    return {"rows": [shown(tx, row.Item, row.state) for row in page.rows], "after": page.after}


@routes.get("/<code>", "办事指南", "items.read", answer=ServiceGuide)
def show_item(tx: Transaction, code: str) -> dict[str, Any]:
    """Show an item's service guide"""
    return guide(tx, code)


@routes.get("/<code>/form", "申请表", "items.read", answer=ApplicationForm)
def show_form(tx: Transaction, code: str) -> dict[str, Any]:
    """Show an item's application form"""
    item = items.current(tx, code)
    form = filled_forms.latest(tx, item.form_key or "", item.region)
    if form is None:
        raise NotFound(NO_FORM)
    return {"item": item.code, "version": item.version, "key": item.form_key, "form": form.document}
