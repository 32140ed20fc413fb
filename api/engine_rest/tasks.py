"""User tasks: lists, one, claiming, handing on, completing, the form and what it is filled with."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlalchemy import select

from api.engine_rest.paging import Counted, PartQuery, counted, paged
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_queries import OPEN, SORT_KEYS, TaskFilter, TaskQuery, TaskQueryDto, asked, known_to
from api.engine_rest.variables import Variables, shown, shown_rows
from api.engine_rest.wire import Camel, Dto, Flag, Moment, definition_id, tenant_of
from casework import assignments, case_view, task_view
from casework.tables import Case
from engine import definitions, user_tasks
from engine.diagram.model import Node
from engine.errors import NotFound, Sentence
from engine.ports import Submission
from engine.queries import scopes
from engine.store.values import value_of
from engine.tables import GROUP, Candidate, ProcessDefinition, TaskState, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("task", "User tasks.")

BY_DELEGATION = "经流程接口委派 Delegated through the engine's API"
BY_RESOLUTION = "经流程接口反馈 Resolved through the engine's API"


class FormRefShown(Camel):
    """A Camunda form that a task is bound to."""

    key = ma.fields.String(required=True)
    binding = ma.fields.String(required=True)
    version = ma.fields.Integer(allow_none=True)


class TaskShown(Camel):
    """A user task as Camunda shows it."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(allow_none=True)
    assignee = ma.fields.String(allow_none=True)
    created = Moment(required=True)
    due = Moment(allow_none=True)
    follow_up = Moment(allow_none=True)
    last_updated = Moment(allow_none=True)
    delegation_state = ma.fields.String(allow_none=True)
    description = ma.fields.String(allow_none=True)
    execution_id = ma.fields.String(required=True)
    owner = ma.fields.String(allow_none=True)
    parent_task_id = ma.fields.String(allow_none=True)
    priority = ma.fields.Integer(required=True)
    process_definition_id = ma.fields.String(required=True)
    process_instance_id = ma.fields.String(required=True)
    task_definition_key = ma.fields.String(required=True)
    case_execution_id = ma.fields.String(allow_none=True)
    case_instance_id = ma.fields.String(allow_none=True)
    case_definition_id = ma.fields.String(allow_none=True)
    suspended = ma.fields.Boolean(required=True)
    form_key = ma.fields.String(allow_none=True)
    camunda_form_ref = ma.fields.Nested(FormRefShown, allow_none=True)
    operaton_form_ref = ma.fields.Nested(FormRefShown, allow_none=True)
    tenant_id = ma.fields.String(allow_none=True)
    task_state = ma.fields.String(required=True)


class FormShown(Camel):
    """Which form a task has."""

    key = ma.fields.String(allow_none=True)
    camunda_form_ref = ma.fields.Nested(FormRefShown, allow_none=True)
    operaton_form_ref = ma.fields.Nested(FormRefShown, allow_none=True)
    context_path = ma.fields.String(allow_none=True)


class IdentityLinkShown(Camel):
    """Somebody who has to do with a task."""

    user_id = ma.fields.String(allow_none=True)
    group_id = ma.fields.String(allow_none=True)
    type = ma.fields.String(required=True)


class UserDto(Dto):
    """Whom it concerns."""

    user_id = ma.fields.String(load_default=None)


class SomebodyDto(Dto):
    """Whom it concerns, without whom nothing happens."""

    user_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))


class CompletionDto(Dto):
    """What a task is completed with. The outcome and the reasons are among the variables."""

    variables = Variables()
    with_variables_in_return = Flag(load_default=None)


def _shown(task: UserTask, definition: ProcessDefinition, node: Node) -> dict[str, Any]:
    return {
        "id": task.id,
        "name": task.name,
        "assignee": task.assignee,
        "created": task.created_at,
        "due": task.due_at,
        "follow_up": task.follow_up_at,
        "last_updated": None,
        "delegation_state": task.delegation_state,
        "description": None,
        "execution_id": task.id,
        "owner": task.owner,
        "parent_task_id": None,
        "priority": task.priority,
        "process_definition_id": definition_id(definition.key, definition.version, definition.id),
        "process_instance_id": task.instance_id,
        "task_definition_key": task.activity_id,
        "case_execution_id": None,
        "case_instance_id": None,
        "case_definition_id": None,
        "suspended": False,
        **_form_of(task, node),
        "tenant_id": tenant_of(task.region),
        "task_state": "Created",
    }


