"""camunda:inputOutput: the local variables that an activity begins with, and what it leaves to the scope around it.

As in Camunda 7 inputs are evaluated outside the activity and written into it, outputs the other way round when it ends
in the ordinary way, and each instance of a multi-instance activity has inputs of its own.
"""

from collections.abc import Mapping

from engine.diagram.model import ParameterValue
from engine.interpreter.token import Token


def take_in(token: Token) -> None:
    """Gives an activity that begins its local variables. Raises ExpressionFailed."""
    keep(token, {parameter.name: value_of(parameter.value, token) for parameter in token.task_spec.input_parameters})


def keep(token: Token, values: Mapping[str, object]) -> None:
    """Writes variables that end with their activity."""
    instance = token.workflow
    for name, value in values.items():
        instance.report(instance.variables.write(token.scope_id, name, value, token.scope_id))


def give_out(token: Token) -> None:
    """Writes what an activity that has ended leaves behind, one after another. Raises ExpressionFailed."""
    for parameter in token.task_spec.output_parameters:
        value = value_of(parameter.value, token)
        token.workflow.set_variables(token, {parameter.name: value}, token.parent)


def value_of(value: ParameterValue, token: Token) -> object:
    """What a parameter yields, as seen from a token."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return [value_of(item, token) for item in value]
    if isinstance(value, Mapping):
        return {key: value_of(entry, token) for key, entry in value.items()}
    return token.workflow.evaluate(value, token)
