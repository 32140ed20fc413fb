"""Comments (留言) on a user task: what those who work on it tell each other. Each is an act in the case's evidence.

They are no opinion: they decide nothing, and no applicant reads them.
"""

from collections.abc import Sequence

from sqlalchemy import exists, select

from casework import case_view
from casework.assignments import said
from casework.tables import Case, TaskComment
from casework.visibility import visible_task
from engine import evidence, user_tasks
from engine.diagram.model import Moment
from engine.errors import Forbidden, NotFound, Sentence
from engine.store.task_rows import lock_open
from engine.tables import ProcessInstance, UserTask
from engine.transaction import Transaction

ACT = "user_tasks.comment"
NOT_OWN = Sentence("只有留言人可以修改或删除留言。", "Only who wrote a comment may change or delete it.")


def add(tx: Transaction, task_id: str, words: str) -> TaskComment:
    """Comments on an open task.

    Raises NotFound when the caller is no candidate, Conflict when it is closed, Invalid for no words.
    """
    root, task = lock_open(tx, task_id, ACT)
    comment = TaskComment(
        id=tx.new_id(),
        region=task.region,
        root_id=task.root_id,
        task_id=task.id,
        message=said(words, "message"),
        said_by=tx.actor.login,
        said_at=tx.now,
        revision=1,
    )
    tx.add(comment)
    _record(tx, root, "task.commented", task, new=comment.message)
    _heard(tx, task)
    return comment


def change(tx: Transaction, task_id: str, comment_id: str, words: str) -> TaskComment:
    """Gives a comment of one's own other words. Raises Forbidden for somebody else's."""
    root, task = lock_open(tx, task_id, ACT)
    comment = _own(tx, task, comment_id)
    old, comment.message = comment.message, said(words, "message")
    comment.revision += 1
    _record(tx, root, "task.comment_changed", task, old=old, new=comment.message)
    _heard(tx, task)
    return comment


def remove(tx: Transaction, task_id: str, comment_id: str | None = None) -> None:
    """Deletes a comment of one's own, or all of one's own on the task."""
    root, task = lock_open(tx, task_id, ACT)
    mine = [_own(tx, task, comment_id)] if comment_id is not None else _mine(tx, task)
    for comment in mine:
        tx.session.delete(comment)
        _record(tx, root, "task.comment_deleted", task, old=comment.message)
    _heard(tx, task)


def of_task(tx: Transaction, task: UserTask) -> Sequence[TaskComment]:
    """The comments on a task that the caller may read, newest first; of a closed task too."""
    tx.ports.may(tx, "user_tasks.read", task)
    newest = select(TaskComment).where(TaskComment.task_id == task.id).order_by(TaskComment.said_at.desc())
    found = tx.session.scalars(newest.order_by(TaskComment.id.desc())).all()
    return [one for one in found if one.said_by == tx.actor.login] if _hears_nobody(tx, task) else found


def of_instance(tx: Transaction, instance_id: str) -> Sequence[tuple[UserTask, TaskComment]]:
    """The comments on the tasks of a process instance, as far as the caller sees the tasks, newest first."""
    seen = select(UserTask).where(UserTask.instance_id == instance_id, visible_task(tx.actor))
    commented = seen.where(exists().where(TaskComment.task_id == UserTask.id))
    found = [(task, one) for task in tx.session.scalars(commented) for one in of_task(tx, task)]
    return sorted(found, key=lambda row: (row[1].said_at, row[1].id), reverse=True)


def _hears_nobody(tx: Transaction, task: UserTask) -> bool:
    """Whether the item tells the reader nothing of what the task's department says."""
    case = tx.session.get(Case, task.root_id)
    if case is None:
        return False
    sight = case_view.read(tx, case).sight
    return not (sight.is_official and sight.opinion_of(task.department))


def _mine(tx: Transaction, task: UserTask) -> Sequence[TaskComment]:
    own = select(TaskComment).where(TaskComment.task_id == task.id, TaskComment.said_by == tx.actor.login)
    return tx.session.scalars(own.order_by(TaskComment.id)).all()


def _own(tx: Transaction, task: UserTask, comment_id: str) -> TaskComment:
    comment = tx.session.get(TaskComment, comment_id)
    if comment is None or comment.task_id != task.id:
        raise NotFound
    if comment.said_by != tx.actor.login:
        raise Forbidden(NOT_OWN)
    return comment


def _heard(tx: Transaction, task: UserTask) -> None:
    """To the listeners of the diagram a comment is an update of its task (Camunda 7)."""
    tx.flush()
    user_tasks.tell_listeners(tx, task, Moment.UPDATE)


def _record(
    tx: Transaction, root: ProcessInstance, kind: str, task: UserTask, old: str | None = None, new: str | None = None
) -> None:
    evidence.record(tx, root, kind, subject=task.id, property="comment", old=old, new=new)
