"""Extensions (延期): a case's term runs longer, once, before it is over, by the authority of art. 42 行政许可法.

A step whose act is `extend` grants it when its outcome is `approve`; so does whoever has that authority, directly. The
applicant is told the reason in writing, and from the service of that slip on the extension holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from casework import clocks, departments, handling_modes, items, notices, slips
from casework.clock_reasons import EXTENSIONS
from casework.clocks import Ground, Measured, Reading
from casework.events import SlipServed
from casework.handling_modes import Term
from casework.meaning import Does, Name
from casework.slips import Service, SlipKind
from casework.step_values import StepValues
from casework.tables import Case, Clock, ClockExtension, ClockKind
from casework.workdays import Limit, deadline
from engine import evidence
from engine.errors import Conflict, ExpressionFailed, Fault, Invalid, Sentence
from engine.events import Event, UserTaskCompleted
from engine.store import instance_rows
from engine.transaction import Transaction

APPROVED = "approve"
HANDLER = "handler"
AMOUNT = "amount"
LAPSED, REVERSED = "extension.lapsed", "extension.reversed"
KIND = Sentence("延期", "the extension")
OF_THE_CASE = (ClockKind.STATUTORY, ClockKind.PROMISED)
NOT_RUNNING = Sentence(
    "办件没有正在计算的办理时限，不能延期。", "No limit of the case is running, so there is nothing to extend."
)
WAITS = Sentence("延期已批准，延期告知书尚待送达。", "The extension is granted; its notice is still to be served.")
LATER = Sentence("自时限恢复计算后顺延", "to be reckoned once the clock runs again")


@dataclass(frozen=True, slots=True)
class Grant:
    """An extension to grant. `reason` is a code of clock_reasons.EXTENSIONS, `words` what the applicant is told of it.

    `department`: whose share runs longer too. `paper`: the number of the decision (批准文号). `units`: by how many, all
    that may be granted unless it says fewer.
    """

    reason: str
    words: Sentence
    asked_by: str
    department: str | None = None
    basis: str | None = None
    paper: str | None = None
    units: int | None = None


def listen(tx: Transaction, event: Event) -> None:
    """The approval of an extension in a diagram, and the service of its slip."""
    match event:
        case UserTaskCompleted() if event.outcome == APPROVED and event.properties.get(Name.ACT) == Does.EXTEND:
            _approved(tx, event)
        case SlipServed(kind=SlipKind.EXTENSION):
            _served(tx, event)


def amount_of(tx: Transaction, case: Case) -> tuple[Limit, Term]:
    """By how much a case may be extended: what its item says, else art. 42 for its handling mode."""
    item = items.document(tx, case.item_id)
    term = handling_modes.TERMS[item.handling_mode]
    return item.limits.get("extension", term.extension), term


def grant(tx: Transaction, case: Case, wanted: Grant, *, service: Service | None = None) -> Sequence[ClockExtension]:
    """Extends the term of a locked case. Raises Conflict for a second time, after expiry, and while one waits, Invalid
    for more than may be granted."""
    most, term = amount_of(tx, case)
    reading = check(tx, case, wanted.department)
    amount = _granted(wanted.units, most, term)
    facts = {"reason": wanted.words, "time": amount.text, **_until(reading, amount)}
    slip = slips.issue(tx, case, SlipKind.EXTENSION, facts, service=service)
    rows = [
        ClockExtension(
            clock_id=measured.clock.id,
            seq=_granted_before(tx, measured.clock.id) + 1,
            amount=str(amount),
            granted_at=tx.now,
            granted_by=tx.actor.login,
            reason=wanted.reason,
            basis=wanted.basis or term.basis,
            document=slip.number,
            paper=wanted.paper,
            asked_by=wanted.asked_by,
            department=wanted.department,
            revision=1,
        )
        for measured in reading.measured
    ]
    tx.add(*rows)
    notices.term_extended(tx, case, amount.text, wanted.words)
    if slip.served_at is not None:
        tx.flush()
        _take_effect(tx, case.root_id, rows, slip.served_at)
    return rows


def _granted(units: int | None, most: Limit, term: Term) -> Limit:
    """What is granted of what may be."""
    if units is not None and not 1 <= units <= most.amount:
        raise Invalid(faults=[Fault(_too_much(most, term), AMOUNT)])
    return most if units is None else Limit(units, most.unit)


def _too_much(most: Limit, term: Term) -> Sentence:
    return Sentence(
        f"延期应为 1 至 {most.text.zh}（{term.basis}）。", f"An extension is of 1 to {most.text.en} ({term.basis})."
    )


def check(tx: Transaction, case: Case, department: str | None) -> Reading:
    """The clocks that an extension now would move. Raises Conflict, naming the rule, when the law allows none."""
    amount, term = amount_of(tx, case)
    reading = clocks.share_and_case(tx, case.root_id, department or "")
    decisive = _decisive(reading)
    if decisive is None:
        raise Conflict(NOT_RUNNING)
    if any(row.held_from is None and row.reversed_at is None for row in of_case(tx, case.root_id)):
        raise Conflict(WAITS)
    if not _takes(decisive, amount, tx.now):
        raise Conflict(_refusal(decisive, amount, term))
    return reading.of([one for one in reading.measured if _takes(one, amount, tx.now)])


def _takes(measured: Measured, amount: Limit, at: datetime) -> bool:
    if measured.clock.kind not in clocks.EXTENDABLE:
        return False
    return clocks.promise_takes(measured, amount, at) or clocks.law_takes(measured, amount, at)


def _refusal(decisive: Measured, amount: Limit, term: Term) -> Sentence:
    if decisive.clock.extension is not None or decisive.clock.statutory_extension is not None:
        return Sentence(f"办理期限只能延长一次（{term.basis}）。", f"A term is extended only once ({term.basis}).")
    if decisive.limit.unit is not amount.unit:
        return Sentence(
            f"时限为 {decisive.limit.text.zh}，延期为 {amount.text.zh}，单位不同；"
            "请在事项的 limits.extension 中写明延期。",
            f"The limit is {decisive.limit.text.en} and the extension {amount.text.en}: name one of the same unit in "
            "limits.extension of the item.",
        )
    return Sentence(
        f"办理期限已届满，延期须在期限届满前批准（{term.basis}）。",
        f"The term is over; an extension has to be granted before it is ({term.basis}).",
    )


def _decisive(reading: Reading) -> Measured | None:
    """The clock by which a term is over or not: the law's where the law sets a term, else the promise."""
    of_case = {one.clock.kind: one for one in reading.measured}
    return next((of_case[kind] for kind in OF_THE_CASE if kind in of_case), None)


