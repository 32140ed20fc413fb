"""External tasks: a worker of another system fetches and locks work, then completes it, fails it or throws an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from engine import external_errors, instances
from engine.errors import Conflict, Invalid, NotFound, Sentence, Suspended
from engine.interpreter.stimulus import Completed, ErrorThrown, EscalationThrown, Stimulus, VariablesChanged
from engine.store import instance_rows
from engine.store.dialect import skip_locked
from engine.store.values import storable
from engine.tables import ExternalTask, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction
from engine.work import failures, incidents

FAILED_EXTERNAL_TASK = "failedExternalTask"
MOST_FETCHED = 1_000
MOST_DETAILS = 100_000
NO_LOCK = Sentence("锁定时长须为正数。", "The lock duration must be positive.")


class NotLocked(Conflict):
    """The task is not this worker's to work on now."""

    code = "not-locked"
    title = Sentence("该外部任务未由您锁定，或您的锁已过期。", "The task is not locked by you, or your lock ran out.")


@dataclass(frozen=True, slots=True)
class Failure:
    """What a worker reports of a failed try, with variables that it found out all the same.

    `retries` 0 calls for a person; `after` is the wait before the next. `local_variables` stay with the task.
    """

    message: str
    details: str | None = None
    retries: int = 0
    after: timedelta = timedelta()
    variables: Mapping[str, object] = field(default_factory=dict)
    local_variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """Work that a worker asks for: its topic, how long each task is locked, and what narrows it.

    `narrowing` are conditions on ExternalTask, ProcessInstance and ProcessDefinition.
    """

    name: str
    duration: timedelta
    narrowing: Sequence[ColumnElement[bool]] = ()

    @property
    def wanted(self) -> ColumnElement[bool]:
        """Which tasks are meant."""
        if not self.narrowing:
            return ExternalTask.topic == self.name
        instances_meant = (
            select(ProcessInstance.id)
            .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
            .where(*self.narrowing)
        )
        return and_(ExternalTask.topic == self.name, ExternalTask.instance_id.in_(instances_meant))


MOST_URGENT = (ExternalTask.priority.desc(),)
OLDEST_FIRST = (ExternalTask.created_at.asc(),)


def fetch_and_lock(
    tx: Transaction,
    worker: str,
    topics: Sequence[Topic],
    *,
    limit: int = 10,
    order: Sequence[ColumnElement[Any]] = (*MOST_URGENT, *OLDEST_FIRST),
) -> list[ExternalTask]:
    """Locks open work of these topics for a worker, each topic for its duration.

    A task counts as open while nobody's lock holds it and it has retries left (or none were ever counted).
    """
    tx.ports.may(tx, "external_tasks.fetch_and_lock", None)
    if any(topic.duration <= timedelta() for topic in topics):
        raise Invalid(NO_LOCK)
    chosen = _open(tx, topics).order_by(*order, ExternalTask.id).limit(min(limit, MOST_FETCHED))
    ids = tx.session.scalars(skip_locked(chosen)).all()
    found = {task.id: task for task in tx.session.scalars(select(ExternalTask).where(ExternalTask.id.in_(ids)))}
    durations = {topic.name: topic.duration for topic in reversed(topics)}
    for task in found.values():
        task.worker, task.locked_until = worker, tx.now + durations[task.topic]
        task.locked_by = tx.actor.login
        task.revision += 1
    return [found[task_id] for task_id in ids]


def has_open(tx: Transaction, topics: Sequence[Topic]) -> bool:
    """Whether there is anything of these topics to fetch now."""
    return tx.session.scalar(select(_open(tx, topics).exists())) or False


def _open(tx: Transaction, topics: Sequence[Topic]) -> Select[str]:
    return select(ExternalTask.id).where(
        or_(false(), *(topic.wanted for topic in topics)),
        or_(ExternalTask.locked_until.is_(None), ExternalTask.locked_until <= tx.now),
        or_(ExternalTask.retries.is_(None), ExternalTask.retries > 0),
        ExternalTask.is_suspended.is_(False),
    )


def complete(
    tx: Transaction,
    task_id: str,
    worker: str,
    variables: Mapping[str, object],
    local_variables: Mapping[str, object] | None = None,
) -> None:
    """The work is done and the case goes on, unless the diagram takes what was handed in for an error.

    Raises NotFound when it is gone, Conflict when another holds it.
    `local_variables` end with the task: the output parameters of its activity may read them.
    """
    root, task = _handed_in(tx, task_id, worker, variables)
    done = Completed(task_id, dict(variables), dict(local_variables or {}))
    _end(tx, root, task, external_errors.meant(tx, task, variables) or done)


def throw_error(
    tx: Transaction, task_id: str, worker: str, code: str, message: str | None, variables: Mapping[str, object]
) -> None:
    """The work ended in a BPMN error that the diagram may catch. Raises UncaughtError when it does not."""
    root, task = _handed_in(tx, task_id, worker, variables)
    _end(tx, root, task, ErrorThrown(task_id, code, message, dict(variables)))


def _end(tx: Transaction, root: ProcessInstance, task: ExternalTask, stimulus: Stimulus) -> None:
    instance = instance_rows.in_tree(tx, root, task.instance_id)
    tx.emit(*incidents.close(tx, [task.id]))
    tx.session.delete(task)
    instances.advance(tx, root, instance, stimulus)


def throw_escalation(tx: Transaction, task_id: str, worker: str, code: str, variables: Mapping[str, object]) -> None:
    """The work escalates and goes on, unless the diagram catches the escalation by interrupting it.

    Raises Conflict when nothing in the diagram catches it.
    """
    root, task = _handed_in(tx, task_id, worker, variables)
    instance = instance_rows.in_tree(tx, root, task.instance_id)
    is_root = instance.parent_id is None
    instances.advance(tx, root, instance, EscalationThrown(task_id, code, dict(variables), must_be_caught=is_root))


