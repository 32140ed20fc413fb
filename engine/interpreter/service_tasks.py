"""Service and business rule tasks: external tasks for workers, delegates for registered handlers; expressions and
decisions at once."""

# mypy: disallow-subclassing-any=False

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import Node, Ruling, Work
from engine.errors import ExpressionFailed
from engine.expressions import ExpressionError
from engine.interpreter.decision_results import MAPPINGS
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.step import WorkKind
from engine.interpreter.token import Token

DECIDE = "decide"
"""Under this name the engine lends how decisions are made; no expression can call it."""


class Service(FlowNode):
    """A node whose work waits for a worker or a handler, or is an expression."""

    def __init__(self, process: Any, node: Node, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(process, node, name, **kwargs)
        if node.work is not None and node.work.assigned is None and node.work.decided is None:
            self.work = kind_of(node.work)

    def perform(self, token: Token) -> bool:
        work, instance = self.node.work, token.workflow
        if work is None:
            return True
        if work.assigned is not None:
            instance.set_variables(token, {work.assigned.name: instance.evaluate(work.assigned.value, token)})
            return True
        if work.decided is not None:
            instance.set_variables(token, {work.decided.result_variable: decided(work.decided, token)})
            return True
        if work.topic is not None:
            asked: dict[str, object] = {"topic": instance.evaluate(work.topic, token)}
        else:
            asked = {"delegate": work.delegate, **self.priorities(token)}
        if work.priority is not None:
            asked["priority"] = instance.evaluate(work.priority, token)
        instance.open_work(token, kind_of(work), asked)
        return False


def decided(ruling: Ruling, token: Token) -> object:
    """The mapped result of a decision that the engine makes. Raises ExpressionFailed, or what the engine refuses."""
    instance, activity_id = token.workflow, token.task_spec.node.id
    key = str(instance.evaluate(ruling.reference, token) or "")
    version = None if ruling.version is None else instance.evaluate(ruling.version, token)
    place, seen = (activity_id, token.scope_id), instance.seen_from(token)
    rows: Any = instance.functions[DECIDE](place, key, ruling.binding, version, seen)
    try:
        return MAPPINGS[ruling.mapping](rows)
    except ExpressionError as error:
        raise ExpressionFailed(error.sentence, element_id=activity_id) from error


def kind_of(work: Work) -> WorkKind:
    """Who is asked: a worker, or a registered handler."""
    return WorkKind.DELEGATE if work.topic is None else WorkKind.EXTERNAL_TASK


class ServiceTask(Service, defaults.ServiceTask):
    """A service task, or a business rule task: the same but for how it can be drawn."""

    holds_variables = True
