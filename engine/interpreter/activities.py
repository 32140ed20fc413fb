"""Tasks: none, manual, user and script task."""

# mypy: disallow-subclassing-any=False

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import Assignment, Node
from engine.expressions import Expression
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.step import WorkKind
from engine.interpreter.token import Token


class NoneTask(FlowNode, defaults.NoneTask):
    """A task of no kind: the token passes through (Camunda 7)."""

    holds_variables = True


class ManualTask(FlowNode, defaults.ManualTask):
    """A manual task: the token passes through (Camunda 7)."""

    holds_variables = True


class UserTask(FlowNode, defaults.UserTask):
    """A person's work."""

    work = WorkKind.USER_TASK
    holds_variables = True

    def accept(self, token: Token, variables: Mapping[str, object]) -> None:
        """A variable local to the task is not what its completion writes; one local to its item is (Camunda 7)."""
        token.workflow.set_variables(token, variables, token if self.body else token.parent)

    def perform(self, token: Token) -> bool:
        token.workflow.open_work(token, WorkKind.USER_TASK, asked_of_person(self.node, token))
        return False


class ScriptTask(FlowNode, defaults.ScriptTask):
    """A list of assignments, each seeing those before it."""

    holds_variables = True

    def __init__(self, process: Any, node: Node) -> None:
        super().__init__(process, node, script=node.script)

    def perform(self, token: Token) -> bool:
        for line in self.node.script:
            token.workflow.set_variables(token, {line.name: token.workflow.evaluate(line.value, token)})
        return True


def asked_of_person(node: Node, token: Token) -> dict[str, object]:
    """A user task's attributes, evaluated now; what the diagram leaves out is None or an empty list."""
    assignment = node.assignment or Assignment()
    single = {
        "assignee": assignment.assignee,
        "due_date": assignment.due_date,
        "follow_up_date": assignment.follow_up_date,
        "priority": assignment.priority,
    }
    if assignment.form is not None:
        form = {
            "form_reference": assignment.form.reference,
            "form_version": assignment.form.version,
            "form_key": assignment.form.key,
        }
        single |= {name: value for name, value in form.items() if value is not None}
    values = {name: value and token.workflow.evaluate(value, token) for name, value in single.items()}
    return {
        "name": node.name,
        **values,
        "candidate_groups": names(assignment.candidate_groups, token),
        "candidate_users": names(assignment.candidate_users, token),
    }


def names(expressions: tuple[Expression, ...], token: Token) -> list[str]:
    """Candidates: each expression yields one name, several separated by commas, or a list of names."""
    found: list[str] = []
    for expression in expressions:
        value = token.workflow.evaluate(expression, token)
        several = value.split(",") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
        found.extend(str(name).strip() for name in several if name not in (None, ""))
    return found
