"""What is drawn and can run, but never will: nodes that nothing reaches, retries where nothing is retried."""

from collections import defaultdict
from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.model import EventKind, Node, Process
from engine.diagram.rules.links import catching_links, links_of, place_of
from engine.diagram.rules.scopes import kind_of


def nodes_are_reached(process: Process) -> Iterator[Finding]:
    reached = reached_from_starts(process)
    for node in process.nodes.values():
        if node.id not in reached:
            yield about(node, "没有任何路径通到{it}，它永远不会执行。", "No path leads to {it}; it will never run.")


def reached_from_starts(process: Process) -> set[str]:
    """The ids of all nodes that some start event leads to."""
    onward = ways_onward(process)
    pending = [node.id for node in process.nodes.values() if node.scope == process.key and begins(node)]
    reached: set[str] = set()
    while pending:
        id = pending.pop()
        if id not in reached:
            reached.add(id)
            pending.extend(onward[id])
    return reached


def ways_onward(process: Process) -> dict[str, list[str]]:
    """From each node: along its flows and its link, to its boundary events, what undoes it, and into it."""
    onward: dict[str, list[str]] = defaultdict(list)
    for flow in process.flows.values():
        if flow.target in process.nodes:
            onward[flow.source].append(flow.target)
    for node in process.nodes.values():
        for before, after in ((node.attached_to, node.id), (node.id, node.compensated_by), (entered_by(node), node.id)):
            if before is not None and after is not None:
                onward[before].append(after)
    catches = catching_links(process)
    for link in links_of(process, "intermediateThrowEvent"):
        if place_of(link) in catches:
            onward[link.id].append(catches[place_of(link)].id)
    return onward


def entered_by(node: Node) -> str | None:
    """The scope whose mere beginning brings a token to the node."""
    return node.scope if begins(node) else None


def begins(node: Node) -> bool:
    """Whether a node gets a token by the mere beginning of its scope, or arms itself then."""
    return node.type == "startEvent" or node.triggered_by_event


def retries_have_a_job(process: Process) -> Iterator[Finding]:
    """As in Camunda 7 failedJobRetryTimeCycle is asked only where a job can fail."""
    for node in process.nodes.values():
        if node.retry_cycle is not None and not has_job(node):
            yield about(
                node,
                "{it}设了重试周期，但它不是异步的，没有可重试的作业。请勾选异步，或删除重试周期。",
                "{it} has a retry time cycle but is not asynchronous: nothing is retried. Make it asynchronous, or "
                "remove the cycle.",
            )


def has_job(node: Node) -> bool:
    loop_is_asynchronous = node.loop is not None and (node.loop.async_before or node.loop.async_after)
    return (
        node.async_before
        or node.async_after
        or loop_is_asynchronous
        or kind_of(node) is EventKind.TIMER
        or (node.work is not None and node.work.delegate is not None)
    )


IDLE_RULES = (nodes_are_reached, retries_have_a_job)
