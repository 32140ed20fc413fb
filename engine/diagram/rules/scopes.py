"""Rules of the process and its sub-processes: how each begins, and what an event sub-process may be."""

from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.model import EventKind, Node, Process
from engine.diagram.vocabulary import SUB_PROCESSES


def starts_by_scope(process: Process) -> dict[str, list[Node]]:
    """The start events of the process and of every sub-process, also of those without any."""
    starts: dict[str, list[Node]] = {process.key: []}
    starts |= {node.id: [] for node in process.nodes.values() if node.type in SUB_PROCESSES}
    for node in process.nodes.values():
        if node.type == "startEvent" and node.scope in starts:
            starts[node.scope].append(node)
    return starts


def process_can_begin(process: Process) -> Iterator[Finding]:
    starts = starts_by_scope(process)[process.key]
    if not starts:
        yield about(process, "{it}没有开始事件，无法发起。请画一个。", "{it} has no start event. Draw one.")
    for start in [start for start in starts if kind_of(start) is EventKind.NONE][1:]:
        yield about(
            start,
            "{it}是多余的空开始事件：一个流程只能有一个。请合并，或改为消息开始事件。",
            "{it} is one none start event too many: a process has one. Merge them, or use a message start event.",
        )


def sub_processes_can_begin(process: Process) -> Iterator[Finding]:
    for scope, starts in starts_by_scope(process).items():
        if scope == process.key:
            continue
        if not starts:
            yield about(
                process.nodes[scope], "{it}里没有开始事件。请画一个。", "{it} has no start event inside. Draw one."
            )
        for start in starts[1:]:
            yield about(
                start,
                "{it}是子流程里多余的开始事件：一个子流程只能有一个。",
                "{it} is one start event too many: a sub-process has exactly one.",
            )


def event_sub_processes_stand_alone(process: Process) -> Iterator[Finding]:
    """BPMN 2.0, 13.5.4: an event sub-process is started by its event alone, as often as that comes."""
    hosts = {node.attached_to for node in process.nodes.values()}
    for node in process.nodes.values():
        if not node.triggered_by_event:
            continue
        if node.incoming or node.outgoing:
            yield about(
                node,
                "{it}是事件子流程，不能有流入或流出的顺序流。请删除它们。",
                "{it} is an event sub-process and cannot have incoming or outgoing flows. Remove them.",
            )
        if node.loop or node.id in hosts or node.async_before or node.async_after:
            yield about(
                node,
                "{it}是事件子流程，不能带边界事件，也不能设多实例或异步。",
                "{it} is an event sub-process and can have no boundary event, no multi-instance and no async mark.",
            )


def kind_of(node: Node) -> EventKind:
    """What an event waits for or throws."""
    return node.event.kind if node.event else EventKind.NONE


SCOPE_RULES = (process_can_begin, sub_processes_can_begin, event_sub_processes_stand_alone)
