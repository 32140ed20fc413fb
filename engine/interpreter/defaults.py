"""What the fields of camunda:formData begin with: local variables of the task until somebody says otherwise."""

from collections.abc import Mapping

from engine.diagram.model import FormDefault
from engine.errors import ExpressionFailed
from engine.expressions import ExpressionError
from engine.interpreter import mapping
from engine.interpreter.token import Token
from engine.interpreter.variables import Visible

EMPTY = (None, "")


def of(token: Token) -> tuple[FormDefault, ...]:
    """The fields of a task's own form that have a default."""
    assignment = token.task_spec.node.assignment
    return assignment.form.defaults if assignment and assignment.form else ()


def offer(token: Token) -> None:
    """A field begins with the variable of its name, else with its default. Raises ExpressionFailed."""
    seen = Visible(token.workflow.variables, token)
    mapping.keep(token, {one.name: value_of(one, token) for one in of(token) if one.name not in seen})


def fill_in(token: Token, variables: Mapping[str, object]) -> Mapping[str, object]:
    """What was left empty on completing gets its default (Camunda 7)."""
    drawn = of(token)
    if not drawn:
        return variables
    offered = token.workflow.variables.own(token)
    left = {one.name: offered[one.name] for one in drawn if one.name in offered and variables.get(one.name) in EMPTY}
    return {**variables, **left}


def value_of(default: FormDefault, token: Token) -> object:
    """The default in the type of its field."""
    value = token.workflow.evaluate(default.value, token)
    try:
        return default.typed(value)
    except ExpressionError as error:
        raise ExpressionFailed(error.sentence, element_id=token.task_spec.node.id) from error
