"""What people fill in, checked against the form that counts: the application's, or the one a task was created with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import select

from engine.errors import DiagramRefused, Fault, Invalid, Sentence
from engine.interpreter.step import meaning
from engine.queries.definitions import EVERYWHERE
from engine.tables import FormDefinition, Resource
from engine.transaction import Transaction
from forms import FieldFault, Form, FormRefused, FormRejected, compile_form
from forms.errors import MOST_FAULTS, FormFault

NO_FORM_ID = Sentence("表单没有标识（id），流程图无法引用它。", "The form has no id, so that no diagram can name it.")
LEFT_OUT = frozenset({"required", "not-ticked", "too-few-rows", "rows-fixed"})


def read_file(name: str, content: bytes) -> str:
    """The engine's port for `.form` files of a deployment: the form's key. Raises DiagramRefused with every fault."""
    try:
        form = compile_form(content)
    except FormRefused as refused:
        text = content.decode(errors="replace")
        raise DiagramRefused(faults=[_in_file(name, text, fault) for fault in refused.faults]) from refused
    if form.id is None:
        raise DiagramRefused(faults=[Fault(NO_FORM_ID)])
    return form.id


def _in_file(name: str, text: str, fault: FormFault) -> Fault:
    """A fault with its place in the file: where its component's id stands."""
    line, column = fault.line, fault.column
    id = re.search(rf'"id"\s*:\s*"{re.escape(fault.component_id)}"', text) if fault.component_id else None
    if id is not None:
        line, column = text.count("\n", 0, id.start()) + 1, id.start() - text.rfind("\n", 0, id.start())
    said = Sentence(f"{name}：{fault.text.zh}", f"{name}: {fault.text.en}")
    return Fault(said, fault.component_id or fault.key, line, column)


@lru_cache(maxsize=512)
def compiled(content: bytes) -> Form:
    """A stored form, compiled once."""
    return compile_form(content)


def latest(tx: Transaction, key: str, region: str) -> Form | None:
    """The newest version of a form: the region's own if it has one, else the common one."""
    content = tx.session.scalar(
        select(Resource.content)
        .join(FormDefinition, FormDefinition.resource_id == Resource.id)
        .where(FormDefinition.key == key, FormDefinition.region.in_({region, EVERYWHERE}))
        .order_by((FormDefinition.region == EVERYWHERE).asc(), FormDefinition.version.desc())
        .limit(1)
    )
    return None if content is None else compiled(content)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form is shown with, which its expressions see: the present, and the variables there are."""

    today: date
    now: datetime
    context: Mapping[str, object] = field(default_factory=dict)


def checked(
    form: Form, values: Mapping[str, object], shown: Shown, *, draft: bool = False, unfilled: bool = False
) -> dict[str, object]:
    """The values to keep. Raises Invalid with one fault a field.

    A draft is held against types only; an `unfilled` form may lack what it requires, but what it says must hold. What
    was sent as Json is what it says.
    """
    values = {name: meaning(value) for name, value in values.items()}
    try:
        if draft:
            return form.check_draft(values)
        return form.check(values, context=shown.context, today=shown.today, now=shown.now)
    except FormRejected as rejected:
        wrong = [fault for fault in rejected.faults if not (unfilled and fault.code in LEFT_OUT)]
        if wrong or len(rejected.faults) == MOST_FAULTS:
            raise Invalid(faults=[_fault(fault) for fault in wrong or rejected.faults]) from rejected
    return checked(form, values, shown, draft=True)


def _fault(fault: FieldFault) -> Fault:
    return Fault(Sentence(fault.text.zh, fault.text.en), element_id=fault.path)
