"""Which form a user task shows: resolved when the task is created, fixed for as long as it lives."""

from typing import NamedTuple

from sqlalchemy import Select, select

from engine.diagram.model import Binding, FormReference
from engine.errors import ExpressionFailed, Sentence
from engine.interpreter.step import WorkOpened
from engine.queries.definitions import deployed_with
from engine.run import Run
from engine.tables import FormDefinition


class PinnedForm(NamedTuple):
    """The id of one form version, or the key of a form that lives outside the engine; both None without a form."""

    id: str | None = None
    key: str | None = None


def pin(run: Run, work: WorkOpened) -> PinnedForm:
    """The form version that the reference means now. Raises ExpressionFailed when there is none."""
    assignment = run.node(work).assignment
    form = assignment.form if assignment else None
    if form is None:
        return PinnedForm()
    if form.reference is None:
        return PinnedForm(key=None if form.key is None else str(run.evaluate(form.key, work)))
    key = str(run.evaluate(form.reference, work))
    found = run.tx.session.scalar(_meant(run, form, key, work))
    if found is None:
        missing = Sentence(f"找不到表单“{key}”。", f"There is no form “{key}”.")
        raise ExpressionFailed(missing, element_id=work.activity_id)
    return PinnedForm(id=found, key=key)


def _meant(run: Run, form: FormReference, key: str, work: WorkOpened) -> Select[str]:
    forms = select(FormDefinition.id).where(
        FormDefinition.key == key, FormDefinition.region.in_((run.instance.region, "000000"))
    )
    if form.binding == Binding.DEPLOYMENT:
        return forms.where(FormDefinition.id.in_(deployed_with(FormDefinition, run.runnable.deployment_id)))
    if form.binding == Binding.VERSION and form.version is not None:
        return forms.where(FormDefinition.version == int(str(run.evaluate(form.version, work))))
    return forms.order_by(FormDefinition.region.desc(), FormDefinition.version.desc()).limit(1)
