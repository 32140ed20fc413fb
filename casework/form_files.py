"""The files that a form holds (filepicker): uploaded before, taken over by the case that a submission names them in.

Those of a step belong to its task, as attachments do; those of the application to the case, and those of a start form
to the process that it starts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, literal, or_, select, update

from casework import materials
from casework.tables import Case, Material
from engine.errors import Conflict, Fault, Sentence
from engine.tables import ProcessInstance, UserTask
from engine.transaction import Transaction
from forms import Form, HeldFile

MISSING = Sentence(
    "没有这份由您上传、或本件已有的文件，请重新上传。",
    "There is no such file that you uploaded or that the case has; upload it again.",
)


def faults(tx: Transaction, form: Form, values: Mapping[str, object], root_id: str | None = None) -> list[Fault]:
    """What is wrong with the files that values name: not the actor's to hand in, of a type that the field does not
    take. One statement where the form holds files."""
    held = form.files(values)
    if not held:
        return []
    named = select(Material.id, Material.filename, Material.media_type).where(
        Material.id.in_([one.id for one in held]), _mine(tx, root_id)
    )
    known = {file.id: file for file in tx.session.execute(named)}
    return [fault for one in held for fault in _faults(one, known.get(one.id))]


def _faults(held: HeldFile, file: Row[*tuple[Any, ...]] | None) -> list[Fault]:
    if file is None:
        return [materials.fault(held.path, MISSING)]
    if not held.takes(file.filename, file.media_type):
        listed = ", ".join(sorted(held.accepted))
        return [materials.fault(held.path, Sentence(f"只接收这些类型：{listed}。", f"Only these types: {listed}."))]
    return []


def put(tx: Transaction, task: UserTask, form: Form, values: Mapping[str, object]) -> None:
    """The files that a step's form holds now belong to its task. Raises Conflict for one that was cleared away."""
    _take(tx, form.files(values), _mine(tx, task.root_id), root_id=task.root_id, task_id=task.id, region=task.region)


def hand_in(tx: Transaction, of: Case, form: Form, values: Mapping[str, object]) -> None:
    """The files that an application's form holds now belong to the case. Raises Conflict as `put`."""
    _take(tx, form.files(values), _mine(tx, of.root_id), root_id=of.root_id, region=of.region)


def start_with(tx: Transaction, begun: ProcessInstance, form: Form, values: Mapping[str, object]) -> None:
    """The files that a start form holds now belong to the process that begins with it. Raises Conflict as `put`."""
    _take(tx, form.files(values), _mine(tx, None), root_id=begun.root_id, region=begun.region)


def _take(tx: Transaction, held: Sequence[HeldFile], mine: ColumnElement[bool], **owner: str) -> None:
    """A file that the case has already stays where it is."""
    ids = {one.id for one in held}
    if not ids:
        return
    taken = tx.session.connection().execute(
        update(Material)
        .where(Material.id.in_(ids), mine)
        .values(
            **{name: _unless_owned(name, value) for name, value in owner.items()},
            revision=Material.revision + 1,
        )
    )
    if taken.rowcount != len(ids):
        raise Conflict(materials.GONE)


def _unless_owned(name: str, value: str) -> ColumnElement[str]:
    return case(
        (Material.root_id.is_(None), literal(value, getattr(Material, name).type)), else_=getattr(Material, name)
    )


def _mine(tx: Transaction, root_id: str | None) -> ColumnElement[bool]:
    unused = and_(Material.uploaded_by == tx.actor.login, Material.root_id.is_(None))
    return unused if root_id is None else or_(unused, Material.root_id == root_id)
