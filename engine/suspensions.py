"""Suspending (挂起): an administrator stops an instance, or lets nothing more of a definition start, until activated.

A suspended instance keeps everything that is open in it, but nobody completes, fetches or correlates anything of it and
none of its jobs runs; what fell due meanwhile runs at once when it is activated (Camunda 7). No clock of the law stops.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, update

from engine import evidence, process_starts
from engine.errors import Conflict, NotFound, Sentence
from engine.store import instance_rows
from engine.tables import RUNNING, ExternalTask, InstanceState, Job, ProcessDefinition
from engine.transaction import Transaction

OVER = Sentence("该流程实例已经结束。", "The process instance is over.")
LATER = "suspend_definition"
SUSPENDED, ACTIVATED = "instance.suspended", "instance.activated"


def suspend(tx: Transaction, instance_id: str) -> None:
    """Stops an instance; processes that it called go on until they come back to it (Camunda 7).

    Raises NotFound, Conflict when it is over. Doing it twice does it once.
    """
    _turn(tx, instance_id, InstanceState.SUSPENDED)


def activate(tx: Transaction, instance_id: str) -> None:
    """Lets a suspended instance go on. Raises NotFound, Conflict when it is over. Doing it twice does it once."""
    _turn(tx, instance_id, InstanceState.ACTIVE)


def _turn(tx: Transaction, instance_id: str, state: InstanceState) -> None:
    root = instance_rows.lock_tree_of(tx, instance_id)
    instance = instance_rows.in_tree(tx, root, instance_id)
    tx.ports.may(tx, "instances.suspend", instance)
    if instance.state not in RUNNING:
        raise Conflict(OVER)
    if instance.state == state:
        return
    is_suspended = state == InstanceState.SUSPENDED
    instance.state = state
    instance.revision += 1
    for table in (Job, ExternalTask):
        _stop(tx, table, table.instance_id == instance.id, is_suspended=is_suspended)
    evidence.record(tx, root, SUSPENDED if is_suspended else ACTIVATED, subject=instance.id)
    tx.flush()


def turn_definition(tx: Transaction, definition_id: str, *, is_suspended: bool) -> None:
    """Nothing of a definition starts any more, by nobody, no message, signal or timer, while what runs goes on; or its
    instances may start again.

    Raises NotFound. Doing it twice does it once.
    """
    tx.ports.may(tx, "definitions.suspend", None)
    definition = _definition(tx, definition_id)
    if definition.is_suspended == is_suspended:
        return
    definition.is_suspended = is_suspended
    definition.revision += 1
    _stop(tx, Job, Job.id.in_(process_starts.timers_of(tx, [definition.id])), is_suspended=is_suspended)
    tx.flush()


def turn_definition_later(tx: Transaction, definition_id: str, at: datetime, *, is_suspended: bool) -> None:
    """Suspends a definition, or activates it, at an instant to come. Raises NotFound."""
    tx.ports.may(tx, "definitions.suspend", None)
    definition = _definition(tx, definition_id)
    payload = {"definition": definition.id, "is_suspended": is_suspended}
    tx.add(Job(id=tx.new_id(), region=definition.region, kind=LATER, due_at=at, payload=payload, created_at=tx.now))


def turn_now(tx: Transaction, job: Job) -> None:
    """The instant has come at which a definition was to be suspended or activated; nothing, where it is gone."""
    if tx.session.get(ProcessDefinition, job.payload["definition"]) is not None:
        turn_definition(tx, job.payload["definition"], is_suspended=job.payload["is_suspended"])


def _definition(tx: Transaction, definition_id: str) -> ProcessDefinition:
    found = tx.session.get(ProcessDefinition, definition_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _stop(
    tx: Transaction, table: type[Job] | type[ExternalTask], which: ColumnElement[bool], *, is_suspended: bool
) -> None:
    """By statement: a worker may be finishing such work, and then there is nothing left to stop."""
    stopped = update(table).where(which).values(is_suspended=is_suspended, revision=table.revision + 1)
    tx.session.execute(stopped, execution_options={"synchronize_session": False})
