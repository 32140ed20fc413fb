"""External tasks: workers fetch and lock, complete, fail, throw errors, extend their locks; administrators repair."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlalchemy import select

from api.committing import committed
from api.engine_rest.paging import Counted, PageQuery, SortKeys, counted, paged, sortable
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import Variables, shown_rows
from api.engine_rest.wire import (
    Camel,
    Dto,
    Flag,
    Listed,
    Milliseconds,
    Moment,
    definition_id,
    region_of,
    tenant_of,
    uuid_of,
)
from api.routes import Hall
from engine import definitions, external_tasks
from engine.errors import Invalid, NotFound, Sentence
from engine.external_tasks import MOST_URGENT, OLDEST_FIRST, Failure, Topic
from engine.ports import Actor
from engine.queries import scopes
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import Filters, conditions, narrowed
from engine.tables import ExternalTask, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("external-task", "External tasks.")

LONGEST_WAIT = 1_800_000
SHARED_BY = 1_000  # seats: a login of a system is shared by its workers
MOST_TOPICS = 200
TOO_LONG = Sentence(
    f"asyncResponseTimeout 不得超过 {LONGEST_WAIT} 毫秒。",
    f"The asynchronous response timeout cannot be set to a value greater than {LONGEST_WAIT} milliseconds.",
)
NONE_SUCH = Sentence("没有该外部任务。", "External task does not exist.")
ORDERS = {"asc": ExternalTask.created_at.asc(), "desc": ExternalTask.created_at.desc()}

OPEN = (
    select(ExternalTask, ProcessInstance.business_key, ProcessDefinition)
    .join(ProcessInstance, ProcessInstance.id == ExternalTask.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ExternalTask.definition_id)
)
NARROWING: Filters = {
    "business_key": lambda key: ProcessInstance.business_key == key,
    "process_definition_id": lambda wire_id: ProcessInstance.definition_id == uuid_of(wire_id),
    "process_definition_id_in": lambda ids: ProcessInstance.definition_id.in_([uuid_of(one) for one in ids]),
    "process_definition_key": lambda key: ProcessDefinition.key == key,
    "process_definition_key_in": lambda keys: ProcessDefinition.key.in_(keys),
    "process_definition_version_tag": lambda tag: ProcessDefinition.version_tag == tag,
    "tenant_id_in": lambda tenants: ProcessInstance.region.in_([region_of(tenant) for tenant in tenants]),
    "without_tenant_id": lambda _: ProcessInstance.region == EVERYWHERE,
}
"""What narrows a topic."""


def filters(now: datetime) -> Filters:
    """What narrows a list; whether a lock holds depends on the present."""
    return {
        "external_task_id": lambda uuid: ExternalTask.id == uuid,
        "external_task_id_in": lambda ids: ExternalTask.id.in_(ids),
        "topic_name": lambda topic: ExternalTask.topic == topic,
        "worker_id": lambda worker: ExternalTask.worker == worker,
        "locked": lambda _: ExternalTask.locked_until > now,
        "not_locked": lambda _: (ExternalTask.locked_until.is_(None)) | (ExternalTask.locked_until <= now),
        "with_retries_left": lambda _: (ExternalTask.retries.is_(None)) | (ExternalTask.retries > 0),
        "no_retries_left": lambda _: ExternalTask.retries == 0,
        "lock_expiration_after": lambda instant: ExternalTask.locked_until > instant,
        "lock_expiration_before": lambda instant: ExternalTask.locked_until < instant,
        "activity_id": lambda activity_id: ExternalTask.activity_id == activity_id,
        "activity_id_in": lambda ids: ExternalTask.activity_id.in_(ids),
        "execution_id": lambda uuid: ExternalTask.id == uuid,
        "process_instance_id": lambda uuid: ExternalTask.instance_id == uuid,
        "process_instance_id_in": lambda ids: ExternalTask.instance_id.in_(ids),
        "priority_higher_than_or_equals": lambda least: ExternalTask.priority >= least,
        "priority_lower_than_or_equals": lambda most: ExternalTask.priority <= most,
        **NARROWING,
    }


SORT_KEYS: SortKeys = {
    "id": ExternalTask.id,
    "lockExpirationTime": ExternalTask.locked_until,
    "processInstanceId": ExternalTask.instance_id,
    "processDefinitionId": ExternalTask.definition_id,
    "processDefinitionKey": ProcessDefinition.key,
    "taskPriority": ExternalTask.priority,
    "createTime": ExternalTask.created_at,
    "tenantId": ExternalTask.region,
}


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
    process_variables = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(allow_none=True))
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
    """The work is done. Local variables end with the task; nothing in a diagram reads them."""

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


class RetriesDto(Dto):
    """How often it may be tried again."""

    retries = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0, 2**31 - 1))


class WorkFilter(Dto):
    """Which external tasks."""

    external_task_id = ma.fields.String()
    external_task_id_in = Listed(ma.fields.String())
    topic_name = ma.fields.String()
    worker_id = ma.fields.String()
    locked = Flag()
    not_locked = Flag()
    with_retries_left = Flag()
    no_retries_left = Flag()
    lock_expiration_after = Moment()
    lock_expiration_before = Moment()
    activity_id = ma.fields.String()
    activity_id_in = Listed(ma.fields.String())
    execution_id = ma.fields.String()
    process_instance_id = ma.fields.String()
    process_instance_id_in = Listed(ma.fields.String())
    process_definition_id = ma.fields.String()
    process_definition_key = ma.fields.String()
    process_definition_key_in = Listed(ma.fields.String())
    priority_higher_than_or_equals = ma.fields.Integer()
    priority_lower_than_or_equals = ma.fields.Integer()
    tenant_id_in = Listed(ma.fields.String())
    without_tenant_id = Flag()


class WorkQuery(WorkFilter, PageQuery):
    """Which external tasks, which part of the list, in which order."""

    sort_by = sortable(SORT_KEYS)


class ExternalTaskShown(Camel):
    """An external task as Camunda shows it."""

    activity_id = ma.fields.String(required=True)
    activity_instance_id = ma.fields.String(required=True)
    error_message = ma.fields.String(allow_none=True)
    execution_id = ma.fields.String(required=True)
    id = ma.fields.String(required=True)
    lock_expiration_time = Moment(allow_none=True)
    create_time = Moment(required=True)
    process_definition_id = ma.fields.String(required=True)
    process_definition_key = ma.fields.String(required=True)
    process_definition_version_tag = ma.fields.String(allow_none=True)
    process_instance_id = ma.fields.String(required=True)
    retries = ma.fields.Integer(allow_none=True)
    suspended = ma.fields.Boolean(required=True)
    worker_id = ma.fields.String(allow_none=True)
    topic_name = ma.fields.String(required=True)
    tenant_id = ma.fields.String(allow_none=True)
    priority = ma.fields.Integer(required=True)
    business_key = ma.fields.String(allow_none=True)


class LockedTaskShown(ExternalTaskShown):
    """An external task that a worker has locked, with what the worker asked to know."""

    error_details = ma.fields.String(allow_none=True)
    variables = ma.fields.Dict(required=True)
    extension_properties = ma.fields.Dict(required=True)


def _shown(task: ExternalTask, business_key: str | None, definition: ProcessDefinition) -> dict[str, Any]:
    return {
        "activity_id": task.activity_id,
        "activity_instance_id": f"{task.activity_id}:{task.id}",
        "error_message": task.error_message,
        "execution_id": task.id,
        "id": task.id,
        "lock_expiration_time": task.locked_until,
        "create_time": task.created_at,
        "process_definition_id": definition_id(definition.key, definition.version, definition.id),
        "process_definition_key": definition.key,
        "process_definition_version_tag": definition.version_tag,
        "process_instance_id": task.instance_id,
        "retries": task.retries,
        "suspended": False,
        "worker_id": task.worker,
        "topic_name": task.topic,
        "tenant_id": tenant_of(task.region),
        "priority": task.priority,
        "business_key": business_key,
    }


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
    topics = [_topic(said) for said in body["topics"]]
    with hall.waiting.patience(actor.login, body["async_response_timeout"] / 1000, SHARED_BY) as is_patient:
        while not _has_work(hall, actor, topics):
            if not is_patient():
                return jsonify([])
        return committed(hall.database, actor, None, lambda tx: _fetched(tx, body, topics))


def _topic(said: Mapping[str, Any]) -> Topic:
    values = said.get("process_variables", {})
    narrowing = [*conditions(NARROWING, said), *(scopes.holds(name, value) for name, value in values.items())]
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
    told = [_shown(*rows[task.id]) | _told(tx, task, asked[task.topic]) for task in tasks]
    return jsonify(LockedTaskShown(many=True).dump(told))


def _told(tx: Transaction, task: ExternalTask, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a worker asked to know of a task beside the task itself."""
    around = [task.id] if asked["local_variables"] else scopes.around(tx, task.id, task.instance_id)
    node = definitions.load(tx, task.definition_id).node(task.activity_id)
    return {
        "error_details": task.error_details,
        "variables": shown_rows(scopes.visible(tx, around, asked["variables"]).values()),
        "extension_properties": dict(node.properties) if asked["include_extension_properties"] else {},
    }


