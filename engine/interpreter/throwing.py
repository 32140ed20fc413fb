"""Events that throw, and who catches them: send tasks, intermediate throw events, end events."""

# mypy: disallow-subclassing-any=False

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from engine.diagram.model import EventDefinition, EventKind, Node
from engine.expressions import Expression
from engine.interpreter import compensation
from engine.interpreter.events import EventNode
from engine.interpreter.handing_over import handed_over
from engine.interpreter.service_tasks import Service
from engine.interpreter.step import EventThrown
from engine.interpreter.token import Token


class ThrowingNode(Service):
    """A node that throws its event; a message that is carried out as work waits for it instead."""

    def __init__(self, process: Any, node: Node) -> None:
        super().__init__(process, node, event_definition=NoneEventDefinition())
        self.event = node.event or EventDefinition(EventKind.NONE)

    def begin(self, token: Token) -> None:
        if self.event.kind in (EventKind.TERMINATE, EventKind.CANCEL):
            token.workflow.interrupt(token.parent, by=token)
        super().begin(token)

    def perform(self, token: Token) -> bool:
        if self.node.work is not None:
            return super().perform(token)
        if self.event.kind in (EventKind.COMPENSATE, EventKind.CANCEL):
            return compensation.throw(token, self.event.activity_ref)
        throw = THROWS.get(self.event.kind)
        if throw is not None:
            throw(token, self.said(token, self.event.name) or "")
        return not token.workflow.is_interrupted

    def said(self, token: Token, expression: Expression | None) -> str | None:
        """A name or a message as it is thrown."""
        return None if expression is None else str(token.workflow.evaluate(expression, token))


class ThrowEvent(ThrowingNode, defaults.IntermediateThrowEvent):
    """An intermediate throw event."""


class EndEvent(ThrowingNode, defaults.EndEvent):
    """An end event. A terminate or cancel end event first cancels all else in its scope (BPMN 2.0, 10.5.3)."""

    def ended(self, scope: Token) -> None:
        if self.event.kind is EventKind.CANCEL:
            cancel_transaction(scope)
        else:
            super().ended(scope)


class SendTask(ThrowingNode, defaults.SendTask):
    """A send task."""

    holds_variables = True


def throw_message(token: Token, name: str) -> None:
    """The message leaves the instance."""
    token.workflow.report(EventThrown(EventKind.MESSAGE, name, token.task_spec.node.id, {}))


def throw_signal(token: Token, name: str) -> None:
    """The signal leaves the instance with its payload, and reaches all in it that wait for it now."""
    instance, payload = token.workflow, handed_over(token.task_spec.event.payload, token)
    leave(token, EventKind.SIGNAL, name, payload)
    if instance.is_interrupted:
        return
    waiting = [one for one in instance.tasks.values() if isinstance(one.task_spec, EventNode)]
    hearing = [one for one in waiting if one.task_spec.hears(one, name)]
    instance.set_going(hearing, lambda one: one.task_spec.hear(one, payload))


def throw_error(token: Token, code: str, message: str | None = None) -> None:
    """The nearest catcher takes it; without one the instance ends with it, and its caller may catch it."""
    found = catcher(token, EventKind.ERROR, code)
    if found is None:
        token.workflow.finish((code, message), at=token.task_spec.node.id)
        return
    caught(*found, code, message)


def throw_own_error(token: Token, code: str) -> None:
    """An error end event throws, with the message that its error has."""
    spec = token.task_spec
    throw_error(token, code, spec.said(token, spec.event.message))


def throw_escalation(token: Token, code: str) -> None:
    """The nearest catcher takes it; without one it leaves the instance."""
    found = catcher(token, EventKind.ESCALATION, code)
    if found is None:
        leave(token, EventKind.ESCALATION, code, token.workflow.variables.own(token.workflow.root))
        return
    caught(*found, code, None)


def cancel_transaction(transaction: Token) -> None:
    """What the transaction had completed is undone: it is left by its cancel boundary event (BPMN 2.0, 13.4.2).

    Of a multi-instance one that is attached to the body, and all items end with it (Camunda 7).
    """
    owner = transaction.parent if transaction.task_spec.body else transaction
    event = next(event for event in owner.task_spec.boundaries if event.event.kind is EventKind.CANCEL)
    event.fire(owner, None)


def leave(token: Token, kind: EventKind, name: str, variables: Mapping[str, object]) -> None:
    """An event leaves the instance; one by which a caller interrupts it is the last thing that happens here."""
    instance = token.workflow
    instance.report(EventThrown(kind, name, token.task_spec.node.id, variables))
    instance.is_interrupted = instance.ends_call(kind, name)


THROWS: Mapping[EventKind, Callable[[Token, str], None]] = {
    EventKind.MESSAGE: throw_message,
    EventKind.SIGNAL: throw_signal,
    EventKind.ERROR: throw_own_error,
    EventKind.ESCALATION: throw_escalation,
}


def caught(event: EventNode, owner: Token, code: str, message: str | None) -> None:
    """An error or escalation is caught: its variables are set, then the event fires."""
    named = {event.event.code_variable: code, event.event.message_variable: message}
    owner.workflow.set_variables(owner, {name: value for name, value in named.items() if name is not None})
    event.fire(owner, None)


def catcher(origin: Token, kind: EventKind, code: str) -> tuple[EventNode, Token] | None:
    """The event that catches, and the activity or scope it belongs to: from the thrower outwards, at each level the one
    with this very code before one that takes any."""
    for level in levels(origin):
        found = [(event, owner) for event, owner in level if event.event.kind is kind]
        for wanted in (code, None):
            for event, owner in found:
                if (event.event.name.text if event.event.name else None) == wanted:
                    return event, owner
    return None


def interrupts(call: Token, kind: EventKind, name: str) -> bool | None:
    """Whether an event that leaves a called process interrupts the call. None: nothing here keeps it from going on up.

    An escalation goes no further than to the first that catches it, a signal to everyone (BPMN 2.0, 10.5.1).
    """
    if kind is EventKind.ESCALATION:
        found = catcher(call, kind, name)
        return None if found is None else found[0].node.interrupting
    watching = [(event, owner) for level in levels(call) for event, owner in level if event.node.interrupting]
    return any(is_heard(event, owner, name) for event, owner in watching) or None


def is_heard(event: EventNode, owner: Token, signal: str) -> bool:
    """Whether an event watches over an activity or scope for this signal."""
    return any(armed.task_spec is event and event.hears(armed, signal) for armed in owner.children)


def levels(origin: Token) -> Iterator[list[tuple[EventNode, Token]]]:
    """The events that may catch, level by level: those attached to an activity, then the event sub-processes beside it.

    An event sub-process does not catch what is thrown in itself; nothing of an activity catches what undoing it throws.
    """
    inner, scope = origin, origin.parent
    while scope is not None:
        if not inner.is_done:
            yield [(event, inner) for event in inner.task_spec.boundaries]
        if not scope.is_done:
            starts = scope.task_spec.event_starts
            yield [(start, scope) for start in starts if start.event_sub_process is not inner.task_spec]
        inner, scope = scope, scope.parent
