"""Rules of link events: each throw finds exactly one catch of its name in its own scope."""

from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.model import EventKind, Node, Process
from engine.diagram.rules.scopes import kind_of

Place = tuple[str, str]  # scope and link name


def place_of(link: Node) -> Place:
    """Where a link event is looked for: links do not leave their scope (BPMN 2.0, 10.5.5)."""
    return link.scope, name_of(link)


def name_of(link: Node) -> str:
    return link.event.name.text if link.event and link.event.name else ""


def links_of(process: Process, type: str) -> list[Node]:
    """The link events of one type, in document order."""
    return [node for node in process.nodes.values() if node.type == type and kind_of(node) is EventKind.LINK]


def catching_links(process: Process) -> dict[Place, Node]:
    """The catching link event of each name; the first of several."""
    catches: dict[Place, Node] = {}
    for node in links_of(process, "intermediateCatchEvent"):
        catches.setdefault(place_of(node), node)
    return catches


def links_lead_to_one_place(process: Process) -> Iterator[Finding]:
    catches = catching_links(process)
    for node in links_of(process, "intermediateThrowEvent"):
        if name_of(node) and place_of(node) not in catches:
            yield about(
                node,
                "{it}在同一层级找不到同名的链接捕获事件。请画一个，或改正名称。",
                "{it} finds no catching link of its name in its own scope. Draw one, or correct the name.",
            )
    for node in links_of(process, "intermediateCatchEvent"):
        if name_of(node) and catches[place_of(node)] is not node:
            yield about(
                node,
                "{it}与另一个链接捕获事件同名，无法判断跳到哪里。请改名。",
                "{it} has the same name as another catching link; nobody could say where to go on. Rename it.",
            )


def links_replace_flows(process: Process) -> Iterator[Finding]:
    for node in links_of(process, "intermediateThrowEvent"):
        if node.outgoing:
            yield about(
                node, "{it}是链接出口，不能有流出的顺序流。", "{it} throws a link and cannot have outgoing flows."
            )
    for node in links_of(process, "intermediateCatchEvent"):
        if node.incoming:
            yield about(
                node, "{it}是链接入口，不能有流入的顺序流。", "{it} catches a link and cannot have incoming flows."
            )


LINK_RULES = (links_lead_to_one_place, links_replace_flows)
