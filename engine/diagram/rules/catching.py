"""Rules of catching events together: what starts a process is fixed, and no two events of a scope catch the same."""

from collections import defaultdict
from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.labels import shortened
from engine.diagram.model import EventKind, Node, Process

Place = tuple[str, EventKind]  # where it is caught, and which kind
SUBSCRIBED = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})
EXCLUSIVELY_CAUGHT = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION})


def starts_need_no_variables(process: Process) -> Iterator[Finding]:
    """A start event waits before there is a case, so nothing it waits for can be read from one (as Camunda 7)."""
    for node in process.nodes.values():
        if node.type == "startEvent" and node.scope == process.key and reads_a_case(node):
            yield about(
                node,
                "{it}引用了流程变量或函数，但流程还没有开始，没有变量可读，也没有办件可计时。请写成固定的名称或时间。",
                "{it} reads variables or calls functions, but before the process starts there is no case to read or to "
                "reckon for. Write a fixed name or time.",
            )


def reads_a_case(start: Node) -> bool:
    """Whether what it waits for is known only in a case; its timer is set, and its name subscribed, at deployment."""
    event = start.event
    if event is None or event.kind is EventKind.CONDITIONAL:
        return False
    if event.timer is not None:
        return bool(event.timer.expression.names | event.timer.expression.functions)
    return event.name is not None and not event.name.is_literal


def catchers(process: Process) -> dict[Place, list[Node]]:
    """Everything that catches what only one may catch, by where and what it catches."""
    found: dict[Place, list[Node]] = defaultdict(list)
    for node in process.nodes.values():
        if node.event is None or node.event.kind not in EXCLUSIVELY_CAUGHT or node.work is not None:
            continue
        place = place_of(process, node, node.event.kind)
        if place is not None:
            found[place, node.event.kind].append(node)
    return found


def place_of(process: Process, node: Node, kind: EventKind) -> str | None:
    """Boundary events catch at their host, the starts of event sub-processes in the scope around, others before all.

    For messages and signals the inside of a sub-process and its boundary are one place: both wait at the same time.
    The targets of an event-based gateway wait together after it.
    """
    scope = process.nodes.get(node.scope)
    if node.type == "boundaryEvent":
        return f"at {node.attached_to}"
    if node.type == "startEvent" and scope is None:
        return "before"
    if node.type == "startEvent" and scope is not None and scope.triggered_by_event:
        return f"{'at' if kind in SUBSCRIBED else 'in'} {scope.scope}"
    sources = (process.nodes.get(process.flows[flow].source) for flow in node.incoming)
    gateway = next((source for source in sources if source and source.type == "eventBasedGateway"), None)
    return f"after {gateway.id}" if gateway and kind in SUBSCRIBED else None


def nothing_is_caught_twice(process: Process) -> Iterator[Finding]:
    """As Camunda 7: of two equal catchers in one place nobody could say which one runs."""
    for (_, kind), nodes in catchers(process).items():
        before: dict[str | None, Node] = {}
        for node in nodes:
            other = rival(name_of(node), kind, before)
            before.setdefault(name_of(node), node)
            if other is not None:
                called = shortened(other.name or other.id)
                yield about(
                    node,
                    f"{{it}}与“{called}”在同一处等待同样的事件，无法判断由谁处理。请删除其中一个。",
                    f"{{it}} and “{called}” catch the same event in the same place; nobody could say "
                    "which one runs. Remove one of them.",
                )


def rival(name: str | None, kind: EventKind, before: dict[str | None, Node]) -> Node | None:
    """An earlier catcher of the same; one that catches any escalation rivals all the others beside it."""
    if kind is EventKind.ESCALATION and before and (name is None or None in before):
        return next(iter(before.values()))
    return before.get(name)


def name_of(node: Node) -> str | None:
    """The name or code that an event catches, None for any."""
    return node.event.name.text if node.event and node.event.name else None


CATCHING_RULES = (starts_need_no_variables, nothing_is_caught_twice)
