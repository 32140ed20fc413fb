"""Attachments (附件) to an opinion: files an officer uploaded and names with the draft or the completion of a task.

They belong to the task, like its draft: whoever works on it sees them, and once it is completed, whoever reads its
opinion.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, case, literal, null, or_, update

from casework import materials, opinions
from casework.sight import Sight
from casework.tables import Material
from engine import evidence, user_tasks
from engine.columns import Id
from engine.errors import Invalid, Sentence
from engine.ports import Submission
from engine.tables import ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

MOST = 20
MISSING = Sentence(
    "没有这份由您上传、尚未使用的文件。", "There is no such file that you uploaded and that is not used yet."
)
FOUND = (Material.id, Material.filename, Material.sha256, Material.task_id)


def save_draft(
    tx: Transaction,
    task_id: str,
    values: Mapping[str, object],
    attachments: Sequence[str] | None,
    *,
    revision: int | None = None,
) -> UserTask:
    """Keeps a draft, and these files and no others with it; None leaves the files as they are.

    Raises Invalid for a file that is not the actor's to attach, besides what user_tasks.save_draft raises.
    """
    task = user_tasks.save_draft(tx, task_id, values, revision=revision)
    _attach(tx, task, attachments)
    return task


def complete(
    tx: Transaction,
    task_id: str,
    submission: Submission,
    attachments: Sequence[str] | None,
    *,
    revision: int | None = None,
) -> UserTask:
    """Completes a task with these files and no others; None: with those that the draft has.

    Raises Invalid for a file that is not the actor's to attach, besides what user_tasks.complete raises.
    """
    task = user_tasks.complete(tx, task_id, submission, revision=revision)
    _attach(tx, task, attachments)
    return task


def _attach(tx: Transaction, task: UserTask, wanted: Sequence[str] | None) -> None:
    """One statement for what comes and what goes; what goes can be attached again."""
    if wanted is None:
        return
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
        .returning(*FOUND),
        execution_options={"synchronize_session": False},
    ).all()
    attached = {row.id: row for row in replaced if row.task_id is not None}
    missing = [place for place, id in enumerate(wanted) if id not in attached]
    if missing:
        raise Invalid(faults=[materials.fault(f"attachments[{place}]", MISSING) for place in missing])
    listed = "; ".join(f"{attached[id].filename} {attached[id].sha256}" for id in dict.fromkeys(wanted))
    root = tx.session.get_one(ProcessInstance, task.root_id)
    evidence.record(tx, root, "task.attached", subject=task.id, property="attachments", new=listed or None)


def is_open(tx: Transaction, material: Material, seen: Sight) -> bool:
    """Whether a reader of a case may open one of its files. Raises NotFound for a file of somebody else's draft."""
    if material.task_id is None:
        return seen.material(material.kind)
    task = tx.session.get_one(UserTask, material.task_id)
    if task.state == TaskState.COMPLETED and opinions.is_told(task, seen):
        return True
    tx.ports.may(tx, "user_tasks.read", task)
    return True
