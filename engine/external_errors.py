"""camunda:errorEventDefinition of an external task: what a worker reports is a BPMN error where the diagram says so."""

from collections.abc import Mapping

from engine import definitions
from engine.errors import ExpressionFailed
from engine.expressions import ExpressionError
from engine.interpreter.step import meaning
from engine.interpreter.stimulus import ErrorThrown
from engine.queries import scopes
from engine.run import lent
from engine.store import instance_rows
from engine.store.variables import ScopeVariables
from engine.tables import ExternalTask
from engine.transaction import Transaction


def meant(tx: Transaction, task: ExternalTask, variables: Mapping[str, object]) -> ErrorThrown | None:
    """The first error whose condition holds with what the worker handed in; None when it is none.

    A condition sees the variables of the task and `externalTask`, its facts. Raises ExpressionFailed.
    """
    work = definitions.load(tx, task.definition_id).node(task.activity_id).work
    if work is None or not work.errors:
        return None
    instance = instance_rows.of(tx, task.instance_id)
    around = scopes.around(tx, task.id, task.instance_id)[:-1]
    handed_in = {name: meaning(value) for name, value in variables.items()}
    seen = {**ScopeVariables(tx, instance.id).visible(around), **handed_in, "externalTask": facts(task)}
    try:
        for error in work.errors:
            if error.condition.evaluate_condition(seen, lent(tx, instance)):
                return ErrorThrown(task.id, error.code.text, task.error_message, dict(variables))
    except ExpressionError as wrong:
        raise ExpressionFailed(wrong.sentence, element_id=task.activity_id) from wrong
    return None


def facts(task: ExternalTask) -> dict[str, object]:
    """The task in Camunda's words, as far as a condition asks for it."""
    return {
        "id": task.id,
        "topicName": task.topic,
        "workerId": task.worker,
        "retries": task.retries,
        "priority": task.priority,
        "errorMessage": task.error_message,
        "errorDetails": task.error_details,
    }
