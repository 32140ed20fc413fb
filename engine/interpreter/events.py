"""Events that catch: start and intermediate events and receive tasks, in the flow or armed to watch over a scope.

An armed event is a token of its own below the activity or scope that it watches. Errors and escalations need none:
whoever throws looks for its catcher.
"""

# mypy: disallow-subclassing-any=False

from collections.abc import Collection, Mapping
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from engine.diagram.model import EventDefinition, EventKind, Node, TimerKind
from engine.errors import ExpressionFailed
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.step import WorkCancelled, WorkKind
from engine.interpreter.token import Token
from engine.interpreter.variables import Visible

AWAITS = {EventKind.MESSAGE: WorkKind.MESSAGE, EventKind.SIGNAL: WorkKind.SIGNAL, EventKind.TIMER: WorkKind.TIMER}
WATCHING = {*AWAITS, EventKind.CONDITIONAL}
NAME, FIRED = "name", "fired"


class EventNode(FlowNode):
    """A node with an event that it waits for. `repeats`: it can come again after it fired without interrupting."""

    kind_without_definition = EventKind.NONE

    def __init__(self, process: Any, node: Node, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(process, node, name, event_definition=NoneEventDefinition(), **kwargs)
        self.event = node.event or EventDefinition(self.kind_without_definition)
        self.work = AWAITS.get(self.event.kind)
        self.is_watching = self.event.kind in WATCHING
        timer = self.event.timer
        self.repeats = timer is None or timer.kind is TimerKind.CYCLE

    def stays(self, token: Token) -> bool:
        """Whether the event stays armed when it comes."""
        return token.is_armed and self.repeats and not self.node.interrupting

    def listen(self, token: Token) -> None:
        """Asks for the event. A name that is no literal is kept with the token, as on Camunda's subscription."""
        if self.work is not None:
            token.workflow.open_work(token, self.work, self._asked(token))

    def _asked(self, token: Token) -> Mapping[str, object]:
        if self.work is WorkKind.TIMER:
            return self.priorities(token)
        name = self.event.name
        if name is None or name.is_literal:
            return {NAME: name.text if name else None}
        token.internal_data[NAME] = str(token.workflow.evaluate(name, token))
        return {NAME: token.internal_data[NAME]}

    def hears(self, token: Token, signal: str) -> bool:
        """Whether the token waits for this signal."""
        waits = token.has_state(TaskState.WAITING | TaskState.STARTED)
        if not waits or self.event.kind is not EventKind.SIGNAL or self.event.name is None:
            return False
        return bool(token.internal_data.get(NAME, self.event.name.text) == signal)

    def watches(self, name: str, changes: Collection[str]) -> bool:
        """Whether a conditional event is to be tried when the variable of this name was created, updated or both."""
        events = self.event.variable_events
        return self.event.variable_name in (None, name) and (not events or not events.isdisjoint(changes))

    def try_condition(self, token: Token) -> None:
        """A conditional event comes when its condition holds."""
        if self.is_fulfilled(token):
            self.come(token)

    def is_fulfilled(self, token: Token) -> bool:
        """Whether there is a condition and it holds; not while a variable that it reads is missing (Camunda 7)."""
        condition, instance = self.event.condition, token.workflow
        if condition is None:
            return False
        try:
            return instance.holds(condition, token, self.node.id)
        except ExpressionFailed:
            if all(name in Visible(instance.variables, token) for name in condition.names):
                raise
            return False

    def come(self, token: Token) -> None:
        """What the token waits for has come."""
        if token.is_armed:
            self.fire(token.parent, token)
        else:
            token.complete()

    def fire(self, owner: Token, armed: Token | None) -> None:
        """The event goes off for the activity or scope it watches; `armed` is its token, if it has one."""
        raise NotImplementedError

    def hear(self, token: Token, payload: Mapping[str, object]) -> None:
        """A signal thrown inside the instance comes: what waited for it outside is no longer wanted."""
        self.accept(token, payload)
        if not token.is_armed:
            token.workflow.report(WorkCancelled(token.id, WorkKind.SIGNAL))
        self.come(token)


class StartEvent(EventNode, defaults.StartEvent):
    """A start event; that of an event sub-process is armed in the scope around it."""

    event_sub_process: FlowNode

    def fire(self, owner: Token, armed: Token | None) -> None:
        if self.node.interrupting:
            owner.workflow.interrupt(owner)
        elif armed is not None and not self.repeats:
            owner.workflow.forget(armed)
        owner.workflow.put([self.event_sub_process], owner)


class Waiting(EventNode):
    """An event in the flow: the token waits in it, or it is one of an event-based gateway's."""

    def perform(self, token: Token) -> bool:
        if token.internal_data.pop(FIRED, False) or not self.is_watching:
            return True
        self.listen(token)
        return self.is_fulfilled(token)

    def fire(self, owner: Token, armed: Token | None) -> None:
        instance, scope = owner.workflow, owner.parent
        instance.cancel(owner)
        flow = next(flow for flow in owner.task_spec.outputs if flow.target is self)
        instance.take(flow, scope)
        token = instance.new_token(self, scope)
        token.internal_data[FIRED] = 1
        instance.agenda.append(token)


class CatchEvent(Waiting, defaults.IntermediateCatchEvent):
    """An intermediate catch event."""


class ReceiveTask(Waiting, defaults.ReceiveTask):
    """A receive task: waits for its message."""

    kind_without_definition = EventKind.MESSAGE
    holds_variables = True
