"""Decision requirements definitions: the files of several decisions, as lists, one by id or by key, and as text."""

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Select, select

from api.engine_rest import decision_definitions, lists
from api.engine_rest.addressed_versions import meant
from api.engine_rest.decision_definitions import DmnShown, file_text
from api.engine_rest.lists import List, Rows
from api.engine_rest.query_parameters import Query, equal, like, number, of_tenants, when, wire_id, wire_ids
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, definition_id, tenant_of
from engine.errors import NotFound, Sentence
from engine.queries.versions import newest
from engine.tables import DecisionDefinition, RequirementsDefinition, Resource
from engine.transaction import Transaction

routes = CamundaRoutes("decision-requirements-definition", "Decision requirements definitions.")

LISTED: Select[*tuple[Any, ...]] = select(RequirementsDefinition, Resource.name.label("resource")).join(
    Resource, Resource.id == RequirementsDefinition.resource_id
)
QUERY = Query(
    "Requirements",
    {
        "decision_requirements_definition_id": wire_id(RequirementsDefinition.id),
        "decision_requirements_definition_id_in": wire_ids(RequirementsDefinition.id),
        "key": equal(RequirementsDefinition.key),
        "key_like": like(RequirementsDefinition.key),
        "name": equal(RequirementsDefinition.name),
        "name_like": like(RequirementsDefinition.name),
        "category": equal(RequirementsDefinition.category),
        "category_like": like(RequirementsDefinition.category),
        "version": number(RequirementsDefinition.version),
        "latest_version": when(RequirementsDefinition.version == newest(RequirementsDefinition)),
        "deployment_id": equal(RequirementsDefinition.deployment_id),
        "resource_name": equal(Resource.name),
        "resource_name_like": like(Resource.name),
        **of_tenants(
            RequirementsDefinition.region, including="include_decision_requirements_definitions_without_tenant_id"
        ),
    },
    {
        "category": RequirementsDefinition.category,
        "key": RequirementsDefinition.key,
        "id": RequirementsDefinition.id,
        "name": RequirementsDefinition.name,
        "version": RequirementsDefinition.version,
        "deploymentId": RequirementsDefinition.deployment_id,
        "tenantId": RequirementsDefinition.region,
    },
    RequirementsDefinition.id,
)


class RequirementsShown(Camel):
    """A graph as Camunda shows it."""

    id = ma.fields.String(required=True)
    key = ma.fields.String(required=True)
    category = ma.fields.String(allow_none=True)
    name = ma.fields.String(allow_none=True)
    version = ma.fields.Integer(required=True)
    resource = ma.fields.String(required=True)
    deployment_id = ma.fields.String(required=True)
    tenant_id = ma.fields.String(allow_none=True)


def shown(graph: RequirementsDefinition, resource: str) -> dict[str, Any]:
    """A graph in Camunda's words."""
    return {
        "id": definition_id(graph.key, graph.version, graph.id),
        "key": graph.key,
        "category": graph.category,
        "name": graph.name,
        "version": graph.version,
        "resource": resource,
        "deployment_id": graph.deployment_id,
        "tenant_id": tenant_of(graph.region),
    }


def _one(tx: Transaction, which: Mapping[str, str]) -> tuple[RequirementsDefinition, str]:
    found = tx.session.execute(meant(LISTED, RequirementsDefinition, **which)).first()
    if found is None:
        raise NotFound(Sentence("没有匹配的决策需求图。", "No matching decision requirements definition."))
    return found[0], found.resource


def of_deployment(
    tx: Transaction, made: Sequence[DecisionDefinition]
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The decisions and the graphs that a deployment made or found, by id; null where there are none."""
    asked = decision_definitions.LISTED.where(DecisionDefinition.id.in_([one.id for one in made]))
    rows = tx.session.execute(asked.order_by(DecisionDefinition.key)).all() if made else []
    decided = [decision_definitions.shown(*row) for row in rows]
    graphs = [shown(row[2], row.resource) for row in rows if row[2] is not None]
    return {one["id"]: one for one in decided} or None, {one["id"]: one for one in graphs} or None


def _listed(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return LISTED


def _all_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [shown(*row) for row in rows]


LIST = List(
    Sentence("决策需求图", "decision requirements definitions"),
    "definitions.read",
    QUERY,
    _listed,
    _all_shown,
    RequirementsShown,
)
lists.state(routes, "/decision-requirements-definition", LIST, by_post=False)


@routes.get(
    "/decision-requirements-definition/<definition>", "决策需求图", "definitions.read", answer=RequirementsShown
)
@routes.get("/decision-requirements-definition/key/<key>", "决策需求图", "definitions.read", answer=RequirementsShown)
@routes.get(
    "/decision-requirements-definition/key/<key>/tenant-id/<tenant>",
    "决策需求图",
    "definitions.read",
    answer=RequirementsShown,
)
def show_requirements(tx: Transaction, **which: str) -> dict[str, Any]:
    """Show a decision requirements definition"""
    return shown(*_one(tx, which))


@routes.get("/decision-requirements-definition/<definition>/xml", "决策需求图文件", "definitions.read", answer=DmnShown)
@routes.get("/decision-requirements-definition/key/<key>/xml", "决策需求图文件", "definitions.read", answer=DmnShown)
@routes.get(
    "/decision-requirements-definition/key/<key>/tenant-id/<tenant>/xml",
    "决策需求图文件",
    "definitions.read",
    answer=DmnShown,
)
def show_requirements_xml(tx: Transaction, **which: str) -> dict[str, Any]:
    """Show the file of a graph, unchanged"""
    graph, _ = _one(tx, which)
    wire_id = definition_id(graph.key, graph.version, graph.id)
    return {"id": wire_id, "dmn_xml": file_text(tx, graph.resource_id)}


@routes.get("/decision-requirements-definition/<definition>/diagram", "决策需求图图片", "definitions.read", status=204)
@routes.get("/decision-requirements-definition/key/<key>/diagram", "决策需求图图片", "definitions.read", status=204)
@routes.get(
    "/decision-requirements-definition/key/<key>/tenant-id/<tenant>/diagram",
    "决策需求图图片",
    "definitions.read",
    status=204,
)
def show_requirements_picture(tx: Transaction, **which: str) -> Response:
    """Show the picture deployed with a graph: there is none, clients draw the file"""
    _one(tx, which)
    return Response(status=204)
