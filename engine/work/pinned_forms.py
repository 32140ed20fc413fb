"""Which form a user task shows: resolved when the task is created, fixed for as long as it lives."""

from typing import NamedTuple

from sqlalchemy import Select

from engine.diagram.model import FormReference
from engine.diagram.references import Kind, Reference
from engine.errors import NotDeployed
from engine.interpreter.step import WorkOpened
from engine.queries import form_versions
from engine.run import Run


class PinnedForm(NamedTuple):
    """The id of one form version, or the key of a form that lives outside the engine; both None without a form."""

    id: str | None = None
    key: str | None = None


def pin(run: Run, work: WorkOpened) -> PinnedForm:
    """The form version that the reference means now. Raises NotDeployed when there is none."""
    assignment = run.node(work).assignment
    form = assignment.form if assignment else None
    if form is None:
        return PinnedForm()
    if form.reference is None:
        return PinnedForm(key=None if form.key is None else str(run.evaluate(form.key, work)))
    key = str(run.evaluate(form.reference, work))
    version = None if form.version is None else int(str(run.evaluate(form.version, work)))
    found = run.tx.session.scalar(_meant(run, form, key, version))
    if found is None:
        meant = Reference(Kind.FORM, key, form.binding, None if version is None else str(version))
        raise NotDeployed(meant.missing(run.node(work)), element_id=work.activity_id)
    return PinnedForm(id=found, key=key)


def _meant(run: Run, form: FormReference, key: str, version: int | None) -> Select[str]:
    deployment_id = run.runnable.deployment_id
    return form_versions.of_key(key, run.instance.region, form.binding, deployment_id=deployment_id, version=version)
