"""The clocks of the case as a whole: receipt, the two limits of the case, delivery, the applicant's time to correct."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from casework import items, meaning, rectifying
from casework.clocks import shares
from casework.clocks.acts import restart, start, stop, void, void_all
from casework.clocks.grounds import Ground, NewClock, present
from casework.clocks.reading import APPLICANTS, NONE, OPEN, Reading, read, read_kinds
from casework.clocks.standstills import hold, resume_read
from casework.events import SlipServed
from casework.item_document import ItemDocument
from casework.tables import Case, Clock, ClockKind, Correction, CorrectionState
from casework.workdays import Limit, Unit
from engine.events import ActivityEnded, ActivityStarted, ProcessInstanceEnded
from engine.transaction import Transaction

NOTICE_OF_RECEIPT = "行政许可法第三十二条"
TERM_OF_DECISION = "行政许可法第四十二条"
TERM_OF_DELIVERY = "行政许可法第四十四条"
FIVE_DAYS, TEN_DAYS = Limit(5, Unit.WD), Limit(10, Unit.WD)

CORRECTION = "correction"
RECEIVED, ACCEPTED, DECLINED = "received", "accepted", "declined"
DECIDED, WITHDRAWN, ENDED, CANCELLED = "decided", "withdrawn", "ended", "cancelled"


def case_received(tx: Transaction, case: Case, item: ItemDocument) -> Clock:
    """收件: within five working days the applicant is told what is missing, or accepted (行政许可法 art. 32).

    Other kinds of items have the limit of their own law. The clock that was started.
    """
    limit = item.limits.get("receipt", FIVE_DAYS)
    receipt = NewClock(
        ClockKind.RECEIPT,
        limit,
        Ground(RECEIVED, NOTICE_OF_RECEIPT),
        statutory_limit=FIVE_DAYS if item.is_licence else limit,
        started_at=case.received_at,
    )
    [started] = start(tx, read(tx, case.root_id, NONE), [receipt])
    return started


def is_receipt_over(tx: Transaction, root_id: str) -> bool:
    """Whether the time in which the law wants the applicant told has run out."""
    tx.flush()
    receipt = select(Clock.id).where(Clock.root_id == root_id, Clock.kind == ClockKind.RECEIPT, Clock.state.in_(OPEN))
    return tx.session.scalar(receipt.where(Clock.statutory_due_at <= tx.now).limit(1)) is not None


def case_accepted(tx: Transaction, case: Case, item: ItemDocument) -> None:
    """受理: the receipt clock has done its work; the limits of the case run from `accepted_at` (art. 42)."""
    reading = read_kinds(tx, case.root_id, ClockKind.RECEIPT)
    stop(tx, reading, Ground(ACCEPTED))
    ground, statutory = Ground(ACCEPTED, TERM_OF_DECISION), item.limits.get("statutory")
    limits = {ClockKind.PROMISED: item.limits.get("promised"), ClockKind.STATUTORY: statutory}
    wanted = [
        NewClock(
            kind,
            limit,
            ground,
            statutory_limit=statutory if kind == ClockKind.PROMISED else None,
            started_at=case.accepted_at,
        )
        for kind, limit in limits.items()
        if limit is not None
    ]
    start(tx, reading, wanted)
    shares.begin(tx, case.root_id)


def case_declined(tx: Transaction, case: Case, item: ItemDocument) -> None:
    """不予受理: the applicant was told in time, or not."""
    stop(tx, read_kinds(tx, case.root_id, ClockKind.RECEIPT), Ground(DECLINED))


def case_decided(tx: Transaction, case: Case, item: ItemDocument) -> None:
    """决定: the law's limit is met; delivery has ten working days of its own (art. 44).

    The promise covers all departments and is kept when nothing but delivery is left.
    """
    reading = read_kinds(tx, case.root_id, ClockKind.STATUTORY, ClockKind.DELIVERY)
    stop(tx, reading.only(ClockKind.STATUTORY), Ground(DECIDED))
    if reading.only(ClockKind.DELIVERY).measured:
        return
    delivery = NewClock(
        ClockKind.DELIVERY,
        item.limits.get("delivery", TEN_DAYS),
        Ground(DECIDED, TERM_OF_DELIVERY),
        statutory_limit=TEN_DAYS,
        started_at=case.decided_at,
    )
    start(tx, reading, [delivery])


def case_withdrawn(tx: Transaction, case: Case, item: ItemDocument) -> None:
    """撤件: the clocks count for nothing, so that the case is never overdue."""
    void_all(tx, case.root_id, Ground(WITHDRAWN))


def correction_began(tx: Transaction, event: ActivityStarted) -> None:
    """补正: every clock of the office stands still and the applicant's own runs, once the notice is served.

    The applicant's time is the limit that the step names, else the item's `correction`.
    """
    case, notice = tx.session.get(Case, event.root_id), _notice(tx, event.root_id)
    if case is None or (notice is not None and notice.served_at is None):
        return
    number, since = (None, None) if notice is None else (notice.number, notice.served_at)
    _wait_for_the_applicant(tx, case, meaning.of(event.properties).limit, number, since)


def correction_served(tx: Transaction, event: SlipServed) -> None:
    """The notice that the case waits on has reached the applicant: from then on it has effect."""
    case, awaited = tx.session.get(Case, event.root_id), rectifying.awaited(tx, event.root_id)
    if case is not None and awaited:
        _wait_for_the_applicant(tx, case, awaited[0].limit, event.number, event.served_at)


def _notice(tx: Transaction, root_id: str) -> Correction | None:
    tx.flush()
    sent = select(Correction).where(Correction.root_id == root_id, Correction.state == CorrectionState.SENT)
    return tx.session.scalars(sent.order_by(Correction.sent_at.desc()).limit(1)).first()


def _wait_for_the_applicant(
    tx: Transaction, case: Case, limit_name: str | None, document: str | None, since: datetime | None
) -> None:
    ground, reading = Ground(CORRECTION, NOTICE_OF_RECEIPT, document), read(tx, case.root_id)
    running = [
        one
        for one in _but_the_applicants(reading).measured
        if all(pause.reason != CORRECTION for pause in one.open_pauses)
    ]
    hold(tx, reading.of(running), replace(present(tx, ground), begins_at=since or tx.now))
    limit = items.document(tx, case.item_id).limits.get(limit_name or CORRECTION)
    if limit is not None and not reading.only(ClockKind.CORRECTION).measured:
        start(tx, reading, [NewClock(ClockKind.CORRECTION, limit, ground, started_at=since)])


def correction_ended(tx: Transaction, event: ActivityEnded) -> None:
    """The applicant supplemented, or the diagram waits no longer: office clocks go on if it waits nowhere else.

    Where the item says so, they start again from the supplement (政府信息公开条例 art. 30).
    """
    if (case := tx.session.get(Case, event.root_id)) is None or rectifying.awaited(tx, event.root_id):
        return
    reading, ground = read(tx, event.root_id), Ground(CORRECTION)
    office = _but_the_applicants(reading)
    if items.document(tx, case.item_id).restarts_on_supplement and not event.cancelled:
        stood = [one for one in office.measured if any(pause.reason == CORRECTION for pause in one.open_pauses)]
        restart(tx, reading.of(stood), ground)
    resume_read(tx, office, ground)
    (void if event.cancelled else stop)(tx, reading.only(ClockKind.CORRECTION), ground)


def _but_the_applicants(reading: Reading) -> Reading:
    return reading.only(*(kind for kind in ClockKind if kind not in APPLICANTS))


def case_ended(tx: Transaction, event: ProcessInstanceEnded) -> None:
    """办结: whatever is still running has nothing left to measure; a cancelled case counts for nothing."""
    reading = read(tx, event.root_id)
    if event.cancelled:
        void(tx, reading, Ground(CANCELLED))
    else:
        stop(tx, reading, Ground(ENDED))