def _until(reading: Reading, amount: Limit) -> dict[str, object]:
    """When the case is due with the extension; that is not known while its clock stands still."""
    one = _decisive(reading)
    if one is None:
        return {"until": LATER}
    end = deadline(one.clock.started_at, one.limit, reading.calendar(one.clock), one.standstills, amount)
    return {"until": clocks.shown(end.at) or LATER, "is_provisional": end.provisional}


def _granted_before(tx: Transaction, clock_id: str) -> int:
    count = select(func.count()).where(ClockExtension.clock_id == clock_id)
    return tx.session.scalars(count).one()


def of_case(tx: Transaction, root_id: str) -> Sequence[ClockExtension]:
    """Every extension of a case's clocks, oldest first."""
    tx.flush()
    rows = select(ClockExtension).join(Clock, Clock.id == ClockExtension.clock_id).where(Clock.root_id == root_id)
    return tx.session.scalars(rows.order_by(ClockExtension.granted_at, ClockExtension.clock_id)).all()


def reverse(tx: Transaction, case: Case, document: str, ground: Ground) -> None:
    """An extension was granted wrongly: the clocks count without it, and it may be granted anew."""
    wrong = [one for one in of_case(tx, case.root_id) if one.document == document and one.reversed_at is None]
    for row in wrong:
        row.reversed_at = tx.now
        row.revision += 1
    extended = [row.clock_id for row in wrong if row.held_from is not None]
    clocks.shorten(tx, clocks.by_id(tx, case.root_id, extended), ground)
    if not extended:
        said = {"reason": ground.reason, "basis": ground.basis, "document": ground.document or document}
        evidence.record(tx, instance_rows.of(tx, case.root_id), REVERSED, **said)
    notices.act_reversed(tx, case, KIND)


def _served(tx: Transaction, event: SlipServed) -> None:
    """The slip of an extension that waited for it; one that was reversed meanwhile brings nothing about."""
    rows = [
        row
        for row in of_case(tx, event.root_id)
        if row.document == event.number and row.held_from is None and row.reversed_at is None
    ]
    if rows:
        _take_effect(tx, event.root_id, rows, event.served_at)


def _take_effect(tx: Transaction, root_id: str, rows: Sequence[ClockExtension], served_at: datetime) -> None:
    """The applicant has been told: the clocks run longer, as far as they had not expired by then.

    What was told too late brings nothing about, which is evidence, too.
    """
    one = rows[0]
    ground, amount = Ground(one.reason, one.basis, one.paper or one.document), Limit.parse(one.amount)
    reading = clocks.by_id(tx, root_id, [row.clock_id for row in rows])
    extended = {clock.id for clock in clocks.extend(tx, reading, amount, served_at, ground)}
    for row in rows:
        row.held_from = served_at
        row.reversed_at = None if row.clock_id in extended else tx.now
        row.revision += 1
    if not extended:
        evidence.record(tx, instance_rows.of(tx, root_id), LAPSED, basis=one.basis, document=ground.document)


def _approved(tx: Transaction, event: UserTaskCompleted) -> None:
    """The step's `kind` is the reason's code; the words of whoever approves are told to the applicant with it."""
    case = tx.session.get(Case, event.root_id)
    if case is None:
        return
    said = StepValues(tx, event)
    reason = said.text(Name.KIND) or ""
    if reason not in EXTENSIONS:
        raise ExpressionFailed(_unknown(reason), element_id=event.activity_id)
    role = said.variable(Name.DEPARTMENT)
    grant(
        tx,
        case,
        Grant(
            reason=reason,
            words=told(reason, event.comment),
            asked_by=said.variable(HANDLER) or tx.actor.login,
            department=role and departments.codes_by_role(tx, event.region).get(role, role),
            paper=said.text(Name.DOCUMENT),
            units=said.whole_number(Name.AMOUNT),
        ),
    )


def told(reason: str, words: str | None) -> Sentence:
    """The reason as the applicant is told it: in the words of the list, and in those of whoever grants it."""
    name = EXTENSIONS[reason].name
    return Sentence(f"{name.zh}：{words}", f"{name.en}: {words}") if words else name


def _unknown(reason: str) -> Sentence:
    return Sentence(
        f"“{reason}”不是延期事由，可用：{'、'.join(EXTENSIONS)}。",
        f"“{reason}” is no reason for an extension; there are: {', '.join(EXTENSIONS)}.",
    )
