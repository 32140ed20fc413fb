"""Call activities. The called process is an instance of its own: here the token only waits for its end."""

# mypy: disallow-subclassing-any=False

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import Call, Mapped, Node
from engine.errors import ExpressionFailed
from engine.expressions import ExpressionError
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.step import WorkKind
from engine.interpreter.token import Token
from engine.interpreter.variables import Visible


class CallActivity(FlowNode, defaults.CallActivity):
    """A call activity. Nothing is handed over either way but what camunda:in and camunda:out name."""

    work = WorkKind.CALL
    holds_variables = True

    def __init__(self, process: Any, node: Node, call: Call) -> None:
        super().__init__(process, node, subworkflow_spec=node.id)
        self.call = call

    def perform(self, token: Token) -> bool:
        call, evaluate = self.call, token.workflow.evaluate
        asked: dict[str, object] = {
            "called_element": evaluate(call.called_element, token),
            "binding": call.binding,
            "version": call.version and evaluate(call.version, token),
            "variables": self.handed_over(token),
            "business_key": None,
        }
        for mapping in call.ins:
            if mapping.business_key is not None:
                asked["business_key"] = evaluate(mapping.business_key, token)
        token.workflow.open_work(token, WorkKind.CALL, asked)
        token.workflow.is_calling = True
        return False

    def handed_over(self, token: Token) -> dict[str, object]:
        """The called process's first variables."""
        instance = token.workflow
        local = instance.variables.own(token)
        given: dict[str, object] = {}
        for mapping in self.call.ins:
            seen: Mapping[str, object] = local if mapping.local else Visible(instance.variables, token)
            given |= self.mapped(mapping, seen, token)
        return given

    def accept(self, token: Token, variables: Mapping[str, object]) -> None:
        """What the called process hands back of its variables."""
        instance = token.workflow
        for mapping in self.call.outs:
            for name, value in self.mapped(mapping, variables, token).items():
                if mapping.local:
                    instance.report(instance.variables.write(token.scope_id, name, value, token.id))
                else:
                    instance.set_variables(token, {name: value})

    def mapped(self, mapping: Mapped, seen: Mapping[str, object], token: Token) -> dict[str, object]:
        """What one camunda:in or camunda:out yields."""
        if mapping.all_variables:
            return dict(seen)
        if mapping.target is None:
            return {}
        if mapping.source_name is not None or mapping.source is None:
            return {mapping.target: seen.get(mapping.source_name or "")}
        try:
            return {mapping.target: mapping.source.evaluate(seen, token.workflow.functions)}
        except ExpressionError as error:
            raise ExpressionFailed(error.sentence, element_id=self.node.id) from error