def fail(tx: Transaction, task_id: str, worker: str, failure: Failure) -> None:
    """A try failed: it is fetched again after a while, or a person looks at it, or the diagram takes it for an error.

    As in Camunda the task keeps its worker, who may say so again as long as nobody else has fetched it. Its variables
    are set first; when a condition of the diagram then interrupts the task, there is nothing left to try again.
    """
    root, task = _handed_in(tx, task_id, worker, failure.variables)
    if not _is_open_after(tx, root, task, failure):
        return
    said, had_none = storable(failure.message, incidents.MOST), task.retries == 0
    task.error_message, task.error_details = said, failure.details and storable(failure.details, MOST_DETAILS)
    error = external_errors.meant(tx, task, {})
    if error is not None:
        _end(tx, root, task, error)
        return
    task.retries = max(failure.retries, 0)
    task.locked_until = tx.now + max(failure.after, timedelta())
    task.revision += 1
    failures.record(tx, task, said, kind=task.topic, worker=worker, details=task.error_details)
    if task.retries == 0 and not had_none:
        incidents.open_for(tx, task, FAILED_EXTERNAL_TASK, said)


def _is_open_after(tx: Transaction, root: ProcessInstance, task: ExternalTask, failure: Failure) -> bool:
    """Sets what a worker found out although it failed; whether the task is still there."""
    task_id, instance = task.id, instance_rows.in_tree(tx, root, task.instance_id)
    changes = [(failure.local_variables, task_id), (failure.variables, None)]
    for values, scope_id in changes:
        if values:
            instances.advance(tx, root, instance, VariablesChanged(dict(values), scope_id))
            if tx.session.scalar(select(ExternalTask.id).where(ExternalTask.id == task_id)) is None:
                return False
    return True


def lock(tx: Transaction, task_id: str, worker: str, duration: timedelta) -> None:
    """Locks one task for a worker, who may hold it already. Raises NotLocked while another's lock holds."""
    task = _under_lock(tx, task_id, "external_tasks.work")[1]
    if task.worker not in (None, worker) and _holds(tx, task):
        raise NotLocked
    if duration <= timedelta():
        raise Invalid(NO_LOCK)
    task.worker, task.locked_by, task.locked_until = worker, tx.actor.login, tx.now + duration
    task.revision += 1


def extend_lock(tx: Transaction, task_id: str, worker: str, duration: timedelta) -> None:
    """The worker needs longer: its lock now ends `duration` from now. Raises NotLocked once it ran out."""
    _, task = _active(tx, task_id, worker)
    if not _holds(tx, task):
        raise NotLocked
    if duration <= timedelta():
        raise Invalid(NO_LOCK)
    task.locked_until = tx.now + duration
    task.revision += 1


def unlock(tx: Transaction, task_id: str) -> None:
    """Takes a lock away, whoever holds it. Raises NotFound."""
    _, task = _locked(tx, task_id, None)
    task.worker = task.locked_by = task.locked_until = None
    task.revision += 1


def set_retries(tx: Transaction, task_id: str, retries: int) -> None:
    """A person lets a failed task be fetched again; with 0, calls for a person. Closes its incident."""
    _, task = _locked(tx, task_id, None)
    had_none, task.retries = task.retries == 0, retries
    task.revision += 1
    if retries > 0:
        tx.emit(*incidents.close(tx, [task.id]))
    elif not had_none:
        incidents.open_for(tx, task, FAILED_EXTERNAL_TASK, task.error_message or "")


def set_priority(tx: Transaction, task_id: str, priority: int) -> None:
    """A person says which of several open tasks goes first: the highest. Raises NotFound."""
    _, task = _locked(tx, task_id, None)
    task.priority = priority
    task.revision += 1


def _handed_in(
    tx: Transaction, task_id: str, worker: str, variables: Mapping[str, object]
) -> tuple[ProcessInstance, ExternalTask]:
    """The worker's task under its case's lock, if it lets these variables be brought. Raises Forbidden, Suspended."""
    root, task = _active(tx, task_id, worker)
    tx.ports.may_bring(tx, [task], variables.keys())
    return root, task


def _active(tx: Transaction, task_id: str, worker: str) -> tuple[ProcessInstance, ExternalTask]:
    """The worker's task under its case's lock. Raises Suspended while its instance is (Camunda 7)."""
    root, task = _locked(tx, task_id, worker)
    if task.is_suspended:
        raise Suspended(instances.STOPPED)
    return root, task


def _locked(tx: Transaction, task_id: str, worker: str | None) -> tuple[ProcessInstance, ExternalTask]:
    """The task under its case's lock; with a worker, only if it was the last to fetch it.

    A lock that ran out does no harm until another has taken the task (Camunda 7).
    """
    root, task = _under_lock(tx, task_id, "external_tasks.work" if worker else "external_tasks.administer")
    if worker is not None and task.worker != worker:
        raise NotLocked
    return root, task


def _under_lock(tx: Transaction, task_id: str, act: str) -> tuple[ProcessInstance, ExternalTask]:
    found = tx.session.get(ExternalTask, task_id)
    if found is None:
        raise NotFound
    root = instance_rows.lock_tree_of(tx, found.root_id)
    # Workers fetch without the case's lock: the row's own keeps them off.
    task = tx.session.get(ExternalTask, task_id, with_for_update=True, populate_existing=True)
    if task is None:
        raise NotFound
    tx.ports.may(tx, act, task)
    return root, task


def _holds(tx: Transaction, task: ExternalTask) -> bool:
    return task.locked_until is not None and task.locked_until > tx.now
