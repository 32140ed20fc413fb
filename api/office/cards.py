"""Cards (黄牌、红牌) at the door: see them, issue one by hand, explain, uphold, cancel."""

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
from casework.ladders import LIGHT_NAMES, Light
from casework.paging import Mark
from casework.supervision import cards, listing
from casework.supervision.cards import BY_HAND, UNDECIDED, Irregularity
from casework.tables import CardGround, CardState, ClockKind
from casework.words import CARD_GROUNDS, CARD_STATES, CLOCK_KINDS
from engine.errors import Sentence
from engine.transaction import Transaction

TEXT = ma.validate.Length(1, 100)
REASON = ma.validate.Length(1, LONGEST_COMMENT)

COLUMNS: Columns = {
    "signal": (Sentence("牌", "card"), lambda row: LIGHT_NAMES[row["signal"]]),
    "state": (Sentence("状态", "state"), lambda row: CARD_STATES[row["state"]]),
    "case": (Sentence("办件编号", "case"), lambda row: row["case_number"]),
    "item": (Sentence("事项", "item"), lambda row: row["item_name"]),
    "clock": (Sentence("时限", "clock"), lambda row: row["clock"] and CLOCK_KINDS[row["clock"]]),
    "words": (Sentence("情形", "what it was"), lambda row: row["words"] or row["rung"]),
    "department": (Sentence("责任部门", "department"), lambda row: row["department"]["name"]),
    "holder": (Sentence("经办人", "held by"), lambda row: row["holder"] and row["holder"]["name"]),
    "at": (Sentence("发生时间", "at"), lambda row: row["at"]),
    "issued": (Sentence("发牌时间", "issued"), lambda row: row["issued_at"]),
    "issuer": (Sentence("发牌人", "issued by"), lambda row: row["issued_by"]["name"]),
    "explanation": (Sentence("说明", "explanation"), lambda row: row["explanation"]),
    "decision": (Sentence("审定意见", "decision"), lambda row: row["decision"]),
    "decider": (Sentence("审定人", "decided by"), lambda row: row["decided_by"] and row["decided_by"]["name"]),
}

routes = Routes("cards", "Supervision cards (黄牌、红牌).", prefix="/api/supervision/cards")


class CardQuery(ListQuery):
    """Which cards. `undecided`: those that are neither upheld nor cancelled."""

    state = ma.fields.Enum(CardState, load_default=None)
    undecided = ma.fields.Boolean(load_default=False)
    signal = ma.fields.Enum(Light, by_value=True, load_default=None)
    ground = ma.fields.Enum(CardGround, load_default=None)
    department = ma.fields.String(load_default=None, validate=TEXT)
    holder = ma.fields.String(load_default=None, validate=TEXT)
    item = ma.fields.String(load_default=None, validate=TEXT)
    case_number = ma.fields.String(load_default=None, validate=TEXT)
    issued_from = Instant(load_default=None)
    issued_to = Instant(load_default=None)


class NewCard(ma.Schema):
    """An irregularity that a supervisor found: in which case, whose, what, and on what ground."""

    case_number = ma.fields.String(required=True, validate=TEXT)
    department = ma.fields.String(required=True, validate=TEXT)
    holder = ma.fields.String(load_default=None, validate=TEXT)
    signal = ma.fields.String(required=True, validate=ma.validate.OneOf(sorted(BY_HAND)))
    reason = Words(required=True, validate=REASON)
    basis = Words(load_default=None, validate=ma.validate.Length(1, 300))


class Explanation(ma.Schema):
    """How it came to that."""

    explanation = Words(required=True, validate=REASON)


class Verdict(ma.Schema):
    """Why the card stands, or is cancelled."""

    reason = Words(required=True, validate=REASON)


