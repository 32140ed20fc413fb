"""Executions: what of a process instance is under way, each open activity instance and the instance itself.

Camunda's execution is a branch of an instance; its id is here that of the activity instance where the branch is.
"""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, func, null, select, union_all

from api.engine_rest import incident_messages
from api.engine_rest.lists import List
from api.engine_rest.query_parameters import IGNORING_CASE, Parameter, Query, equal, of_tenants, text, when, wire_id
from api.engine_rest.variables import Conditions
from api.engine_rest.wire import Whole, tenant_of
from casework.visibility import in_sight, of_the_office
from engine.errors import Sentence
from engine.queries import scopes
from engine.tables import (
    RUNNING,
    ActivityInstance,
    Incident,
    InstanceState,
    ProcessDefinition,
    ProcessInstance,
    Subscription,
)
from engine.transaction import Transaction

EXECUTION = union_all(
    select(ProcessInstance.id, ProcessInstance.id.label("instance_id"), cast(null(), Text).label("activity_id")).where(
        ProcessInstance.state.in_(RUNNING)
    ),
    select(ActivityInstance.id, ActivityInstance.instance_id, ActivityInstance.activity_id).where(
        ActivityInstance.ended_at.is_(None)
    ),
).subquery("execution")
LISTED = (
    select(EXECUTION.c.id, EXECUTION.c.instance_id, ProcessInstance.region)
    .join(ProcessInstance, ProcessInstance.id == EXECUTION.c.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
)
SORT_KEYS = {
    "instanceId": ProcessInstance.id,
    "definitionKey": ProcessDefinition.key,
    "definitionId": ProcessDefinition.id,
    "tenantId": ProcessInstance.region,
}


class ExecutionShown(Whole):
    """An execution as Camunda shows it."""

    id = ma.fields.String()
    process_instance_id = ma.fields.String()
    ended = ma.fields.Boolean()
    tenant_id = ma.fields.String()


def _awaits(kind: str, name: str) -> ColumnElement[bool]:
    waiting = func.coalesce(Subscription.owner_id, Subscription.instance_id) == EXECUTION.c.id
    return select(1).where(waiting, Subscription.kind == kind, Subscription.name == name).exists()


def _has_incident(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """An incident is its external task's activity's; of a job, the instance's."""
    found = select(Incident.id).where(Incident.instance_id == EXECUTION.c.instance_id, Incident.closed_at.is_(None))
    return found.where(*conditions, Incident.source_id == EXECUTION.c.id).exists()


def _compared(of: ColumnElement[Any], rows: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    """What a case holds is what its applicant filled in: nobody compares with it."""
    return and_(~of_the_office(ProcessInstance.root_id), *(scopes.compares(*row, scope=of) for row in rows))


QUERY = Query(
    "Execution",
    {
        "business_key": equal(ProcessInstance.business_key),
        "process_definition_id": wire_id(ProcessInstance.definition_id),
        "process_definition_key": equal(ProcessDefinition.key),
        "process_instance_id": equal(EXECUTION.c.instance_id),
        "activity_id": equal(EXECUTION.c.activity_id),
        "signal_event_subscription_name": text(lambda name: _awaits("signal", name)),
        "message_event_subscription_name": text(lambda name: _awaits("message", name)),
        "active": when(ProcessInstance.state == InstanceState.ACTIVE),
        "suspended": when(ProcessInstance.state == InstanceState.SUSPENDED),
        "incident_id": text(lambda uuid: _has_incident(Incident.id == uuid)),
        "incident_type": text(lambda kind: _has_incident(Incident.kind == kind)),
        **incident_messages.said_by(_has_incident),
        **of_tenants(ProcessInstance.region),
        "variables": Parameter(Conditions(), lambda rows: _compared(EXECUTION.c.id, rows)),
        "process_variables": Parameter(Conditions(), lambda rows: _compared(EXECUTION.c.instance_id, rows)),
        **IGNORING_CASE,
    },
    SORT_KEYS,
    EXECUTION.c.id,
)


def known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The executions that the caller may know of."""
    return LISTED.where(in_sight(tx.actor, ProcessInstance.root_id))


def shown(tx: Transaction, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[dict[str, Any]]:
    """Executions in Camunda's words."""
    return [
        {"id": row.id, "process_instance_id": row.instance_id, "ended": False, "tenant_id": tenant_of(row.region)}
        for row in rows
    ]


EXECUTIONS = List(Sentence("执行", "executions"), "instances.read", QUERY, known, shown, ExecutionShown)
