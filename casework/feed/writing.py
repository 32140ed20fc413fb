"""Writes what changed, with the command that changed it. Nothing is read and nobody waits for another's change."""

from sqlalchemy import insert

from casework.feed.kinds import ChangeKind
from casework.tables import Case, Change
from engine.events import (
    Event,
    UserTaskAssigned,
    UserTaskCancelled,
    UserTaskCompleted,
    UserTaskCreated,
    UserTaskTransferred,
)
from engine.transaction import Transaction

GATHERED = "changes of the command"
WRITE = insert(Change)


def note(
    tx: Transaction,
    kind: ChangeKind,
    region: str,
    root_id: str,
    *,
    task_id: str | None = None,
    department: str | None = None,
    value: str | None = None,
) -> None:
    """A change for those who may know of the task, else for the department, else for those who may see the case."""
    gathered = tx.session.info.setdefault(GATHERED, [])
    gathered.append(
        {
            "region": region,
            "root_id": root_id,
            "task_id": task_id,
            "department": department,
            "kind": kind.value,
            "value": value,
            "at": tx.now,
        }
    )
    tx.lastly(_write, root_id)


def _write(tx: Transaction, root_id: str) -> None:
    """Every change of the command, in their order, with one statement."""
    gathered = tx.session.info.pop(GATHERED, None)
    if gathered:
        tx.session.connection().execute(WRITE, gathered)


def case_moved(tx: Transaction, case: Case) -> None:
    """The case is in another state."""
    note(tx, ChangeKind.CASE_MOVED, case.region, case.root_id, value=case.state.value)


def listen(tx: Transaction, event: Event) -> None:
    """What becomes of tasks; heard before the case moves on because of it."""
    match event:
        case UserTaskCreated():
            _of_task(tx, event, ChangeKind.TASK_CREATED)
        case UserTaskAssigned(assignee=None):
            _of_task(tx, event, ChangeKind.TASK_RELEASED)
        case UserTaskAssigned():
            _of_task(tx, event, ChangeKind.TASK_ASSIGNED, value=event.assignee)
        case UserTaskTransferred():
            _of_task(
                tx, event, ChangeKind.TASK_TRANSFERRED, value=event.department, department=event.previous_department
            )
        case UserTaskCompleted():
            _of_task(tx, event, ChangeKind.TASK_COMPLETED, value=event.outcome)
        case UserTaskCancelled():
            _of_task(tx, event, ChangeKind.TASK_CLOSED)


Task = UserTaskCreated | UserTaskAssigned | UserTaskTransferred | UserTaskCompleted | UserTaskCancelled


def _of_task(
    tx: Transaction, event: Task, kind: ChangeKind, *, value: str | None = None, department: str | None = None
) -> None:
    note(tx, kind, event.region, event.root_id, task_id=event.task_id, department=department, value=value)
