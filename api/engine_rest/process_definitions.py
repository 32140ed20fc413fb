"""Process definitions: lists, one by id or by key, and its file."""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Select

from api.engine_rest import addressed_versions
from api.engine_rest.paging import Counted, counted, paged
from api.engine_rest.process_definition_queries import LISTED, QUERY, SORT_KEYS
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import Variables
from api.engine_rest.wire import (
    LONGEST_KEY,
    Camel,
    Dto,
    Flag,
    definition_id,
    tenant_of,
)
from casework.matrix import OVERSEERS
from casework.numbers import CASE_NUMBER
from casework.starters import may_start
from engine.errors import Invalid, NotFound, Sentence
from engine.queries import process_definitions as listed
from engine.tables import ProcessDefinition
from engine.transaction import Transaction

routes = CamundaRoutes("process-definition", "Process definitions.")

OF_A_CASE = Sentence(
    "业务标识不能采用办件编号的形式；办件由收件产生。",
    "A business key cannot look like the number of a case; cases begin by being handed in.",
)


class DefinitionShown(Camel):
    """A process definition as Camunda shows it."""

    id = ma.fields.String(required=True)
    key = ma.fields.String(required=True)
    category = ma.fields.String(allow_none=True)
    description = ma.fields.String(allow_none=True)
    name = ma.fields.String(allow_none=True)
    version = ma.fields.Integer(required=True)
    resource = ma.fields.String(required=True)
    deployment_id = ma.fields.String(required=True)
    diagram = ma.fields.String(allow_none=True)
    suspended = ma.fields.Boolean(required=True)
    tenant_id = ma.fields.String(allow_none=True)
    version_tag = ma.fields.String(allow_none=True)
    history_time_to_live = ma.fields.Integer(allow_none=True)
    startable_in_tasklist = ma.fields.Boolean(required=True)


class FileShown(Camel):
    """A definition's file as text."""

    id = ma.fields.String(required=True)
    bpmn20_xml = ma.fields.String(required=True, data_key="bpmn20Xml")


class StartDto(Dto):
    """What an instance starts with."""

    business_key = ma.fields.String(load_default=None, validate=ma.validate.Length(max=LONGEST_KEY))
    variables = Variables()
    with_variables_in_return = Flag(load_default=None)


def shown(definition: ProcessDefinition, resource: str) -> dict[str, Any]:
    """A definition in Camunda's words."""
    return {
        "id": definition_id(definition.key, definition.version, definition.id),
        "key": definition.key,
        "category": definition.category,
        "description": definition.description,
        "name": definition.name,
        "version": definition.version,
        "resource": resource,
        "deployment_id": definition.deployment_id,
        "diagram": None,
        "suspended": definition.is_suspended,
        "tenant_id": tenant_of(definition.region),
        "version_tag": definition.version_tag,
        "history_time_to_live": definition.history_time_to_live,
        "startable_in_tasklist": definition.is_startable_in_tasklist,
    }


def one(tx: Transaction, query: Select[*tuple[Any, ...]]) -> tuple[ProcessDefinition, str]:
    """A definition and its file's name. Raises NotFound."""
    found = tx.session.execute(query).first()
    if found is None:
        raise NotFound(Sentence("没有匹配的流程定义。", "No matching process definition."))
    return found[0], found.resource


def meant(**which: str) -> Select[*tuple[Any, ...]]:
    """The definition that an address means."""
    return addressed_versions.meant(LISTED, ProcessDefinition, **which)


def known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The definitions that the caller may know of: who oversees processes all, others those that they may start."""
    return LISTED if tx.actor.groups & OVERSEERS else LISTED.where(may_start(tx.actor.login))


def seen(tx: Transaction, **which: str) -> tuple[ProcessDefinition, str]:
    """The definition that an address means, and its file's name. Raises NotFound for one that the caller may not know
    of, too."""
    found = one(tx, meant(**which))
    return one(tx, known(tx).where(ProcessDefinition.id == found[0].id))


def check_key(business_key: str | None) -> None:
    """Raises Invalid for the business key of an instance that workers would take for a case."""
    if CASE_NUMBER.fullmatch(business_key or ""):
        raise Invalid(OF_A_CASE)


@routes.get(
    "/process-definition",
    "流程定义",
    "definitions.read_startable",
    query=QUERY.address,
    answer=DefinitionShown(many=True),
)
def list_definitions(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List process definitions: all for who oversees them, for others those that they may start"""
    rows = paged(tx, QUERY.narrowed(tx, known(tx), query), SORT_KEYS, query, ProcessDefinition.id)
    return [shown(definition, resource) for definition, resource in rows]


@routes.get("/process-definition/count", "流程定义数", "definitions.read_startable", query=QUERY.filter, answer=Counted)
def count_definitions(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count process definitions"""
    return counted(tx, QUERY.narrowed(tx, known(tx), query))


@routes.get("/process-definition/<definition>", "流程定义", "definitions.read_startable", answer=DefinitionShown)
@routes.get("/process-definition/key/<key>", "流程定义", "definitions.read_startable", answer=DefinitionShown)
@routes.get(
    "/process-definition/key/<key>/tenant-id/<tenant>", "流程定义", "definitions.read_startable", answer=DefinitionShown
)
def show_definition(tx: Transaction, **which: str) -> dict[str, Any]:
    """Show a process definition"""
    return shown(*seen(tx, **which))


@routes.get("/process-definition/<definition>/xml", "流程图文件", "definitions.read", answer=FileShown)
@routes.get("/process-definition/key/<key>/xml", "流程图文件", "definitions.read", answer=FileShown)
@routes.get("/process-definition/key/<key>/tenant-id/<tenant>/xml", "流程图文件", "definitions.read", answer=FileShown)
def show_xml(tx: Transaction, **which: str) -> dict[str, Any]:
    """Show a definition's file, unchanged"""
    definition, _ = one(tx, meant(**which))
    _, content = listed.file_of(tx, definition.id)
    wire_id = definition_id(definition.key, definition.version, definition.id)
    return {"id": wire_id, "bpmn20_xml": content.decode("utf-8-sig", errors="replace")}


@routes.get("/process-definition/<definition>/diagram", "流程图图片", "definitions.read", status=204)
@routes.get("/process-definition/key/<key>/diagram", "流程图图片", "definitions.read", status=204)
@routes.get("/process-definition/key/<key>/tenant-id/<tenant>/diagram", "流程图图片", "definitions.read", status=204)
def show_picture(tx: Transaction, **which: str) -> Response:
    """Show the picture deployed with a definition: there is none, clients draw the file"""
    one(tx, meant(**which))
    return Response(status=204)
