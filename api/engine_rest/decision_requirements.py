"""Decision requirements definitions: the files of several decisions, as lists, one by id or by key, and as text."""

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from api.engine_rest import decision_definitions
from api.engine_rest.decision_definitions import DmnShown, file_text
from api.engine_rest.paging import Counted, PageQuery, SortKeys, counted, paged, sortable
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import (
    Camel,
    Dto,
    Flag,
    Listed,
    Number,
    Pattern,
    definition_id,
    region_of,
    tenant_of,
    uuid_of,
)
from engine.errors import NotFound, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import ESCAPE, Filters, narrowed
from engine.tables import DecisionDefinition, RequirementsDefinition, Resource
from engine.transaction import Transaction

routes = CamundaRoutes("decision-requirements-definition", "Decision requirements definitions.")

Other = aliased(RequirementsDefinition)
NEWEST = (
    select(func.max(Other.version))
    .where(Other.key == RequirementsDefinition.key, Other.region == RequirementsDefinition.region)
    .scalar_subquery()
)
LISTED: Select[*tuple[Any, ...]] = select(RequirementsDefinition, Resource.name.label("resource")).join(
    Resource, Resource.id == RequirementsDefinition.resource_id
)
FILTERS: Filters = {
    "decision_requirements_definition_id": lambda wire_id: RequirementsDefinition.id == uuid_of(wire_id),
    "decision_requirements_definition_id_in": lambda ids: RequirementsDefinition.id.in_([uuid_of(one) for one in ids]),
    "key": lambda key: RequirementsDefinition.key == key,
    "key_like": lambda pattern: RequirementsDefinition.key.like(pattern, escape=ESCAPE),
    "name": lambda name: RequirementsDefinition.name == name,
    "name_like": lambda pattern: RequirementsDefinition.name.like(pattern, escape=ESCAPE),
    "category": lambda category: RequirementsDefinition.category == category,
    "category_like": lambda pattern: RequirementsDefinition.category.like(pattern, escape=ESCAPE),
    "version": lambda version: RequirementsDefinition.version == version,
    "latest_version": lambda _: RequirementsDefinition.version == NEWEST,
    "deployment_id": lambda uuid: RequirementsDefinition.deployment_id == uuid,
    "resource_name": lambda name: Resource.name == name,
    "resource_name_like": lambda pattern: Resource.name.like(pattern, escape=ESCAPE),
    "tenant_id_in": lambda tenants: RequirementsDefinition.region.in_(tenants),
    "without_tenant_id": lambda _: RequirementsDefinition.region == EVERYWHERE,
}
SORT_KEYS: SortKeys = {
    "category": RequirementsDefinition.category,
    "key": RequirementsDefinition.key,
    "id": RequirementsDefinition.id,
    "name": RequirementsDefinition.name,
    "version": RequirementsDefinition.version,
    "deploymentId": RequirementsDefinition.deployment_id,
    "tenantId": RequirementsDefinition.region,
}


class RequirementsFilter(Dto):
    """Which graphs."""

    decision_requirements_definition_id = ma.fields.String()
    decision_requirements_definition_id_in = Listed(ma.fields.String())
    key = ma.fields.String()
    key_like = Pattern()
    name = ma.fields.String()
    name_like = Pattern()
    category = ma.fields.String()
    category_like = Pattern()
    version = Number()
    latest_version = Flag()
    deployment_id = ma.fields.String()
    resource_name = ma.fields.String()
    resource_name_like = Pattern()
    tenant_id_in = Listed(ma.fields.String())
    without_tenant_id = Flag()


class RequirementsQuery(RequirementsFilter, PageQuery):
    """Which graphs, which part of the list, in which order."""

    sort_by = sortable(SORT_KEYS)


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


def _meant(definition: str | None = None, key: str = "", tenant: str | None = None) -> Select[*tuple[Any, ...]]:
    """The graph that an address means: an id's, else the latest version of a key."""
    if definition is not None:
        return LISTED.where(RequirementsDefinition.id == uuid_of(definition))
    of_key = and_(RequirementsDefinition.key == key, RequirementsDefinition.region == region_of(tenant))
    return LISTED.where(of_key).order_by(RequirementsDefinition.version.desc()).limit(1)


def _one(tx: Transaction, which: Mapping[str, str]) -> tuple[RequirementsDefinition, str]:
    found = tx.session.execute(_meant(**which)).first()
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


@routes.get(
    "/decision-requirements-definition",
    "决策需求图",
    "definitions.read",
    query=RequirementsQuery,
    answer=RequirementsShown(many=True),
)
def list_requirements(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List decision requirements definitions"""
    rows = paged(tx, narrowed(LISTED, FILTERS, query), SORT_KEYS, query, RequirementsDefinition.id)
    return [shown(*row) for row in rows]


@routes.get(
    "/decision-requirements-definition/count",
    "决策需求图数",
    "definitions.read",
    query=RequirementsFilter,
    answer=Counted,
)
def count_requirements(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count decision requirements definitions"""
    return counted(tx, narrowed(LISTED, FILTERS, query))


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
