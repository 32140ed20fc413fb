"""A department's share of a case and a step of its own limit: their clocks start and end with user tasks."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, select

from casework import calendars, items, meaning
from casework.clocks.acts import Ground, NewClock, start, stop, void
from casework.clocks.reading import OPEN, Reading, case_pauses, flush_clocks, read, seen_with
from casework.clocks.timers import share_limit
from casework.item_document import ItemDocument
from casework.meaning import Does, Meaning
from casework.tables import Case, Clock, ClockKind
from engine import definitions
from engine.errors import ExpressionFailed, Sentence
from engine.events import UserTaskCancelled, UserTaskCompleted, UserTaskCreated
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

SHARES = frozenset({Does.REVIEW, Does.DECIDE})
NO_MORE_THAN_DELIVERY = Ground("only-delivery-left")
CREATED, COMPLETED, CANCELLED = Ground("task-created"), Ground("task-completed"), Ground("task-cancelled")
BEGUN, ENDED = "tasks with clocks", "tasks whose clocks are void"


class OpenTask(NamedTuple):
    """A task that waits, and whether a clock of its department runs."""

    id: str
    department: str | None
    definition_id: str
    activity_id: str
    clock_id: str | None


def created(tx: Transaction, event: UserTaskCreated) -> None:
    """The clocks of a task that was just created; its siblings' are started with it, in the same statements."""
    said = meaning.of(event.properties)
    if said.act == Does.DELIVER:
        stop(tx, read(tx, event.root_id, Clock.kind == ClockKind.PROMISED), NO_MORE_THAN_DELIVERY)
    if (said.act in SHARES or said.limit) and not {event.task_id, event.root_id} & _noted(tx, BEGUN):
        begin(tx, event.root_id, UserTask.created_at == tx.now)


def begin(
    tx: Transaction, root_id: str, *which: ColumnElement[bool], with_clock: Collection[str] = frozenset()
) -> None:
    """Starts the clocks that open tasks lack, if this is a case and its item gives them a limit.

    `with_clock` are tasks whose own clock runs already.
    """
    flush_clocks(tx)
    rows = tx.session.execute(_open_tasks(root_id, which)).all()
    if not rows:
        return
    revision, has_timers, item_id, paused_for, *_ = rows[0]
    reading = Reading(root_id, calendars.at_revision(tx, revision), has_timers)
    begun = _noted(tx, BEGUN)
    if item_id is None:
        begun.add(root_id)
        return
    tasks = [OpenTask(*row[4:]) for row in rows]
    item = items.document(tx, item_id)
    wanted = [*_shares(tx, item, tasks), *_steps(tx, item, [task for task in tasks if task.id not in with_clock])]
    begun.update(task.id for task in tasks)
    if wanted:
        start(tx, reading, wanted, paused_for)


def _open_tasks(root_id: str, which: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """What every task's clocks need to know, then one row a task with the clock of its department that runs."""
    seen = seen_with(root_id)
    of_the_department = and_(
        Clock.root_id == root_id,
        Clock.kind == ClockKind.DEPARTMENT,
        Clock.subject == UserTask.department,
        Clock.state.in_(OPEN),
    )
    told = (seen.c.calendars_revision, seen.c.has_timers, Case.item_id, case_pauses(root_id))
    task = (UserTask.id, UserTask.department, UserTask.definition_id, UserTask.activity_id, Clock.id)
    return (
        select(*told, *task)
        .select_from(seen)
        .join(UserTask, and_(UserTask.root_id == root_id, UserTask.state == TaskState.CREATED, *which))
        .outerjoin(Case, Case.root_id == root_id)
        .outerjoin(Clock, of_the_department)
        .order_by(UserTask.id)
    )


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
    concerned = list(_ended_with(tx, event))
    if concerned:
        stop(tx, read(tx, event.root_id, *concerned), COMPLETED)


def _ended_with(tx: Transaction, event: UserTaskCompleted) -> Iterator[ColumnElement[bool]]:
    said = meaning.of(event.properties)
    if said.limit:
        yield and_(Clock.kind == ClockKind.TASK, Clock.subject == event.task_id)
    if said.act == Does.DELIVER:
        yield Clock.kind == ClockKind.DELIVERY
    task = tx.session.get(UserTask, event.task_id) if said.act in SHARES else None
    if task is not None and task.department:
        yield and_(
            Clock.kind == ClockKind.DEPARTMENT, Clock.subject == task.department, ~_open_share(event.root_id, task)
        )


def _open_share(root_id: str, task: UserTask) -> ColumnElement[bool]:
    return exists().where(
        UserTask.root_id == root_id,
        UserTask.state == TaskState.CREATED,
        UserTask.department == task.department,
        UserTask.act.in_(SHARES),
    )


def cancelled(tx: Transaction, event: UserTaskCancelled) -> None:
    """What was interrupted counts for nothing; all tasks that a command closed are looked at together."""
    said = meaning.of(event.properties)
    if not (said.act in SHARES or said.limit) or event.task_id in _noted(tx, ENDED):
        return
    closed = tx.session.scalars(
        select(UserTask.id).where(
            UserTask.root_id == event.root_id, UserTask.state == TaskState.CANCELLED, UserTask.ended_at == tx.now
        )
    ).all()
    _noted(tx, ENDED).update(closed)
    working = select(UserTask.department).where(
        UserTask.root_id == event.root_id,
        UserTask.state == TaskState.CREATED,
        UserTask.department.is_not(None),
        UserTask.act.in_(SHARES),
    )
    idle = and_(Clock.kind == ClockKind.DEPARTMENT, Clock.subject.not_in(working))
    steps = and_(Clock.kind == ClockKind.TASK, Clock.subject.in_(closed))
    void(tx, read(tx, event.root_id, idle, steps), CANCELLED)


def _noted(tx: Transaction, what: str) -> set[str]:
    """What this command has dealt with, tasks and processes that are no case's: their events need not ask again."""
    noted: set[str] = tx.session.info.setdefault(what, set())
    return noted
