"""Decision definitions: lists, one by id or by key, its file, and having it decide."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import Response, current_app
from sqlalchemy import Select, select

from api.engine_rest import lists
from api.engine_rest.addressed_versions import meant
from api.engine_rest.lists import List, Rows
from api.engine_rest.query_parameters import (
    Query,
    after,
    at,
    empty,
    equal,
    like,
    number,
    of_tenants,
    when,
    wire_id,
    wire_ids,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import Variables
from api.engine_rest.variables import shown as shown_value
from api.engine_rest.wire import (
    Camel,
    Dto,
    definition_id,
    tenant_of,
)
from api.routes import Hall
from engine import decisions
from engine.dmn.results import plain
from engine.errors import NotFound, Sentence
from engine.ports import Actor
from engine.queries.versions import newest
from engine.store.values import as_json
from engine.tables import DecisionDefinition, Deployment, RequirementsDefinition, Resource
from engine.transaction import Transaction

routes = CamundaRoutes("decision-definition", "Decision definitions.")

LISTED: Select[*tuple[Any, ...]] = (
    select(DecisionDefinition, Resource.name.label("resource"), RequirementsDefinition)
    .join(Resource, Resource.id == DecisionDefinition.resource_id)
    .join(Deployment, Deployment.id == DecisionDefinition.deployment_id)
    .outerjoin(RequirementsDefinition, RequirementsDefinition.id == DecisionDefinition.requirements_id)
)
QUERY = Query(
    "Decision",
    {
        "decision_definition_id": wire_id(DecisionDefinition.id),
        "decision_definition_id_in": wire_ids(DecisionDefinition.id),
        "key": equal(DecisionDefinition.key),
        "key_like": like(DecisionDefinition.key),
        "name": equal(DecisionDefinition.name),
        "name_like": like(DecisionDefinition.name),
        "category": equal(DecisionDefinition.category),
        "category_like": like(DecisionDefinition.category),
        "version": number(DecisionDefinition.version),
        "latest_version": when(DecisionDefinition.version == newest(DecisionDefinition)),
        "version_tag": equal(DecisionDefinition.version_tag),
        "version_tag_like": like(DecisionDefinition.version_tag),
        "deployment_id": equal(DecisionDefinition.deployment_id),
        "deployed_after": after(Deployment.deployed_at),
        "deployed_at": at(Deployment.deployed_at),
        "resource_name": equal(Resource.name),
        "resource_name_like": like(Resource.name),
        "decision_requirements_definition_id": wire_id(DecisionDefinition.requirements_id),
        "decision_requirements_definition_key": equal(RequirementsDefinition.key),
        "without_decision_requirements_definition": empty(DecisionDefinition.requirements_id),
        **of_tenants(DecisionDefinition.region, including="include_decision_definitions_without_tenant_id"),
    },
    {
        "category": DecisionDefinition.category,
        "key": DecisionDefinition.key,
        "id": DecisionDefinition.id,
        "name": DecisionDefinition.name,
        "version": DecisionDefinition.version,
        "deploymentId": DecisionDefinition.deployment_id,
        "deployTime": Deployment.deployed_at,
        "tenantId": DecisionDefinition.region,
        "versionTag": DecisionDefinition.version_tag,
        "decisionRequirementsDefinitionKey": RequirementsDefinition.key,
    },
    DecisionDefinition.id,
)


class DecisionShown(Camel):
    """A decision definition as Camunda shows it."""

    id = ma.fields.String(required=True)
    key = ma.fields.String(required=True)
    category = ma.fields.String(allow_none=True)
    name = ma.fields.String(allow_none=True)
    version = ma.fields.Integer(required=True)
    resource = ma.fields.String(required=True)
    deployment_id = ma.fields.String(required=True)
    tenant_id = ma.fields.String(allow_none=True)
    decision_requirements_definition_id = ma.fields.String(allow_none=True)
    decision_requirements_definition_key = ma.fields.String(allow_none=True)
    history_time_to_live = ma.fields.Integer(allow_none=True)
    version_tag = ma.fields.String(allow_none=True)


class DmnShown(Camel):
    """A definition's file as text."""

    id = ma.fields.String(required=True)
    dmn_xml = ma.fields.String(required=True)


class DecisionEvaluationDto(Dto):
    """What a decision is asked."""

    variables = Variables()


