"""Rules of compensation: what undoes an activity, where it stands, and what an event that throws can undo.

As Camunda 7 refuses them, and besides what it would deploy but never run.
"""

from collections import defaultdict
from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.labels import shortened
from engine.diagram.model import EventKind, Node, Process
from engine.diagram.rules.scopes import kind_of


def compensating(process: Process, type: str) -> list[Node]:
    """The compensation events of one type, in document order."""
    return [node for node in process.nodes.values() if node.type == type and kind_of(node) is EventKind.COMPENSATE]


def handlers_stand_alone(process: Process) -> Iterator[Finding]:
    """BPMN 2.0, 10.6.1: what compensates is out of the ordinary flow."""
    used = {node.compensated_by for node in compensating(process, "boundaryEvent")}
    for node in process.nodes.values():
        if not node.is_for_compensation:
            continue
        if node.incoming or node.outgoing:
            yield about(
                node,
                "{it}是补偿活动，不能有流入或流出的顺序流。请删除它们。",
                "{it} is for compensation and cannot have incoming or outgoing flows. Remove them.",
            )
        elif node.triggered_by_event:
            yield about(
                node,
                "{it}是事件子流程，由事件启动，不能再标为补偿活动。请删除补偿标记。",
                "{it} is an event sub-process and cannot be marked for compensation too. Remove the mark.",
            )
        elif node.id not in used:
            yield about(
                node,
                "{it}是补偿活动，但没有补偿边界事件关联到它，永远不会执行。请画出关联线。",
                "{it} is for compensation, but no compensation boundary event is associated with it: it would never "
                "run. Draw the association.",
            )


def boundaries_have_a_handler(process: Process) -> Iterator[Finding]:
    for event in compensating(process, "boundaryEvent"):
        handler = process.nodes.get(event.compensated_by or "")
        if handler is not None and not handler.is_for_compensation:
            yield about(
                event,
                "{it}关联的活动没有补偿标记（isForCompensation）。请勾选。",
                "{it} is associated with an activity that is not marked for compensation (isForCompensation). Mark it.",
            )
        elif handler is not None and handler.scope != event.scope:
            yield about(
                event,
                "{it}关联的补偿活动不在同一流程层级。请移到同一层级。",
                "{it} is associated with an activity of another scope. Move it into the same one.",
            )
        if event.outgoing:
            yield about(
                event,
                "{it}捕获补偿，不能有流出的顺序流。请删除，只用关联线连到补偿活动。",
                "{it} catches compensation and cannot have outgoing flows. Remove them; only associate the handler.",
            )
        if event.async_before or event.async_after:
            yield about(
                event,
                "{it}捕获补偿，不能设为异步。请在补偿活动上设置。",
                "{it} catches compensation and cannot be asynchronous. Make its handler so.",
            )


def hosts_can_be_undone(process: Process) -> Iterator[Finding]:
    """What undoes is not undone in its turn: nothing could throw for it."""
    for event in compensating(process, "boundaryEvent"):
        host = process.nodes.get(event.attached_to or "")
        if host is not None and host.is_for_compensation:
            yield about(
                event,
                "{it}附着在补偿活动上，而补偿本身不会再被补偿。请删除。",
                "{it} is attached to an activity for compensation, which is never compensated itself. Remove it.",
            )


def nothing_is_undone_twice(process: Process) -> Iterator[Finding]:
    """One handler an activity: a boundary event, or an event sub-process inside it."""
    handlers: defaultdict[str, list[Node]] = defaultdict(list)
    for event in compensating(process, "boundaryEvent"):
        handlers[event.attached_to or ""].append(event)
    for start, host in undoing_scopes(process):
        handlers[host].append(start)
    for several in handlers.values():
        for event in several[1:]:
            first = shortened(several[0].name or several[0].id)
            yield about(
                event,
                f"{{it}}与“{first}”补偿同一活动。一个活动只能有一个补偿边界事件或补偿事件子流程，请删除其中一个。",
                f"{{it}} and “{first}” compensate the same activity. It has one compensation boundary event or one "
                "compensation event sub-process; remove one of them.",
            )


def undoing_scopes(process: Process) -> Iterator[tuple[Node, str]]:
    """The start of each compensation event sub-process, and the scope that it undoes."""
    for start in compensating(process, "startEvent"):
        scope = process.nodes.get(start.scope)
        if scope is not None and scope.triggered_by_event:
            yield start, scope.scope


def processes_are_not_undone(process: Process) -> Iterator[Finding]:
    """As Camunda 7: compensation is not thrown from a caller into the process that it called."""
    for start, host in undoing_scopes(process):
        if host == process.key:
            yield about(
                start,
                "{it}所在的补偿事件子流程不在任何子流程里，永远不会触发。请移入所要补偿的子流程。",
                "{it} starts a compensation event sub-process that is in no sub-process: it would never run. Move it "
                "into the sub-process that it undoes.",
            )


def thrown_for_what_is_beside(process: Process) -> Iterator[Finding]:
    """Compensation reaches the scope of the event; that of an event sub-process also the one around it."""
    for type in ("intermediateThrowEvent", "endEvent"):
        for event in compensating(process, type):
            named = event.event.activity_ref if event.event else None
            target = process.nodes.get(named or "")
            if named is not None and (target is None or target.scope not in reached(process, event)):
                yield about(
                    event,
                    f"{{it}}要补偿的活动“{shortened(named)}”不在同一流程层级。请重新选择，或留空以补偿本层级的全部活动。",
                    f"{{it}} compensates “{shortened(named)}”, which is no activity of its own scope. Choose again, or "
                    "none to compensate everything in its scope.",
                )


def reached(process: Process, event: Node) -> list[str]:
    """The scopes whose activities a compensation event can undo."""
    scopes = [event.scope]
    while (scope := process.nodes.get(scopes[-1])) is not None and scope.triggered_by_event:
        scopes.append(scope.scope)
    return scopes


def something_can_be_undone(process: Process) -> Iterator[Finding]:
    """Runs all the same: the token passes an event that finds nothing to undo."""
    undoable = what_can_be_undone(process)
    scopes = {process.nodes[id].scope for id in undoable}
    for type in ("intermediateThrowEvent", "endEvent"):
        for event in compensating(process, type):
            named = event.event.activity_ref if event.event else None
            if not (scopes.intersection(reached(process, event)) if named is None else named in undoable):
                yield about(
                    event,
                    "{it}抛出补偿，但没有可补偿的活动，不会撤销任何事。请为活动画出补偿边界事件和补偿活动。",
                    "{it} throws compensation, but there is nothing to compensate; it will undo nothing. Give an "
                    "activity a compensation boundary event and a handler.",
                )


def what_can_be_undone(process: Process) -> set[str]:
    """The activities with a handler, and the sub-processes around them."""
    hosts = [event.attached_to or "" for event in compensating(process, "boundaryEvent")]
    hosts += [host for _, host in undoing_scopes(process)]
    found: set[str] = set()
    for id in hosts:
        while id in process.nodes and id not in found:
            found.add(id)
            id = process.nodes[id].scope
    return found


COMPENSATION_RULES = (
    handlers_stand_alone,
    boundaries_have_a_handler,
    hosts_can_be_undone,
    nothing_is_undone_twice,
    processes_are_not_undone,
    thrown_for_what_is_beside,
)
COMPENSATION_WARNINGS = (something_can_be_undone,)
