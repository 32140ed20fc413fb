"""Builds SpiffWorkflow's specs from a process: once, then shared read-only by all instances and threads."""

# mypy: disallow-subclassing-any=False

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.diagram.model import EventKind, Moment, MultiInstance, Node, Process
from engine.interpreter.activities import ManualTask, NoneTask, ScriptTask, UserTask
from engine.interpreter.boundary_events import BoundaryEvent
from engine.interpreter.calls import CallActivity
from engine.interpreter.events import CatchEvent, EventNode, ReceiveTask, StartEvent
from engine.interpreter.flow_nodes import FlowNode, SequenceFlow
from engine.interpreter.gateways import EventBasedGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.interpreter.multi_instance import MultiInstanceBody, ParallelBody, SequentialBody
from engine.interpreter.reach import NOWHERE, last_on_every_way
from engine.interpreter.scopes import EventSubProcess, ProcessScope, Scope, SubProcess, Transaction
from engine.interpreter.service_tasks import ServiceTask
from engine.interpreter.throwing import EndEvent, SendTask, ThrowEvent
from engine.interpreter.timeouts import Timeout
from engine.interpreter.token import Token


class ProcessSpec(BpmnProcessSpec):
    """A BPMN process without SpiffWorkflow's own Start, End and EndJoin: any id may be a node's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.task_specs.clear()


@dataclass(frozen=True, slots=True)
class Definition:
    """A process ready to run. `specs` are its nodes by the name that a saved state has for them."""

    process: Process
    spec: ProcessSpec
    root: ProcessScope
    has_conditions: bool
    tells_new_apart: bool
    has_inclusive_joins: bool

    @property
    def specs(self) -> Mapping[str, FlowNode]:
        """Every node by its name: its id, and another for the body of a multi-instance activity."""
        specs: Mapping[str, FlowNode] = self.spec.task_specs
        return specs

    def entry(self, activity_id: str) -> FlowNode | None:
        """Where a token enters an activity: the body of a multi-instance one."""
        spec = self.specs.get(activity_id)
        return spec.body or spec if isinstance(spec, FlowNode) and spec is not self.root else None

    def conditional_tokens(self, tokens: Mapping[str, Token]) -> list[Token]:
        """The tokens that wait for a condition, those of outer scopes first."""
        return [
            token
            for token in tokens.values()
            if isinstance(token.task_spec, EventNode)
            and token.task_spec.event.condition is not None
            and token.has_state(TaskState.WAITING | TaskState.STARTED)
        ]

    def inclusive_tokens(self, tokens: Mapping[str, Token]) -> list[Token]:
        """The tokens that wait at an inclusive join."""
        if not self.has_inclusive_joins:
            return []
        return [
            token
            for token in tokens.values()
            if isinstance(token.task_spec, InclusiveGateway) and token.has_state(TaskState.STARTED)
        ]


CLASSES: Mapping[str, Callable[[Any, Node], FlowNode]] = {
    "task": NoneTask,
    "manualTask": ManualTask,
    "userTask": UserTask,
    "scriptTask": ScriptTask,
    "serviceTask": ServiceTask,
    "businessRuleTask": ServiceTask,
    "sendTask": SendTask,
    "receiveTask": ReceiveTask,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventBasedGateway,
    "startEvent": StartEvent,
    "endEvent": EndEvent,
    "intermediateCatchEvent": CatchEvent,
    "intermediateThrowEvent": ThrowEvent,
    "boundaryEvent": BoundaryEvent,
    "subProcess": SubProcess,
    "transaction": Transaction,
}


def build(process: Process) -> Definition:
    """Makes a process ready to run."""
    spec = ProcessSpec(process.key)
    root = ProcessScope(spec, Node(process.key, "process", "", process.name, listeners=process.listeners))
    nodes = {node.id: make(spec, node) for node in process.nodes.values()}
    connect(process, spec, nodes)
    link(process, spec, nodes)
    attach(process, {process.key: root, **nodes})
    joins = [node for node in nodes.values() if isinstance(node, InclusiveGateway)]
    count_rounds(joins, nodes)
    conditions = [node.event for node in process.nodes.values() if node.event and node.event.condition is not None]
    tells_new_apart = any(event.variable_events for event in conditions)
    return Definition(process, spec, root, bool(conditions), tells_new_apart, bool(joins))


def count_rounds(joins: Sequence[InclusiveGateway], nodes: Mapping[str, FlowNode]) -> None:
    """Tells inclusive joins where, in their scope, the rounds begin that they end."""
    for scope in {join.node.scope for join in joins}:
        entries = [spec for spec in nodes.values() if spec.node.scope == scope and isinstance(spec, StartEvent)]
        beginnings = last_on_every_way(entries)
        for join in joins:
            if join.node.scope == scope:
                join.beginning = beginnings.get(join.name, NOWHERE)


def make(spec: ProcessSpec, node: Node) -> FlowNode:
    """The node's spec; a multi-instance activity gets one for its items too and is entered by its body."""
    if node.call is not None:
        made: FlowNode = CallActivity(spec, node, node.call)
    elif node.triggered_by_event:
        made = EventSubProcess(spec, node)
    else:
        made = CLASSES[node.type](spec, node)
        made.timeouts = [Timeout(spec, node, one) for one in node.listeners if one.moment is Moment.TIMEOUT]
    return made if node.loop is None else body(spec, node, node.loop, made)


