"""External tasks as lists show them, one of them, and what an administrator repairs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, Select, select, true

from api.engine_rest.paging import Counted, PageQuery, PartQuery, SortKeys, counted, paged, sortable
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto, Flag, Listed, Moment, Number, definition_id, region_of, tenant_of, uuid_of
from casework.tables import Role
from casework.visibility import Root, known
from engine import external_tasks
from engine.errors import NotFound, Sentence
from engine.ports import Actor
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import Filters, narrowed
from engine.tables import ExternalTask, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("external-task-list", "Lists of external tasks.")

NONE_SUCH = Sentence("没有该外部任务。", "External task does not exist.")

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


def within_reach(actor: Actor, root_id: Root) -> ColumnElement[bool]:
    """Work that the caller may know of: the systems all that is theirs to do, an administrator none of a confidential
    case."""
    return true() if Role.WORKER in actor.groups else known(actor, root_id)


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
    priority_higher_than_or_equals = Number()
    priority_lower_than_or_equals = Number()
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


def shown(task: ExternalTask, business_key: str | None, definition: ProcessDefinition) -> dict[str, Any]:
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


def _open(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return OPEN.where(within_reach(tx.actor, ExternalTask.root_id))


@routes.put(
    "/external-task/<external_task_id>/retries",
    "设置重试次数",
    "external_tasks.administer",
    body=RetriesDto,
    status=204,
)
def set_retries(tx: Transaction, body: dict[str, Any], external_task_id: str) -> Response:
    """Set how often an external task may be tried again"""
    external_tasks.set_retries(tx, external_task_id, body["retries"])
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
    query=PartQuery,
    body=WorkFilter,
    answer=ExternalTaskShown(many=True),
)
def query_tasks(tx: Transaction, query: dict[str, Any], body: dict[str, Any]) -> list[dict[str, Any]]:
    """Query external tasks"""
    return _listed(tx, body, query)


def _listed(tx: Transaction, wanted: Mapping[str, Any], page: Mapping[str, Any]) -> list[dict[str, Any]]:
    statement = narrowed(_open(tx), filters(tx.now), wanted)
    return [shown(*row) for row in paged(tx, statement, SORT_KEYS, page, ExternalTask.id)]


@routes.get("/external-task/count", "外部任务数", "external_tasks.fetch_and_lock", query=WorkFilter, answer=Counted)
def count_tasks(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count external tasks"""
    return counted(tx, narrowed(_open(tx), filters(tx.now), query))


@routes.get("/external-task/<external_task_id>", "外部任务", "external_tasks.fetch_and_lock", answer=ExternalTaskShown)
def show_task(tx: Transaction, external_task_id: str) -> dict[str, Any]:
    """Show an external task"""
    found = tx.session.execute(_open(tx).where(ExternalTask.id == external_task_id)).first()
    if found is None:
        raise NotFound(NONE_SUCH)
    return shown(*found)


@routes.get(
    "/external-task/<external_task_id>/errorDetails", "失败详情", "external_tasks.fetch_and_lock", may_be_empty=True
)
def show_error_details(tx: Transaction, external_task_id: str) -> Response:
    """Show what the last failure of an external task said in full"""
    found = tx.session.execute(_open(tx).where(ExternalTask.id == external_task_id)).first()
    if found is None:
        raise NotFound(NONE_SUCH)
    if found[0].error_details is None:
        return Response(status=204)
    return Response(found[0].error_details, mimetype="text/plain")
