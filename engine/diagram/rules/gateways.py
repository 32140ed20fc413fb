"""Rules of gateways: what an exclusive, inclusive and event-based gateway needs in order to choose."""

from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.model import EventKind, Node, Process

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})
AWAITED = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL})


def something_can_be_chosen(process: Process) -> Iterator[Finding]:
    for node in process.nodes.values():
        if node.type in CHOOSING and not node.outgoing:
            yield about(
                node, "{it}没有流出的顺序流，办件会停在这里。", "{it} has no outgoing flow; a case would be stuck."
            )


def exclusive_choices_are_decided(process: Process) -> Iterator[Finding]:
    """As Camunda 7: of several flows each is conditional or the default; a single one has no condition."""
    for node in process.nodes.values():
        if node.type != "exclusiveGateway":
            continue
        flows = [process.flows[id] for id in node.outgoing]
        if len(flows) == 1 and flows[0].condition is not None:
            yield about(
                flows[0],
                "{it}是排他网关唯一的出口，不能设条件，否则办件可能停住。请删除条件，或画出另一个出口。",
                "{it} is the only way out of an exclusive gateway and cannot have a condition. "
                "Remove the condition, or draw another way out.",
            )
        for flow in flows:
            if len(flows) > 1 and flow.condition is None and flow.id != node.default_flow:
                yield about(
                    flow,
                    "{it}离开排他网关，但既没有条件也不是默认流向。请填写条件，或设为默认流向。",
                    "{it} leaves an exclusive gateway without a condition and is not its default flow. "
                    "Give it a condition, or make it the default.",
                )


def event_gateways_wait(process: Process) -> Iterator[Finding]:
    """BPMN 2.0, 10.6.6: it leads to catch events or receive tasks, which nothing else leads to."""
    hosts = {node.attached_to for node in process.nodes.values()}
    for gateway in process.nodes.values():
        if gateway.type != "eventBasedGateway":
            continue
        for id in gateway.outgoing:
            target = process.nodes.get(process.flows[id].target)
            if target is not None:
                yield from event_gateway_target(target, has_boundary=target.id in hosts)


def event_gateway_target(target: Node, has_boundary: bool) -> Iterator[Finding]:
    catches = target.type == "intermediateCatchEvent" and target.event is not None and target.event.kind in AWAITED
    if not catches and target.type != "receiveTask":
        yield about(
            target,
            "{it}接在事件网关之后，但它不等待事件。请改为消息、定时、信号、条件捕获事件或接收任务。",
            "{it} follows an event-based gateway but waits for no event. Use a message, timer, signal or conditional "
            "catch event, or a receive task.",
        )
    elif len(target.incoming) > 1:
        yield about(
            target,
            "{it}接在事件网关之后，不能再有其他流入的顺序流。",
            "{it} follows an event-based gateway and cannot have any other incoming flow.",
        )
    elif has_boundary or target.loop is not None:
        yield about(
            target,
            "{it}接在事件网关之后，不能带边界事件，也不能多实例。",
            "{it} follows an event-based gateway and can have neither boundary events nor multi-instance.",
        )


GATEWAY_RULES = (something_can_be_chosen, exclusive_choices_are_decided, event_gateways_wait)