@routes.post(
    "/external-task/<task_id>/complete", "办结外部任务", "external_tasks.work", body=WorkCompletionDto, status=204
)
def complete(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Complete an external task"""
    external_tasks.complete(tx, task_id, body["worker_id"], body["variables"])
    return Response(status=204)


@routes.post("/external-task/<task_id>/failure", "外部任务失败", "external_tasks.work", body=FailureDto, status=204)
def fail(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Report that a try of an external task failed"""
    failure = Failure(
        body["error_message"],
        body["error_details"],
        body["retries"],
        timedelta(milliseconds=body["retry_timeout"]),
        body["variables"],
    )
    external_tasks.fail(tx, task_id, body["worker_id"], failure)
    return Response(status=204)


@routes.post("/external-task/<task_id>/bpmnError", "抛出业务错误", "external_tasks.work", body=BpmnErrorDto, status=204)
def throw_error(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Report a BPMN error in an external task"""
    external_tasks.throw_error(
        tx, task_id, body["worker_id"], body["error_code"], body["error_message"], body["variables"]
    )
    return Response(status=204)


@routes.post("/external-task/<task_id>/extendLock", "延长锁定", "external_tasks.work", body=ExtensionDto, status=204)
def extend_lock(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Extend the lock of an external task"""
    external_tasks.extend_lock(tx, task_id, body["worker_id"], timedelta(milliseconds=body["new_duration"]))
    return Response(status=204)


@routes.post("/external-task/<task_id>/lock", "锁定", "external_tasks.work", body=LockDto, status=204)
def lock(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Lock an external task"""
    external_tasks.lock(tx, task_id, body["worker_id"], timedelta(milliseconds=body["lock_duration"]))
    return Response(status=204)


@routes.post("/external-task/<task_id>/unlock", "解除锁定", "external_tasks.work", status=204)
def unlock(tx: Transaction, task_id: str) -> Response:
    """Unlock an external task"""
    external_tasks.unlock(tx, task_id)
    return Response(status=204)


@routes.put(
    "/external-task/<task_id>/retries", "设置重试次数", "external_tasks.administer", body=RetriesDto, status=204
)
def set_retries(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Set how often an external task may be tried again"""
    external_tasks.set_retries(tx, task_id, body["retries"])
    return Response(status=204)


@routes.get(
    "/external-task",
    "外部任务",
    "external_tasks.fetch_and_lock",
    query=WorkQuery,
    answer=ExternalTaskShown(many=True),
)
def list_tasks(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List external tasks"""
    return _listed(tx, query, query)


@routes.post(
    "/external-task",
    "外部任务",
    "external_tasks.fetch_and_lock",
    query=PageQuery,
    body=WorkFilter,
    answer=ExternalTaskShown(many=True),
)
def query_tasks(tx: Transaction, query: dict[str, Any], body: dict[str, Any]) -> list[dict[str, Any]]:
    """Query external tasks"""
    return _listed(tx, body, query)


def _listed(tx: Transaction, wanted: Mapping[str, Any], page: Mapping[str, Any]) -> list[dict[str, Any]]:
    statement = narrowed(OPEN, filters(tx.now), wanted)
    return [_shown(*row) for row in paged(tx, statement, SORT_KEYS, page, ExternalTask.id)]


@routes.get("/external-task/count", "外部任务数", "external_tasks.fetch_and_lock", query=WorkFilter, answer=Counted)
def count_tasks(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count external tasks"""
    return counted(tx, narrowed(OPEN, filters(tx.now), query))


@routes.get("/external-task/<task_id>", "外部任务", "external_tasks.fetch_and_lock", answer=ExternalTaskShown)
def show_task(tx: Transaction, task_id: str) -> dict[str, Any]:
    """Show an external task"""
    found = tx.session.execute(OPEN.where(ExternalTask.id == task_id)).first()
    if found is None:
        raise NotFound(NONE_SUCH)
    return _shown(*found)


@routes.get("/external-task/<task_id>/errorDetails", "失败详情", "external_tasks.fetch_and_lock")
def show_error_details(tx: Transaction, task_id: str) -> Response:
    """Show what the last failure of an external task said in full"""
    found = tx.session.get(ExternalTask, task_id)
    if found is None:
        raise NotFound(NONE_SUCH)
    if found.error_details is None:
        return Response(status=204)
    return Response(found.error_details, mimetype="text/plain")
