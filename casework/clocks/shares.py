"""A department's share of a case and a step of its own limit: their clocks start and end with user tasks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Select, String, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from casework import calendars, items, meaning
from casework.clocks.acts import start, stop, void
from casework.clocks.bindings import names
from casework.clocks.exclusions import exclude_begun, holds
from casework.clocks.grounds import Ground, NewClock
from casework.clocks.pressing import is_own
from casework.clocks.reading import OPEN, ROOT, SEEN, SHARES, Reading, read, read_kinds, read_written, seen, which
from casework.clocks.timers import share_limit
from casework.item_document import ItemDocument
from casework.meaning import Does, Meaning
from casework.tables import Case, Clock, ClockKind, ClockPause, SpecialProcedure
from engine import definitions
from engine.columns import Id
from engine.errors import ExpressionFailed, Sentence
from engine.events import UserTaskCancelled, UserTaskCompleted, UserTaskCreated
from engine.tables import Job, TaskState, UserTask
from engine.transaction import Transaction

ENDING = SHARES | {Does.DELIVER}
NO_MORE_THAN_DELIVERY = Ground("only-delivery-left")
CREATED, COMPLETED, CANCELLED = Ground("task-created"), Ground("task-completed"), Ground("task-cancelled")
BEGUN, ENDED = "tasks with clocks", "tasks whose clocks are void"


def _open_tasks(*named: ColumnElement[bool]) -> Select[Any]:
    """What every task's clocks need to know, then one row a task with the clock of its department that runs.

    While the whole case stands still, a clock that starts now stands still for the same reason.
    """
    promise, own = aliased(Clock), aliased(Clock)
    paused_for = (
        select(func.min(ClockPause.reason))
        .join(promise, promise.id == ClockPause.clock_id)
        .where(
            promise.root_id == ROOT,
            promise.kind == ClockKind.PROMISED,
            ClockPause.ends_at.is_(None),
            ClockPause.is_exclusion.is_(False),
        )
        .scalar_subquery()
    )
    of_the_department = and_(
        Clock.root_id == ROOT,
        Clock.kind == ClockKind.DEPARTMENT,
        Clock.subject == UserTask.department,
        Clock.state.in_(OPEN),
    )
    excluded = select(SpecialProcedure.id).where(holds(ROOT), SpecialProcedure.department == UserTask.department)
    told = (SEEN.c.calendars_revision, SEEN.c.has_timers, Case.item_id, paused_for)
    has_own = exists().where(own.root_id == ROOT, own.state.in_(OPEN), is_own(own))
    where = (UserTask.id, UserTask.department, UserTask.definition_id, UserTask.activity_id)
    task = (*where, Clock.id, has_own, excluded.exists())
    return (
        select(*told, *task)
        .select_from(SEEN)
        .join(UserTask, and_(UserTask.root_id == ROOT, UserTask.state == TaskState.CREATED, *named))
        .outerjoin(Case, Case.root_id == ROOT)
        .outerjoin(Clock, of_the_department)
        .order_by(UserTask.id)
    )


ALL_OPEN, CREATED_NOW = _open_tasks(), _open_tasks(UserTask.created_at == bindparam("now"))
DEPARTMENT = bindparam("department", type_=String())
TASK = bindparam("task_id", type_=Id())
OPEN_SHARES = and_(UserTask.root_id == ROOT, UserTask.state == TaskState.CREATED, UserTask.act.in_(SHARES))
ENDED_WITH = which(
    and_(Clock.kind == ClockKind.TASK, Clock.subject == bindparam("step")),
    and_(Clock.kind == ClockKind.DELIVERY, bindparam("is_delivery", type_=Boolean()).is_(True)),
    and_(
        Clock.kind == ClockKind.DEPARTMENT,
        Clock.subject == DEPARTMENT,
        ~exists().where(OPEN_SHARES, UserTask.department == DEPARTMENT, UserTask.id != TASK),
    ),
    besides=seen(Job.binding.in_(bindparam("bindings", expanding=True))),
)
ASKED_FOR = (UserTask, Clock, ClockPause, Job)
INTERRUPTED = which(
    and_(Clock.kind == ClockKind.TASK, Clock.subject.in_(bindparam("closed", expanding=True))),
    and_(
        Clock.kind == ClockKind.DEPARTMENT,
        Clock.subject.not_in(select(UserTask.department).where(OPEN_SHARES, UserTask.department.is_not(None))),
    ),
)


class OpenTask(NamedTuple):
    """A task that waits, whether a clock of its department and one of its own run, and whether a special procedure of
    its department goes on."""

    id: str
    department: str | None
    definition_id: str
    activity_id: str
    clock_id: str | None
    has_clock: bool
    is_excluded: bool


def created(tx: Transaction, event: UserTaskCreated) -> None:
    """The clocks of a task that was just created; its siblings' are started with it, in the same statements."""
    said = meaning.of(event.properties)
    if said.act == Does.DELIVER:
        stop(tx, read_kinds(tx, event.root_id, ClockKind.PROMISED), NO_MORE_THAN_DELIVERY)
    if (said.act in SHARES or said.limit) and not {event.task_id, event.root_id} & _noted(tx, BEGUN):
        _begin(tx, event.root_id, CREATED_NOW, {"now": tx.now})


