"""Who works on a user task: claiming, giving back, assigning, delegating; and the update of a whole task."""

from typing import Any

import marshmallow as ma
from flask import Response

from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_queries import OPEN
from api.engine_rest.task_rows import shown
from api.engine_rest.task_variables import visible
from api.engine_rest.variables import Variables
from api.engine_rest.wire import Dto, Moment, Number
from casework import assignments
from engine import user_tasks
from engine.errors import Forbidden, Sentence
from engine.tables import DelegationState, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("task-assignee", "Who works on user tasks.")

BY_DELEGATION = "经流程接口委派 Delegated through the engine's API"
BY_RESOLUTION = "经流程接口反馈 Resolved through the engine's API"


class UserDto(Dto):
    """Whom it concerns."""

    user_id = ma.fields.String(load_default=None)


class SomebodyDto(Dto):
    """Whom it concerns, without whom nothing happens."""

    user_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))


class ResolutionDto(Dto):
    """What the delegate found."""

    variables = Variables()


class TaskDto(Dto):
    """A whole task, as a client read it before. What is absent or null stays as it is."""

    name = ma.fields.String()
    description = ma.fields.String()
    priority = Number()
    assignee = ma.fields.String()
    owner = ma.fields.String()
    delegation_state = ma.fields.Enum(DelegationState)
    due = Moment()
    follow_up = Moment()
    parent_task_id = ma.fields.String()
    case_instance_id = ma.fields.String()
    tenant_id = ma.fields.String()


def done() -> Response:
    """What Camunda answers when all is well and nothing is to be told."""
    return Response(status=204)


@routes.post("/task/<task_id>/claim", "签收", "user_tasks.claim", body=UserDto, status=204)
def claim(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Claim a task; for somebody else it is assigning"""
    return give(tx, task_id, body["user_id"] or tx.actor.login)


@routes.post("/task/<task_id>/assignee", "分派", "user_tasks.claim", body=UserDto, status=204)
def assign(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Assign a task; nobody is unclaiming"""
    return unclaim(tx, task_id) if body["user_id"] is None else give(tx, task_id, body["user_id"])


def give(tx: Transaction, task_id: str, login: str) -> Response:
    """A task to oneself is claimed, to somebody else assigned."""
    if login == tx.actor.login:
        user_tasks.claim(tx, task_id)
    else:
        assignments.assign(tx, task_id, login)
    return done()


@routes.post("/task/<task_id>/unclaim", "取消签收", "user_tasks.release", status=204)
def unclaim(tx: Transaction, task_id: str) -> Response:
    """Give a task back to its group"""
    user_tasks.release(tx, task_id)
    return done()


@routes.post("/task/<task_id>/delegate", "委派", "user_tasks.delegate", body=SomebodyDto, status=204)
def delegate(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Delegate a task to a colleague"""
    assignments.delegate(tx, task_id, body["user_id"], BY_DELEGATION)
    return done()


@routes.post("/task/<task_id>/resolve", "反馈委派任务", "user_tasks.resolve", body=ResolutionDto, status=204)
def resolve(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Resolve a delegated task"""
    assignments.resolve(tx, task_id, BY_RESOLUTION, body["variables"])
    return done()


@routes.put("/task/<task_id>", "修改任务", "user_tasks.claim", body=TaskDto, status=204)
def update(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Give a task to somebody by updating it; what its diagram and clocks say of it does not change"""
    task = visible(tx, task_id)
    present = shown(tx, tx.session.execute(OPEN.where(UserTask.id == task_id)).one())
    assignee = body.pop("assignee", task.assignee)
    changed = [name for name, said in body.items() if present[name] != said]
    if changed:
        raise Forbidden(_from_diagram(changed))
    return done() if assignee == task.assignee else give(tx, task_id, assignee)


def _from_diagram(changed: list[str]) -> Sentence:
    names = ", ".join(TaskDto().fields[name].data_key or name for name in changed)
    return Sentence(
        f"不能改变任务的 {names}：名称、期限、优先级由流程图和时限决定；换人办理请分派、委派或转办。",
        f"What a task says as {names} is not changed: names, due dates and priorities follow from the diagram and the "
        "clocks; to let somebody else work on it assign, delegate or transfer it.",
    )
