"""Process instances that run: lists, one, its variables, its end."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, request
from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from api.engine_rest.paging import Counted, PageQuery, SortKeys, counted, paged, sortable
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import LONGEST_NAME, Conditions, VariableDto, Variables, shown_rows
from api.engine_rest.wire import Camel, Dto, Flag, Listed, Pattern, definition_id, region_of, tenant_of, uuid_of
from casework.visibility import in_sight, of_the_office
from engine import instances
from engine.errors import Invalid, NotFound, Sentence
from engine.queries import scopes
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import ESCAPE, Filters, narrowed
from engine.tables import ActivityInstance, Incident, InstanceState, ProcessDefinition, ProcessInstance, Variable
from engine.transaction import Transaction

routes = CamundaRoutes("process-instance", "Process instances.")

TOO_LONG = Sentence(
    f"变量名最长 {LONGEST_NAME} 个字符。", f"The name of a variable has at most {LONGEST_NAME} characters."
)
DELETED = "deleted"
"""Why it ended, when nobody says more."""

Called = aliased(ProcessInstance)
RUNNING = (
    select(ProcessInstance, ProcessDefinition)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .where(ProcessInstance.state == InstanceState.ACTIVE)
)
FILTERS: Filters = {
    "process_instance_ids": lambda ids: ProcessInstance.id.in_(ids),
    "business_key": lambda key: ProcessInstance.business_key == key,
    "business_key_like": lambda pattern: ProcessInstance.business_key.like(pattern, escape=ESCAPE),
    "process_definition_id": lambda wire_id: ProcessInstance.definition_id == uuid_of(wire_id),
    "process_definition_key": lambda key: ProcessDefinition.key == key,
    "process_definition_key_in": lambda keys: ProcessDefinition.key.in_(keys),
    "process_definition_key_not_in": lambda keys: ProcessDefinition.key.not_in(keys),
    "deployment_id": lambda uuid: ProcessDefinition.deployment_id == uuid,
    "super_process_instance": lambda uuid: ProcessInstance.parent_id == uuid,
    "sub_process_instance": lambda uuid: ProcessInstance.id.in_(select(Called.parent_id).where(Called.id == uuid)),
    "with_incident": lambda _: (
        select(1).where(Incident.instance_id == ProcessInstance.id, Incident.closed_at.is_(None)).exists()
    ),
    "tenant_id_in": lambda tenants: ProcessInstance.region.in_([region_of(tenant) for tenant in tenants]),
    "without_tenant_id": lambda _: ProcessInstance.region == EVERYWHERE,
    "activity_id_in": lambda ids: (
        select(1)
        .where(
            ActivityInstance.instance_id == ProcessInstance.id,
            ActivityInstance.activity_id.in_(ids),
            ActivityInstance.ended_at.is_(None),
        )
        .exists()
    ),
    "root_process_instances": lambda _: ProcessInstance.parent_id.is_(None),
    "root_process_instance_id": lambda uuid: ProcessInstance.root_id == uuid,
    "variables": lambda rows: and_(~of_the_office(ProcessInstance.root_id), *(scopes.compares(*row) for row in rows)),
    "leaf_process_instances": lambda _: (
        ~select(1).where(Called.parent_id == ProcessInstance.id, Called.state == InstanceState.ACTIVE).exists()
    ),
}
SORT_KEYS: SortKeys = {
    "instanceId": ProcessInstance.id,
    "definitionId": ProcessInstance.definition_id,
    "definitionKey": ProcessDefinition.key,
    "tenantId": ProcessInstance.region,
    "businessKey": ProcessInstance.business_key,
}


class InstanceFilter(Dto):
    """Which process instances."""

    process_instance_ids = Listed(ma.fields.String())
    business_key = ma.fields.String()
    business_key_like = Pattern()
    process_definition_id = ma.fields.String()
    process_definition_key = ma.fields.String()
    process_definition_key_in = Listed(ma.fields.String())
    process_definition_key_not_in = Listed(ma.fields.String())
    deployment_id = ma.fields.String()
    super_process_instance = ma.fields.String()
    sub_process_instance = ma.fields.String()
    with_incident = Flag()
    tenant_id_in = Listed(ma.fields.String())
    without_tenant_id = Flag()
    activity_id_in = Listed(ma.fields.String())
    root_process_instances = Flag()
    root_process_instance_id = ma.fields.String()
    leaf_process_instances = Flag()
    variables = Conditions()


class InstanceQuery(InstanceFilter, PageQuery):
    """Which process instances, which part of the list, in which order."""

    sort_by = sortable(SORT_KEYS)


class LinkShown(Camel):
    """Where something is."""

    method = ma.fields.String(required=True)
    href = ma.fields.String(required=True)
    rel = ma.fields.String(required=True)


class InstanceShown(Camel):
    """A process instance as Camunda shows it; its variables where they were asked for."""

    links = ma.fields.List(ma.fields.Nested(LinkShown), required=True)
    id = ma.fields.String(required=True)
    definition_id = ma.fields.String(required=True)
    definition_key = ma.fields.String(required=True)
    business_key = ma.fields.String(allow_none=True)
    case_instance_id = ma.fields.String(allow_none=True)
    ended = ma.fields.Boolean(required=True)
    suspended = ma.fields.Boolean(required=True)
    tenant_id = ma.fields.String(allow_none=True)
    variables = ma.fields.Dict()


class Modifications(Dto):
    """Variables to set and to remove."""

    modifications = Variables()


class VariableSaid(Dto):
    """One typed value."""

    said = VariableDto()

    @ma.pre_load
    def _whole(self, value: Any, **kwargs: Any) -> Any:
        return {"said": value}


def link(path: str) -> dict[str, str]:
    """Where something is, as the caller reached this server."""
    return {"method": "GET", "href": f"{request.host_url.rstrip('/')}/engine-rest{path}", "rel": "self"}


def shown(instance: ProcessInstance, definition: ProcessDefinition, *, linked: bool = False) -> dict[str, Any]:
    """An instance in Camunda's words."""
    return {
        "links": [link(f"/process-instance/{instance.id}")] if linked else [],
        "id": instance.id,
        "definition_id": definition_id(definition.key, definition.version, definition.id),
        "definition_key": definition.key,
        "business_key": instance.business_key,
        "case_instance_id": None,
        "ended": instance.state != InstanceState.ACTIVE,
        "suspended": False,
        "tenant_id": tenant_of(instance.region),
    }


