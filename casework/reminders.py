"""Reminders (催办): whoever waits for a case asks those who have it to get on with it. Nothing moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from casework import cases, parties, task_notices
from casework.assignments import said
from casework.notices import NoticeKind
from casework.tables import Case
from engine import user_tasks
from engine.errors import Conflict, EngineError, NotFound, Sentence
from engine.tables import Act, TaskState, UserTask
from engine.transaction import Transaction

INTERVAL = timedelta(hours=4)
"""How long a person waits before reminding of the same case again."""

NOTHING_OPEN = Sentence(
    "该办件没有符合条件的待办任务，无须催办。", "No open task of this case fits, so there is nobody to remind."
)


class TooSoon(EngineError):
    """The same person has reminded of this case a short while ago."""

    code = "too-soon"
    title = Sentence(
        "您刚催办过该办件，请稍后再催。", "You sent a reminder of this case a short while ago; wait before the next."
    )

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__()


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is reminded: who has one task, or the tasks of one department; by default whoever has an open task."""

    task_id: str | None = None
    department: str | None = None


ALL = Whom()


def remind(tx: Transaction, number: str, message: str, whom: Whom = ALL) -> Sequence[UserTask]:
    """Reminds those who have open tasks of a case; the tasks reminded of.

    Raises NotFound for a case out of sight, Invalid without a message, TooSoon within four hours of the same person's
    last reminder of the case, Conflict when nothing of the kind is open.
    """
    case = cases.locked(tx, number, "user_tasks.remind")
    message = said(message, "message")
    _not_too_soon(tx, case)
    tasks = _open(tx, case, whom)
    if not tasks:
        raise NotFound if whom.task_id else Conflict(NOTHING_OPEN)
    for task in tasks:
        user_tasks.remind(tx, task.id, message)
        _tell(tx, case, task, message)
    return tasks


def _not_too_soon(tx: Transaction, case: Case) -> None:
    last = tx.session.scalar(
        select(func.max(Act.at)).where(
            Act.root_id == case.root_id, Act.kind == "task.reminded", Act.actor == tx.actor.login
        )
    )
    if last is not None and tx.now < last + INTERVAL:
        raise TooSoon(int((last + INTERVAL - tx.now).total_seconds()) + 1)


def _open(tx: Transaction, case: Case, whom: Whom) -> Sequence[UserTask]:
    statement = select(UserTask).where(UserTask.root_id == case.root_id, UserTask.state == TaskState.CREATED)
    if whom.task_id is not None:
        statement = statement.where(UserTask.id == whom.task_id)
    if whom.department is not None:
        statement = statement.where(UserTask.department == whom.department)
    return tx.session.scalars(statement.order_by(UserTask.created_at, UserTask.id)).all()


def _tell(tx: Transaction, case: Case, task: UserTask, message: str) -> None:
    """Whoever holds the task, else its department."""
    if task.assignee is not None:
        to = parties.person(task.assignee)
    elif task.department is not None:
        to = parties.department(task.department)
    else:
        return
    task_notices.tell(tx, to, NoticeKind.TASK_REMINDED, message, case=case, task=task)
