"""Reads one process with all its sub-processes: its nodes and flows in document order."""

from collections import defaultdict
from collections.abc import Iterator

from engine.diagram.element import Element
from engine.diagram.labels import shortened
from engine.diagram.listeners import read_listeners
from engine.diagram.model import Flow, Process, Starters
from engine.diagram.nodes import properties_of, read_node
from engine.diagram.reading import Reading
from engine.diagram.vocabulary import NODES, REFUSED_NODES, SUB_PROCESSES
from engine.timers import TimerFault, parse_days

MEMBERS = NODES | REFUSED_NODES | {"sequenceFlow"}

Member = tuple[Element, str]  # a node or flow, and the id of the process or sub-process around it


def read_process(process: Element, reading: Reading, category: str | None = None) -> Process:
    """An executable process, whatever is wrong with it: the rules look at it afterwards."""
    places = reading.findings.places
    members = [member for member in members_of(process) if places.get(member[0].id or "") is member[0]]
    flows = [read_flow(element, reading) for element, _ in members if element.name == "sequenceFlow"]
    incoming, outgoing = defaultdict(list), defaultdict(list)
    for flow in flows:
        outgoing[flow.source].append(flow.id)
        incoming[flow.target].append(flow.id)
    nodes = [
        read_node(
            element,
            scope,
            tuple(incoming[element.attributes["id"]]),
            tuple(outgoing[element.attributes["id"]]),
            reading,
        )
        for element, scope in members
        if element.name != "sequenceFlow"
    ]
    return Process(
        key=process.attributes["id"],
        name=process.get("name"),
        version_tag=process.get("camunda:versionTag"),
        nodes={node.id: node for node in nodes},
        flows={flow.id: flow for flow in flows},
        properties=properties_of(process),
        category=category,
        description=process.text_of("documentation"),
        is_startable_in_tasklist=process.get("camunda:isStartableInTasklist") != "false",
        history_time_to_live=read_time_to_live(process, reading),
        starters=read_starters(process, reading),
        listeners=read_listeners(process, reading),
        line=process.line,
    )


def read_time_to_live(process: Element, reading: Reading) -> int | None:
    """camunda:historyTimeToLive, in days."""
    text = process.get("camunda:historyTimeToLive")
    try:
        return None if text is None else parse_days(text)
    except TimerFault as fault:
        reading.findings.fault(
            process,
            f"{{it}}的 historyTimeToLive“{shortened(text or '')}”有误：{fault.sentence.zh}",
            f"{{it}} has the historyTimeToLive “{shortened(text or '')}”, which is wrong: {fault.sentence.en}",
        )
        return None


def read_starters(process: Element, reading: Reading) -> Starters | None:
    """Nobody's variables are there before the start, so names are fixed."""
    users, groups = (reading.compiler.items(process, f"camunda:candidateStarter{kind}") for kind in ("Users", "Groups"))
    if not all(name.is_literal for name in (*users, *groups)):
        reading.findings.fault(
            process,
            "{it}的候选发起人（candidateStarter）不能含表达式。",
            "The candidate starters of {it} cannot be expressions.",
        )
    named = Starters(frozenset(name.text for name in users), frozenset(name.text for name in groups))
    return named if users or groups else None


def members_of(process: Element) -> Iterator[Member]:
    """Every node and flow in document order, a sub-process before what is in it."""
    pending = [(child, process.id or "") for child in reversed(process.children)]
    while pending:
        element, scope = pending.pop()
        if element.name in MEMBERS:
            yield element, scope
        if element.name in SUB_PROCESSES:
            pending.extend((child, element.id or "") for child in reversed(element.children))


def read_flow(element: Element, reading: Reading) -> Flow:
    text = element.text_of("conditionExpression")
    return Flow(
        id=element.attributes["id"],
        source=element.get("sourceRef") or "",
        target=element.get("targetRef") or "",
        name=element.get("name"),
        condition=reading.compiler.condition(text, element, "conditionExpression") if text else None,
        listeners=read_listeners(element, reading),
        line=element.line,
    )


def associations_of(process: Element) -> dict[str, tuple[str, ...]]:
    """What each element is associated with, in document order: how a compensation boundary event finds its handler."""
    ends: defaultdict[str, list[str]] = defaultdict(list)
    for element in process.walk():
        if element.name == "association":
            ends[element.get("sourceRef") or ""].append(element.get("targetRef") or "")
    return {source: tuple(targets) for source, targets in ends.items()}


def lanes_of(process: Element) -> dict[str, str]:
    """The lane of each node that is in one; the innermost, because it comes last."""
    return {
        reference.text.strip(): lane.get("name") or lane.id or ""
        for lane in process.walk()
        if lane.name == "lane"
        for reference in lane.all("flowNodeRef")
    }
