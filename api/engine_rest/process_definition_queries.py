"""Which process definitions a query asks for, and in which order: Camunda's filters and sort keys as data."""

from sqlalchemy import ColumnElement, select

from api.engine_rest import incident_messages
from api.engine_rest.query_parameters import (
    CALLER,
    Query,
    after,
    at,
    empty,
    equal,
    like,
    number,
    of_tenants,
    one_of,
    text,
    when,
    wire_id,
    wire_ids,
)
from casework.starters import may_start
from engine.queries.process_definitions import NEWEST
from engine.tables import Deployment, Incident, ProcessDefinition, ProcessInstance, Resource

LISTED = (
    select(ProcessDefinition, Resource.name.label("resource"))
    .join(Resource, Resource.id == ProcessDefinition.resource_id)
    .join(Deployment, Deployment.id == ProcessDefinition.deployment_id)
)
SORT_KEYS = {
    "category": ProcessDefinition.category,
    "key": ProcessDefinition.key,
    "id": ProcessDefinition.id,
    "name": ProcessDefinition.name,
    "version": ProcessDefinition.version,
    "deploymentId": ProcessDefinition.deployment_id,
    "deployTime": Deployment.deployed_at,
    "tenantId": ProcessDefinition.region,
    "versionTag": ProcessDefinition.version_tag,
}


def _has_incident(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    open_ones = select(ProcessInstance.definition_id).join(Incident, Incident.instance_id == ProcessInstance.id)
    return ProcessDefinition.id.in_(open_ones.where(Incident.closed_at.is_(None), *conditions))


QUERY = Query(
    "Definition",
    {
        "process_definition_id": wire_id(ProcessDefinition.id),
        "process_definition_id_in": wire_ids(ProcessDefinition.id),
        "key": equal(ProcessDefinition.key),
        "keys_in": one_of(ProcessDefinition.key),
        "key_like": like(ProcessDefinition.key),
        "name": equal(ProcessDefinition.name),
        "name_like": like(ProcessDefinition.name),
        "version": number(ProcessDefinition.version),
        "latest_version": when(ProcessDefinition.version == NEWEST),
        "version_tag": equal(ProcessDefinition.version_tag),
        "version_tag_like": like(ProcessDefinition.version_tag),
        "without_version_tag": empty(ProcessDefinition.version_tag),
        "deployment_id": equal(ProcessDefinition.deployment_id),
        "deployed_after": after(Deployment.deployed_at),
        "deployed_at": at(Deployment.deployed_at),
        "resource_name": equal(Resource.name),
        "resource_name_like": like(Resource.name),
        "category": equal(ProcessDefinition.category),
        "category_like": like(ProcessDefinition.category),
        "active": when(ProcessDefinition.is_suspended.is_(False)),
        "suspended": when(ProcessDefinition.is_suspended.is_(True)),
        "startable_in_tasklist": when(ProcessDefinition.is_startable_in_tasklist.is_(True)),
        "not_startable_in_tasklist": when(ProcessDefinition.is_startable_in_tasklist.is_(False)),
        "startable_by": text(may_start),
        "startable_permission_check": when(may_start(CALLER)),
        "incident_id": text(lambda uuid: _has_incident(Incident.id == uuid)),
        "incident_type": text(lambda kind: _has_incident(Incident.kind == kind)),
        **incident_messages.said_by(_has_incident),
        **of_tenants(ProcessDefinition.region, including="include_process_definitions_without_tenant_id"),
    },
    SORT_KEYS,
    ProcessDefinition.id,
)
