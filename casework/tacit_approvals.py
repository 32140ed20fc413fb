"""Approval by silence (超时默许): a department lets its time pass, and the law the item names holds that for consent.

Off unless the item states the law for the department; never for what is safety-critical. The diagram draws the timer;
here is what becomes of the step: a record of liability at the overdue instant, and the step ended by operation of law.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased

from casework import calendars, deeming, items, liabilities, meaning
from casework.item_document import ItemDocument
from casework.tables import Case
from engine import definitions
from engine.events import ActivityStarted
from engine.store import instance_rows
from engine.tables import ActivityInstance, Job, TaskState, UserTask
from engine.transaction import Transaction

KIND = "deem-approve"
GROUND = "tacit-approval"


def fall_due(tx: Transaction, case: Case, event: ActivityStarted) -> None:
    """The timer on a step has run out: whoever let it pass is liable, and the step ends for approved.

    An item without a legal basis for the department changes nothing: its diagram only escalates.
    """
    item = items.document(tx, case.item_id)
    for task in _watched(tx, event):
        basis = _basis(tx, item, task)
        if basis is not None:
            liabilities.record(tx, task, GROUND, basis)
            _queue(tx, task, basis)


def _watched(tx: Transaction, event: ActivityStarted) -> Sequence[UserTask]:
    """The open steps on whose border the timer stands, in the same scope as it."""
    definition_id = instance_rows.of(tx, event.instance_id).definition_id
    watched = definitions.load(tx, definition_id).node(event.activity_id).attached_to
    tx.flush()
    timer, step = aliased(ActivityInstance), aliased(ActivityInstance)
    return tx.session.scalars(
        select(UserTask)
        .join(step, step.id == UserTask.id)
        .join(timer, timer.id == event.activity_instance_id)
        .where(
            UserTask.instance_id == event.instance_id,
            UserTask.activity_id == watched,
            UserTask.state == TaskState.CREATED,
            step.parent_id.is_not_distinct_from(timer.parent_id),
        )
    ).all()


def _basis(tx: Transaction, item: ItemDocument, task: UserTask) -> str | None:
    """The law by which silence on this step approves; None where there is none, or safety forbids it."""
    said = meaning.of(definitions.load(tx, task.definition_id).node(task.activity_id).properties)
    role = calendars.current(tx).role_of(task.department or "")
    participant = item.participants.get(role)
    if said.is_safety_critical or participant is None or participant.is_safety_critical:
        return None
    return item.tacit_basis(role, said.limit)


def _queue(tx: Transaction, task: UserTask, basis: str) -> None:
    tx.add(
        Job(
            id=tx.new_id(),
            region=task.region,
            kind=KIND,
            root_id=task.root_id,
            due_at=tx.now,
            payload={"task": task.id, "basis": basis},
            created_at=tx.now,
        )
    )


def run(tx: Transaction, job: Job) -> None:
    """The engine's port for the job: ends the step, unless somebody completed it or the case closed it meanwhile."""
    task = tx.session.get(UserTask, job.payload["task"])
    if task is not None and task.state == TaskState.CREATED:
        basis = job.payload["basis"]
        reason = f"逾期未办结，依{basis}视为同意。 Not done in time: consent by {basis}."
        deeming.end(tx, task, deeming.APPROVED, reason)
