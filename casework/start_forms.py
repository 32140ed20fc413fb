"""The form on the start event of an item's process. The application form is the item's: a form drawn at the start is
that one, or it would be shown to nobody."""

from collections.abc import Iterable

from sqlalchemy import select

from casework import items, lint
from casework.item_document import ItemDocument
from casework.tables import Item
from engine import definitions
from engine.diagram.model import Process
from engine.errors import DiagramRefused, Fault, NotFound, Sentence
from engine.events import Deployed, Event
from engine.queries.definitions import latest
from engine.transaction import Transaction

DRAWN = Sentence(
    "流程的开始事件上是另一张表单：请改用该表单，或先修改流程图。",
    "The start event of the process shows another form: name that form, or change the diagram first.",
)
NOT_YET = Sentence(
    "还没有事项使用此流程。申请表由事项指定，开始事件上的表单须与事项的相同，否则不会使用。",
    "No item uses this process yet. The item names the application form; the one on the start event has to be the "
    "same, or it is not used.",
)


def unused(process: Process) -> Iterable[Fault]:
    """Forms at the start of a process that no item's cases run by."""
    return [Fault(NOT_YET, start.id, start.line) for start in lint.with_start_forms(process)]


def listen(tx: Transaction, event: Event) -> None:
    """A deployment is refused whose diagrams show another form at the start than their items, or whose items name
    another than their diagrams. Raises DiagramRefused."""
    if not isinstance(event, Deployed):
        return
    published = select(Item.definition_key).where(Item.deployment_id == event.deployment_id)
    of_items = [_latest(tx, key, event.region) for key in tx.session.scalars(published)]
    processes = {one: definitions.load(tx, one).process for one in (*event.definition_ids, *of_items) if one}
    faults = [fault for process in processes.values() for fault in _faults(tx, event.region, process)]
    if faults:
        raise DiagramRefused(faults=faults)


def of_item(tx: Transaction, region: str, document: ItemDocument) -> list[Fault]:
    """The fault of an item that names another application form than the start event of its process."""
    found = _latest(tx, document.process, region)
    process = definitions.load(tx, found).process if found else None
    differs = process is not None and any(lint.other_start_forms(process, [document.form]))
    return [Fault(DRAWN, "form")] if differs else []


def _latest(tx: Transaction, key: str, region: str) -> str | None:
    """The id of the version that cases begin under, if the process is deployed."""
    try:
        return latest(tx, key, region).id
    except NotFound:
        return None


def _faults(tx: Transaction, region: str, process: Process) -> Iterable[Fault]:
    forms = _forms(tx, process.key, region) if lint.with_start_forms(process) else ()
    return lint.other_start_forms(process, forms) if forms else ()


def _forms(tx: Transaction, process_key: str, region: str) -> tuple[str, ...]:
    """The application forms of the items that use a process."""
    return tuple(dict.fromkeys(one.form_key for one in items.using(tx, process_key, region) if one.form_key))
