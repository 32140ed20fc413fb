"""The form that a process shows where it starts: drawn at its none start event."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sqlalchemy import select

from engine import definitions
from engine.diagram.model import Binding, EventKind, FormDefault, Node, Process
from engine.diagram.references import file_name
from engine.errors import ExpressionFailed
from engine.expressions import Expression, ExpressionError
from engine.expressions.values import whole
from engine.interpreter.defaults import EMPTY
from engine.queries import form_versions
from engine.store import form_files
from engine.tables import ProcessDefinition, Resource
from engine.transaction import Transaction


class StartForm(NamedTuple):
    """A form by reference (`key`, `binding`, `version`), by a key alone (`binding` null), or by its fields."""

    start_id: str
    key: str | None
    binding: Binding | None = None
    version: int | None = None
    document: bytes | None = None
    defaults: tuple[FormDefault, ...] = ()

    @property
    def file_name(self) -> str | None:
        """The file of the definition's own deployment that the key means."""
        return file_name(self.key) if self.binding is None else None


def of(tx: Transaction, definition: ProcessDefinition) -> StartForm | None:
    """The form at the start of a process, None where there is none. Raises ExpressionFailed for a key of no value."""
    start = _none_start(definitions.load(tx, definition.id).process)
    drawn = start.assignment.form if start is not None and start.assignment is not None else None
    if start is None or drawn is None:
        return None
    if drawn.reference is not None:
        version = None if drawn.version is None else int(str(_value(start.id, drawn.version, whole)))
        return StartForm(start.id, str(_value(start.id, drawn.reference)), drawn.binding, version)
    key = None if drawn.key is None else str(_value(start.id, drawn.key))
    return StartForm(start.id, key, document=drawn.document, defaults=drawn.defaults)


def begins_with(form: StartForm, said: Mapping[str, object]) -> dict[str, object]:
    """The defaults of the fields of which nothing is said. Raises ExpressionFailed."""
    left = [one for one in form.defaults if said.get(one.name) in EMPTY]
    return {one.name: _value(form.start_id, one.value, one.typed) for one in left}


def _value(start_id: str, expression: Expression, typed: Callable[[object], object] = lambda value: value) -> object:
    """There are no variables before the start."""
    try:
        return typed(expression.evaluate({}, {}))
    except ExpressionError as error:
        raise ExpressionFailed(error.sentence, element_id=start_id) from error


def _none_start(process: Process) -> Node | None:
    for node in process.nodes_in(process.key):
        is_none_start = node.type == "startEvent" and (node.event is None or node.event.kind == EventKind.NONE)
        if is_none_start and node.assignment is not None:
            return node
    return None


def file_of(tx: Transaction, definition: ProcessDefinition, form: StartForm) -> bytes | None:
    """The form's file, None where the key means something outside the engine or the file is not deployed."""
    if form.document is not None:
        return form.document
    if form.binding is not None and form.key is not None:
        meant = form_versions.of_key(
            form.key,
            definition.region,
            form.binding,
            deployment_id=definition.deployment_id,
            version=form.version,
        )
        found = tx.session.scalar(meant)
        return None if found is None else form_files.content(tx, found)
    if form.file_name is None:
        return None
    file = select(Resource.content).where(
        Resource.deployment_id == definition.deployment_id, Resource.name == form.file_name
    )
    return tx.session.scalar(file)
