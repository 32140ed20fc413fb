"""A user task that is not completed: its holder reports a BPMN error or an escalation that the diagram catches.

Camunda 7's `handleBpmnError` and `handleEscalation`.
"""

from collections.abc import Mapping

from engine import definitions, evidence, instances
from engine.errors import Conflict
from engine.events import UserTaskCancelled
from engine.interpreter.stimulus import ErrorThrown, EscalationThrown
from engine.store import instance_rows
from engine.store.task_rows import lock_open
from engine.tables import ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction
from engine.user_tasks import HELD

THREW = "ended in a BPMN error"
ACT = "user_tasks.throw"


def throw_error(
    tx: Transaction, task_id: str, code: str, message: str | None, variables: Mapping[str, object]
) -> UserTask:
    """The task ends in an error, and the case goes on where the diagram catches it.

    Raises NotFound when the caller is no candidate, Conflict when it is closed or somebody else's, UncaughtError when
    nothing in the diagram catches the error.
    """
    root, task = _locked(tx, task_id)
    task.state, task.end_reason = TaskState.CANCELLED, THREW
    task.ended_at, task.ended_by = tx.now, tx.actor.login
    task.draft = task.pressing_at = None
    task.revision += 1
    evidence.record(tx, root, "task.threw", subject=task.id, property="error", new=code, reason=message)
    instance = instance_rows.in_tree(tx, root, task.instance_id)
    thrown = UserTaskCancelled(
        region=task.region,
        root_id=task.root_id,
        instance_id=task.instance_id,
        task_id=task.id,
        activity_id=task.activity_id,
        properties=definitions.load(tx, task.definition_id).node(task.activity_id).properties,
    )
    instances.advance(tx, root, instance, ErrorThrown(task.id, code, message, dict(variables)), thrown)
    return task


def throw_escalation(tx: Transaction, task_id: str, code: str, variables: Mapping[str, object]) -> UserTask:
    """The task escalates and stays open, unless the diagram catches the escalation by interrupting it.

    Raises NotFound and Conflict as for an error; Conflict too when nothing in the diagram catches it.
    """
    root, task = _locked(tx, task_id)
    evidence.record(tx, root, "task.threw", subject=task.id, property="escalation", new=code)
    instance = instance_rows.in_tree(tx, root, task.instance_id)
    is_root = instance.parent_id is None
    stimulus = EscalationThrown(task.id, code, dict(variables), must_be_caught=is_root)
    instances.advance(tx, root, instance, stimulus)
    return task


def _locked(tx: Transaction, task_id: str) -> tuple[ProcessInstance, UserTask]:
    root, task = lock_open(tx, task_id, ACT)
    if task.assignee not in (None, tx.actor.login):
        raise Conflict(HELD)
    return root, task
