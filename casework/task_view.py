"""One task as the person who works on it sees it: form and values, the application, materials, the others' opinions.

An outside participant sees of the case only the fields and materials the item names for it (最小必要).
"""

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import or_, select

from casework import (
    case_view,
    consultations,
    filled_forms,
    materials,
    meaning,
    names,
    opinions,
    preconditions,
    signatures,
)
from casework.case_view import Reading
from casework.inbox import LISTED, Holder
from casework.tables import Case
from casework.task_clocks import lights, with_cases, with_clocks
from engine import definitions, user_tasks
from engine.errors import NotFound
from engine.queries import scopes
from engine.store.values import value_of
from engine.tables import TaskState, UserTask, Variable, VariableChange
from engine.transaction import Transaction
from forms import Form

TOP = re.compile(r"[^.\[]+")


def show(tx: Transaction, task_id: str) -> dict[str, Any]:
    """The task with everything needed to work on it. Raises NotFound when the caller is no candidate."""
    statement = with_clocks(LISTED.outerjoin(Holder, Holder.login == UserTask.assignee))
    row = tx.session.execute(statement.where(UserTask.id == task_id)).first()
    if row is None:
        raise NotFound
    task: UserTask = row.UserTask
    tx.ports.may(tx, "user_tasks.read", task)
    [(_, light)] = with_cases(tx, [(row, lights(tx, [row])[0])])
    means = meaning.of(definitions.load(tx, task.definition_id).node(task.activity_id).properties)
    case = tx.session.get(Case, task.root_id)
    reading = None if case is None else case_view.read(tx, case)
    document = user_tasks.form_document(tx, task)
    form = None if document is None else filled_forms.compiled(document)
    return {
        "row": row,
        "light": light,
        "form": None if form is None else form.document,
        "values": _values(tx, task, form, reading),
        "outcomes": [asdict(one) for one in means.outcomes],
        "precondition": preconditions.wait_of(tx, task, means),
        "signers": means.signers,
        "signatures": [] if means.signers is None else _signatures(tx, task),
        "consultations": consultations.of_task(tx, task),
        **_of_case(tx, task, reading),
    }


def _signatures(tx: Transaction, task: UserTask) -> list[dict[str, Any]]:
    """Who signed; what was signed before the record changed counts no more."""
    signed = signatures.of_task(tx, task.id)
    counting = signatures.standing(tx, task, signed)
    known = names.directory(tx, {one.login for one in signed})
    return [
        {
            "by": known.person(one.login),
            "at": one.at,
            "outcome": one.outcome,
            "comment": one.comment,
            "counts": one.id in counting,
        }
        for one in signed
    ]


def _of_case(tx: Transaction, task: UserTask, reading: Reading | None) -> dict[str, Any]:
    """What the case adds; a task of a process that is no case's has none of it.

    An applicant's step shows no opinions: they are what departments tell each other.
    """
    if reading is None:
        return {"application": {}, "applicant": None, "materials": [], "opinions": [], "attachments": []}
    handed_in = materials.of_case(tx, reading.case)
    attached = materials.attached(handed_in)
    told = opinions.of(tx, reading.steps, reading.sight) if reading.sight.is_official else []
    said = [one for one in told if one.task_id != task.id]
    known = names.directory(tx, {*(one.by for one in said), *(one.uploaded_by for one in handed_in)})
    return {
        "application": _application(tx, reading),
        "applicant": case_view.applicant(reading.case, reading.sight),
        "materials": case_view.material_rows(handed_in, reading, known),
        "opinions": case_view.opinion_rows(said, known, attached),
        "attachments": case_view.attachment_rows(attached.get(task.id, ()), known),
    }


def _application(tx: Transaction, reading: Reading) -> dict[str, object]:
    """What the applicant filled in, as far as the reader sees it; of a case that is over, as it last was."""
    form = filled_forms.latest(tx, reading.item.form, reading.case.region)
    wanted = {name for name in _fields(form) if reading.sight.field(name)}
    present = tx.session.scalars(
        select(Variable).where(Variable.scope_id == reading.case.root_id, Variable.name.in_(wanted))
    ).all()
    values = present or _last_values(tx, reading.case.root_id, wanted)
    return reading.sight.open_part({variable.name: value_of(variable) for variable in values})


def _last_values(tx: Transaction, root_id: str, wanted: Iterable[str]) -> Iterable[VariableChange]:
    """An instance that is over has no present variables any more; what they were is in its history, oldest first."""
    return tx.session.scalars(
        select(VariableChange)
        .where(
            VariableChange.instance_id == root_id,
            VariableChange.scope_id == root_id,
            VariableChange.name.in_(wanted),
        )
        .order_by(VariableChange.seq)
    )


def _values(tx: Transaction, task: UserTask, form: Form | None, reading: Reading | None) -> dict[str, object]:
    """What the form is shown with: the draft over the variables that its fields and expressions name; once done, what
    was handed in.

    Where the item names what a reader sees, the draft adds only what is no field of the application.
    """
    wanted, draft = _fields(form), dict(task.draft or {})
    asked = wanted | (form.names if form else frozenset())
    if task.state == TaskState.COMPLETED:
        return _handed_in(tx, task, wanted)
    if reading is None or reading.sight.fields is None:
        return _seen_from(tx, task, asked) | draft
    applied = _fields(filled_forms.latest(tx, reading.item.form, reading.case.region))
    seen = _seen_from(tx, task, filter(reading.sight.field, asked))
    own = {name: value for name, value in draft.items() if name not in applied}
    return reading.sight.open_part(seen | draft) | own


def _fields(form: Form | None) -> set[str]:
    """The variables that a form's fields are kept in."""
    found = [TOP.match(field.path) for field in form.fields] if form else []
    return {match[0] for match in found if match}


def _seen_from(tx: Transaction, task: UserTask, wanted: Iterable[str]) -> dict[str, object]:
    """Variables as an expression of the task sees them."""
    seen = scopes.visible(tx, scopes.around(tx, task.id, task.instance_id), wanted)
    return {name: value_of(variable) for name, variable in seen.items()}


def _handed_in(tx: Transaction, task: UserTask, wanted: Iterable[str]) -> dict[str, object]:
    """What the person who completed the task set by it."""
    rows = tx.session.scalars(
        select(VariableChange)
        .where(
            VariableChange.instance_id == task.instance_id,
            or_(VariableChange.activity_instance_id == task.id, VariableChange.scope_id == task.id),
            VariableChange.name.in_(wanted),
        )
        .order_by(VariableChange.seq)
    )
    return {change.name: value_of(change) for change in rows}
