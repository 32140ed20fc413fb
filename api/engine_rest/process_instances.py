"""Process instances that run: lists, one, its end."""

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import Response, request
from sqlalchemy import select

from api.engine_rest.paging import Counted, PartQuery, counted, paged
from api.engine_rest.process_instance_queries import LISTED, QUERY, SORT_KEYS, asked
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import shown_rows
from api.engine_rest.wire import Camel, Dto, definition_id, tenant_of
from casework.visibility import in_sight, of_the_office
from engine import instances
from engine.errors import NotFound, Sentence
from engine.tables import RUNNING, InstanceState, ProcessDefinition, ProcessInstance, Variable
from engine.transaction import Transaction

routes = CamundaRoutes("process-instance", "Process instances.")

DELETED = "deleted"
"""Why it ended, when nobody says more."""


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


class DeletionQuery(Dto):
    """How an instance is ended. Its listeners and its mappings are part of how it ends: they are not skipped."""

    fail_if_not_exists = ma.fields.Boolean(load_default=True)


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
        "ended": instance.state not in RUNNING,
        "suspended": instance.state == InstanceState.SUSPENDED,
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
    """The variables of an instance in Camunda's words, by name."""
    return shown_rows(tx, rows_of(tx, instance_id))


def rows_of(tx: Transaction, instance_id: str, name: str | None = None) -> Sequence[Variable]:
    """The variables of an instance, or the one of this name; none of a case's, which hold what its applicant filled
    in."""
    rows = (
        select(Variable)
        .join(ProcessInstance, ProcessInstance.id == Variable.scope_id)
        .where(Variable.scope_id == instance_id, ~of_the_office(ProcessInstance.root_id))
        .order_by(Variable.name)
    )
    return tx.session.scalars(rows if name is None else rows.where(Variable.name == name)).all()


def one(tx: Transaction, instance_id: str) -> tuple[ProcessInstance, ProcessDefinition]:
    """A running instance with its definition. Raises NotFound."""
    seen = LISTED.where(ProcessInstance.id == instance_id, in_sight(tx.actor, ProcessInstance.root_id))
    found = tx.session.execute(seen).first()
    if found is None:
        said = instance_id[:64]
        raise NotFound(
            Sentence(f"没有正在运行的流程实例“{said}”。", f"Process instance with id {said} does not exist.")
        )
    return found[0], found[1]


def _rows(tx: Transaction, wanted: Mapping[str, Any], page: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = paged(tx, asked(tx, wanted), SORT_KEYS, page, ProcessInstance.id)
    return [shown(instance, definition) for instance, definition in rows]


@routes.get("/process-instance", "流程实例", "instances.read", query=QUERY.address, answer=InstanceShown(many=True))
def list_instances(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List running process instances"""
    return _rows(tx, query, query)


@routes.post(
    "/process-instance",
    "流程实例",
    "instances.read",
    query=PartQuery,
    body=QUERY.body,
    answer=InstanceShown(many=True),
)
def query_instances(tx: Transaction, query: dict[str, Any], body: dict[str, Any]) -> list[dict[str, Any]]:
    """Query running process instances"""
    return _rows(tx, body, query)


@routes.get("/process-instance/count", "流程实例数", "instances.read", query=QUERY.filter, answer=Counted)
def count_instances(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count running process instances"""
    return counted(tx, asked(tx, query))


@routes.post("/process-instance/count", "流程实例数", "instances.read", body=QUERY.body, answer=Counted)
def count_queried_instances(tx: Transaction, body: dict[str, Any]) -> dict[str, int]:
    """Count the running process instances of a query"""
    return counted(tx, asked(tx, body))


@routes.get("/process-instance/<instance_id>", "流程实例", "instances.read", answer=InstanceShown)
def show_instance(tx: Transaction, instance_id: str) -> dict[str, Any]:
    """Show a running process instance"""
    return shown(*one(tx, instance_id))


@routes.delete("/process-instance/<instance_id>", "终止流程实例", "instances.cancel", query=DeletionQuery, status=204)
def delete_instance(tx: Transaction, query: dict[str, Any], instance_id: str) -> Response:
    """End a process instance"""
    try:
        one(tx, instance_id)
    except NotFound:
        if query["fail_if_not_exists"]:
            raise
        return Response(status=204)
    instances.cancel(tx, instance_id, DELETED)
    return Response(status=204)
