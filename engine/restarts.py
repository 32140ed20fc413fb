"""Restarting (Camunda 7): what is over is done anew in an instance of its own, with the variables it had, from the
activities that an administrator names."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from engine import evidence, midst
from engine.calls import NOT_STARTABLE, new_instance
from engine.errors import Conflict, Sentence, Suspended
from engine.midst import Beginning
from engine.queries.variable_history import FIRST, LAST
from engine.store import instance_rows
from engine.store.values import BYTES, FILE, TypedValue, value_of
from engine.tables import RUNNING, ProcessDefinition, ProcessInstance, VariableChange
from engine.transaction import Transaction

RESTARTED = "instance.restarted"
RUNS = Sentence("该流程实例仍在运行，不能重新启动。", "The process instance is still running and is not restarted.")
UNMISTAKABLE = frozenset({"Null", "Boolean", "Double", "String", "Date", BYTES, FILE})


def restart(
    tx: Transaction,
    instance_id: str,
    beginnings: Sequence[Beginning],
    *,
    initially: bool = False,
    with_business_key: bool = True,
) -> ProcessInstance:
    """Begins an instance of the same definition before, after or along what is named, with the variables that the old
    one held last, or was started with.

    What begins must stand in the process itself, not in a sub-process. Raises NotFound, Conflict while the old one
    runs, Suspended while nothing of the definition may start, Invalid for a beginning that means nothing. The new one's
    evidence names the old one.
    """
    old = instance_rows.in_tree(tx, instance_rows.lock_tree_of(tx, instance_id), instance_id)
    tx.ports.may(tx, "instances.restart", old)
    if old.state in RUNNING:
        raise Conflict(RUNS)
    if tx.session.get_one(ProcessDefinition, old.definition_id).is_suspended:
        raise Suspended(NOT_STARTABLE)
    held = _held(tx, old, _at_start(old) if initially else LAST)
    new = new_instance(tx, old.definition_id, old.region, old.business_key if with_business_key else None)
    new.restarted_from = old.id
    evidence.record(tx, new, RESTARTED, subject=old.id, new=midst.told(beginnings))
    midst.begin(tx, new, beginnings, held)
    return new


def _at_start(old: ProcessInstance) -> ColumnElement[bool]:
    """What an instance was started with no activity has set."""
    by_nobody = VariableChange.activity_instance_id.is_(None)
    return and_(FIRST, by_nobody, VariableChange.changed_at == old.started_at)


def _held(tx: Transaction, old: ProcessInstance, which: ColumnElement[bool]) -> dict[str, object]:
    """The process's own variables at some time."""
    its_own = [VariableChange.instance_id == old.id, VariableChange.scope_id == old.id]
    return {row.name: _kept(row) for row in tx.session.scalars(select(VariableChange).where(*its_own, which))}


def _kept(row: Any) -> object:
    """A value with the type it had; its bytes stay as long as one of the instances that have them."""
    if row.type in UNMISTAKABLE:
        return value_of(row)
    return TypedValue(row.type, row.text if row.number is None else str(int(row.number)), row.value_info)