def shown(definition: DecisionDefinition, resource: str, graph: RequirementsDefinition | None) -> dict[str, Any]:
    """A decision in Camunda's words."""
    return {
        "id": definition_id(definition.key, definition.version, definition.id),
        "key": definition.key,
        "category": definition.category,
        "name": definition.name,
        "version": definition.version,
        "resource": resource,
        "deployment_id": definition.deployment_id,
        "tenant_id": tenant_of(definition.region),
        "decision_requirements_definition_id": graph and definition_id(graph.key, graph.version, graph.id),
        "decision_requirements_definition_key": graph and graph.key,
        "history_time_to_live": definition.history_days,
        "version_tag": definition.version_tag,
    }


def _one(tx: Transaction, which: Mapping[str, str]) -> tuple[DecisionDefinition, str, RequirementsDefinition | None]:
    found = tx.session.execute(meant(LISTED, DecisionDefinition, **which)).first()
    if found is None:
        raise NotFound(Sentence("没有匹配的决策定义。", "No matching decision definition."))
    return found[0], found.resource, found[2]


def _listed(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return LISTED


def _all_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [shown(*row) for row in rows]


LIST = List(Sentence("决策定义", "decision definitions"), "definitions.read", QUERY, _listed, _all_shown, DecisionShown)
lists.state(routes, "/decision-definition", LIST, by_post=False)


@routes.get("/decision-definition/<definition>", "决策定义", "definitions.read", answer=DecisionShown)
@routes.get("/decision-definition/key/<key>", "决策定义", "definitions.read", answer=DecisionShown)
@routes.get("/decision-definition/key/<key>/tenant-id/<tenant>", "决策定义", "definitions.read", answer=DecisionShown)
def show_decision(tx: Transaction, **which: str) -> dict[str, Any]:
    """Show a decision definition"""
    return shown(*_one(tx, which))


@routes.get("/decision-definition/<definition>/xml", "决策文件", "definitions.read", answer=DmnShown)
@routes.get("/decision-definition/key/<key>/xml", "决策文件", "definitions.read", answer=DmnShown)
@routes.get("/decision-definition/key/<key>/tenant-id/<tenant>/xml", "决策文件", "definitions.read", answer=DmnShown)
def show_decision_xml(tx: Transaction, **which: str) -> dict[str, Any]:
    """Show a decision's file, unchanged"""
    definition, _, _ = _one(tx, which)
    return {
        "id": definition_id(definition.key, definition.version, definition.id),
        "dmn_xml": file_text(tx, definition.resource_id),
    }


def file_text(tx: Transaction, resource_id: str) -> str:
    """A DMN file as text."""
    return tx.session.get_one(Resource, resource_id).content.decode("utf-8-sig", errors="replace")


@routes.get("/decision-definition/<definition>/diagram", "决策图片", "definitions.read", status=204)
@routes.get("/decision-definition/key/<key>/diagram", "决策图片", "definitions.read", status=204)
@routes.get("/decision-definition/key/<key>/tenant-id/<tenant>/diagram", "决策图片", "definitions.read", status=204)
def show_decision_picture(tx: Transaction, **which: str) -> Response:
    """Show the picture deployed with a decision: there is none, clients draw the file"""
    _one(tx, which)
    return Response(status=204)


@routes.post(
    "/decision-definition/<definition>/evaluate",
    "作出决策",
    "decisions.evaluate",
    body=DecisionEvaluationDto,
    waits=True,
)
@routes.post(
    "/decision-definition/key/<key>/evaluate", "作出决策", "decisions.evaluate", body=DecisionEvaluationDto, waits=True
)
@routes.post(
    "/decision-definition/key/<key>/tenant-id/<tenant>/evaluate",
    "作出决策",
    "decisions.evaluate",
    body=DecisionEvaluationDto,
    waits=True,
)
def evaluate_decision(hall: Hall, actor: Actor, body: Mapping[str, Any], **which: str) -> Response:
    """Have a decision decide on these variables, and on nothing of any case

    It is made outside any transaction and leaves no trace.
    """
    with hall.database.view(actor) as tx:
        definition, _, _ = _one(tx, which)
        ready = decisions.ready(tx, definition)
    rows = ready.decide(body["variables"]).rows
    answered = [{name: shown_value(_readable(value)) for name, value in row.items()} for row in rows]
    return Response(current_app.json.dumps(answered), mimetype="application/json")


def _readable(value: object) -> object:
    """A FEEL value as the wire has one: an instant as it is, all else that JSON lacks as text."""
    value = plain(value)
    return value if isinstance(value, datetime) else as_json({"value": value})["value"]