def begun(
    tx: Transaction, instance: ProcessInstance, definition: ProcessDefinition, *, with_variables: bool
) -> dict[str, Any]:
    """An instance that has just been started."""
    tx.flush()
    found = shown(instance, definition, linked=True)
    return found | {"variables": variables_of(tx, instance.id)} if with_variables else found


def variables_of(tx: Transaction, instance_id: str) -> dict[str, Any]:
    """The variables of an instance, by name; none of a case's, which hold what its applicant filled in."""
    rows = tx.session.scalars(
        select(Variable)
        .join(ProcessInstance, ProcessInstance.id == Variable.scope_id)
        .where(Variable.scope_id == instance_id, ~of_the_office(ProcessInstance.root_id))
        .order_by(Variable.name)
    )
    return shown_rows(rows)


def _running(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The running instances that the caller may know of."""
    return RUNNING.where(in_sight(tx.actor, ProcessInstance.root_id))


def one(tx: Transaction, instance_id: str) -> tuple[ProcessInstance, ProcessDefinition]:
    """A running instance with its definition. Raises NotFound."""
    found = tx.session.execute(_running(tx).where(ProcessInstance.id == instance_id)).first()
    if found is None:
        said = instance_id[:64]
        raise NotFound(
            Sentence(f"没有正在运行的流程实例“{said}”。", f"Process instance with id {said} does not exist.")
        )
    return found[0], found[1]


@routes.get("/process-instance", "流程实例", "instances.read", query=InstanceQuery, answer=InstanceShown(many=True))
def list_instances(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List running process instances"""
    return _listed(tx, query)


@routes.get("/process-instance/count", "流程实例数", "instances.read", query=InstanceFilter, answer=Counted)
def count_instances(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count running process instances"""
    return counted(tx, narrowed(_running(tx), FILTERS, query))


def _listed(tx: Transaction, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = paged(tx, narrowed(_running(tx), FILTERS, query), SORT_KEYS, query, ProcessInstance.id)
    return [shown(instance, definition) for instance, definition in rows]


@routes.get("/process-instance/<instance_id>", "流程实例", "instances.read", answer=InstanceShown)
def show_instance(tx: Transaction, instance_id: str) -> dict[str, Any]:
    """Show a running process instance"""
    return shown(*one(tx, instance_id))


@routes.delete("/process-instance/<instance_id>", "终止流程实例", "instances.cancel", status=204)
def delete_instance(tx: Transaction, instance_id: str) -> Response:
    """End a process instance"""
    one(tx, instance_id)
    instances.cancel(tx, instance_id, DELETED)
    return Response(status=204)


@routes.get("/process-instance/<instance_id>/variables", "流程变量", "instances.read")
def show_variables(tx: Transaction, instance_id: str) -> Response:
    """Show the variables of a process instance"""
    one(tx, instance_id)
    return jsonify(variables_of(tx, instance_id))


@routes.post(
    "/process-instance/<instance_id>/variables",
    "修改流程变量",
    "instances.set_variables",
    body=Modifications,
    status=204,
)
def modify_variables(tx: Transaction, body: dict[str, Any], instance_id: str) -> Response:
    """Set variables of a process instance"""
    one(tx, instance_id)
    instances.set_variables(tx, instance_id, body["modifications"])
    return Response(status=204)


@routes.get("/process-instance/<instance_id>/variables/<name>", "流程变量", "instances.read")
def show_variable(tx: Transaction, instance_id: str, name: str) -> Response:
    """Show a variable of a process instance"""
    one(tx, instance_id)
    found = variables_of(tx, instance_id)
    if name not in found:
        said = name[:200]
        raise NotFound(Sentence(f"没有流程变量“{said}”。", f"Variable instance {said} does not exist."))
    return jsonify(found[name])


@routes.put(
    "/process-instance/<instance_id>/variables/<name>",
    "修改流程变量",
    "instances.set_variables",
    body=VariableSaid,
    status=204,
)
def set_variable(tx: Transaction, body: dict[str, Any], instance_id: str, name: str) -> Response:
    """Set a variable of a process instance"""
    one(tx, instance_id)
    if len(name) > LONGEST_NAME:
        raise Invalid(TOO_LONG)
    instances.set_variables(tx, instance_id, {name: body["said"]})
    return Response(status=204)
