"""Process definitions at the door: the version that counts, all versions, the file byte for byte."""

from typing import Any

import marshmallow as ma
from flask import Response

from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework.paging import Order, fetch
from engine.queries import process_definitions as listed
from engine.queries.filters import narrowed
from engine.transaction import Transaction

XML = "application/xml"

routes = Routes("process definitions", "Process definitions and their versions.", prefix="/api/process-definitions")


class DefinitionQuery(PageQuery):
    """Which processes."""

    q = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 100))


class DefinitionRow(ma.Schema):
    """A process in one version, and the file it stands in."""

    id = ma.fields.String(required=True)
    key = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    version_tag = ma.fields.String(allow_none=True)
    name = ma.fields.String(allow_none=True)
    region = ma.fields.String(required=True)
    deployment_id = ma.fields.String(required=True)
    deployed_at = Instant(required=True)
    deployed_by = ma.fields.String(required=True)
    resource = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)


DefinitionPage = page_of(DefinitionRow)


@routes.get("", "流程定义", "definitions.read", query=DefinitionQuery, answer=DefinitionPage)
def list_definitions(tx: Transaction, query: dict[str, Any]) -> Any:
    """List the latest version of every process"""
    statement = narrowed(listed.LATEST, listed.FILTERS, query)
    return fetch(tx, statement, Order(listed.SORTED_BY), after=query["cursor"], limit=query["limit"])


@routes.get("/<key>/versions", "流程定义的各版本", "definitions.read", query=PageQuery, answer=DefinitionPage)
def list_versions(tx: Transaction, query: dict[str, Any], key: str) -> Any:
    """List all versions of a process, newest first"""
    order = Order(listed.VERSIONS_SORTED_BY, newest_first=True)
    return fetch(tx, listed.versions(key), order, after=query["cursor"], limit=query["limit"])


@routes.get("/<definition_id>/xml", "流程图原文件", "definitions.read")
def show_xml(tx: Transaction, definition_id: str) -> Response:
    """Show a process's file, byte for byte as it was deployed"""
    _, content = listed.file_of(tx, definition_id)
    return Response(content, content_type=XML)
