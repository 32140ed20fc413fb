"""User tasks: claim, release, assign, keep a draft, complete. Every command locks the case before it looks."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from engine import definitions, instances
from engine.errors import Conflict, NotFound, Sentence, Stale
from engine.events import UserTaskAssigned, UserTaskCompleted
from engine.interpreter.stimulus import Completed
from engine.ports import Submission
from engine.store import form_files, instance_rows
from engine.tables import ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

ENDED = Sentence("该任务已办结或已关闭。", "The task is finished or closed.")
HELD = Sentence("该任务已由他人签收。", "Somebody else has claimed the task.")
NOT_HELD = Sentence("该任务尚未签收。", "Nobody has claimed the task.")

ONE = select(UserTask).where(UserTask.id == bindparam("task_id"))


def claim(tx: Transaction, task_id: str, *, revision: int | None = None) -> UserTask:
    """Takes a task out of the group's inbox; claiming one's own again changes nothing.

    Raises NotFound when the caller is no candidate, Conflict when somebody else holds it or it is closed.
    """
    _, task = _locked(tx, task_id, "user_tasks.claim", revision)
    if task.assignee == tx.actor.login:
        return task
    if task.assignee is not None:
        raise Conflict(HELD)
    _hand_to(tx, task, tx.actor.login)
    return task


def release(tx: Transaction, task_id: str, *, revision: int | None = None) -> UserTask:
    """Gives a task back to its group; the draft stays. Raises Conflict when another person holds it."""
    _, task = _locked(tx, task_id, "user_tasks.release", revision)
    if task.assignee is None:
        raise Conflict(NOT_HELD)
    if task.assignee != tx.actor.login:
        raise Conflict(HELD)
    _hand_to(tx, task, None)
    return task


def assign(tx: Transaction, task_id: str, assignee: str, *, revision: int | None = None) -> UserTask:
    """The head of the department gives a task to one of its people, also one that a colleague holds."""
    _, task = _locked(tx, task_id, "user_tasks.assign", revision)
    _hand_to(tx, task, assignee)
    return task


def _hand_to(tx: Transaction, task: UserTask, assignee: str | None) -> None:
    previous, task.assignee = task.assignee, assignee
    task.claimed_at = None if assignee is None else tx.now
    task.revision += 1
    tx.flush()
    tx.emit(
        UserTaskAssigned(
            region=task.region,
            root_id=task.root_id,
            instance_id=task.instance_id,
            task_id=task.id,
            assignee=assignee,
            previous=previous,
        )
    )


def save_draft(tx: Transaction, task_id: str, values: Mapping[str, object], *, revision: int | None = None) -> UserTask:
    """Keeps a half-filled form with the task, seen by nobody downstream. Raises Invalid for values of a wrong type."""
    _, task = _locked(tx, task_id, "user_tasks.save_draft", revision)
    kept = _checked(tx, task, Submission(values), draft=True)
    task.draft = dict(kept.values)
    task.revision += 1
    tx.flush()
    return task


def complete(tx: Transaction, task_id: str, submission: Submission, *, revision: int | None = None) -> UserTask:
    """Finishes a task and carries the case on; an unclaimed task is claimed on the way.

    Raises NotFound when the caller is no candidate, Conflict when it is closed or somebody else holds it, Invalid
    when the form or the outcome does not hold, Stale when it changed since `revision`.
    """
    root, task = _locked(tx, task_id, "user_tasks.complete", revision)
    if task.assignee not in (None, tx.actor.login):
        raise Conflict(HELD)
    accepted = _checked(tx, task, submission, draft=False)
    task.state, task.ended_at, task.ended_by = TaskState.COMPLETED, tx.now, tx.actor.login
    task.assignee, task.claimed_at = tx.actor.login, task.claimed_at or tx.now
    task.outcome, task.comment, task.draft = accepted.outcome, accepted.comment, None
    task.revision += 1
    instance = instance_rows.in_tree(tx, root, task.instance_id)
    node = definitions.load(tx, task.definition_id).node(task.activity_id)
    done = UserTaskCompleted(
        region=task.region,
        root_id=task.root_id,
        instance_id=task.instance_id,
        task_id=task.id,
        activity_id=task.activity_id,
        properties=node.properties,
        outcome=accepted.outcome,
        comment=accepted.comment,
    )
    instances.advance(tx, root, instance, Completed(task.id, accepted.values), done)
    return task


def _locked(tx: Transaction, task_id: str, act: str, revision: int | None) -> tuple[ProcessInstance, UserTask]:
    """The open task under its case's lock, if the caller may do the act."""
    root = instance_rows.lock_tree_of_task(tx, task_id)
    task = tx.session.scalar(ONE, {"task_id": task_id}, execution_options={"populate_existing": True})
    if task is None:
        raise NotFound
    tx.ports.may(tx, act, task)
    if task.state != TaskState.CREATED:
        raise Conflict(ENDED)
    if revision is not None and revision != task.revision:
        raise Stale
    return root, task


def _checked(tx: Transaction, task: UserTask, submission: Submission, *, draft: bool) -> Submission:
    node = definitions.load(tx, task.definition_id).node(task.activity_id)
    return tx.ports.check_submission(tx, task, node, form_document(tx, task), submission, draft=draft)


def form_document(tx: Transaction, task: UserTask) -> bytes | None:
    """The file of the form that the task was created with."""
    return None if task.form_id is None else form_files.content(tx, task.form_id)
