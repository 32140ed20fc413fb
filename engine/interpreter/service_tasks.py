"""Work that somebody else carries out: external tasks for workers, delegates for registered handlers."""

# mypy: disallow-subclassing-any=False

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import Node
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.step import WorkKind
from engine.interpreter.token import Token


class Service(FlowNode):
    """A node whose work waits for a worker or a handler."""

    def __init__(self, process: Any, node: Node, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(process, node, name, **kwargs)
        if node.work is not None:
            self.work = WorkKind.EXTERNAL_TASK if node.work.topic is not None else WorkKind.DELEGATE

    def perform(self, token: Token) -> bool:
        work, instance = self.node.work, token.workflow
        if work is None or self.work is None:
            return True
        if work.topic is not None:
            asked: dict[str, object] = {"topic": instance.evaluate(work.topic, token)}
        else:
            asked = {"delegate": work.delegate, **self.priorities(token)}
        if work.priority is not None:
            asked["priority"] = instance.evaluate(work.priority, token)
        instance.open_work(token, self.work, asked)
        return False


class ServiceTask(Service, defaults.ServiceTask):
    """A service task."""

    holds_variables = True
