"""Process instances, running and over: lists and one. Of a case's variables nothing is shown or compared."""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import aliased

from api.engine_rest import incident_messages, lists
from api.engine_rest.history_rows import NOT_KEPT, PlaceShown, lasted, place
from api.engine_rest.lists import List, Rows
from api.engine_rest.paging import SortKeys
from api.engine_rest.query_parameters import (
    IGNORING_CASE,
    Parameter,
    Parameters,
    Query,
    empty,
    equal,
    like,
    none_of,
    nothing,
    of_tenants,
    one_of,
    refused,
    since,
    text,
    texts,
    until,
    when,
    wire_id,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import Conditions
from api.engine_rest.wire import Moment
from casework.visibility import in_sight, of_the_office
from engine import history_deletion
from engine.errors import Sentence
from engine.queries.spans import milliseconds
from engine.queries.variable_history import held
from engine.tables import ActivityInstance, Incident, InstanceState, Job, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("history-process-instance", "Process instances, running and over.")

Called = aliased(ProcessInstance)
STARTED_AT = (
    select(ActivityInstance.activity_id)
    .where(ActivityInstance.instance_id == ProcessInstance.id)
    .order_by(ActivityInstance.seq)
    .limit(1)
    .scalar_subquery()
)
LISTED = select(ProcessInstance, ProcessDefinition, STARTED_AT).join(
    ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id
)
IS_CANCELLED = ProcessInstance.state == InstanceState.CANCELLED
EXTERNALLY: ColumnElement[bool] = and_(IS_CANCELLED, ProcessInstance.end_reason.is_not(None))
"""Ended from outside, which is said why; with its caller or by an error, which is not."""


def visited(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The instance has, or had, such a visit to an activity."""
    return select(1).where(ActivityInstance.instance_id == ProcessInstance.id, *conditions).exists()


def hit(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Something of the instance failed for good."""
    return select(1).where(Incident.instance_id == ProcessInstance.id, *conditions).exists()


def _with_incidents(status: str) -> ColumnElement[bool]:
    return hit(Incident.closed_at.is_(None) if status == "open" else Incident.closed_at.is_not(None))


INCIDENTS: Parameters = {
    "with_incidents": when(hit()),
    "with_root_incidents": when(hit()),
    "incident_type": text(lambda kind: hit(Incident.kind == kind)),
    "incident_status": Parameter(ma.fields.String(validate=ma.validate.OneOf(("open", "resolved"))), _with_incidents),
    **incident_messages.said_by(hit),
    "incident_id_in": texts(lambda ids: hit(Incident.id.in_(ids))),
}
STATES: Parameters = {
    "finished": when(ProcessInstance.ended_at.is_not(None)),
    "unfinished": empty(ProcessInstance.ended_at),
    "active": when(ProcessInstance.state == InstanceState.ACTIVE),
    "suspended": when(ProcessInstance.state == InstanceState.SUSPENDED),
    "completed": when(ProcessInstance.state == InstanceState.COMPLETED),
    "externally_terminated": when(EXTERNALLY),
    "internally_terminated": when(and_(IS_CANCELLED, ProcessInstance.end_reason.is_(None))),
}
ACTIVITIES: Parameters = {
    "activity_id_in": texts(
        lambda ids: visited(ActivityInstance.activity_id.in_(ids), ActivityInstance.ended_at.is_(None))
    ),
    "active_activity_id_in": texts(
        lambda ids: visited(ActivityInstance.activity_id.in_(ids), ActivityInstance.ended_at.is_(None))
    ),
    "executed_activity_id_in": texts(
        lambda ids: visited(ActivityInstance.activity_id.in_(ids), ActivityInstance.ended_at.is_not(None))
    ),
    "executed_activity_before": Parameter(Moment(), lambda instant: visited(ActivityInstance.started_at <= instant)),
    "executed_activity_after": Parameter(Moment(), lambda instant: visited(ActivityInstance.started_at >= instant)),
    "executed_job_before": refused(NOT_KEPT),
    "executed_job_after": refused(NOT_KEPT),
    "with_jobs_retrying": when(
        select(1).where(Job.instance_id == ProcessInstance.id, Job.failures > 0, Job.retries > 0).exists()
    ),
}
PARAMETERS: Parameters = {
    "process_instance_id": equal(ProcessInstance.id),
    "process_instance_ids": one_of(ProcessInstance.id),
    "process_instance_id_not_in": none_of(ProcessInstance.id),
    "process_definition_id": wire_id(ProcessInstance.definition_id),
    "process_definition_key": equal(ProcessDefinition.key),
    "process_definition_key_in": one_of(ProcessDefinition.key),
    "process_definition_key_not_in": none_of(ProcessDefinition.key),
    "process_definition_name": equal(ProcessDefinition.name),
    "process_definition_name_like": like(ProcessDefinition.name),
    "process_instance_business_key": equal(ProcessInstance.business_key),
    "process_instance_business_key_in": one_of(ProcessInstance.business_key),
    "process_instance_business_key_like": like(ProcessInstance.business_key),
    "root_process_instances": empty(ProcessInstance.parent_id),
    "root_process_instance_id": equal(ProcessInstance.root_id),
    "super_process_instance_id": equal(ProcessInstance.parent_id),
    "sub_process_instance_id": text(
        lambda uuid: ProcessInstance.id.in_(select(Called.parent_id).where(Called.id == uuid))
    ),
    "super_case_instance_id": nothing(),
    "sub_case_instance_id": nothing(),
    "case_instance_id": nothing(),
    "started_by": equal(ProcessInstance.started_by),
    "started_before": until(ProcessInstance.started_at),
    "started_after": since(ProcessInstance.started_at),
    "finished_before": until(ProcessInstance.ended_at),
    "finished_after": since(ProcessInstance.ended_at),
    **STATES,
    **INCIDENTS,
    **ACTIVITIES,
    "variables": Parameter(
        Conditions(),
        lambda rows: and_(
            ~of_the_office(ProcessInstance.root_id),
            *(held(ProcessInstance.id, ProcessInstance.id, *row) for row in rows),
        ),
    ),
    **IGNORING_CASE,
    **of_tenants(ProcessInstance.region),
}
SORT_KEYS: SortKeys = {
    "instanceId": ProcessInstance.id,
    "definitionId": ProcessInstance.definition_id,
    "definitionKey": ProcessDefinition.key,
    "definitionName": ProcessDefinition.name,
    "definitionVersion": ProcessDefinition.version,
    "businessKey": ProcessInstance.business_key,
    "startTime": ProcessInstance.started_at,
    "endTime": ProcessInstance.ended_at,
    "duration": milliseconds(ProcessInstance.started_at, ProcessInstance.ended_at),
    "tenantId": ProcessInstance.region,
}
STATE_NAMES = {
    InstanceState.ACTIVE: "ACTIVE",
    InstanceState.SUSPENDED: "SUSPENDED",
    InstanceState.COMPLETED: "COMPLETED",
}


class HistoricInstanceShown(PlaceShown):
    """A process instance as Camunda's history shows it."""

    id = ma.fields.String()
    business_key = ma.fields.String()
    process_definition_name = ma.fields.String()
    process_definition_version = ma.fields.Integer()
    start_time = Moment()
    end_time = Moment()
    duration_in_millis = ma.fields.Integer()
    start_user_id = ma.fields.String()
    start_activity_id = ma.fields.String()
    delete_reason = ma.fields.String()
    super_process_instance_id = ma.fields.String()
    super_case_instance_id = ma.fields.String()
    case_instance_id = ma.fields.String()
    state = ma.fields.String()
    restarted_process_instance_id = ma.fields.String()

    class Meta:
        """An instance's own id is `id`."""

        exclude = ("process_instance_id",)


def _shown(instance: ProcessInstance, definition: ProcessDefinition, start_activity_id: str | None) -> dict[str, Any]:
    return place(instance, definition) | {
        "id": instance.id,
        "business_key": instance.business_key,
        "process_definition_name": definition.name,
        "process_definition_version": definition.version,
        "start_time": instance.started_at,
        "end_time": instance.ended_at,
        "duration_in_millis": lasted(instance.started_at, instance.ended_at),
        "start_user_id": instance.started_by,
        "start_activity_id": start_activity_id,
        "delete_reason": instance.end_reason,
        "super_process_instance_id": instance.parent_id,
        "restarted_process_instance_id": instance.restarted_from,
        "state": STATE_NAMES.get(instance.state, _terminated(instance)),
    }


def _terminated(instance: ProcessInstance) -> str:
    return "INTERNALLY_TERMINATED" if instance.end_reason is None else "EXTERNALLY_TERMINATED"


def known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The instances, running and over, that the caller may know of."""
    return LISTED.where(in_sight(tx.actor, ProcessInstance.root_id))


def shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    """Instances in Camunda's words."""
    return [_shown(*row) for row in rows]


LIST = List(
    Sentence("历史流程实例", "historic process instances"),
    "instances.read",
    Query("HistoricProcessInstance", PARAMETERS, SORT_KEYS, ProcessInstance.id, alternatives=True),
    known,
    shown,
    HistoricInstanceShown,
)
lists.state(routes, "/history/process-instance", LIST)


@routes.get("/history/process-instance/<instance_id>", "历史流程实例", "instances.read", answer=HistoricInstanceShown)
def show_instance(tx: Transaction, instance_id: str) -> dict[str, Any]:
    """Show a process instance, running or over"""
    return LIST.one(tx, instance_id)


@routes.delete("/history/process-instance/<instance_id>", "删除流程历史", "history.delete", status=204)
def delete_instance(tx: Transaction, instance_id: str) -> Response:
    """Delete the history of a process instance that is over, and of all that it called"""
    LIST.one(tx, instance_id)
    history_deletion.delete(tx, instance_id)
    return Response(status=204)
