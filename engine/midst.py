"""Instances that begin in the midst of their process: before or after activities, or along flows."""

from collections.abc import Mapping, Sequence

from engine import calls, definitions, evidence, instances, process_starts
from engine.calls import NOT_STARTABLE, new_instance
from engine.errors import Suspended
from engine.interpreter.stimulus import Start
from engine.modifications import MODIFIED
from engine.modifications.instructions import StartAfter, StartBefore, StartTransition
from engine.modifications.open_work import OpenWork
from engine.modifications.places import begun
from engine.tables import ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

Beginning = StartBefore | StartAfter | StartTransition


def start_by_person(
    tx: Transaction,
    definition_id: str,
    beginnings: Sequence[Beginning],
    *,
    region: str,
    business_key: str | None,
    variables: Mapping[str, object],
) -> ProcessInstance:
    """Starts an instance for the actor where the beginnings say, instead of at its start event (Camunda 7's
    startInstructions).

    What comes before is passed over, so it takes who may modify instances. The beginnings are evidence. Raises
    Forbidden, Suspended while nothing of the definition may start, Invalid for a beginning that means nothing.
    """
    process_starts.check_starter(tx, definition_id)
    if tx.session.get_one(ProcessDefinition, definition_id).is_suspended:
        raise Suspended(NOT_STARTABLE)
    new = new_instance(tx, definition_id, region, business_key)
    tx.ports.may(tx, "instances.modify", new)
    evidence.record(tx, new, MODIFIED, subject=new.id, new=told(beginnings))
    begin(tx, new, beginnings, variables)
    return new


def begin(
    tx: Transaction, new: ProcessInstance, beginnings: Sequence[Beginning], variables: Mapping[str, object]
) -> None:
    """Sets a new instance going at all the beginnings, with these variables and those that they bring.

    What begins must stand in the process itself, not in a sub-process. Raises Invalid for what means nothing.
    """
    runnable, nothing_yet = definitions.load(tx, new.definition_id), OpenWork(tx, new)
    places = [begun(nothing_yet, runnable, one) for one in beginnings]
    brought = {name: value for one in beginnings for name, value in one.variables.items()}
    instances.advance(tx, new, new, Start(None, {**variables, **brought}, calls.starter_of(tx), places))


def told(beginnings: Sequence[Beginning]) -> str:
    """The beginnings in a line."""
    return "; ".join(str(one) for one in beginnings)
