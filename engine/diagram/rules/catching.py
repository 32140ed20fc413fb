"""Rules of catching events together: what starts a process is fixed, and no two events of a scope catch the same."""

from collections import defaultdict
from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.labels import shortened
from engine.diagram.model import EventKind, Node, Process

Place = tuple[str, EventKind]  # where it is caught, and which kind
EXCLUSIVELY_CAUGHT = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION})


def starts_need_no_variables(process: Process) -> Iterator[Finding]:
    """A start event waits before there is a case, so nothing it waits for can be read from one (as Camunda 7)."""
    for node in process.nodes.values():
        if node.type == "startEvent" and node.scope == process.key and reads_a_case(node):
            yield about(
                node,
                "{it}引用了流程变量，但流程还没有开始，没有变量可读。请写成固定内容。",
                "{it} reads variables, but there are none before the process starts. Write a fixed name or time.",
            )


def reads_a_case(start: Node) -> bool:
    """A message and a signal are subscribed by name at deployment; a timer's expression may still call functions."""
    event = start.event
    if event is None or event.kind is EventKind.CONDITIONAL:
        return False
    if event.timer is not None:
        return bool(event.timer.expression.names)
    return event.name is not None and not event.name.is_literal


def catchers(process: Process) -> dict[Place, list[Node]]:
    """Boundary events catch at their host, the starts of event sub-processes in the scope around, others before all."""
    found: dict[Place, list[Node]] = defaultdict(list)
    for node in process.nodes.values():
        if node.event is None or node.event.kind not in EXCLUSIVELY_CAUGHT or node.work is not None:
            continue
        scope = process.nodes.get(node.scope)
        if node.type == "boundaryEvent":
            found[f"at {node.attached_to}", node.event.kind].append(node)
        elif node.type == "startEvent" and scope is None:
            found["before", node.event.kind].append(node)
        elif node.type == "startEvent" and scope is not None and scope.triggered_by_event:
            found[f"in {scope.scope}", node.event.kind].append(node)
    return found


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
