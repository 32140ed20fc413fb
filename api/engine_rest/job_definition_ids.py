"""Job definitions are not stored: which jobs an activity may have follows from its diagram, and so does their id,
`kind:activity:UUID of the process definition`."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, not_

from api.engine_rest.paging import Column
from engine.diagram.model import EventKind, Node, Process

TIMER, BEFORE, AFTER = "timer", "async-before", "async-after"
CONTINUATION = "async-continuation"
TIMER_TYPES = {
    "boundaryEvent": "timer-transition",
    "intermediateCatchEvent": "timer-intermediate-transition",
    "startEvent": "timer-start-event",
}
IN_SUB_PROCESS = "timer-start-event-subprocess"


class JobDefinition(NamedTuple):
    """A kind of job that an activity has: Camunda's type, and how it is configured."""

    kind: str
    activity_id: str
    type: str
    configuration: str


def of_process(process: Process) -> Iterator[JobDefinition]:
    """The kinds of jobs that the activities of a process have, in document order."""
    for node in process.nodes.values():
        if _has_timer(node):
            yield _timer(process, node)
        for kind in _asynchronous(node):
            yield JobDefinition(kind, node.id, CONTINUATION, kind)


def id_of(definition_id: str, node: Node, *, is_timer: bool) -> str | None:
    """The id of the job definition of a job that a node has."""
    kind = TIMER if is_timer else next(iter(_asynchronous(node)), None)
    return None if kind is None else wire_id(kind, node.id, definition_id)


def wire_id(kind: str, activity_id: str, definition_id: str) -> str:
    """A job definition's id."""
    return f"{kind}:{activity_id}:{definition_id}"


class Named(NamedTuple):
    """What an id on the wire names."""

    kind: str
    activity_id: str
    definition_id: str


def parsed(wire: str) -> Named:
    """What a job definition's id names; nothing that there is, where it is none."""
    kind, _, rest = wire.partition(":")
    activity_id, _, definition_id = rest.rpartition(":")
    return Named(kind, activity_id, definition_id)


def of_definition(
    wire: str, activity_id: Column, definition_id: Column, is_timer: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Which rows belong to a job definition, by what tells their activity, process definition and kind."""
    named = parsed(wire)
    kind = is_timer if named.kind == TIMER else not_(is_timer)
    return and_(activity_id == named.activity_id, definition_id == named.definition_id, kind)


def _has_timer(node: Node) -> bool:
    return node.event is not None and node.event.kind == EventKind.TIMER and node.type in TIMER_TYPES


def _timer(process: Process, node: Node) -> JobDefinition:
    timer = node.event.timer if node.event else None
    said = f"{timer.kind.name}: {timer.expression.text}" if timer else ""
    is_inside = node.type == "startEvent" and node.scope != process.key
    return JobDefinition(TIMER, node.id, IN_SUB_PROCESS if is_inside else TIMER_TYPES[node.type], said)


def _asynchronous(node: Node) -> list[str]:
    """What a delegate does is a job of its own here, as if it were asynchronous."""
    delegates = node.work is not None and node.work.delegate is not None
    loop = node.loop
    before = node.async_before or delegates or (loop is not None and loop.async_before)
    after = node.async_after or (loop is not None and loop.async_after)
    return [BEFORE] * before + [AFTER] * after
