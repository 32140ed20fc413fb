"""The clocks of the case as a whole: receipt, the two limits of the case, delivery, the applicant's time to correct."""

from sqlalchemy import select

from casework import items, meaning, rectifying
from casework.clocks import shares
from casework.clocks.acts import start, stop, void, void_all
from casework.clocks.grounds import Ground, NewClock
from casework.clocks.reading import APPLICANTS, NONE, Reading, read, read_kinds
from casework.clocks.standstills import pause_read, resume_read
from casework.item_document import ItemDocument
from casework.tables import Case, ClockKind, Correction, CorrectionState
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


def case_received(tx: Transaction, case: Case, item: ItemDocument) -> None:
    """收件: within five working days the applicant is told what is missing, or accepted (行政许可法 art. 32)."""
    receipt = NewClock(
        ClockKind.RECEIPT,
        item.limits.get("receipt", FIVE_DAYS),
        Ground(RECEIVED, NOTICE_OF_RECEIPT),
        statutory_limit=FIVE_DAYS,
        started_at=case.received_at,
    )
    start(tx, read(tx, case.root_id, NONE), [receipt])


def case_accepted(tx: Transaction, case: Case, item: ItemDocument) -> None:
    """受理: the receipt clock has done its work; the limits of the case run from `accepted_at` (art. 42)."""
    reading = read_kinds(tx, case.root_id, ClockKind.RECEIPT, ClockKind.TASK)
    stop(tx, reading.only(ClockKind.RECEIPT), Ground(ACCEPTED))
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
    steps = {measured.clock.subject for measured in reading.only(ClockKind.TASK).measured}
    shares.begin(tx, case.root_id, with_clock=steps)


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
    """补正: the notice is out, every clock of the office stands still and the applicant's own runs.

    The applicant's time is the limit that the step names, else the item's `correction`.
    """
    number = (
        select(Correction.number)
        .where(Correction.root_id == event.root_id, Correction.state == CorrectionState.SENT)
        .order_by(Correction.sent_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = tx.session.execute(select(Case.item_id, number).where(Case.root_id == event.root_id)).first()
    if found is None:
        return
    item_id, document = found
    ground, reading = Ground(CORRECTION, NOTICE_OF_RECEIPT, document), read(tx, event.root_id)
    limit = items.document(tx, item_id).limits.get(meaning.of(event.properties).limit or CORRECTION)
    pause_read(tx, _but_the_applicants(reading), ground)
    if limit is not None and not reading.only(ClockKind.CORRECTION).measured:
        start(tx, reading, [NewClock(ClockKind.CORRECTION, limit, ground)])


def correction_ended(tx: Transaction, event: ActivityEnded) -> None:
    """The applicant supplemented, or the diagram waits no longer: office clocks go on if it waits nowhere else."""
    if rectifying.is_awaited(tx, event.root_id):
        return
    reading, ground = read(tx, event.root_id), Ground(CORRECTION)
    resume_read(tx, _but_the_applicants(reading), ground)
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
