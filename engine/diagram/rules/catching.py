"""Rules of catching events together: what starts a process is fixed, and no two events of a scope catch the same."""

from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.model import EventKind, Node, Process
from engine.diagram.rules.scopes import kind_of
from engine.expressions import Expression

Caught = tuple[str, EventKind, str | None]  # where, which kind, and its name or code
EXCLUSIVELY_CAUGHT = frozenset({EventKind.MESSAGE, EventKind.ERROR, EventKind.ESCALATION})


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


def caught_by(process: Process) -> Iterator[tuple[Caught, Node]]:
    """Boundary events catch at their host, the starts of event sub-processes in the scope around, others at the key."""
    for node in process.nodes.values():
        if kind_of(node) not in EXCLUSIVELY_CAUGHT or node.event is None or node.work is not None:
            continue
        scope = process.nodes.get(node.scope)
        if node.type == "boundaryEvent":
            yield (f"at {node.attached_to}", node.event.kind, text_of(node.event.name)), node
        elif node.type == "startEvent" and scope is None:
            yield ("before", node.event.kind, text_of(node.event.name)), node
        elif node.type == "startEvent" and scope is not None and scope.triggered_by_event:
            yield (f"in {scope.scope}", node.event.kind, text_of(node.event.name)), node


def nothing_is_caught_twice(process: Process) -> Iterator[Finding]:
    """As Camunda 7: of two equal catchers in one place nobody could say which one runs."""
    first: dict[Caught, Node] = {}
    for caught, node in caught_by(process):
        other = first.setdefault(caught, node)
        if other is not node:
            yield about(
                node,
                f"{{it}}与“{other.name or other.id}”在同一处等待同样的事件，无法判断由谁处理。请删除其中一个。",
                f"{{it}} and “{other.name or other.id}” catch the same event in the same place; nobody could say which "
                "one runs. Remove one of them.",
            )


def text_of(name: Expression | None) -> str | None:
    return None if name is None else name.text


CATCHING_RULES = (starts_need_no_variables, nothing_is_caught_twice)
