"""The life of a card: issued by hand, explained by whom it is on, upheld or cancelled by a supervisor.

Nobody decides on a card of their own. Every act is evidence on the case.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select, true

from casework import calendars, cases, items
from casework.ladders import LIGHT_NAMES, Light
from casework.logins import head_of
from casework.notices import NoticeKind, Receiver, department, person, tell
from casework.reasons import is_said
from casework.supervision.issuing import ISSUED
from casework.tables import Card, CardGround, CardState, Case, Department, Membership, Role
from casework.visibility import in_sight
from casework.words import CARD_STATES
from casework.workdays import Limit, Unit, deadline
from engine import evidence
from engine.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Sentence
from engine.ports import Actor
from engine.store import instance_rows
from engine.tables import UserTask
from engine.transaction import Transaction

EXPLAINED, UPHELD, CANCELLED = "card.explained", "card.upheld", "card.cancelled"
SEES_ALL = frozenset({Role.SUPERVISOR, Role.LEAD, Role.GOVERNMENT_LEADER, Role.ADMIN})
BY_HAND = frozenset({Light.YELLOW, Light.RED})
UNDECIDED = frozenset({CardState.ISSUED, CardState.EXPLAINED})
NOT_ON_YOU = Sentence(
    "只有被发牌的经办人或其部门负责人可以作出说明。",
    "Only whom the card is on, or the head of the department, may explain it.",
)
OWN_CARD = Sentence(
    "发牌人不能审定自己发出的牌，请由其他监察人员审定。",
    "Whoever issued a card does not decide on it; another supervisor does.",
)
DECIDED = Sentence("该牌已审定。", "The card is decided already.")
EXPLAINED_ALREADY = Sentence("该牌已有说明。", "The card is explained already.")
UNHEARD = Sentence(
    "被发牌的人尚未说明，说明期限也未届满，暂不能予以维持。",
    "Nobody has explained the card yet, and the time for that is not over: it cannot be upheld so far.",
)
TO_EXPLAIN = Limit(3, Unit.WD)
"""How long whom a card is on is waited for, unless the item says so (`limits.explanation`)."""
NO_REASON = Sentence("请说明理由。", "Say why.")
NOT_STAFF = Sentence("该人员不在该部门。", "This person does not work in that department.")
NO_DEPARTMENT = Sentence("没有该部门。", "There is no such department.")
NO_PART = Sentence("该部门没有办理过此办件的任务。", "This department has never had a task of this case.")


@dataclass(frozen=True, slots=True)
class Irregularity:
    """What a supervisor found: of which department or person, what, and on what ground (依据)."""

    department: str
    signal: Light
    words: str
    holder: str | None = None
    basis: str | None = None


def issue(tx: Transaction, number: str, found: Irregularity) -> Card:
    """A supervisor issues a card for an irregularity, such as a second notice of corrections (行政许可法 art. 72).

    Raises NotFound for a case out of sight, Invalid for a department that has no part in it, or a
    person who does not work there.
    """
    case = cases.locked(tx, number, "cards.issue")
    faults = list(_faults(tx, case, found))
    if faults:
        raise Invalid(faults=faults)
    heads = select(Membership.login).where(Membership.department == found.department, Membership.role == Role.HEAD)
    card = Card(
        id=tx.new_id(),
        region=case.region,
        root_id=case.root_id,
        ground=CardGround.IRREGULARITY,
        rung="",
        signal=found.signal,
        words=found.words.strip(),
        basis=found.basis,
        department=found.department,
        holder=found.holder or "",
        heads=" ".join(tx.session.scalars(heads.order_by(Membership.login))),
        state=CardState.ISSUED,
        at=tx.now,
        issued_at=tx.now,
        issued_by=tx.actor.login,
        revision=1,
    )
    tx.add(card)
    on = " ".join(filter(None, (card.department, card.holder)))
    _record(tx, card, ISSUED, reason=card.words, new=on, basis=card.basis)
    _tell(tx, card, NoticeKind.CARD_ISSUED, case, card.words or "")
    return card


def _faults(tx: Transaction, case: Case, found: Irregularity) -> Iterator[Fault]:
    if not is_said(found.words):
        yield Fault(NO_REASON, "reason")
    if tx.session.get(Department, found.department) is None:
        yield Fault(NO_DEPARTMENT, "department")
    elif not _took_part(tx, case, found.department):
        yield Fault(NO_PART, "department")
    elif found.holder is not None:
        works_there = select(Membership.login).where(
            Membership.login == found.holder, Membership.department == found.department
        )
        if tx.session.scalar(works_there) is None:
            yield Fault(NOT_STAFF, "holder")


def _took_part(tx: Transaction, case: Case, department: str) -> bool:
    tasks = select(UserTask.id).where(UserTask.root_id == case.root_id, UserTask.department == department)
    return tx.session.scalar(tasks.limit(1)) is not None


def explain(tx: Transaction, card_id: str, words: str) -> Card:
    """Whom the card is on, or the head of the department, says how it came to that (申诉). Raises NotFound, Forbidden,
    Conflict when that has been done or the card is decided, Invalid without words."""
    card, case = _locked(tx, card_id, "cards.explain")
    if not is_on(tx.actor, card):
        raise Forbidden(NOT_ON_YOU)
    if card.state != CardState.ISSUED:
        raise Conflict(EXPLAINED_ALREADY if card.state == CardState.EXPLAINED else DECIDED)
    card.explanation, card.explained_by, card.explained_at = _said(words, "explanation"), tx.actor.login, tx.now
    _move(tx, card, CardState.EXPLAINED, EXPLAINED, card.explanation)
    tell(tx, department(Role.SUPERVISOR), NoticeKind.CARD_EXPLAINED, _told(card, case, card.explanation), case=case)
    return card


def uphold(tx: Transaction, card_id: str, reason: str) -> Card:
    """A supervisor lets the card stand, with reasons, once it was explained or the time for that has passed. Raises
    NotFound, Forbidden for its own issuer, Conflict before that or when it is decided, Invalid without reasons."""
    return _decide(tx, card_id, CardState.UPHELD, UPHELD, reason)


def cancel(tx: Transaction, card_id: str, reason: str) -> Card:
    """A supervisor takes the card back at any time, with reasons. Raises as `uphold`."""
    return _decide(tx, card_id, CardState.CANCELLED, CANCELLED, reason)


def _decide(tx: Transaction, card_id: str, state: CardState, act: str, reason: str) -> Card:
    card, case = _locked(tx, card_id, "cards.decide")
    if card.issued_by == tx.actor.login:
        raise Forbidden(OWN_CARD)
    if card.state not in UNDECIDED:
        raise Conflict(DECIDED)
    if state == CardState.UPHELD and card.state == CardState.ISSUED and _may_explain(tx, card, case):
        raise Conflict(UNHEARD)
    decide(tx, card, state, act, _said(reason, "reason"))
    _tell(tx, card, NoticeKind.CARD_DECIDED, case, card.decision or "")
    return card


def _may_explain(tx: Transaction, card: Card, case: Case | None) -> bool:
    """Whether the time to explain a card is still running."""
    said = items.document(tx, case.item_id).limits if case else {}
    ends_at = deadline(card.issued_at, said.get("explanation", TO_EXPLAIN), calendars.current(tx).of(card.region)).at
    return ends_at is not None and tx.now < ends_at


def decide(tx: Transaction, card: Card, state: CardState, act: str, reason: str) -> None:
    """What becomes of a card of a locked case, as evidence."""
    card.decision, card.decided_by, card.decided_at = reason, tx.actor.login, tx.now
    _move(tx, card, state, act, reason)


def is_on(actor: Actor, card: Card) -> bool:
    """Whether a card is on a person: as the holder, or as the head of the department."""
    return card.holder == actor.login or head_of(card.department) in actor.groups


def visible(actor: Actor) -> ColumnElement[bool]:
    """The cards that a person may know of: all for those who look after them, else those on the person or the person's
    departments; never of a case out of the person's sight."""
    own = or_(Card.holder == actor.login, Card.department.in_(sorted(actor.groups)))
    whose = true() if actor.groups & SEES_ALL else own if actor.groups else false()
    return whose & in_sight(actor, Card.root_id)


