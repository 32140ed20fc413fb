"""How a user task ends: completed, or in a BPMN error that its diagram catches."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_assignees import BY_RESOLUTION, done
from api.engine_rest.task_forms import values_of
from api.engine_rest.variables import Variables, shown
from api.engine_rest.wire import Dto, Flag
from casework import assignments
from engine import task_errors, user_tasks
from engine.ports import Submission
from engine.tables import DelegationState, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("task-completion", "How user tasks end.")

CODE = ma.validate.Length(1, 255)


class CompletionDto(Dto):
    """What a task is completed with. The outcome and the reasons are among the variables."""

    variables = Variables()
    with_variables_in_return = Flag(load_default=None)


class ErrorDto(Dto):
    """In which error the task ended."""

    error_code = ma.fields.String(required=True, validate=CODE)
    error_message = ma.fields.String(load_default=None, validate=ma.validate.Length(max=4_000))
    variables = Variables()


class EscalationDto(Dto):
    """Which escalation the task threw."""

    escalation_code = ma.fields.String(required=True, validate=CODE)
    variables = Variables()


@routes.post("/task/<task_id>/complete", "办结任务", "user_tasks.complete", body=CompletionDto, status=204)
def complete(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Complete a task"""
    task = user_tasks.complete(tx, task_id, Submission(body["variables"]))
    if not body["with_variables_in_return"]:
        return done()
    return jsonify({name: shown(value) for name, value in values_of(tx, task).items()})


@routes.post("/task/<task_id>/submit-form", "提交表单", "user_tasks.complete", body=CompletionDto, status=204)
def submit_form(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Complete a task by its form; one that was delegated goes back to its owner instead"""
    task = tx.session.get(UserTask, task_id)
    if task is None or (task.delegation_state, task.assignee) != (DelegationState.PENDING, tx.actor.login):
        return complete(tx, body, task_id)
    assignments.resolve(tx, task_id, BY_RESOLUTION, body["variables"])
    return done()


@routes.post("/task/<task_id>/bpmnError", "抛出业务错误", "user_tasks.throw", body=ErrorDto, status=204)
def throw_error(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Report that a task ended in a BPMN error"""
    task_errors.throw_error(tx, task_id, body["error_code"], body["error_message"], body["variables"])
    return done()


@routes.post("/task/<task_id>/bpmnEscalation", "抛出升级", "user_tasks.throw", body=EscalationDto, status=204)
def throw_escalation(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Report that a task escalates"""
    task_errors.throw_escalation(tx, task_id, body["escalation_code"], body["variables"])
    return done()
