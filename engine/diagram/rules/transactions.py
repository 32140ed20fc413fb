"""Rules of transactions: where a cancel event may stand, and that a cancelled transaction can be left."""

from collections import defaultdict
from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.model import EventKind, Node, Process
from engine.diagram.rules.scopes import kind_of

TRANSACTION = "transaction"


def cancels(process: Process, type: str) -> list[Node]:
    """The cancel events of one type, in document order."""
    return [node for node in process.nodes.values() if node.type == type and kind_of(node) is EventKind.CANCEL]


def is_transaction(process: Process, id: str | None) -> bool:
    node = process.nodes.get(id or "")
    return node is not None and node.type == TRANSACTION


def cancelled_transactions_can_be_left(process: Process) -> Iterator[Finding]:
    """BPMN 2.0, table 10.93: a cancel end event stands directly in a transaction, and a boundary event catches it."""
    caught = {event.attached_to for event in cancels(process, "boundaryEvent")}
    for event in cancels(process, "endEvent"):
        if not is_transaction(process, event.scope):
            yield about(
                event,
                "{it}取消事务，但它不直接在事务子流程里。请移入事务，或改用错误结束事件。",
                "{it} cancels a transaction but is not directly in one. Move it into the transaction, or use an error.",
            )
        elif event.scope not in caught:
            yield about(
                event,
                "{it}取消事务，但该事务没有取消边界事件，取消后无路可走。请在事务边上画一个。",
                "{it} cancels its transaction, which has no cancel boundary event to leave it by. Attach one.",
            )


def cancels_are_caught_once(process: Process) -> Iterator[Finding]:
    caught: defaultdict[str | None, list[Node]] = defaultdict(list)
    for event in cancels(process, "boundaryEvent"):
        caught[event.attached_to].append(event)
    for host, events in caught.items():
        if not is_transaction(process, host):
            yield about(
                events[0],
                "{it}等待事务取消，但它没有附着在事务子流程上。请附着在事务上，或改用错误边界事件。",
                "{it} waits for a cancelled transaction but is attached to none. Attach it to one, or use an error.",
            )
        for event in events[1:]:
            yield about(
                event,
                "{it}是多余的取消边界事件：一个事务只能有一个。请删除。",
                "{it} is one cancel boundary event too many: a transaction has one. Remove it.",
            )


def cancels_are_thrown(process: Process) -> Iterator[Finding]:
    """Runs all the same, but no token comes that way."""
    thrown = {event.scope for event in cancels(process, "endEvent")}
    for event in cancels(process, "boundaryEvent"):
        if is_transaction(process, event.attached_to) and event.attached_to not in thrown:
            yield about(
                event,
                "{it}等待事务取消，但事务里没有取消结束事件，它永远不会触发。",
                "{it} waits for its transaction to be cancelled, but no end event in it does that; it never comes.",
            )


TRANSACTION_RULES = (cancelled_transactions_can_be_left, cancels_are_caught_once)
TRANSACTION_WARNINGS = (cancels_are_thrown,)
