"""Locks of user tasks: the beginning of every command on one. The lock is the case's."""

from sqlalchemy import bindparam, select

from engine.errors import Conflict, NotFound, Sentence, Stale
from engine.store import instance_rows
from engine.tables import ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

ENDED = Sentence("该任务已办结或已关闭。", "The task is finished or closed.")

ONE = select(UserTask).where(UserTask.id == bindparam("task_id"))


def lock(tx: Transaction, task_id: str, act: str) -> tuple[ProcessInstance, UserTask]:
    """The case's root and the task, read under the lock, if the caller may do the act to it. Raises NotFound."""
    root = instance_rows.lock_tree_of_task(tx, task_id)
    task = tx.session.scalar(ONE, {"task_id": task_id}, execution_options={"populate_existing": True})
    if task is None:
        raise NotFound
    tx.ports.may(tx, act, task)
    return root, task


def lock_open(tx: Transaction, task_id: str, act: str, revision: int | None = None) -> tuple[ProcessInstance, UserTask]:
    """The same of an open task. Raises Conflict when it is closed, Stale when it changed since `revision`."""
    root, task = lock(tx, task_id, act)
    if task.state != TaskState.CREATED:
        raise Conflict(ENDED)
    if revision not in (None, task.revision):
        raise Stale
    return root, task
