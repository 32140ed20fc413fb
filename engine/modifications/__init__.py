"""Modifying a running instance (Camunda 7's process instance modification): what is open is cancelled, and activities
are started to which no flow led. An administrator's repair; from there on what happens is what the diagram says.
"""

from collections.abc import Sequence

from engine import definitions, evidence, instances
from engine.interpreter.stimulus import Cancelled, VariablesChanged
from engine.modifications.instructions import (
    Cancel,
    Instruction,
    StartAfter,
    StartBefore,
    StartTransition,
)
from engine.modifications.open_work import OpenWork
from engine.modifications.places import begun
from engine.store import instance_rows
from engine.tables import RUNNING, ProcessInstance
from engine.transaction import Transaction

__all__ = ["Cancel", "Instruction", "StartAfter", "StartBefore", "StartTransition", "modify"]

MODIFIED = "instance.modified"
BY_MODIFICATION = "按流程实例修改终止 Cancelled by a modification"


def modify(
    tx: Transaction, instance_id: str, instructions: Sequence[Instruction], annotation: str | None = None
) -> None:
    """Carries out the instructions in their order; the instance is over when nothing of it remains.

    What is to be cancelled is found in its turn but cancelled last, so that an instance is never empty in between.
    Raises NotFound, Conflict when it is over or a scope is not the activity's, Invalid for an instruction that means
    nothing here. The instructions and the annotation are evidence.
    """
    root = instance_rows.lock_tree_of(tx, instance_id)
    instance = instance_rows.in_tree(tx, root, instance_id)
    tx.ports.may(tx, "instances.modify", instance)
    said = "; ".join(str(one) for one in instructions)
    evidence.record(tx, root, MODIFIED, subject=instance.id, new=said, reason=annotation)
    runnable = definitions.load(tx, instance.definition_id)
    leaving: dict[str, None] = {}
    for one in instructions:
        found = OpenWork(tx, instance)
        if isinstance(one, Cancel):
            leaving |= dict.fromkeys(found.meant(one))
            continue
        place = begun(found, runnable, one)
        if one.variables:
            instances.advance(tx, root, instance, VariablesChanged(dict(one.variables)))
        instances.advance(tx, root, instance, place)
    _leave(tx, root, instance, list(leaving))


def _leave(tx: Transaction, root: ProcessInstance, instance: ProcessInstance, ids: Sequence[str]) -> None:
    """What an earlier cancellation has taken along is not cancelled again."""
    if instance.state in RUNNING and ids and OpenWork(tx, instance).outermost <= set(ids):
        instance.end_reason = BY_MODIFICATION
        instances.advance(tx, root, instance, Cancelled())
    for one in ids:
        if instance.state in RUNNING and one in OpenWork(tx, instance):
            instances.advance(tx, root, instance, Cancelled(one))
