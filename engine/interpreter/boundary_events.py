"""Boundary events: armed with the activity they are attached to, gone with it."""

# mypy: disallow-subclassing-any=False

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import Node
from engine.interpreter.events import EventNode
from engine.interpreter.token import Token


class BoundaryEvent(EventNode, defaults.BoundaryEvent):
    """A boundary event. When it fires it is an activity instance of its own, beside the activity."""

    def __init__(self, process: Any, node: Node) -> None:
        super().__init__(process, node, cancel_activity=node.interrupting)

    def fire(self, owner: Token, armed: Token | None) -> None:
        instance, scope = owner.workflow, owner.parent
        if self.node.interrupting:
            instance.cancel(owner)
        elif armed is not None and not self.repeats:
            instance.forget(armed)
        instance.put([self], scope)
