"""默认前置: a step that waits for another department's decision, and how long it has waited so far.

Its own clock runs from its receipt; the wait is shown beside it, so that nobody is blamed for a predecessor's time.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from casework import calendars, deeming, departments
from casework.meaning import Does, Meaning
from casework.tables import Department
from casework.workdays import Limit, Unit, used
from engine.errors import Sentence
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

APPROVING = ("approve", deeming.APPROVED)
"""The words that open a step which waits for them; silence that approves is one."""

ONE_DAY = Limit(1, Unit.WD)


@dataclass(frozen=True, slots=True)
class Wait:
    """For whose decision a step waits; `until` null: still. `working_days` are those of the wait so far."""

    code: str
    name: Sentence
    since: datetime
    until: datetime | None
    working_days: float


def wait_of(tx: Transaction, task: UserTask, means: Meaning) -> Wait | None:
    """The wait of a step; None where it waits for nobody."""
    if means.after is None:
        return None
    code = departments.codes_by_role(tx, task.region).get(means.after, means.after)
    until, office = decided_at(tx, task.root_id, code), tx.session.get(Department, code)
    calendar = calendars.calendar_of(tx, task.region)
    waited = used(task.created_at, max(until or tx.now, task.created_at), ONE_DAY, calendar)
    called = Sentence(office.name, office.name_en) if office else Sentence(code, code)
    return Wait(code, called, task.created_at, until, waited.amount)


def decided_at(tx: Transaction, root_id: str, department: str) -> datetime | None:
    """When a department approved; None until it does."""
    return tx.session.scalar(
        select(func.min(UserTask.ended_at)).where(
            UserTask.root_id == root_id,
            UserTask.act == Does.DECIDE,
            UserTask.department == department,
            UserTask.state == TaskState.COMPLETED,
            UserTask.outcome.in_(APPROVING),
        )
    )