def body(spec: ProcessSpec, node: Node, loop: MultiInstance, item: FlowNode) -> MultiInstanceBody:
    """The body of a multi-instance activity."""
    return (SequentialBody if loop.sequential else ParallelBody)(spec, node, loop, item)


def connect(process: Process, spec: ProcessSpec, nodes: Mapping[str, FlowNode]) -> None:
    """Draws the sequence flows, each node's outgoing ones in document order."""
    for drawn in process.flows.values():
        flow = SequenceFlow(spec, drawn.id, drawn)
        nodes[drawn.source].lead(flow, drawn)
        point(flow, nodes[drawn.target])


def link(process: Process, spec: ProcessSpec, nodes: Mapping[str, FlowNode]) -> None:
    """Leads each throwing link event to the catching one of its name in its scope."""
    links = [node for node in process.nodes.values() if node.event and node.event.kind is EventKind.LINK]
    catching = {(node.scope, node.event): nodes[node.id] for node in links if node.type == "intermediateCatchEvent"}
    for node in links:
        if node.type == "intermediateThrowEvent":
            jump = SequenceFlow(spec, f"{node.id}#link")
            nodes[node.id].connect(jump)
            point(jump, catching[node.scope, node.event])


def point(flow: SequenceFlow, target: FlowNode) -> None:
    flow.connect(target)
    flow.target = target


def attach(process: Process, scopes: Mapping[str, FlowNode]) -> None:
    """Tells activities their boundary events and handlers, and scopes where they start and what starts in them."""
    boundaries: defaultdict[str, list[BoundaryEvent]] = defaultdict(list)
    starts: defaultdict[str, list[StartEvent]] = defaultdict(list)
    event_starts: defaultdict[str, list[StartEvent]] = defaultdict(list)
    for node in process.nodes.values():
        spec = scopes[node.id]
        if node.compensated_by is not None:
            inner(scopes[str(node.attached_to)]).handler = scopes[node.compensated_by]
        elif isinstance(spec, BoundaryEvent):
            boundaries[str(node.attached_to)].append(spec)
        elif isinstance(spec, StartEvent):
            starts[node.scope].append(spec)
    for host, attached in boundaries.items():
        scopes[host].boundaries = tuple(attached)
    for scope, events in starts.items():
        begin(inner(scopes[scope]), events, scopes, event_starts)
    for scope, events in event_starts.items():
        inner(scopes[scope]).event_starts = tuple(events)


def inner(spec: FlowNode) -> FlowNode:
    """The scope itself, not the body around it."""
    return spec.item if isinstance(spec, MultiInstanceBody) else spec


def begin(
    scope: FlowNode,
    starts: Sequence[StartEvent],
    scopes: Mapping[str, FlowNode],
    event_starts: Mapping[str, list[StartEvent]],
) -> None:
    """Start events are their scope's, and those of an event sub-process are armed in the scope around it.

    A compensation event sub-process is not armed, but undoes the scope around it.
    """
    if isinstance(scope, Scope):
        scope.start = plain(starts)
    if isinstance(scope, EventSubProcess):
        for event in starts:
            event.event_sub_process = scope
            if event.event.kind is EventKind.COMPENSATE:
                inner(scopes[scope.node.scope]).handler = scope
            else:
                event_starts[scope.node.scope].append(event)


def plain(starts: Sequence[StartEvent]) -> StartEvent | None:
    """Where a scope begins when no start event is named: at the none one, else the only timer, else the only one.

    Camunda 7; None when there are several and it has to be said.
    """
    for kind in (EventKind.NONE, EventKind.TIMER):
        of_kind = [event for event in starts if event.event.kind is kind]
        if of_kind:
            return of_kind[0] if len(of_kind) == 1 else None
    return starts[0] if len(starts) == 1 else None
