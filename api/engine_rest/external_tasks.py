"""External tasks: workers fetch and lock, complete, fail, throw errors, extend their locks; administrators repair."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from api.committing import committed
from api.engine_rest.external_task_lists import NARROWING, OPEN, ExternalTaskShown, shown
from api.engine_rest.query_parameters import check_extent
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import MOST_CONDITIONS, Variables, shown_rows
from api.engine_rest.wire import (
    Dto,
    Flag,
    Milliseconds,
)
from api.routes import Hall
from casework.tables import Role
from casework.visibility import within_reach
from engine import definitions, external_tasks
from engine.errors import Invalid, Sentence
from engine.external_tasks import MOST_URGENT, OLDEST_FIRST, Failure, Topic
from engine.ports import Actor
from engine.queries import scopes
from engine.tables import ExternalTask, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("external-task", "External tasks.")

LONGEST_WAIT = 1_800_000
SHARED_BY = 1_000  # seats: a login of a system is shared by its workers
MOST_TOPICS, MOST_COMPARED = 200, 100
TOO_MUCH = Sentence(
    f"各主题的 processVariables 合计不得超过 {MOST_COMPARED} 个。",
    f"All topics have at most {MOST_COMPARED} processVariables together.",
)
TOO_LONG = Sentence(
    f"asyncResponseTimeout 不得超过 {LONGEST_WAIT} 毫秒。",
    f"The asynchronous response timeout cannot be set to a value greater than {LONGEST_WAIT} milliseconds.",
)
ORDERS = {"asc": ExternalTask.created_at.asc(), "desc": ExternalTask.created_at.desc()}


class WorkSorting(Dto):
    """One key of an order."""

    sort_by = ma.fields.String(load_default=None, validate=ma.validate.OneOf(["createTime"]))
    sort_order = ma.fields.String(load_default="asc", validate=ma.validate.OneOf(sorted(ORDERS)))


class TopicDto(Dto):
    """A topic that a worker asks for. `variables` names those it wants to have; absent, all."""

    topic_name = ma.fields.String(required=True)
    lock_duration = Milliseconds(required=True)
    variables = ma.fields.List(ma.fields.String(), load_default=None)
    local_variables = Flag(load_default=None)
    include_extension_properties = Flag(load_default=None)
    process_variables = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Raw(allow_none=True),
        validate=ma.validate.Length(max=MOST_CONDITIONS),
    )
    business_key = ma.fields.String()
    process_definition_id = ma.fields.String()
    process_definition_id_in = ma.fields.List(ma.fields.String())
    process_definition_key = ma.fields.String()
    process_definition_key_in = ma.fields.List(ma.fields.String())
    process_definition_version_tag = ma.fields.String()
    tenant_id_in = ma.fields.List(ma.fields.String())
    without_tenant_id = Flag()


class FetchDto(Dto):
    """What a worker asks for, and how long it would wait when there is nothing."""

    worker_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))
    max_tasks = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0))
    use_priority = Flag(load_default=None)
    async_response_timeout = Milliseconds(load_default=0)
    sorting = ma.fields.List(ma.fields.Nested(WorkSorting), load_default=list)
    topics = ma.fields.List(ma.fields.Nested(TopicDto), load_default=list, validate=ma.validate.Length(max=MOST_TOPICS))


class WorkerDto(Dto):
    """Which worker says it."""

    worker_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))


class WorkCompletionDto(WorkerDto):
    """The work is done. Local variables end with the task; the output parameters of its activity read them."""

    variables = Variables()
    local_variables = Variables()


class FailureDto(WorkCompletionDto):
    """A try failed."""

    error_message = ma.fields.String(load_default="")
    error_details = ma.fields.String(load_default=None)
    retries = ma.fields.Integer(load_default=0, strict=True, validate=ma.validate.Range(0, 2**31 - 1))
    retry_timeout = Milliseconds(load_default=0)


class BpmnErrorDto(WorkerDto):
    """The work ended in a BPMN error."""

    error_code = ma.fields.String(required=True, validate=ma.validate.Length(1))
    error_message = ma.fields.String(load_default=None)
    variables = Variables()


class ExtensionDto(WorkerDto):
    """The worker needs longer."""

    new_duration = Milliseconds(required=True, validate=ma.validate.Range(1))


class LockDto(WorkerDto):
    """A worker takes one task."""

    lock_duration = Milliseconds(required=True, validate=ma.validate.Range(1))


class LockedTaskShown(ExternalTaskShown):
    """An external task that a worker has locked, with what the worker asked to know."""

    error_details = ma.fields.String(allow_none=True)
    variables = ma.fields.Dict(required=True)
    extension_properties = ma.fields.Dict(required=True)


@routes.post(
    "/external-task/fetchAndLock",
    "领取外部任务",
    "external_tasks.fetch_and_lock",
    body=FetchDto,
    answer=LockedTaskShown(many=True),
    waits=True,
)
def fetch_and_lock(hall: Hall, actor: Actor, body: dict[str, Any]) -> Response:
    """Fetch and lock external tasks

    Answers as soon as there is one, at the latest when the client will not wait any longer, or the server not hold it.
    """
    if body["async_response_timeout"] > LONGEST_WAIT:
        raise Invalid(TOO_LONG)
    check_extent(*body["topics"])
    if sum(len(said.get("process_variables", ())) for said in body["topics"]) > MOST_COMPARED:
        raise Invalid(TOO_MUCH)
    topics = [_topic(actor, said) for said in body["topics"]]
    with hall.waiting.patience(actor.login, body["async_response_timeout"] / 1000, SHARED_BY) as is_patient:
        while not _has_work(hall, actor, topics):
            if not is_patient():
                return jsonify([])
        return committed(hall.database, actor, None, lambda tx: _fetched(tx, body, topics))


def _topic(actor: Actor, said: Mapping[str, Any]) -> Topic:
    values = said.get("process_variables", {})
    narrowing = [*NARROWING.conditions(said), *(scopes.holds(name, value) for name, value in values.items())]
    if Role.WORKER not in actor.groups:
        narrowing.append(within_reach(actor, ProcessInstance.root_id))
    return Topic(said["topic_name"], timedelta(milliseconds=said["lock_duration"]), narrowing)


def _has_work(hall: Hall, actor: Actor, topics: Sequence[Topic]) -> bool:
    """Asked without a lock, so that those who wait are in nobody's way."""
    with hall.database.view(actor) as tx:
        return external_tasks.has_open(tx, topics)


