"""Attachments (附件) to an opinion: files an officer uploaded and names with the draft or the completion of a task.

They belong to the task, like its draft: whoever works on it sees them, and once it is completed, whoever reads its
opinion.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, case, literal, null, or_, select, update

from casework import materials, opinions
from casework.sight import Sight
from casework.tables import Material
from engine import evidence, user_tasks
from engine.columns import Id
from engine.diagram.model import Moment
from engine.errors import Conflict, Fault, NotFound, Sentence
from engine.events import Event, UserTaskCompleted
from engine.store.task_rows import lock_open
from engine.tables import ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction
from engine.user_tasks import HELD

MOST = 20
TOO_MANY = Sentence(f"一个任务最多附 {MOST} 份文件。", f"A task has at most {MOST} files.")
MISSING = Sentence(
    "没有这份由您上传、尚未使用的文件。", "There is no such file that you uploaded and that is not used yet."
)


def put(tx: Transaction, task: UserTask, wanted: Sequence[str] | None, *, draft: bool) -> list[Fault]:
    """Puts these files and no others to a locked task; None leaves what is there. What is taken away can be used again.

    Gives a fault for each file that is not the actor's to attach; the caller raises them, and nothing is done. One
    statement, and none for None.
    """
    if wanted is None:
        return []
    attached = _put(tx, task, wanted)
    faults = [
        materials.fault(f"attachments[{place}]", MISSING) for place, id in enumerate(wanted) if id not in attached
    ]
    if not faults:
        listed = "; ".join(f"{attached[id].filename} {attached[id].sha256}" for id in dict.fromkeys(wanted))
        if draft:
            _record(tx, task.root_id, task.id, listed)
        else:
            _signed(tx)[task.id] = listed
    return faults


def add(tx: Transaction, task_id: str, filename: str, content: bytes) -> Material:
    """Uploads one more file to an open task, as Camunda's clients do.

    Raises NotFound when the caller is no candidate, Conflict when the task is closed or somebody else's, or when it has
    the most files, Invalid for a type or size not taken.
    """
    task = _lock(tx, task_id)
    present = [one.id for one in of_task(tx, task)]
    if len(present) >= MOST:
        raise Conflict(TOO_MANY)
    file = materials.upload(tx, filename, content, task.region)
    put(tx, task, [*present, file.id], draft=True)
    user_tasks.tell_listeners(tx, task, Moment.UPDATE)
    return file


def remove(tx: Transaction, task_id: str, file_id: str) -> None:
    """Takes a file away from an open task. Raises NotFound, Conflict."""
    task = _lock(tx, task_id)
    present = [one.id for one in of_task(tx, task)]
    if file_id not in present:
        raise NotFound
    put(tx, task, [one for one in present if one != file_id], draft=True)
    user_tasks.tell_listeners(tx, task, Moment.UPDATE)


def of_task(tx: Transaction, task: UserTask) -> Sequence[Material]:
    """The files at a task, in the order of their upload."""
    files = select(Material).where(Material.task_id == task.id)
    return tx.session.scalars(files.order_by(Material.uploaded_at, Material.id)).all()


def one(tx: Transaction, task: UserTask, file_id: str) -> Material:
    """A file at a task. Raises NotFound."""
    for file in of_task(tx, task):
        if file.id == file_id:
            return file
    raise NotFound


def _lock(tx: Transaction, task_id: str) -> UserTask:
    _, task = lock_open(tx, task_id, "user_tasks.save_draft")
    if task.assignee not in (None, tx.actor.login):
        raise Conflict(HELD)
    return task


def listen(tx: Transaction, event: Event) -> None:
    """The evidence of a completion is followed by that of its files: rows that are written together cost one."""
    if isinstance(event, UserTaskCompleted) and event.task_id in _signed(tx):
        _record(tx, event.root_id, event.task_id, _signed(tx).pop(event.task_id))


def _signed(tx: Transaction) -> dict[str, str]:
    """The files of the tasks that this command is completing."""
    signed: dict[str, str] = tx.session.info.setdefault("signed with files", {})
    return signed


def _record(tx: Transaction, root_id: str, task_id: str, listed: str) -> None:
    root = tx.session.get_one(ProcessInstance, root_id)
    evidence.record(tx, root, "task.attached", subject=task_id, property="attachments", new=listed or None)


def _put(tx: Transaction, task: UserTask, wanted: Sequence[str]) -> Mapping[str, Row[*tuple[Any, ...]]]:
    named = Material.id.in_(wanted)
    unused = and_(named, Material.uploaded_by == tx.actor.login, Material.root_id.is_(None))
    replaced = tx.session.execute(
        update(Material)
        .where(or_(unused, Material.task_id == task.id))
        .values(
            root_id=case((named, literal(task.root_id, Id())), else_=null()),
            task_id=case((named, literal(task.id, Id())), else_=null()),
            revision=Material.revision + 1,
        )
        .returning(Material.id, Material.filename, Material.sha256, Material.task_id),
        execution_options={"synchronize_session": False},
    )
    return {row.id: row for row in replaced if row.task_id is not None}


def is_open(tx: Transaction, material: Material, seen: Sight) -> bool:
    """Whether a reader of a case may open one of its files. Raises NotFound for a file of somebody else's draft."""
    if material.task_id is None:
        return seen.material(material.kind)
    task = tx.session.get_one(UserTask, material.task_id)
    if task.state == TaskState.COMPLETED and opinions.is_told(task, seen):
        return True
    tx.ports.may(tx, "user_tasks.read", task)
    return True
