"""Cards and orders as people read them, a page at a time. Of a case that the reader may not know of there is none."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.orm import aliased

from casework import names
from casework.clocks import shown
from casework.logins import head_of
from casework.paging import Mark, Order, fetch
from casework.supervision.cards import SEES_ALL, visible
from casework.tables import Card, Case, Clock, Item, SupervisionOrder
from casework.visibility import in_sight
from engine.errors import NotFound
from engine.ports import Actor
from engine.queries.filters import Filters, narrowed
from engine.transaction import Transaction

Rows = tuple[Sequence[dict[str, Any]], Mark | None]

CARDS: Select[*tuple[Any, ...]] = (
    select(
        Card,
        Clock.kind.label("clock"),
        Case.number.label("case_number"),
        Case.title,
        Item.code.label("item"),
        Item.name.label("item_name"),
        SupervisionOrder.number.label("order_number"),
    )
    .outerjoin(Clock, Clock.id == Card.clock_id)
    .outerjoin(Case, Case.root_id == Card.root_id)
    .outerjoin(Item, Item.id == Case.item_id)
    .outerjoin(SupervisionOrder, SupervisionOrder.root_id == Card.root_id)
)
CARD_FILTERS: Filters = {
    "state": lambda state: Card.state == state,
    "states": lambda states: Card.state.in_(states),
    "signal": lambda signal: Card.signal == signal,
    "ground": lambda ground: Card.ground == ground,
    "department": lambda code: Card.department == code,
    "holder": lambda login: Card.holder == login,
    "item": lambda code: Item.code == code,
    "case_number": lambda number: Case.number == number,
    "issued_from": lambda instant: Card.issued_at >= instant,
    "issued_to": lambda instant: Card.issued_at < instant,
}
NEWEST_CARD = Order((Card.issued_at, Card.id), newest_first=True)

About = aliased(Case, name="about")
ORDERS: Select[*tuple[Any, ...]] = (
    select(SupervisionOrder, About.number.label("case_number"), Clock.due_at)
    .outerjoin(About, About.root_id == SupervisionOrder.case_root_id)
    .outerjoin(Clock, and_(Clock.root_id == SupervisionOrder.root_id, Clock.stopped_at.is_(None)))
)
ORDER_FILTERS: Filters = {
    "state": lambda state: SupervisionOrder.state == state,
    "origin": lambda origin: SupervisionOrder.origin == origin,
    "department": lambda code: SupervisionOrder.department == code,
    "card": lambda card_id: SupervisionOrder.card_id == card_id,
}
NEWEST_ORDER = Order((SupervisionOrder.issued_at, SupervisionOrder.root_id), newest_first=True)


def cards(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Rows:
    """A page of the cards that the actor may know of, newest first."""
    statement = narrowed(CARDS, CARD_FILTERS, wanted).where(visible(tx.actor))
    page = fetch(tx, statement, NEWEST_CARD, after=after, limit=limit)
    return _cards(tx, page.rows), page.after


def card(tx: Transaction, card_id: str) -> dict[str, Any]:
    """One card. Raises NotFound when the actor may not know of it."""
    rows = tx.session.execute(CARDS.where(Card.id == card_id, visible(tx.actor))).all()
    if not rows:
        raise NotFound
    return _cards(tx, rows)[0]


def _cards(tx: Transaction, rows: Sequence[Any]) -> list[dict[str, Any]]:
    found: list[Card] = [row.Card for row in rows]
    people = {login for one in found for login in (one.holder, *one.heads.split(), *_acted(one)) if login}
    known = names.directory(tx, people)
    return [
        {
            "id": one.id,
            "signal": one.signal,
            "state": one.state,
            "ground": one.ground,
            "clock": row.clock,
            "rung": one.rung or None,
            "words": one.words,
            "basis": one.basis,
            "case_number": row.case_number,
            "order_number": row.order_number,
            "title": row.title,
            "item": row.item,
            "item_name": row.item_name,
            "department": known.department(one.department),
            "holder": known.person(one.holder or None),
            "heads": [known.person(login) for login in one.heads.split()],
            "at": one.at,
            "issued_at": one.issued_at,
            "issued_by": known.person(one.issued_by),
            "explanation": one.explanation,
            "explained_by": known.person(one.explained_by),
            "explained_at": one.explained_at,
            "decision": one.decision,
            "decided_by": known.person(one.decided_by),
            "decided_at": one.decided_at,
            "revision": one.revision,
        }
        for one, row in zip(found, rows, strict=True)
    ]


def _acted(card: Card) -> tuple[str | None, ...]:
    return card.issued_by, card.explained_by, card.decided_by


def orders(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Rows:
    """A page of the orders that the actor may know of, newest first: all, or those to units whose head the actor is."""
    statement = narrowed(ORDERS, ORDER_FILTERS, wanted).where(_visible_order(tx.actor))
    page = fetch(tx, statement, NEWEST_ORDER, after=after, limit=limit)
    return _orders(tx, page.rows), page.after


def order(tx: Transaction, root_id: str) -> dict[str, Any]:
    """One order. Raises NotFound when the actor may not know of it."""
    chosen = ORDERS.where(SupervisionOrder.root_id == root_id, _visible_order(tx.actor))
    rows = tx.session.execute(chosen).all()
    if not rows:
        raise NotFound
    return _orders(tx, rows)[0]


def _visible_order(actor: Actor) -> Any:
    headed = [group.removesuffix(head_of("")) for group in actor.groups if group.endswith(head_of(""))]
    whose = true() if actor.groups & SEES_ALL else SupervisionOrder.department.in_(sorted(headed))
    return and_(whose, or_(SupervisionOrder.case_root_id.is_(None), in_sight(actor, SupervisionOrder.case_root_id)))


def _orders(tx: Transaction, rows: Sequence[Any]) -> list[dict[str, Any]]:
    found: list[SupervisionOrder] = [row.SupervisionOrder for row in rows]
    known = names.directory(tx, {one.issued_by for one in found})
    return [
        {
            "id": one.root_id,
            "number": one.number,
            "origin": one.origin,
            "source": one.source,
            "card": one.card_id,
            "case_number": row.case_number,
            "department": known.department(one.department),
            "demand": one.demand,
            "limit": one.limit,
            "due_at": shown(row.due_at),
            "level": one.level,
            "state": one.state,
            "issued_at": one.issued_at,
            "issued_by": known.person(one.issued_by),
            "answered_at": one.answered_at,
            "closed_at": one.closed_at,
        }
        for one, row in zip(found, rows, strict=True)
    ]
