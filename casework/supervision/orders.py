"""Orders (督办单): a process of their own, in which a unit's head answers and a supervisor reviews the answer.

Opened by a card, a leader's instruction (批示) or a report. The diagram decides the course; an order keeps where it
stands by what its steps mean.
"""

from dataclasses import dataclass

from sqlalchemy import select

from casework import calendars, cases, clocks
from casework.clocks import Ground, NewClock
from casework.clocks.reading import read_kinds
from casework.logins import head_of
from casework.meaning import Does
from casework.notices import NoticeKind, department, tell
from casework.reasons import is_said
from casework.slips import numbers
from casework.supervision.cards import visible
from casework.tables import (
    SUPERVISION_ORDER,
    Card,
    CardState,
    ClockKind,
    Department,
    OrderOrigin,
    OrderState,
    Role,
    SupervisionOrder,
)
from casework.workdays import Limit, Unit
from engine import evidence, instances
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence
from engine.events import Event, ProcessInstanceEnded, UserTaskCompleted, UserTaskCreated
from engine.queries import definitions
from engine.queries.definitions import EVERYWHERE
from engine.store import instance_rows
from engine.tables import Job
from engine.transaction import Transaction

WORD = "DB"
ISSUED = "order.issued"
USUAL = Limit(5, Unit.WD)
NO_UNIT = Sentence("没有该单位。", "There is no such unit.")
NO_DEMAND = Sentence("请写明督办要求。", "Say what is demanded.")
NO_SOURCE = Sentence("请写明批示或报告的出处。", "Name the instruction or the report it rests on.")
NO_CARD = Sentence("请指明据以督办的牌。", "Name the card that the order rests on.")
NO_TIME = Sentence("督办期限应为 1 至 90（日或小时）。", "An order leaves 1 to 90 days or hours.")
LONGEST = 90
OF_ANOTHER = Sentence("该牌不属于此办件。", "The card is not of this case.")
NO_LONGER = Sentence("该牌已撤销，不能据以督办。", "The card is cancelled; no order can rest on it.")
FOR_A_RUNG = Sentence(
    "时限到达须督办的一级，请说明原因、措施和结果。",
    "A clock came to a rung that calls for an order: say why, what was done and with what result.",
)


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What is demanded of which unit within which limit, and what it rests on.

    `source` is the instruction's words or the report's address. `case` is a number.
    """

    department: str
    demand: str
    origin: OrderOrigin
    limit: Limit = USUAL
    source: str | None = None
    card_id: str | None = None
    case: str | None = None


def issue(tx: Transaction, new: NewOrder) -> SupervisionOrder:
    """Opens an order. Raises NotFound for a card or case out of sight, Conflict when the card is cancelled, Invalid
    with every fault of what is said."""
    tx.ports.may(tx, "orders.issue", None)
    card = _card(tx, new.card_id)
    case = None if new.case is None else cases.locked(tx, new.case, "cases.read")
    unit = tx.session.get(Department, new.department)
    _refuse(new, unit, card, None if case is None else case.root_id)
    about = card.root_id if card else case.root_id if case else None
    return _open(tx, new, unit.region if unit else EVERYWHERE, about)


def _card(tx: Transaction, card_id: str | None) -> Card | None:
    if card_id is None:
        return None
    root_id = tx.session.scalar(select(Card.root_id).where(Card.id == card_id, visible(tx.actor)))
    if root_id is None:
        raise NotFound
    instance_rows.lock_tree_of(tx, root_id)
    card = tx.session.get(Card, card_id, populate_existing=True)
    if card is not None and card.state == CardState.CANCELLED:
        raise Conflict(NO_LONGER)
    return card


def _refuse(new: NewOrder, unit: Department | None, card: Card | None, case_root_id: str | None) -> None:
    faults = [
        *([Fault(NO_UNIT, "department")] if unit is None or unit.removed_at is not None else []),
        *([] if is_said(new.demand) else [Fault(NO_DEMAND, "demand")]),
        *([Fault(NO_CARD, "card")] if card is None and new.origin == OrderOrigin.CARD else []),
        *([Fault(NO_SOURCE, "source")] if card is None and not is_said(new.source or "") else []),
        *([] if 1 <= new.limit.amount <= LONGEST else [Fault(NO_TIME, "limit")]),
        *([Fault(OF_ANOTHER, "card")] if card and case_root_id not in (None, card.root_id) else []),
    ]
    if faults:
        raise Invalid(faults=faults)


def open_for_card(tx: Transaction, job: Job) -> None:
    """The engine's port for the job that a ladder's rung queued: an order on the department of the card."""
    card = tx.session.get_one(Card, job.payload["card"])
    instance_rows.lock_tree_of(tx, card.root_id)
    if card.state != CardState.CANCELLED:
        new = NewOrder(card.department, f"{FOR_A_RUNG.zh} {FOR_A_RUNG.en}", OrderOrigin.CARD, card_id=card.id)
        _open(tx, new, card.region, card.root_id)


def _open(tx: Transaction, new: NewOrder, region: str, about: str | None) -> SupervisionOrder:
    order = SupervisionOrder(
        root_id=tx.new_id(),
        region=region,
        number=numbers.next_number(tx, region, WORD, tx.now.astimezone(tx.ports.zone).date()),
        origin=new.origin,
        source=new.source,
        card_id=new.card_id,
        case_root_id=about,
        department=new.department,
        demand=new.demand.strip(),
        limit=str(new.limit),
        level=1,
        state=OrderState.OPEN,
        issued_at=tx.now,
        issued_by=tx.actor.login,
        revision=1,
    )
    tx.add(order)
    tx.flush()
    if about is not None:
        root = instance_rows.of(tx, about)
        evidence.record(tx, root, ISSUED, subject=order.root_id, property="department", new=order.department)
    told = {"order_number": order.number, "demand": order.demand, "return_reason": None}
    instances.start(
        tx,
        definitions.latest(tx, SUPERVISION_ORDER, region).id,
        region=region,
        business_key=order.number,
        variables={**told, "unit_head": head_of(calendars.current(tx).role_of(order.department))},
        instance_id=order.root_id,
    )
    _tell_unit(tx, order)
    return order


def _tell_unit(tx: Transaction, order: SupervisionOrder) -> None:
    text = Sentence(
        f"收到督办单 {order.number}：{order.demand} 请在待办箱中答复。",
        f"Supervision order {order.number}: {order.demand} Please answer in your inbox.",
    )
    tell(tx, department(head_of(order.department)), NoticeKind.ORDER_ISSUED, text)


def listen(tx: Transaction, event: Event) -> None:
    """Keeps where an order stands, and its clock: every answer has the whole limit."""
    match event:
        case UserTaskCreated() | UserTaskCompleted() if event.properties.get("act") in OF_ORDERS:
            order = tx.session.get(SupervisionOrder, event.root_id)
            if order is not None:
                _follow(tx, order, event)
        case ProcessInstanceEnded(parent_id=None, cancelled=True):
            order = tx.session.get(SupervisionOrder, event.root_id)
            if order is not None:
                _close(tx, order)


OF_ORDERS = frozenset({Does.ANSWER, Does.OVERSEE, Does.INSTRUCT})


def _follow(tx: Transaction, order: SupervisionOrder, event: UserTaskCreated | UserTaskCompleted) -> None:
    order.revision += 1
    match event:
        case UserTaskCreated() if event.properties["act"] == Does.ANSWER:
            order.state = OrderState.OPEN
            reading = read_kinds(tx, order.root_id, ClockKind.ORDER)
            clocks.start(tx, reading, [NewClock(ClockKind.ORDER, Limit.parse(order.limit), Ground(ISSUED))])
        case UserTaskCompleted() if event.properties["act"] == Does.ANSWER:
            order.state, order.answered_at = OrderState.ANSWERED, tx.now
            clocks.stop(tx, read_kinds(tx, order.root_id, ClockKind.ORDER), Ground("answered"))
        case UserTaskCompleted(outcome="accept") if event.properties["act"] == Does.OVERSEE:
            _close(tx, order)
        case UserTaskCreated() if event.properties["act"] == Does.INSTRUCT:
            order.level += 1
            _tell_leader(tx, order)


def _close(tx: Transaction, order: SupervisionOrder) -> None:
    order.state, order.closed_at = OrderState.CLOSED, tx.now


def _tell_leader(tx: Transaction, order: SupervisionOrder) -> None:
    text = Sentence(
        f"督办单 {order.number} 逾期未答复，已提级，请批示。",
        f"Supervision order {order.number} went unanswered and is taken to you.",
    )
    tell(tx, department(Role.GOVERNMENT_LEADER), NoticeKind.ORDER_OVERDUE, text)