def _form_of(task: UserTask, node: Node) -> dict[str, Any]:
    """A form by reference under both distributions' names for it, or the key of one of another kind."""
    form = node.assignment.form if node.assignment else None
    if form is None or form.reference is None:
        return {"form_key": task.form_key, "camunda_form_ref": None, "operaton_form_ref": None}
    version = None if form.version is None else form.version.evaluate({}, {})
    reference = {"key": task.form_key, "binding": form.binding, "version": version}
    return {"form_key": None, "camunda_form_ref": reference, "operaton_form_ref": reference}


def _rows(tx: Transaction, wanted: Mapping[str, Any], page: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = paged(tx, asked(tx.actor, wanted), SORT_KEYS, page, UserTask.id)
    return [_shown(task, definition, _node(tx, task)) for task, _, definition in found]


def _node(tx: Transaction, task: UserTask) -> Node:
    return definitions.load(tx, task.definition_id).node(task.activity_id)


@routes.get("/task", "任务", "user_tasks.read", query=TaskQuery, answer=TaskShown(many=True))
def list_tasks(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List open user tasks"""
    return _rows(tx, query, query)


@routes.post("/task", "任务", "user_tasks.read", query=PartQuery, body=TaskQueryDto, answer=TaskShown(many=True))
def query_tasks(tx: Transaction, query: dict[str, Any], body: dict[str, Any]) -> list[dict[str, Any]]:
    """Query open user tasks"""
    return _rows(tx, body, query)


@routes.get("/task/count", "任务数", "user_tasks.read", query=TaskFilter, answer=Counted)
def count_tasks(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count open user tasks"""
    return counted(tx, asked(tx.actor, query))


@routes.post("/task/count", "任务数", "user_tasks.read", body=TaskQueryDto, answer=Counted)
def count_queried_tasks(tx: Transaction, body: dict[str, Any]) -> dict[str, int]:
    """Count the open user tasks of a query"""
    return counted(tx, asked(tx.actor, body))


@routes.get("/task/<task_id>", "任务", "user_tasks.read", answer=TaskShown)
def show_task(tx: Transaction, task_id: str) -> dict[str, Any]:
    """Show an open user task"""
    found = tx.session.execute(OPEN.where(UserTask.id == task_id, known_to(tx.actor))).first()
    if found is None:
        raise NotFound
    task, _, definition = found
    return _shown(task, definition, _node(tx, task))


def _done() -> Response:
    return Response(status=204)


@routes.post("/task/<task_id>/claim", "签收", "user_tasks.claim", body=UserDto, status=204)
def claim(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Claim a task; for somebody else it is assigning"""
    return _give(tx, task_id, body["user_id"] or tx.actor.login)


@routes.post("/task/<task_id>/assignee", "分派", "user_tasks.claim", body=UserDto, status=204)
def assign(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Assign a task; nobody is unclaiming"""
    return unclaim(tx, task_id) if body["user_id"] is None else _give(tx, task_id, body["user_id"])


def _give(tx: Transaction, task_id: str, login: str) -> Response:
    if login == tx.actor.login:
        user_tasks.claim(tx, task_id)
    else:
        assignments.assign(tx, task_id, login)
    return _done()


@routes.post("/task/<task_id>/unclaim", "取消签收", "user_tasks.release", status=204)
def unclaim(tx: Transaction, task_id: str) -> Response:
    """Give a task back to its group"""
    user_tasks.release(tx, task_id)
    return _done()


@routes.post("/task/<task_id>/delegate", "委派", "user_tasks.delegate", body=SomebodyDto, status=204)
def delegate(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Delegate a task to a colleague"""
    assignments.delegate(tx, task_id, body["user_id"], BY_DELEGATION)
    return _done()


@routes.post("/task/<task_id>/resolve", "反馈委派任务", "user_tasks.resolve", body=CompletionDto, status=204)
def resolve(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Resolve a delegated task"""
    assignments.resolve(tx, task_id, BY_RESOLUTION, body["variables"])
    return _done()


@routes.post("/task/<task_id>/complete", "办结任务", "user_tasks.complete", body=CompletionDto, status=204)
@routes.post("/task/<task_id>/submit-form", "提交表单", "user_tasks.complete", body=CompletionDto, status=204)
def complete(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Complete a task"""
    task = user_tasks.complete(tx, task_id, Submission(body["variables"]))
    if not body["with_variables_in_return"]:
        return _done()
    return jsonify({name: shown(value) for name, value in _values(tx, task).items()})


@routes.get("/task/<task_id>/form", "任务表单", "user_tasks.read", answer=FormShown)
def show_form(tx: Transaction, task_id: str) -> dict[str, Any]:
    """Show which form a task has"""
    task = _visible(tx, task_id)
    form = _form_of(task, _node(tx, task))
    return form | {"key": form["form_key"], "context_path": None}


@routes.get("/task/<task_id>/deployed-form", "任务表单文件", "user_tasks.read")
def show_deployed_form(tx: Transaction, task_id: str) -> Response:
    """Show the form that a task was created with"""
    document = user_tasks.form_document(tx, _visible(tx, task_id))
    if document is None:
        raise NotFound(Sentence("该任务没有表单。", "The task has no deployed form."))
    return Response(document, mimetype="application/json")


@routes.get("/task/<task_id>/form-variables", "表单变量", "user_tasks.read")
def show_form_variables(tx: Transaction, task_id: str) -> Response:
    """Show what a task's form is filled with"""
    task = _visible(tx, task_id)
    return jsonify(_variables(tx, task) | {name: shown(value) for name, value in _values(tx, task).items()})


@routes.get("/task/<task_id>/variables", "任务可见变量", "user_tasks.read")
def show_variables(tx: Transaction, task_id: str) -> Response:
    """Show the variables that a task sees, as far as the caller sees them"""
    return jsonify(_variables(tx, _visible(tx, task_id)))


@routes.get("/task/<task_id>/localVariables", "任务局部变量", "user_tasks.read")
def show_local_variables(tx: Transaction, task_id: str) -> Response:
    """Show the variables of a task alone"""
    return jsonify(shown_rows(scopes.visible(tx, [_visible(tx, task_id).id]).values()))


@routes.get("/task/<task_id>/identity-links", "任务相关人员", "user_tasks.read", answer=IdentityLinkShown(many=True))
def list_identity_links(tx: Transaction, task_id: str) -> list[dict[str, Any]]:
    """List who has to do with a task"""
    task = _visible(tx, task_id)
    links = [("assignee", task.assignee), ("owner", task.owner)]
    found = [{"user_id": login, "group_id": None, "type": kind} for kind, login in links if login is not None]
    candidates = tx.session.scalars(
        select(Candidate).where(Candidate.task_id == task.id).order_by(Candidate.kind, Candidate.name)
    )
    return found + [_candidate_link(one) for one in candidates]


def _candidate_link(candidate: Candidate) -> dict[str, Any]:
    is_group = candidate.kind == GROUP
    return {
        "user_id": None if is_group else candidate.name,
        "group_id": candidate.name if is_group else None,
        "type": "candidate",
    }


def _visible(tx: Transaction, task_id: str) -> UserTask:
    """An open task whose content the caller may read: what a case holds is told to whoever works on it. Raises
    NotFound, for a task that has ended too (Camunda 7)."""
    task = tx.session.get(UserTask, task_id)
    if task is None or task.state != TaskState.CREATED:
        raise NotFound
    tx.ports.may(tx, "user_tasks.read", task)
    return task


def _values(tx: Transaction, task: UserTask) -> Mapping[str, object]:
    values: Mapping[str, object] = task_view.show(tx, task.id)["values"]
    return values


def _variables(tx: Transaction, task: UserTask) -> dict[str, Any]:
    """What the task sees; an outside participant only what the item names for it."""
    seen = scopes.visible(tx, scopes.around(tx, task.id, task.instance_id))
    case = tx.session.get(Case, task.root_id)
    sight = None if case is None else case_view.read(tx, case).sight
    if sight is None or sight.fields is None:
        return shown_rows(seen.values())
    open_part = sight.open_part({name: value_of(row) for name, row in seen.items()})
    return {name: shown(value) for name, value in open_part.items()}