class CardShown(ma.Schema):
    """A card. `at` is the instant of what it is for; `holder` null: nobody had claimed the task.

    `clock` and `rung` of a limit, `words` of an irregularity. `order_number`: it is on a supervision order, not a case.
    """

    id = ma.fields.String(required=True)
    signal = ma.fields.Enum(Light, by_value=True, required=True)
    signal_name = Called(LIGHT_NAMES, of="signal", required=True)
    state = ma.fields.Enum(CardState, required=True)
    state_name = Called(CARD_STATES, of="state", required=True)
    ground = ma.fields.Enum(CardGround, required=True)
    ground_name = Called(CARD_GROUNDS, of="ground", required=True)
    clock = ma.fields.Enum(ClockKind, allow_none=True)
    clock_name = Called(CLOCK_KINDS, of="clock", allow_none=True)
    rung = ma.fields.String(allow_none=True)
    words = ma.fields.String(allow_none=True)
    basis = ma.fields.String(allow_none=True)
    case_number = ma.fields.String(allow_none=True)
    order_number = ma.fields.String(allow_none=True)
    title = ma.fields.String(allow_none=True)
    item = ma.fields.String(allow_none=True)
    item_name = ma.fields.String(allow_none=True)
    department = ma.fields.Nested(DepartmentShown, required=True)
    holder = ma.fields.Nested(OfficialShown, allow_none=True)
    heads = ma.fields.List(ma.fields.Nested(OfficialShown), required=True)
    at = Instant(required=True)
    issued_at = Instant(required=True)
    issued_by = ma.fields.Nested(OfficialShown, required=True)
    explanation = ma.fields.String(allow_none=True)
    explained_by = ma.fields.Nested(OfficialShown, allow_none=True)
    explained_at = Instant(allow_none=True)
    decision = ma.fields.String(allow_none=True)
    decided_by = ma.fields.Nested(OfficialShown, allow_none=True)
    decided_at = Instant(allow_none=True)


@routes.get("", "预警牌列表", "cards.read", query=CardQuery, answer=page_of(CardShown), also=AS_FILE)
def list_cards(tx: Transaction, query: dict[str, Any]) -> dict[str, Any] | Response:
    """List cards, newest first: all for supervision, else those on the caller or the caller's departments"""
    wanted = {**query, "states": UNDECIDED if query["undecided"] else None}

    def page(after: Mark | None, limit: int) -> tuple[Sequence[Any], Mark | None]:
        return listing.cards(tx, wanted, after=after, limit=limit)

    return listed(query, "cards", COLUMNS, page)


@routes.post("", "人工发牌", "cards.issue", body=NewCard, answer=CardShown, status=201)
def issue(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Issue a card for an irregularity in a case"""
    found = Irregularity(body["department"], Light(body["signal"]), body["reason"], body["holder"], body["basis"])
    return _shown(tx, cards.issue(tx, body["case_number"], found).id)


@routes.get("/<card_id>", "预警牌", "cards.read", answer=CardShown)
def show(tx: Transaction, card_id: str) -> dict[str, Any]:
    """Show a card"""
    return listing.card(tx, card_id)


@routes.post("/<card_id>/explain", "说明预警牌", "cards.explain", body=Explanation, answer=CardShown)
def explain(tx: Transaction, body: dict[str, Any], card_id: str) -> dict[str, Any]:
    """Explain a card, as whom it is on or as the head of the department"""
    return _shown(tx, cards.explain(tx, card_id, body["explanation"]).id)


@routes.post("/<card_id>/uphold", "维持预警牌", "cards.decide", body=Verdict, answer=CardShown)
def uphold(tx: Transaction, body: dict[str, Any], card_id: str) -> dict[str, Any]:
    """Let a card stand, with reasons; not by whoever issued it"""
    return _shown(tx, cards.uphold(tx, card_id, body["reason"]).id)


@routes.post("/<card_id>/cancel", "撤销预警牌", "cards.decide", body=Verdict, answer=CardShown)
def cancel(tx: Transaction, body: dict[str, Any], card_id: str) -> dict[str, Any]:
    """Cancel a card, with reasons; not by whoever issued it"""
    return _shown(tx, cards.cancel(tx, card_id, body["reason"]).id)


def _shown(tx: Transaction, card_id: str) -> dict[str, Any]:
    tx.flush()
    return listing.card(tx, card_id)
