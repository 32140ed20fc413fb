"""Silence after receipt (逾期未告知): what happens in a case's diagram when its five days are over.

A job bound to the law's limit of the receipt clock waits beside every case that somebody has to accept. A diagram that
draws a timer of its own on the receipt clock goes first; where none accepts the case, the law does.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from casework import acceptance, cases, corrections, deeming, items, rectifying, standing
from casework.clocks.bindings import RECEIPT_BY_LAW, WHOLE_RECEIPT
from casework.meaning import Does
from casework.tables import Case
from engine import messages
from engine.messages import NobodyWaits
from engine.tables import Job
from engine.transaction import Transaction

KIND = "deem-accept"
OUTCOME = "accept"
THE_DIAGRAM_FIRST = timedelta(minutes=1)
"""How long the law waits for timers of the diagram that are due at the same instant."""


def await_silence(tx: Transaction, case: Case, due_at: datetime | None) -> None:
    """From the receipt on: the job moves with the receipt clock."""
    _queue(tx, case, due_at, RECEIPT_BY_LAW)


def follow(tx: Transaction, case: Case) -> None:
    """The law has accepted the case: what still waits for acceptance in its diagram ends at once."""
    _queue(tx, case, tx.now, None)


def _queue(tx: Transaction, case: Case, due_at: datetime | None, binding: str | None) -> None:
    tx.add(
        Job(
            id=tx.new_id(),
            region=case.region,
            kind=KIND,
            root_id=case.root_id,
            due_at=due_at,
            binding=binding,
            created_at=tx.now,
        )
    )


def no_longer(tx: Transaction, root_id: str) -> None:
    """The applicant was told in time: nothing waits for silence any more. What this command moved is written first."""
    tx.flush()
    tx.session.execute(
        delete(Job).where(Job.root_id == root_id, Job.kind == KIND, Job.binding.is_not(None)),
        execution_options={"synchronize_session": False},
    )


def run(tx: Transaction, job: Job) -> None:
    """The engine's port for the job: accepts the case unless somebody did, then ends what waits for that."""
    case = tx.session.get(Case, job.root_id)
    if case is None or case.ended_at is not None:
        return
    if case.accepted_at is None:
        if _diagram_is_due(tx, case.root_id):
            job.due_at = tx.now + THE_DIAGRAM_FIRST
            return
        acceptance.accept_by_law(tx, case, items.document(tx, case.item_id))
    if case.is_accepted_by_law:
        _end_unserved_wait(tx, case)
        _end_steps(tx, case)


def _diagram_is_due(tx: Transaction, root_id: str) -> bool:
    drawn = select(Job.id).where(
        Job.root_id == root_id, Job.kind != KIND, Job.binding.startswith(WHOLE_RECEIPT), Job.due_at <= tx.now
    )
    return tx.session.scalar(drawn.limit(1)) is not None


def _end_unserved_wait(tx: Transaction, case: Case) -> None:
    """A notice that was not served asks for nothing, so nobody is waited for."""
    if corrections.lapsed_unserved(tx, case.root_id) and rectifying.is_awaited(tx, case.root_id):
        try:
            messages.correlate(tx, cases.SUPPLEMENTED, root_id=case.root_id)
        except NobodyWaits:
            return


def _end_steps(tx: Transaction, case: Case) -> None:
    for step in standing.open_steps(tx, case.root_id, Does.ACCEPT):
        deeming.end(tx, step, OUTCOME, acceptance.SILENCE.zh)
