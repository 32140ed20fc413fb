"""External tasks as lists show them, and one of them."""

import operator
from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, Row, Select, and_, select

from api.engine_rest import lists
from api.engine_rest.lists import List
from api.engine_rest.query_parameters import (
    PRESENT,
    Parameter,
    Query,
    after,
    before,
    equal,
    like,
    number,
    of_tenants,
    one_of,
    when,
    wire_id,
    wire_ids,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import Conditions
from api.engine_rest.wire import Camel, Dto, Flag, Moment, definition_id, tenant_of
from casework.visibility import of_the_office, within_reach
from engine.errors import NotFound, Sentence
from engine.queries import scopes
from engine.tables import ExternalTask, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("external-task-list", "Lists of external tasks.")

NONE_SUCH = Sentence("没有该外部任务。", "External task does not exist.")

OPEN = (
    select(ExternalTask, ProcessInstance.business_key, ProcessDefinition)
    .join(ProcessInstance, ProcessInstance.id == ExternalTask.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ExternalTask.definition_id)
)
NARROWING = Query(
    "Topic",
    {
        "business_key": equal(ProcessInstance.business_key),
        "process_definition_id": wire_id(ProcessInstance.definition_id),
        "process_definition_id_in": wire_ids(ProcessInstance.definition_id),
        "process_definition_key": equal(ProcessDefinition.key),
        "process_definition_key_in": one_of(ProcessDefinition.key),
        "process_definition_version_tag": equal(ProcessDefinition.version_tag),
        **of_tenants(ProcessInstance.region),
    },
    {},
    ExternalTask.id,
)
"""What narrows a topic."""

LOCKED = ExternalTask.locked_until > PRESENT
NOT_LOCKED = ExternalTask.locked_until.is_(None) | (ExternalTask.locked_until <= PRESENT)
RETRIES_LEFT = ExternalTask.retries.is_(None) | (ExternalTask.retries > 0)


def _compared(rows: Sequence[Any]) -> ColumnElement[bool]:
    """What a case holds is what its applicant filled in: nobody compares with it."""
    return and_(~of_the_office(ExternalTask.root_id), *(scopes.compares(*row) for row in rows))


QUERY = Query(
    "ExternalTask",
    {
        **NARROWING.parameters,
        "external_task_id": equal(ExternalTask.id),
        "external_task_id_in": one_of(ExternalTask.id),
        "topic_name": equal(ExternalTask.topic),
        "worker_id": equal(ExternalTask.worker),
        "locked": when(LOCKED),
        "not_locked": when(NOT_LOCKED),
        "with_retries_left": when(RETRIES_LEFT),
        "no_retries_left": when(ExternalTask.retries == 0),
        "lock_expiration_after": after(ExternalTask.locked_until),
        "lock_expiration_before": before(ExternalTask.locked_until),
        "activity_id": equal(ExternalTask.activity_id),
        "activity_id_in": one_of(ExternalTask.activity_id),
        "execution_id": equal(ExternalTask.id),
        "process_instance_id": equal(ExternalTask.instance_id),
        "process_instance_id_in": one_of(ExternalTask.instance_id),
        "process_definition_name": equal(ProcessDefinition.name),
        "process_definition_name_like": like(ProcessDefinition.name),
        "active": when(ExternalTask.is_suspended.is_(False)),
        "suspended": when(ExternalTask.is_suspended.is_(True)),
        "priority_higher_than_or_equals": number(ExternalTask.priority, operator.ge),
        "priority_lower_than_or_equals": number(ExternalTask.priority, operator.le),
        "process_variables": Parameter(Conditions(), _compared),
    },
    {
        "id": ExternalTask.id,
        "lockExpirationTime": ExternalTask.locked_until,
        "processInstanceId": ExternalTask.instance_id,
        "processDefinitionId": ExternalTask.definition_id,
        "processDefinitionKey": ProcessDefinition.key,
        "taskPriority": ExternalTask.priority,
        "createTime": ExternalTask.created_at,
        "tenantId": ExternalTask.region,
    },
    ExternalTask.id,
)


def open_work(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The external tasks that the caller may know of."""
    return OPEN.where(within_reach(tx.actor, ExternalTask.root_id))


class ExternalTaskShown(Camel):
    """An external task as Camunda shows it."""

    activity_id = ma.fields.String(required=True)
    activity_instance_id = ma.fields.String(required=True)
    error_message = ma.fields.String(required=True, allow_none=True)
    execution_id = ma.fields.String(required=True)
    id = ma.fields.String(required=True)
    lock_expiration_time = Moment(required=True, allow_none=True)
    create_time = Moment(required=True)
    process_definition_id = ma.fields.String(required=True)
    process_definition_key = ma.fields.String(required=True)
    process_definition_version_tag = ma.fields.String(required=True, allow_none=True)
    process_instance_id = ma.fields.String(required=True)
    retries = ma.fields.Integer(required=True, allow_none=True)
    suspended = ma.fields.Boolean(required=True)
    worker_id = ma.fields.String(required=True, allow_none=True)
    topic_name = ma.fields.String(required=True)
    tenant_id = ma.fields.String(required=True, allow_none=True)
    priority = ma.fields.Integer(required=True)
    business_key = ma.fields.String(required=True, allow_none=True)


def shown(task: ExternalTask, business_key: str | None, definition: ProcessDefinition) -> dict[str, Any]:
    """An external task in Camunda's words."""
    return {
        "activity_id": task.activity_id,
        "activity_instance_id": f"{task.activity_id}:{task.id}",
        "error_message": task.error_message or None,
        "execution_id": task.id,
        "id": task.id,
        "lock_expiration_time": task.locked_until,
        "create_time": task.created_at,
        "process_definition_id": definition_id(definition.key, definition.version, definition.id),
        "process_definition_key": definition.key,
        "process_definition_version_tag": definition.version_tag,
        "process_instance_id": task.instance_id,
        "retries": task.retries,
        "suspended": task.is_suspended,
        "worker_id": task.worker,
        "topic_name": task.topic,
        "tenant_id": tenant_of(task.region),
        "priority": task.priority,
        "business_key": business_key,
    }


def _shown(tx: Transaction, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[dict[str, Any]]:
    return [shown(*row) for row in rows]


LIST = List(
    Sentence("外部任务", "external tasks"),
    "external_tasks.fetch_and_lock",
    QUERY,
    open_work,
    _shown,
    ExternalTaskShown,
)
lists.state(routes, "/external-task", LIST)


class TopicsQuery(Dto):
    """Of which tasks the topics are wanted."""

    with_locked_tasks = Flag(load_default=None)
    with_unlocked_tasks = Flag(load_default=None)
    with_retries_left = Flag(load_default=None)


TOPICS = {"with_locked_tasks": LOCKED, "with_unlocked_tasks": NOT_LOCKED, "with_retries_left": RETRIES_LEFT}


@routes.get("/external-task/topic-names", "外部任务的主题", "external_tasks.fetch_and_lock", query=TopicsQuery)
def list_topics(tx: Transaction, query: dict[str, Any]) -> list[str]:
    """List the topics of the external tasks that there are"""
    wanted = [condition for name, condition in TOPICS.items() if query[name]]
    topics = open_work(tx).with_only_columns(ExternalTask.topic).where(*wanted).distinct()
    return list(tx.session.scalars(topics.order_by(ExternalTask.topic).params(present=tx.now)))


@routes.get("/external-task/<external_task_id>", "外部任务", "external_tasks.fetch_and_lock", answer=ExternalTaskShown)
def show_task(tx: Transaction, external_task_id: str) -> dict[str, Any]:
    """Show an external task"""
    return shown(*_one(tx, external_task_id))


@routes.get(
    "/external-task/<external_task_id>/errorDetails", "失败详情", "external_tasks.fetch_and_lock", may_be_empty=True
)
def show_error_details(tx: Transaction, external_task_id: str) -> Response:
    """Show what the last failure of an external task said in full"""
    details = _one(tx, external_task_id)[0].error_details
    return Response(status=204) if details is None else Response(details, mimetype="text/plain")


def _one(tx: Transaction, external_task_id: str) -> Row[*tuple[Any, ...]]:
    found = tx.session.execute(open_work(tx).where(ExternalTask.id == external_task_id)).first()
    if found is None:
        raise NotFound(NONE_SUCH)
    return found
