"""Timeout listeners of a user task: an armed timer that tells its listener and leaves the task as it is."""

# mypy: disallow-subclassing-any=False

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import EventDefinition, EventKind, Heard, Listener, Moment, Node
from engine.interpreter import listening
from engine.interpreter.events import EventNode
from engine.interpreter.step import LISTENED
from engine.interpreter.token import Token


class Timeout(EventNode, defaults.BoundaryEvent):
    """One camunda:taskListener event="timeout"."""

    def __init__(self, process: Any, node: Node, listener: Listener) -> None:
        armed = replace(
            node,
            event=EventDefinition(EventKind.TIMER, timer=listener.timer),
            interrupting=False,
            inputs=(),
            outputs=(),
            listeners=(),
        )
        super().__init__(process, armed, f"{node.id}#{listener.id}", cancel_activity=False)
        self.listener = listener

    def _asked(self, token: Token) -> Mapping[str, object]:
        return {**self.priorities(token), LISTENED: self.event.timer}

    def fire(self, owner: Token, armed: Token | None) -> None:
        if armed is not None and not self.repeats:
            owner.workflow.forget(armed)
        listening.hear(owner, self.listener, Heard(Moment.TIMEOUT, self.node.id, self.node.name))
