"""Comments (留言) on a user task: what those who work on it tell each other. Each is an act in the case's evidence.

They are no opinion: they decide nothing, and no applicant reads them.
"""

from collections.abc import Sequence

from sqlalchemy import select

from casework import items, sight
from casework.assignments import said
from casework.sight import Sight
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
    seen = _sight(tx, task.root_id)
    return [one for one in found if _is_told(tx, seen, task, one)]


def of_instance(tx: Transaction, instance_id: str) -> Sequence[tuple[UserTask, TaskComment]]:
    """The comments on the tasks of a process instance, as far as the caller sees the tasks, newest first. In a
    fixed number of statements."""
    commented = select(UserTask, TaskComment).join(TaskComment, TaskComment.task_id == UserTask.id)
    visible = commented.where(UserTask.instance_id == instance_id, visible_task(tx.actor))
    found = tx.session.execute(visible.order_by(TaskComment.said_at.desc(), TaskComment.id.desc())).all()
    seen = _sight(tx, found[0][0].root_id) if found else None
    return [(task, one) for task, one in found if _is_told(tx, seen, task, one)]


def _sight(tx: Transaction, root_id: str) -> Sight | None:
    """How much of the case the reader sees, None where there is none."""
    case = tx.session.get(Case, root_id)
    return None if case is None else sight.of(tx, case, items.document(tx, case.item_id))


def _is_told(tx: Transaction, seen: Sight | None, task: UserTask, comment: TaskComment) -> bool:
    """One's own, and whatever the item tells the reader of what the task's department says."""
    hears = seen is None or (seen.is_official and seen.opinion_of(task.department))
    return hears or comment.said_by == tx.actor.login


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
