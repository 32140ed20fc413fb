"""An uploaded file by its id alone, as a form's field holds it: who may read it, and taking it back."""

from sqlalchemy import delete, select

from casework import attachments, items, sight
from casework.matrix import MATRIX
from casework.tables import Case, Material
from casework.visibility import of_the_office, visible_task
from engine.errors import Conflict, NotFound, Sentence
from engine.store import contents
from engine.tables import ProcessInstance, UserTask
from engine.transaction import Transaction

IN_USE = Sentence(
    "该文件已随表单提交，成为办理记录，不能撤回。",
    "The file was handed in with a form and is part of the record; it is not taken back.",
)


def one(tx: Transaction, file_id: str) -> Material:
    """A file: one's own until it is handed in, then whoever may read what it was handed in with. Raises NotFound."""
    file = tx.session.get(Material, file_id)
    if file is None or not _is_open(tx, file):
        raise NotFound
    return file


def take_back(tx: Transaction, file_id: str) -> None:
    """Deletes a file of one's own that nothing was handed in with. Raises NotFound, Conflict once it was."""
    tx.ports.may(tx, "files.upload", None)
    file = one(tx, file_id)
    unused = delete(Material).where(Material.id == file.id, Material.root_id.is_(None))
    if not tx.session.connection().execute(unused).rowcount:
        raise Conflict(IN_USE)
    contents.forget(tx, [file.blob_id])


def _is_open(tx: Transaction, file: Material) -> bool:
    if file.root_id is None:
        return file.uploaded_by == tx.actor.login
    case = tx.session.get(Case, file.root_id)
    if case is None:
        return _is_of_a_process_in_sight(tx, file.root_id)
    tx.ports.may(tx, "cases.read", case)
    return attachments.is_open(tx, file, sight.of(tx, case, items.document(tx, case.item_id)))


def _is_of_a_process_in_sight(tx: Transaction, root_id: str) -> bool:
    """Of a process without a case: whoever has, or had, a task of it; and who reads all processes but the office's."""
    tasks = select(1).where(UserTask.root_id == root_id, visible_task(tx.actor)).limit(1)
    if tx.session.scalar(tasks) is not None:
        return True
    unofficial = select(1).where(ProcessInstance.id == root_id, ~of_the_office(ProcessInstance.root_id))
    return bool(tx.actor.groups & MATRIX["instances.read"].roles) and tx.session.scalar(unofficial) is not None
