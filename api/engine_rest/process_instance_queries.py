"""Which running process instances a query asks for, and in which order: Camunda's filters and sort keys as data."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import aliased

from api.engine_rest import incident_messages
from api.engine_rest.query_parameters import (
    IGNORING_CASE,
    Parameter,
    Query,
    equal,
    like,
    none_of,
    of_tenants,
    one_of,
    text,
    texts,
    when,
    wire_id,
)
from api.engine_rest.variables import Conditions
from casework.visibility import in_sight, of_the_office
from engine.queries import scopes
from engine.tables import RUNNING, ActivityInstance, Incident, InstanceState, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

Called = aliased(ProcessInstance)
LISTED = (
    select(ProcessInstance, ProcessDefinition)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .where(ProcessInstance.state.in_(RUNNING))
)
SORT_KEYS = {
    "instanceId": ProcessInstance.id,
    "definitionId": ProcessInstance.definition_id,
    "definitionKey": ProcessDefinition.key,
    "tenantId": ProcessInstance.region,
    "businessKey": ProcessInstance.business_key,
}


def _has_incident(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(1).where(Incident.instance_id == ProcessInstance.id, Incident.closed_at.is_(None), *which).exists()


def _is_at(activity_ids: list[str]) -> ColumnElement[bool]:
    open_visits = select(ActivityInstance.instance_id).where(
        ActivityInstance.instance_id == ProcessInstance.id,
        ActivityInstance.activity_id.in_(activity_ids),
        ActivityInstance.ended_at.is_(None),
    )
    return open_visits.exists()


def _compared(rows: list[tuple[Any, ...]]) -> ColumnElement[bool]:
    """What a case holds is what its applicant filled in: nobody compares with it."""
    return and_(~of_the_office(ProcessInstance.root_id), *(scopes.compares(*row) for row in rows))


QUERY = Query(
    "Instance",
    {
        "process_instance_ids": one_of(ProcessInstance.id),
        "business_key": equal(ProcessInstance.business_key),
        "business_key_like": like(ProcessInstance.business_key),
        "process_definition_id": wire_id(ProcessInstance.definition_id),
        "process_definition_key": equal(ProcessDefinition.key),
        "process_definition_key_in": one_of(ProcessDefinition.key),
        "process_definition_key_not_in": none_of(ProcessDefinition.key),
        "deployment_id": equal(ProcessDefinition.deployment_id),
        "super_process_instance": equal(ProcessInstance.parent_id),
        "sub_process_instance": text(
            lambda uuid: ProcessInstance.id.in_(select(Called.parent_id).where(Called.id == uuid))
        ),
        "active": when(ProcessInstance.state == InstanceState.ACTIVE),
        "suspended": when(ProcessInstance.state == InstanceState.SUSPENDED),
        "with_incident": when(_has_incident()),
        "incident_id": text(lambda uuid: _has_incident(Incident.id == uuid)),
        "incident_type": text(lambda kind: _has_incident(Incident.kind == kind)),
        **incident_messages.said_by(_has_incident),
        **of_tenants(ProcessInstance.region),
        "activity_id_in": texts(_is_at),
        "root_process_instances": when(ProcessInstance.parent_id.is_(None)),
        "root_process_instance_id": equal(ProcessInstance.root_id),
        "leaf_process_instances": when(
            ~select(1).where(Called.parent_id == ProcessInstance.id, Called.state.in_(RUNNING)).exists()
        ),
        "variables": Parameter(Conditions(), _compared),
        **IGNORING_CASE,
    },
    SORT_KEYS,
    ProcessInstance.id,
    alternatives=True,
)


def asked(tx: Transaction, wanted: Mapping[str, Any]) -> Select[*tuple[Any, ...]]:
    """The running instances of a query that the caller may know of, sorted where a body says how."""
    return QUERY.narrowed(tx, LISTED.where(in_sight(tx.actor, ProcessInstance.root_id)), wanted)