def _fetched(tx: Transaction, body: Mapping[str, Any], topics: Sequence[Topic]) -> Response:
    order = (*(MOST_URGENT if body["use_priority"] else ()), *(ORDERS[one["sort_order"]] for one in body["sorting"]))
    tasks = external_tasks.fetch_and_lock(
        tx, body["worker_id"], topics, limit=body["max_tasks"], order=order or OLDEST_FIRST
    )
    asked = {said["topic_name"]: said for said in reversed(body["topics"])}
    tx.flush()
    found = tx.session.execute(OPEN.where(ExternalTask.id.in_([task.id for task in tasks])))
    rows = {row.ExternalTask.id: row for row in found}
    told = [shown(*rows[task.id]) | _told(tx, task, asked[task.topic]) for task in tasks]
    return jsonify(LockedTaskShown(many=True).dump(told))


def _told(tx: Transaction, task: ExternalTask, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a worker asked to know of a task beside the task itself."""
    around = [task.id] if asked["local_variables"] else scopes.around(tx, task.id, task.instance_id)
    node = definitions.load(tx, task.definition_id).node(task.activity_id)
    return {
        "error_details": task.error_details,
        "variables": shown_rows(tx, scopes.visible(tx, around, asked["variables"]).values(), deserialized=False),
        "extension_properties": dict(node.properties) if asked["include_extension_properties"] else {},
    }


@routes.post(
    "/external-task/<external_task_id>/complete",
    "办结外部任务",
    "external_tasks.work",
    body=WorkCompletionDto,
    status=204,
)
def complete(tx: Transaction, body: dict[str, Any], external_task_id: str) -> Response:
    """Complete an external task"""
    external_tasks.complete(
        tx, external_task_id, body["worker_id"], body["variables"], local_variables=body["local_variables"]
    )
    return Response(status=204)


@routes.post(
    "/external-task/<external_task_id>/failure", "外部任务失败", "external_tasks.work", body=FailureDto, status=204
)
def fail(tx: Transaction, body: dict[str, Any], external_task_id: str) -> Response:
    """Report that a try of an external task failed"""
    failure = Failure(
        body["error_message"],
        body["error_details"],
        body["retries"],
        timedelta(milliseconds=body["retry_timeout"]),
        body["variables"],
        body["local_variables"],
    )
    external_tasks.fail(tx, external_task_id, body["worker_id"], failure)
    return Response(status=204)


@routes.post(
    "/external-task/<external_task_id>/bpmnError", "抛出业务错误", "external_tasks.work", body=BpmnErrorDto, status=204
)
def throw_error(tx: Transaction, body: dict[str, Any], external_task_id: str) -> Response:
    """Report a BPMN error in an external task"""
    external_tasks.throw_error(
        tx, external_task_id, body["worker_id"], body["error_code"], body["error_message"], body["variables"]
    )
    return Response(status=204)


@routes.post(
    "/external-task/<external_task_id>/extendLock", "延长锁定", "external_tasks.work", body=ExtensionDto, status=204
)
def extend_lock(tx: Transaction, body: dict[str, Any], external_task_id: str) -> Response:
    """Extend the lock of an external task"""
    external_tasks.extend_lock(tx, external_task_id, body["worker_id"], timedelta(milliseconds=body["new_duration"]))
    return Response(status=204)


@routes.post("/external-task/<external_task_id>/lock", "锁定", "external_tasks.work", body=LockDto, status=204)
def lock(tx: Transaction, body: dict[str, Any], external_task_id: str) -> Response:
    """Lock an external task"""
    external_tasks.lock(tx, external_task_id, body["worker_id"], timedelta(milliseconds=body["lock_duration"]))
    return Response(status=204)


@routes.post("/external-task/<external_task_id>/unlock", "解除锁定", "external_tasks.work", status=204)
def unlock(tx: Transaction, external_task_id: str) -> Response:
    """Unlock an external task"""
    external_tasks.unlock(tx, external_task_id)
    return Response(status=204)