def _locked(tx: Transaction, card_id: str, act: str) -> tuple[Card, Case | None]:
    """The card under its case's lock, if the actor may know of it. Raises NotFound, Forbidden."""
    root_id = tx.session.scalar(select(Card.root_id).where(Card.id == card_id, visible(tx.actor)))
    if root_id is None:
        raise NotFound
    instance_rows.lock_tree_of(tx, root_id)
    card = tx.session.get(Card, card_id, populate_existing=True)
    if card is None:
        raise NotFound
    tx.ports.may(tx, act, card)
    return card, tx.session.get(Case, root_id)


def _said(words: str, place: str) -> str:
    if not is_said(words):
        raise Invalid(faults=[Fault(NO_REASON, place)])
    return words.strip()


def _move(tx: Transaction, card: Card, state: CardState, act: str, reason: str) -> None:
    card.revision += 1
    _record(tx, card, act, reason=reason, old=card.state, new=state)
    card.state = state


def _record(tx: Transaction, card: Card, act: str, **said: str | None) -> None:
    root = instance_rows.of(tx, card.root_id)
    evidence.record(tx, root, act, subject=card.id, property=card.signal, **said)


def _tell(tx: Transaction, card: Card, kind: NoticeKind, case: Case | None, words: str) -> None:
    for receiver in _on(card):
        tell(tx, receiver, kind, _told(card, case, words), case=case)


def _on(card: Card) -> Iterator[Receiver]:
    if card.holder:
        yield person(card.holder)
    else:
        yield department(card.department)
    yield department(head_of(card.department))


def _told(card: Card, case: Case | None, words: str) -> Sentence:
    light, state, number = LIGHT_NAMES[card.signal], CARD_STATES[card.state], case.number if case else ""
    zh, en = f"{light.zh}（办件 {number}）{state.zh}：{words}", f"{light.en} (case {number}) {state.en}: {words}"
    return Sentence(zh, en)
