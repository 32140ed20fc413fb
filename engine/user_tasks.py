"""User tasks: claim, release, assign, transfer, delegate, resolve, remind, keep a draft, complete.

Every command locks the case before it looks. Listeners of the diagram hear of each change; while an instance is
suspended, nobody gets or gives back its tasks (Camunda 7).
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete

from engine import definitions, evidence, instances
from engine.diagram.model import Moment
from engine.errors import Conflict, Sentence, Suspended
from engine.events import (
    UserTaskAssigned,
    UserTaskCompleted,
    UserTaskDelegated,
    UserTaskReminded,
    UserTaskResolved,
    UserTaskTransferred,
)
from engine.interpreter.stimulus import Completed, TaskChanged
from engine.ports import Submission
from engine.store import form_files, instance_rows
from engine.store.task_rows import ENDED, lock_open
from engine.tables import GROUP, Candidate, DelegationState, InstanceState, Party, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

HELD = Sentence("该任务已由他人签收。", "Somebody else has claimed the task.")
ALREADY_THERE = Sentence("该任务已在其名下，无须再转。", "The task is already theirs.")
DELEGATED = Sentence(
    "该任务系委派办理，请反馈意见交回委派人。", "The task is only delegated to you: resolve it, so that it goes back."
)
PENDING = Sentence("该任务已委派他人，请待其反馈，或先签收取回。", "The task is delegated: await it, or claim it back.")
NOT_THEIRS = Sentence("该任务已不在其名下。", "The task is no longer theirs.")
NOT_DELEGATED = Sentence("该任务不在委派办理中。", "The task is not delegated.")


def claim(tx: Transaction, task_id: str, *, revision: int | None = None) -> UserTask:
    """Takes a task out of the group's inbox; claiming one's own again changes nothing.

    An owner takes back what was delegated. Raises NotFound when the caller is no candidate, Conflict when somebody
    else holds it or it is closed.
    """
    _, task = lock_open(tx, task_id, "user_tasks.claim", revision)
    if task.assignee == tx.actor.login:
        return task
    if task.assignee is not None and not (_is_delegated(task) and task.owner == tx.actor.login):
        raise Conflict(HELD)
    _hand_to(tx, task, tx.actor.login)
    return task


def release(tx: Transaction, task_id: str, *, revision: int | None = None) -> UserTask:
    """Gives a task back to its group; the draft stays. One that nobody holds stays as it is (Camunda's unclaim).

    Raises Conflict when somebody else holds it.
    """
    _, task = lock_open(tx, task_id, "user_tasks.release", revision)
    if task.assignee is None:
        return task
    if task.assignee != tx.actor.login:
        raise Conflict(HELD)
    _not_as_delegate(tx, task)
    _hand_to(tx, task, None)
    return task


def assign(tx: Transaction, task_id: str, assignee: str, *, revision: int | None = None) -> UserTask:
    """The head of the department gives a task to one of its people, also one that a colleague holds.

    A delegation ends with it.
    """
    _, task = lock_open(tx, task_id, "user_tasks.assign", revision)
    _hand_to(tx, task, assignee)
    return task


def transfer(tx: Transaction, task_id: str, to: Party, reason: str, *, revision: int | None = None) -> UserTask:
    """Hands a task on for good, with its draft: to a person, who then holds it, or into another group's inbox.

    A delegation ends with it. Raises Conflict for a delegate, who gives it back instead, and when it is there already.
    """
    _, task = lock_open(tx, task_id, "user_tasks.transfer", revision)
    _not_as_delegate(tx, task)
    to_group = to.kind == GROUP
    if to.name == (task.department if to_group else task.assignee):
        raise Conflict(ALREADY_THERE)
    department, assignee = task.department, task.assignee
    if to_group:
        tx.session.execute(delete(Candidate).where(Candidate.task_id == task.id))
        tx.add(Candidate(task=task, kind=to.kind, name=to.name))
        task.department = to.name
    _hold(tx, task, None if to_group else to.name)
    tx.emit(
        UserTaskTransferred(
            **_place(task),
            activity_id=task.activity_id,
            properties=definitions.load(tx, task.definition_id).node(task.activity_id).properties,
            department=task.department,
            previous_department=department,
            assignee=task.assignee,
            previous_assignee=assignee,
            reason=reason,
        )
    )
    return task


def delegate(tx: Transaction, task_id: str, assignee: str, reason: str, *, revision: int | None = None) -> UserTask:
    """Asks another person to work on a task and give it back; whoever held it, else the actor, is its owner.

    Raises Conflict while it is delegated already.
    """
    _, task = lock_open(tx, task_id, "user_tasks.delegate", revision)
    _not_as_delegate(tx, task)
    if _is_delegated(task):
        raise Conflict(PENDING)
    owner = task.assignee or tx.actor.login
    if assignee == owner:
        raise Conflict(ALREADY_THERE)
    _hold(tx, task, assignee)
    task.owner, task.delegation_state = owner, DelegationState.PENDING
    tx.emit(UserTaskDelegated(**_place(task), owner=owner, assignee=assignee, reason=reason))
    return task


def resolve(
    tx: Transaction,
    task_id: str,
    comment: str,
    values: Mapping[str, object] | None = None,
    *,
    revision: int | None = None,
) -> UserTask:
    """The delegate's part is done and the task goes back to its owner; values are kept as its draft.

    Raises Conflict when it is not delegated to the actor, Invalid for values of a wrong type.
    """
    _, task = lock_open(tx, task_id, "user_tasks.resolve", revision)
    if not _is_delegated(task):
        raise Conflict(NOT_DELEGATED)
    if task.assignee != tx.actor.login:
        raise Conflict(HELD)
    if values is not None:
        task.draft = dict(_checked(tx, task, Submission(values), draft=True).values)
    owner, delegate = task.owner, task.assignee
    _hold(tx, task, owner)
    task.owner, task.delegation_state = owner, DelegationState.RESOLVED
    tx.emit(UserTaskResolved(**_place(task), owner=owner, delegate=delegate, comment=comment))
    return task


def remind(tx: Transaction, task_id: str, message: str) -> UserTask:
    """Asks whoever has the task to do it soon; nothing moves and nothing of the work changes."""
    _, task = lock_open(tx, task_id, "user_tasks.remind")
    task.reminders, task.reminded_at = task.reminders + 1, tx.now
    tx.emit(UserTaskReminded(**_place(task), department=task.department, assignee=task.assignee, message=message))
    return task


def hand_over(tx: Transaction, task_id: str, leaver: str, to: str | None, reason: str) -> UserTask:
    """Takes an open task from somebody who leaves: to another person, or back into its group's inbox; the draft stays.

    What was only delegated to the leaver goes back to its owner; of what the leaver delegated, `to` is the owner from
    now on, else the delegate holds it. Raises Conflict when the task is no longer the leaver's.
    """
    root, task = lock_open(tx, task_id, "user_tasks.hand_over")
    if _is_delegated(task) and task.owner == leaver:
        task.owner = to
        task.delegation_state = task.delegation_state if to else None
        task.revision += 1
        _updated(tx, task)
        changed = {"property": "owner", "old": leaver, "new": to}
        evidence.record(tx, root, evidence.HANDED_OVER, subject=task.id, reason=reason, **changed)
    elif task.assignee == leaver:
        _hand_to(tx, task, task.owner if _is_delegated(task) else to, reason)
    elif task.assignee is None and to is not None:
        _hand_to(tx, task, to, reason)
    else:
        raise Conflict(NOT_THEIRS)
    return task


def _is_delegated(task: UserTask) -> bool:
    return task.delegation_state == DelegationState.PENDING


def _not_as_delegate(tx: Transaction, task: UserTask) -> None:
    """What is only delegated goes back to its owner, and nowhere else."""
    if _is_delegated(task) and task.assignee == tx.actor.login:
        raise Conflict(DELEGATED)


def _place(task: UserTask) -> dict[str, str]:
    """What every event of a task says first."""
    return {
        "region": task.region,
        "root_id": task.root_id,
        "instance_id": task.instance_id,
        "task_id": task.id,
    }


def _hold(tx: Transaction, task: UserTask, assignee: str | None) -> None:
    """Somebody, or nobody, holds the task from now on; a delegation is over."""
    task.assignee, task.claimed_at = assignee, None if assignee is None else tx.now
    task.owner = task.delegation_state = None
    task.revision += 1
    _updated(tx, task, Moment.ASSIGNMENT)


def _updated(tx: Transaction, task: UserTask, *moments: Moment) -> None:
    """Raises Suspended when nothing of the task may change now."""
    if instance_rows.of(tx, task.instance_id).state == InstanceState.SUSPENDED:
        raise Suspended(instances.STOPPED)
    tx.flush()
    tell_listeners(tx, task, Moment.UPDATE, *moments)


def tell_listeners(tx: Transaction, task: UserTask, *moments: Moment) -> None:
    """Tells the listeners that the diagram has for changes of a task; the case is locked by the caller."""
    node = definitions.load(tx, task.definition_id).node(task.activity_id)
    if node.hears(*moments):
        root = instance_rows.of(tx, task.root_id)
        instance = instance_rows.in_tree(tx, root, task.instance_id)
        instances.advance(tx, root, instance, TaskChanged(task.id, moments))


def _hand_to(tx: Transaction, task: UserTask, assignee: str | None, reason: str | None = None) -> None:
    previous = task.assignee
    _hold(tx, task, assignee)
    tx.emit(UserTaskAssigned(**_place(task), assignee=assignee, previous=previous, reason=reason))


def save_draft(
    tx: Transaction,
    task_id: str,
    values: Mapping[str, object],
    attachments: Sequence[str] | None = None,
    *,
    revision: int | None = None,
) -> UserTask:
    """Keeps a half-filled form with the task, seen by nobody downstream. Raises Invalid for values of a wrong type."""
    _, task = lock_open(tx, task_id, "user_tasks.save_draft", revision)
    kept = _checked(tx, task, Submission(values, attachments=attachments), draft=True)
    task.draft = dict(kept.values)
    task.revision += 1
    tx.flush()
    return task


def complete(tx: Transaction, task_id: str, submission: Submission, *, revision: int | None = None) -> UserTask:
    """Finishes a task and carries the case on; an unclaimed task is claimed on the way.

    Raises NotFound when the caller is no candidate, Conflict when it is closed, somebody else holds it or it is only
    delegated to the caller, Invalid when the form or the outcome does not hold, Stale when it changed since `revision`.
    """
    root, task = lock_open(tx, task_id, "user_tasks.complete", revision)
    if task.assignee not in (None, tx.actor.login):
        raise Conflict(HELD)
    _not_as_delegate(tx, task)
    accepted = _checked(tx, task, submission, draft=False)
    is_claimed = task.assignee is not None
    task.assignee, task.claimed_at = tx.actor.login, task.claimed_at or tx.now
    if not is_claimed:
        tell_listeners(tx, task, Moment.UPDATE, Moment.ASSIGNMENT)
    _finish(tx, root, task, accepted)
    return task


def deem_completed(tx: Transaction, root: ProcessInstance, task: UserTask, submission: Submission) -> UserTask:
    """Finishes a task as if somebody had, where the host decides what nobody did, and carries the case on.

    The case is locked by the caller. Whoever held the task is still its assignee; nothing is checked but that it is
    open. Raises Conflict when it is closed.
    """
    if task.state != TaskState.CREATED:
        raise Conflict(ENDED)
    _finish(tx, root, task, submission)
    return task


def _finish(tx: Transaction, root: ProcessInstance, task: UserTask, accepted: Submission) -> None:
    task.state, task.pressing_at = TaskState.COMPLETED, None
    task.ended_at, task.ended_by = tx.now, tx.actor.login
    task.outcome, task.comment, task.draft = accepted.outcome, accepted.comment, None
    task.revision += 1
    instance = instance_rows.in_tree(tx, root, task.instance_id)
    node = definitions.load(tx, task.definition_id).node(task.activity_id)
    done = UserTaskCompleted(
        **_place(task),
        activity_id=task.activity_id,
        properties=node.properties,
        outcome=accepted.outcome,
        comment=accepted.comment,
    )
    instances.advance(tx, root, instance, Completed(task.id, accepted.values), done)


def _checked(tx: Transaction, task: UserTask, submission: Submission, *, draft: bool) -> Submission:
    node = definitions.load(tx, task.definition_id).node(task.activity_id)
    return tx.ports.check_submission(tx, task, node, form_document(tx, task), submission, draft=draft)


def form_document(tx: Transaction, task: UserTask) -> bytes | None:
    """The file of the form that the task was created with, or the form that is drawn with its activity."""
    if task.form_id is not None:
        return form_files.content(tx, task.form_id)
    assignment = definitions.load(tx, task.definition_id).node(task.activity_id).assignment
    return assignment.form.document if assignment and assignment.form else None
