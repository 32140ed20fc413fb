"""Rules of sequence flows: both ends are in one scope, and each node has only the flows that its type may have."""

from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.model import Process
from engine.diagram.vocabulary import EVENTS

NO_INCOMING = frozenset({"startEvent", "boundaryEvent"})
UNCONDITIONAL = EVENTS | {"parallelGateway", "eventBasedGateway"}


def both_ends_exist(process: Process) -> Iterator[Finding]:
    for flow in process.flows.values():
        for end, zh, en in ((flow.source, "起点", "source"), (flow.target, "终点", "target")):
            if end not in process.nodes:
                yield about(
                    flow,
                    f"{{it}}的{zh}“{end}”不是本流程的节点。请重新连接。",
                    f"The {en} of {{it}}, “{end}”, is no node of this process. Connect it again.",
                )


def borders_are_not_crossed(process: Process) -> Iterator[Finding]:
    """BPMN 2.0, 7.6.1: a sequence flow does not cross the border of a sub-process."""
    for flow in process.flows.values():
        source, target = process.nodes.get(flow.source), process.nodes.get(flow.target)
        if source and target and source.scope != target.scope:
            yield about(
                flow,
                "{it}穿过了子流程的边界。请在子流程内部用开始和结束事件，在外部连接子流程本身。",
                "{it} crosses the border of a sub-process. "
                "Use start and end events inside, and connect the sub-process itself.",
            )


def ends_fit_their_nodes(process: Process) -> Iterator[Finding]:
    """BPMN 2.0, 10.5: nothing flows into a start or boundary event, nothing out of an end event."""
    for node in process.nodes.values():
        if node.incoming and node.type in NO_INCOMING:
            yield about(node, "{it}不能有流入的顺序流。请删除它们。", "{it} cannot have incoming flows. Remove them.")
        if node.outgoing and node.type == "endEvent":
            yield about(
                node,
                "{it}不能有流出的顺序流。请删除它们，或改用中间事件。",
                "{it} cannot have outgoing flows. Remove them, or use an intermediate event.",
            )


def default_flows_fit(process: Process) -> Iterator[Finding]:
    for node in process.nodes.values():
        if node.default_flow is None:
            continue
        if node.default_flow not in node.outgoing:
            yield about(
                node,
                f"{{it}}的默认流向“{node.default_flow}”不是从它流出的顺序流。请重新设定默认流向。",
                f"The default flow of {{it}}, “{node.default_flow}”, does not leave it. Set the default flow again.",
            )
        elif process.flows[node.default_flow].condition is not None:
            yield about(
                process.flows[node.default_flow],
                "{it}是默认流向，不能再设条件。请删除条件。",
                "{it} is a default flow and cannot have a condition. Remove the condition.",
            )


def conditions_are_asked(process: Process) -> Iterator[Finding]:
    """Only activities and the gateways that choose look at conditions; elsewhere one would silently do nothing."""
    for flow in process.flows.values():
        source = process.nodes.get(flow.source)
        if source and flow.condition is not None and source.type in UNCONDITIONAL:
            yield about(
                flow,
                "{it}设了条件，但它的起点不判断条件。请删除条件，或在前面加排他网关或包容网关。",
                "{it} has a condition, which its source never asks. "
                "Remove it, or put an exclusive or inclusive gateway before.",
            )


FLOW_RULES = (both_ends_exist, borders_are_not_crossed, ends_fit_their_nodes, default_flows_fit, conditions_are_asked)
