"""Service tasks: external tasks for workers, delegates for registered handlers, expressions evaluated at once."""

# mypy: disallow-subclassing-any=False

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import Node, Work
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.step import WorkKind
from engine.interpreter.token import Token


class Service(FlowNode):
    """A node whose work waits for a worker or a handler, or is an expression."""

    def __init__(self, process: Any, node: Node, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(process, node, name, **kwargs)
        if node.work is not None and node.work.assigned is None:
            self.work = kind_of(node.work)

    def perform(self, token: Token) -> bool:
        work, instance = self.node.work, token.workflow
        if work is None:
            return True
        if work.assigned is not None:
            instance.set_variables(token, {work.assigned.name: instance.evaluate(work.assigned.value, token)})
            return True
        if work.topic is not None:
            asked: dict[str, object] = {"topic": instance.evaluate(work.topic, token)}
        else:
            asked = {"delegate": work.delegate, **self.priorities(token)}
        if work.priority is not None:
            asked["priority"] = instance.evaluate(work.priority, token)
        instance.open_work(token, kind_of(work), asked)
        return False


def kind_of(work: Work) -> WorkKind:
    """Who is asked: a worker, or a registered handler."""
    return WorkKind.DELEGATE if work.topic is None else WorkKind.EXTERNAL_TASK


class ServiceTask(Service, defaults.ServiceTask):
    """A service task."""

    holds_variables = True
