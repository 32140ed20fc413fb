"""Tasks: none, manual, user and script task."""

# mypy: disallow-subclassing-any=False

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import Assignment, Moment, Node, ScriptLine
from engine.errors import ExpressionFailed
from engine.expressions import Expression, ExpressionError
from engine.expressions.values import text
from engine.interpreter import defaults as form_defaults
from engine.interpreter import listening
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.step import WorkKind
from engine.interpreter.token import Token

LONGEST_NAME = 300  # characters of a task's name, both languages
LONGEST_DESCRIPTION = 4_000  # as in Camunda 7


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
        """A variable local to the task is not what its completion writes; an input of the task and one local to its
        item are (Camunda 7)."""
        variables = form_defaults.fill_in(token, variables)
        own = {parameter.name for parameter in self.input_parameters}
        for name, value in variables.items():
            is_own = self.body is not None or name in own
            token.workflow.set_variables(token, {name: value}, token if is_own else token.parent)

    def perform(self, token: Token) -> bool:
        form_defaults.offer(token)
        asked = asked_of_person(self.node, token)
        listening.tell(token, Moment.CREATE)
        if asked["assignee"]:
            listening.tell(token, Moment.ASSIGNMENT)
        token.workflow.open_work(token, WorkKind.USER_TASK, asked)
        token.workflow.arm(self.timeouts, token)
        return False

    def told_of_cancellation(self, token: Token) -> None:
        """The task is deleted before its activity ends."""
        listening.tell(token, Moment.DELETE)
        super().told_of_cancellation(token)


class ScriptTask(FlowNode, defaults.ScriptTask):
    """A list of assignments, each seeing those before it. A local one is written into the scope around the task."""

    holds_variables = True

    def __init__(self, process: Any, node: Node) -> None:
        super().__init__(process, node, script=node.script)

    def perform(self, token: Token) -> bool:
        for line in self.node.script:
            self.assign(token, line, token.workflow.evaluate(line.value, token))
        return True

    def assign(self, token: Token, line: ScriptLine, value: object) -> None:
        """Writes where the name is found, or into the scope around the task."""
        instance = token.workflow
        if line.is_local:
            around = token.around.scope_id
            instance.report(instance.variables.write(around, line.name, value, token.scope_id))
        else:
            instance.set_variables(token, {line.name: value})


def asked_of_person(node: Node, token: Token) -> dict[str, object]:
    """A user task's attributes, evaluated now; what the diagram leaves out is None or an empty list."""
    assignment = node.assignment or Assignment()
    single = {
        "name": assignment.name,
        "description": assignment.description,
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
        **values,
        "name": node.name if assignment.name is None else worded(values["name"], node, LONGEST_NAME),
        "description": described(values["description"], node),
        "candidate_groups": names(assignment.candidate_groups, token),
        "candidate_users": names(assignment.candidate_users, token),
    }


def described(value: object, node: Node) -> str | None:
    """What the diagram documents about a step. Raises ExpressionFailed for what is no text."""
    evaluated = node.assignment is not None and node.assignment.description is not None
    written = value if evaluated else node.documentation
    return None if written is None else worded(written, node, LONGEST_DESCRIPTION)


def worded(value: object, node: Node, longest: int) -> str:
    """A text of a task from what its expression yields, cut where no list has room for more.

    Raises ExpressionFailed for what is no text.
    """
    try:
        written = text(value)
    except ExpressionError as error:
        raise ExpressionFailed(error.sentence, element_id=node.id) from error
    return written if len(written) <= longest else f"{written[: longest - 1]}…"


def names(expressions: tuple[Expression, ...], token: Token) -> list[str]:
    """Candidates: each expression yields one name, several separated by commas, or a list of names."""
    found: list[str] = []
    for expression in expressions:
        value = token.workflow.evaluate(expression, token)
        several = value.split(",") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
        found.extend(str(name).strip() for name in several if name not in (None, ""))
    return found
