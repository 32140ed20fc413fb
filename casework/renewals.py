"""Renewals (延续): a permit that nobody decides on before it expires is renewed by law (行政许可法 art. 50).

The old permit's last day drives it, not the limit of the case. It holds for who applied in time, thirty days before;
while the applicant still owes corrections, the silence is not the office's.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete

from casework import acceptance, clocks, deeming, items, materials, notices, slips, standing
from casework.item_document import ItemDocument, Renewal
from casework.meaning import Does
from casework.slips import SlipKind
from casework.tables import Case, CaseState, Decision
from engine import evidence, messages
from engine.errors import Fault, Sentence
from engine.messages import NobodyWaits
from engine.store import instance_rows
from engine.tables import Job
from engine.transaction import Transaction

KIND = "renewal-expired"
GRANTED = "renewal-granted"
GRANTED_BY_LAW, NOT_GRANTED = "case.granted_by_law", "case.not_granted_by_law"
ARTICLE = "行政许可法第五十条"
AGAIN = timedelta(hours=1)
"""How often the diagram of a case that is granted is asked whether it has come to its decision."""

SILENCE = Sentence(
    f"行政许可有效期届满前未作决定，视为准予延续（{ARTICLE}）。",
    "Nobody decided before the permit expired: the renewal is granted (Administrative Licensing Law, article 50).",
)
OWED = "申请人尚未补正"
EXPIRED = Sentence("许可有效期已届满，不能延续，请重新申请。", "The permit has expired: apply for a new one.")
NO_DATE = Sentence(
    "请填写许可有效期的最后一日，如 2026-12-31。", "Give the last day of the permit, such as 2026-12-31."
)


def last_day(renewal: Renewal, values: Mapping[str, object]) -> date | None:
    """The old permit's last day, as the form says it. Raises ValueError for what is no date."""
    said = values.get(renewal.field)
    return date.fromisoformat(said) if isinstance(said, str) and said else None


def faults(tx: Transaction, item: ItemDocument, values: Mapping[str, object], received_at: datetime) -> Iterator[Fault]:
    """What is wrong with an application for a renewal: no day, expired, or too late where the item refuses that."""
    if (renewal := item.renewal) is None:
        return
    path = f"form.{renewal.field}"
    try:
        expires_on = last_day(renewal, values)
    except ValueError:
        yield materials.fault(path, NO_DATE)
        return
    if expires_on is None:
        return
    if expires_on < _day(tx, received_at):
        yield materials.fault(path, EXPIRED)
    elif renewal.refuses_late and not _is_in_time(renewal, expires_on, _day(tx, received_at)):
        yield materials.fault(path, _too_late(renewal))


def _day(tx: Transaction, instant: datetime) -> date:
    return instant.astimezone(tx.ports.zone).date()


def _is_in_time(renewal: Renewal, expires_on: date, received_on: date) -> bool:
    return received_on + timedelta(days=renewal.days_before) <= expires_on


def _too_late(renewal: Renewal) -> Sentence:
    return Sentence(
        f"延续须在有效期届满 {renewal.days_before} 日前提出（{ARTICLE}）。",
        f"A renewal is applied for {renewal.days_before} days before the permit expires (art. 50).",
    )


def expires(tx: Transaction, case: Case, item: ItemDocument, values: Mapping[str, object]) -> None:
    """A case that renews a permit keeps its last day, and, in time, is granted when that is over and nobody decided."""
    if item.renewal is None or (expires_on := last_day(item.renewal, values)) is None:
        return
    case.expires_on = expires_on
    if _is_in_time(item.renewal, expires_on, _day(tx, case.received_at)):
        tx.add(
            Job(
                id=tx.new_id(),
                region=case.region,
                kind=KIND,
                root_id=case.root_id,
                due_at=_over_at(tx, expires_on),
                created_at=tx.now,
            )
        )


def corrected(tx: Transaction, case: Case, item: ItemDocument, changed: Mapping[str, object]) -> None:
    """The applicant has corrected the permit's last day."""
    if item.renewal is not None and item.renewal.field in changed:
        tx.session.execute(delete(Job).where(Job.root_id == case.root_id, Job.kind == KIND))
        expires(tx, case, item, changed)


def _over_at(tx: Transaction, expires_on: date) -> datetime:
    """The first instant after the permit's last day."""
    return datetime.combine(expires_on + timedelta(days=1), time(), tx.ports.zone)


def run(tx: Transaction, job: Job) -> None:
    """The engine's port for the job: grants the renewal unless it was decided, then has the diagram go on."""
    case = tx.session.get(Case, job.root_id)
    if case is None or case.ended_at is not None or (case.decided_at and not case.is_decided_by_law):
        return
    if case.decided_at is None:
        if case.state == CaseState.CORRECTING:
            _note(tx, case, NOT_GRANTED, OWED)
            return
        _grant(tx, case, job.due_at or tx.now)
    if not _goes_on(tx, case):
        job.due_at = tx.now + AGAIN


def _grant(tx: Transaction, case: Case, at: datetime) -> None:
    item = items.document(tx, case.item_id)
    if case.accepted_at is None:
        acceptance.accept_by_law(tx, case, item)
    case.state, case.decided_at, case.decision = CaseState.DECIDED, at, Decision.APPROVED
    case.is_decided_by_law = True
    standing.moved(tx, case)
    _note(tx, case, GRANTED_BY_LAW, SILENCE.zh)
    clocks.case_decided(tx, case, item)
    slips.issue(tx, case, SlipKind.DECISION, {"decision": case.decision, "decided_at": at, "reason": SILENCE})
    notices.granted(tx, case)


def _note(tx: Transaction, case: Case, kind: str, reason: str) -> None:
    root, day = instance_rows.of(tx, case.root_id), case.expires_on
    evidence.record(tx, root, kind, new=day.isoformat() if day else None, reason=reason, basis=ARTICLE)


def _goes_on(tx: Transaction, case: Case) -> bool:
    """By the message that the diagram waits for, else by ending its decision, once that is reached."""
    try:
        messages.correlate(tx, GRANTED, root_id=case.root_id)
    except NobodyWaits:
        steps = standing.open_steps(tx, case.root_id, Does.DECIDE)
        for step in steps:
            deeming.end(tx, step, deeming.GRANTED, SILENCE.zh)
        return bool(steps)
    return True
