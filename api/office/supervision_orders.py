"""Supervision orders (督办单) at the door; their steps stand in the inbox like any other."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask import Response

from api.office.cases import LONGEST_COMMENT
from api.office.fields import Called, DepartmentShown, OfficialShown, Words
from api.office.lists import AS_FILE, ListQuery, listed
from api.pages import page_of
from api.routes import Routes
from api.tables import Columns
from api.wire import Instant
from casework.item_fields import is_limit
from casework.paging import Mark
from casework.supervision import listing, orders
from casework.supervision.orders import USUAL, NewOrder
from casework.tables import OrderOrigin, OrderState
from casework.words import ORDER_ORIGINS, ORDER_STATES
from casework.workdays import Limit
from engine.errors import Sentence
from engine.transaction import Transaction

TEXT = ma.validate.Length(1, 100)
WORDS = ma.validate.Length(1, LONGEST_COMMENT)

COLUMNS: Columns = {
    "number": (Sentence("督办单号", "number"), lambda row: row["number"]),
    "state": (Sentence("状态", "state"), lambda row: ORDER_STATES[row["state"]]),
    "origin": (Sentence("来源", "origin"), lambda row: ORDER_ORIGINS[row["origin"]]),
    "department": (Sentence("被督办单位", "unit"), lambda row: row["department"]["name"]),
    "demand": (Sentence("督办要求", "demand"), lambda row: row["demand"]),
    "limit": (Sentence("期限", "limit"), lambda row: row["limit"]),
    "level": (Sentence("级别", "level"), lambda row: row["level"]),
    "issued": (Sentence("发出时间", "issued"), lambda row: row["issued_at"]),
    "answered": (Sentence("答复时间", "answered"), lambda row: row["answered_at"]),
    "closed": (Sentence("办结时间", "closed"), lambda row: row["closed_at"]),
}

routes = Routes("supervision-orders", "Supervision orders (督办单).", prefix="/api/supervision-orders")


class NewOrderBody(ma.Schema):
    """What is demanded of which unit; `limit` is amount and unit, such as 5WD.

    `source`: the instruction's words or the report's address; not needed with a card.
    """

    department = ma.fields.String(required=True, validate=TEXT)
    demand = Words(required=True, validate=WORDS)
    origin = ma.fields.Enum(OrderOrigin, required=True)
    limit = ma.fields.String(load_default=str(USUAL), validate=is_limit)
    source = Words(load_default=None, validate=WORDS)
    card = ma.fields.String(load_default=None, validate=TEXT)
    case_number = ma.fields.String(load_default=None, validate=TEXT)


class OrderQuery(ListQuery):
    """Which orders."""

    state = ma.fields.Enum(OrderState, load_default=None)
    origin = ma.fields.Enum(OrderOrigin, load_default=None)
    department = ma.fields.String(load_default=None, validate=TEXT)
    card = ma.fields.String(load_default=None, validate=TEXT)


class OrderShown(ma.Schema):
    """An order. `due_at` is when its answer is due, null while none is; `level` goes up when it stays unanswered."""

    id = ma.fields.String(required=True)
    number = ma.fields.String(required=True)
    state = ma.fields.Enum(OrderState, required=True)
    state_name = Called(ORDER_STATES, of="state", required=True)
    origin = ma.fields.Enum(OrderOrigin, required=True)
    origin_name = Called(ORDER_ORIGINS, of="origin", required=True)
    source = ma.fields.String(allow_none=True)
    card = ma.fields.String(allow_none=True)
    case_number = ma.fields.String(allow_none=True)
    department = ma.fields.Nested(DepartmentShown, required=True)
    demand = ma.fields.String(required=True)
    limit = ma.fields.String(required=True)
    due_at = Instant(allow_none=True)
    level = ma.fields.Integer(required=True)
    issued_at = Instant(required=True)
    issued_by = ma.fields.Nested(OfficialShown, required=True)
    answered_at = Instant(allow_none=True)
    closed_at = Instant(allow_none=True)


@routes.post("", "发出督办单", "orders.issue", body=NewOrderBody, answer=OrderShown, status=201)
def issue(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Open a supervision order on a card, a leader's instruction or a report"""
    order = orders.issue(
        tx,
        NewOrder(
            department=body["department"],
            demand=body["demand"],
            origin=body["origin"],
            limit=Limit.parse(body["limit"]),
            source=body["source"],
            card_id=body["card"],
            case=body["case_number"],
        ),
    )
    tx.flush()
    return listing.order(tx, order.root_id)


@routes.get("", "督办单列表", "orders.read", query=OrderQuery, answer=page_of(OrderShown), also=AS_FILE)
def list_orders(tx: Transaction, query: dict[str, Any]) -> dict[str, Any] | Response:
    """List orders, newest first: all for supervision, else those to units whose head the caller is"""

    def page(after: Mark | None, limit: int) -> tuple[Sequence[Any], Mark | None]:
        return listing.orders(tx, query, after=after, limit=limit)

    return listed(query, "supervision-orders", COLUMNS, page)


@routes.get("/<order_id>", "督办单", "orders.read", answer=OrderShown)
def show(tx: Transaction, order_id: str) -> dict[str, Any]:
    """Show an order"""
    return listing.order(tx, order_id)