def begin(tx: Transaction, root_id: str) -> None:
    """Starts the clocks that the open tasks of the case lack."""
    _begin(tx, root_id, ALL_OPEN, {})


def _begin(tx: Transaction, root_id: str, tasks_of: Select[Any], parameters: Mapping[str, object]) -> None:
    """If this is a case, and as far as its item gives limits."""
    tx.flush()
    rows = tx.session.execute(tasks_of, {"root_id": root_id, **parameters}).all()
    if not rows:
        return
    revision, has_timers, item_id, paused_for, *_ = rows[0]
    begun = _noted(tx, BEGUN)
    if item_id is None:
        begun.add(root_id)
        return
    tasks = [OpenTask(*row[4:]) for row in rows]
    item = items.document(tx, item_id)
    reading = Reading(root_id, calendars.at_revision(tx, revision), has_timers, ladder=item.ladder)
    wanted = [*_shares(tx, item, tasks), *_steps(tx, item, [task for task in tasks if not task.has_clock])]
    begun.update(task.id for task in tasks)
    if wanted:
        started = start(tx, reading, wanted, paused_for)
        if any(task.is_excluded for task in tasks):
            exclude_begun(tx, root_id, started)


def _shares(tx: Transaction, item: ItemDocument, tasks: Sequence[OpenTask]) -> Iterator[NewClock]:
    """One clock a department, however many of its tasks wait."""
    running = {task.department for task in tasks if task.clock_id}
    for task in tasks:
        if task.department is None or task.department in running or _meaning(tx, task).act not in SHARES:
            continue
        limit = share_limit(tx, item, task.department)
        if limit is not None:
            running.add(task.department)
            yield NewClock(ClockKind.DEPARTMENT, limit, CREATED, task.department)


def _steps(tx: Transaction, item: ItemDocument, tasks: Sequence[OpenTask]) -> Iterator[NewClock]:
    for task in tasks:
        named = _meaning(tx, task).limit
        if named is None:
            continue
        if named not in item.limits:
            raise _unnamed(named, task.activity_id)
        yield NewClock(ClockKind.TASK, item.limits[named], CREATED, task.id)


def _meaning(tx: Transaction, task: OpenTask) -> Meaning:
    return meaning.of(definitions.load(tx, task.definition_id).node(task.activity_id).properties)


def _unnamed(limit: str, activity_id: str) -> ExpressionFailed:
    return ExpressionFailed(
        Sentence(
            f"事项的 [limits.steps] 中没有名为“{limit}”的时限。",
            f"The item names no limit “{limit}” in its [limits.steps].",
        ),
        element_id=activity_id,
    )


def completed(tx: Transaction, event: UserTaskCompleted) -> None:
    """The step is done; the department's share too, unless it has another step open; and delivery."""
    said = meaning.of(event.properties)
    if said.act not in ENDING and not said.limit:
        return
    task = tx.session.get_one(UserTask, event.task_id)
    department = task.department if said.act in SHARES else None
    _write_what_is_asked_for(tx, task)
    ended = read_written(
        tx,
        event.root_id,
        ENDED_WITH,
        task_id=event.task_id,
        step=event.task_id,
        is_delivery=said.act == Does.DELIVER,
        department=department,
        bindings=_bindings(event.task_id, department),
    )
    stop(tx, ended, COMPLETED)


def _write_what_is_asked_for(tx: Transaction, completed: UserTask) -> None:
    """What the query for ended clocks reads has to be written, but for the task itself; most completions change nothing
    else of it, and are then written at once with the evidence of their clocks."""
    unwritten = (*tx.session.new, *tx.session.dirty)
    if any(row is not completed and isinstance(row, ASKED_FOR) for row in unwritten):
        tx.flush()


def _bindings(task_id: str, department: str | None) -> list[str]:
    """The timers that the clocks of a completed task may move."""
    own = names(ClockKind.TASK, task_id) + names(ClockKind.DELIVERY)
    return own if department is None else own + names(ClockKind.DEPARTMENT, department)


def cancelled(tx: Transaction, event: UserTaskCancelled) -> None:
    """What was interrupted counts for nothing; all tasks that a command closed are looked at together."""
    said = meaning.of(event.properties)
    if not (said.act in SHARES or said.limit) or event.task_id in _noted(tx, ENDED):
        return
    tx.flush()
    closed = tx.session.scalars(
        select(UserTask.id).where(
            UserTask.root_id == event.root_id, UserTask.state == TaskState.CANCELLED, UserTask.ended_at == tx.now
        )
    ).all()
    _noted(tx, ENDED).update(closed)
    void(tx, read(tx, event.root_id, INTERRUPTED, closed=closed), CANCELLED)


def _noted(tx: Transaction, what: str) -> set[str]:
    """What this command has dealt with, tasks and processes that are no case's: their events need not ask again."""
    noted: set[str] = tx.session.info.setdefault(what, set())
    return noted
