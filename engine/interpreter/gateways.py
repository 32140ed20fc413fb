"""Gateways: exclusive, parallel, inclusive and event-based."""

# mypy: disallow-subclassing-any=False

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.exceptions import WorkflowException

from engine.diagram.model import Node
from engine.errors import NoFlowTaken
from engine.interpreter.events import EventNode
from engine.interpreter.flow_nodes import FlowNode, SequenceFlow
from engine.interpreter.reach import leading_to
from engine.interpreter.token import Token

ARRIVED = "arrived"


class ExclusiveGateway(FlowNode, defaults.ExclusiveGateway):
    """Takes the first flow, in document order, whose condition holds, else the default flow."""

    def choose(self, token: Token) -> Sequence[SequenceFlow]:
        if not self._outputs:
            return ()
        try:
            defaults.ExclusiveGateway._run_hook(self, token)
        except WorkflowException:
            raise NoFlowTaken(element_id=self.node.id) from None
        return token.chosen


class Join(FlowNode):
    """A gateway where tokens meet. Those that wait are one activity instance, which began when the first arrived."""

    def _update_hook(self, token: Token) -> bool:
        instance = token.workflow
        waiting = self.waiting(token)
        if waiting is None:
            waiting = token
            super().begin(token)
            token._set_state(TaskState.STARTED)
        else:
            instance.forget(token)
        waiting.internal_data[ARRIVED] = waiting.internal_data.get(ARRIVED, 0) + 1
        if self.is_complete(waiting):
            self.fire(waiting)
        return False

    def is_complete(self, token: Token) -> bool:
        """Whether all are there, counted whichever flow they came by (Camunda 7)."""
        return bool(token.internal_data[ARRIVED] >= len(self._inputs))

    def waiting(self, arriving: Token) -> Token | None:
        """The token that already waits here, in the same scope."""
        other: Token
        for other in arriving.parent.children:
            if other.task_spec is self and other.has_state(TaskState.STARTED):
                return other
        return None

    def fire(self, token: Token) -> None:
        """All that were waited for are there: the gateway passes one token on to its flows."""
        token._ready()
        token.run()

    def begin(self, token: Token) -> None:
        """It began with the first arrival."""


class ParallelGateway(Join, defaults.ParallelGateway):
    """Waits for as many tokens as it has incoming flows; takes all flows."""

    def choose(self, token: Token) -> Sequence[SequenceFlow]:
        flows: Sequence[SequenceFlow] = self.outputs
        return flows


class InclusiveGateway(Join, defaults.InclusiveGateway):
    """Waits until no other token of its scope can reach it in the same round.

    A round begins at the last node that every way to the join passes. A token that gets to the join only by way of that
    node can come by any of its flows, also by those that a token has come by already: for such a one it does not wait
    (BPMN 2.0, 13.4.3). Camunda 7 waits, and stays for good where that token in turn waits for this one; nor does it
    look again when the last expected token ended elsewhere.
    """

    beginning = ""

    def is_complete(self, token: Token) -> bool:
        if super().is_complete(token):
            return True
        sources = leading_to(self, self.beginning)
        return not any(
            other is not token and other.is_under_way and other.task_spec.node.id in sources
            for other in token.parent.children
        )


class EventBasedGateway(FlowNode, defaults.EventBasedGateway):
    """Arms the events that it leads to; the first that comes takes the token. It ends as cancelled then (Camunda 7)."""

    def __init__(self, process: Any, node: Node) -> None:
        super().__init__(process, node, event_definition=NoneEventDefinition())

    def perform(self, token: Token) -> bool:
        events: list[EventNode] = [flow.target for flow in self.outputs]
        token.workflow.arm(events, token)
        return False
