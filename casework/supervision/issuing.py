"""What a ladder says, done: cards, signals and orders for the rungs that clocks have come to.

Each rung of a clock is dealt with once, under the case's lock, as of the instant at which the clock came to it: however
late that is, it falls on whoever held the task then.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from casework.clocks.bindings import label
from casework.clocks.reading import Measured
from casework.ladders import Action, Light, Recipient, Rung
from casework.logins import head_of
from casework.notices import NoticeKind, Receiver, department, person, tell
from casework.supervision import texts
from casework.supervision.answering import answerable
from casework.supervision.dockets import Docket
from casework.supervision.holders import Held
from casework.tables import Card, CardGround, CardState, Clock
from engine import evidence
from engine.tables import Job
from engine.transaction import Transaction

ISSUED = "card.issued"
OPENING = "open-supervision-order"
LIGHTS = list(Light)
OFFICES = {
    Recipient.LEAD: Recipient.LEAD.value,
    Recipient.SUPERVISOR: Recipient.SUPERVISOR.value,
    Recipient.GOVERNMENT_LEADER: Recipient.GOVERNMENT_LEADER.value,
}
"""Recipients that are a role of the office, whatever department the card is on."""


def deal_with(tx: Transaction, docket: Docket) -> None:
    """Does for every clock of the docket that may have come to a rung what its ladder says up to now, in the order it
    should have been done, and sets the next moment."""
    for measured in docket.clocks:
        if measured.clock.moment_at is not None and measured.clock.moment_at <= tx.now:
            deal_with_clock(tx, docket, measured)


def deal_with_clock(tx: Transaction, docket: Docket, measured: Measured) -> None:
    """The same for one clock."""
    clock, moments = measured.clock, _moments(docket, measured)
    come = [(at, rung) for at, rung in moments if at <= tx.now]
    for at, rung in come:
        _climb(tx, docket, clock, rung, at)
    clock.rungs = " ".join([*clock.rungs.split(), *(rung.key for _, rung in come)])
    clock.moment_at = next((at for at, _ in moments if at > tx.now), None)
    clock.revision += 1


def _moments(docket: Docket, measured: Measured) -> list[tuple[datetime, Rung]]:
    """In order; of one instant the milder first."""
    found = measured.moments(measured.courses(docket.calendar(measured.clock)), docket.ladder)
    return sorted(found, key=lambda one: (one[0], LIGHTS.index(one[1].signal)))


def _climb(tx: Transaction, docket: Docket, clock: Clock, rung: Rung, at: datetime) -> None:
    for on in _each_once(answerable(tx, docket, clock, at)):
        if rung.action != Action.NOTIFY:
            card = _issue(tx, docket, clock, rung, at, on)
            if rung.action == Action.ORDER:
                _queue_order(tx, card)
        text = texts.of_rung(tx, docket, clock, rung, on)
        kind = NoticeKind.CLOCK_SIGNALLED if rung.action == Action.NOTIFY else NoticeKind.CARD_ISSUED
        for receiver in _receivers(rung, on):
            tell(tx, receiver, kind, text, case=docket.case)


def _each_once(held: Sequence[Held]) -> Iterator[Held]:
    """One for each person of a department; an unclaimed task adds nothing where a colleague answers already."""
    seen: set[tuple[str, str | None]] = set()
    claimed = {one.department for one in held if one.holder is not None}
    for one in held:
        who = (one.department, one.holder)
        if who not in seen and (one.holder is not None or one.department not in claimed):
            seen.add(who)
            yield one


def _issue(tx: Transaction, docket: Docket, clock: Clock, rung: Rung, at: datetime, on: Held) -> Card:
    card = Card(
        id=tx.new_id(),
        region=docket.root.region,
        root_id=docket.root.id,
        clock_id=clock.id,
        task_id=on.task_id,
        ground=CardGround.LIMIT,
        rung=rung.key,
        signal=rung.signal,
        department=on.department,
        holder=on.holder or "",
        heads=" ".join(docket.office.heads.get(on.department, ())),
        state=CardState.ISSUED,
        at=at,
        issued_at=tx.now,
        issued_by=tx.actor.login,
        revision=1,
    )
    tx.add(card)
    evidence.record(
        tx,
        docket.root,
        ISSUED,
        subject=card.id,
        property=card.signal,
        old=label(clock.kind, clock.subject),
        new=" ".join(filter(None, (card.department, card.holder))),
        reason=rung.key,
    )
    return card


def _queue_order(tx: Transaction, card: Card) -> None:
    """An order is a process of its own, so it begins in a transaction of its own."""
    order = {"card": card.id}
    tx.add(Job(id=tx.new_id(), region=card.region, kind=OPENING, due_at=tx.now, payload=order, created_at=tx.now))


def _receivers(rung: Rung, on: Held) -> Iterator[Receiver]:
    """An unclaimed task has no holder: the department is told instead."""
    wanted = rung.recipients
    if Recipient.HOLDER in wanted and on.holder is not None:
        yield person(on.holder)
    if Recipient.DEPARTMENT in wanted or (Recipient.HOLDER in wanted and on.holder is None):
        yield department(on.department)
    if Recipient.HEAD in wanted:
        yield department(head_of(on.department))
    for recipient, group in OFFICES.items():
        if recipient in wanted:
            yield department(group)
