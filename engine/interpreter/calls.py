"""Call activities. The called process is an instance of its own: here the token only waits for its end."""

# mypy: disallow-subclassing-any=False

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import Call, Node
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.handing_over import handed_over, mapped
from engine.interpreter.step import WorkKind
from engine.interpreter.token import Token


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
            "variables": handed_over(call.ins, token),
            "business_key": None,
        }
        for mapping in call.ins:
            if mapping.business_key is not None:
                asked["business_key"] = evaluate(mapping.business_key, token)
        token.workflow.open_work(token, WorkKind.CALL, asked)
        token.workflow.is_calling = True
        return False

    def accept(self, token: Token, variables: Mapping[str, object]) -> None:
        """What the called process hands back of its variables."""
        instance = token.workflow
        for mapping in self.call.outs:
            for name, value in mapped(mapping, variables, token).items():
                if mapping.local:
                    instance.report(instance.variables.write(token.scope_id, name, value, token.id))
                else:
                    instance.set_variables(token, {name: value})
