"""The OpenAPI document and its page. Everything comes from this server; nothing is loaded from outside."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import marshmallow as ma
from flask import Flask, Response, current_app
from flask_smorest import Api  # type: ignore[import-untyped]

from api.errors import PROBLEM_JSON
from api.languages import CHINESE, language, say
from api.routes import Routes
from engine.errors import Sentence
from engine.transaction import Transaction

FOLDER = Path(__file__).parent / "docs"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
OFFICE, ENGINE_REST = "office", "engine-rest"
PREFIXES: Mapping[str, str] = {OFFICE: "", ENGINE_REST: "ENGINE_REST_"}
TITLES: Mapping[str, Sentence] = {
    OFFICE: Sentence("联办：并联审批接口", "Lianban: joint approvals"),
    ENGINE_REST: Sentence("联办：Camunda 7 兼容接口", "Lianban: Camunda 7's REST API"),
}
FILES = {"index.html": "text/html", "docs.js": "text/javascript", "docs.css": "text/css"}


class ProblemRow(ma.Schema):
    """One fault: a field of the request, or an element of the diagram."""

    path = ma.fields.String()
    element_id = ma.fields.String()
    line = ma.fields.Integer()
    column = ma.fields.Integer()
    code = ma.fields.String(required=True)
    detail = ma.fields.String(required=True)


class Problem(ma.Schema):
    """Why a request was refused (RFC 9457)."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    errors = ma.fields.List(ma.fields.Nested(ProblemRow), required=True)


class OfficeApi(Api):  # type: ignore[misc]
    """flask-smorest's document of our routes, without its own error handling."""

    ERROR_SCHEMA: type[ma.Schema] = Problem

    def _register_error_handlers(self) -> None:
        """`api.errors` answers every error."""


class Permission(ma.Schema):
    """A permission on a resource, in Camunda's words."""

    permission_name = ma.fields.String(data_key="permissionName", allow_none=True)
    resource_name = ma.fields.String(data_key="resourceName", allow_none=True)
    resource_id = ma.fields.String(data_key="resourceId", allow_none=True)


class Refusal(Permission):
    """Why a request was refused, as Camunda says it; a 403 also who asked, and any one permission that would do."""

    type = ma.fields.String(required=True)
    message = ma.fields.String(required=True, allow_none=True)
    code = ma.fields.Integer(required=True, allow_none=True)
    details = ma.fields.Dict()
    user_id = ma.fields.String(data_key="userId")
    missing_authorizations = ma.fields.List(ma.fields.Nested(Permission), data_key="missingAuthorizations")


class CamundaApi(OfficeApi):
    """The document of Camunda's REST API."""

    ERROR_SCHEMA = Refusal


APIS: Mapping[str, type[OfficeApi]] = {OFFICE: OfficeApi, ENGINE_REST: CamundaApi}


def install(app: Flask, version: str) -> Mapping[str, OfficeApi]:
    """The documents of an application, by name; each set of routes is registered on the one it names."""
    documents = {}
    for name, prefix in PREFIXES.items():
        app.config.update(
            {
                f"{prefix}API_TITLE": TITLES[name].en,
                f"{prefix}API_VERSION": version,
                f"{prefix}OPENAPI_VERSION": "3.1.0",
            }
        )
        api = documents[name] = APIS[name](app, config_prefix=prefix)
        schemes = {"basic": {"type": "http", "scheme": "basic"}, "bearer": {"type": "http", "scheme": "bearer"}}
        for scheme, described in schemes.items():
            api.spec.components.security_scheme(scheme, described)
    app.extensions["lianban-openapi"] = documents
    return documents


def document(name: str) -> dict[str, Any]:
    """A document in the reader's language."""
    found: dict[str, Any] = deepcopy(current_app.extensions["lianban-openapi"][name].spec.to_dict())
    found["info"]["title"] = say(TITLES[name])
    if name == OFFICE:
        for response in found["components"].get("responses", {}).values():
            response["content"] = {PROBLEM_JSON: response["content"].pop("application/json")}
    for operations in found["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "x-title-zh" in operation:
                title = operation.pop("x-title-zh")
                operation["summary"] = title if language() == CHINESE else operation["summary"]
    return found


routes = Routes("documentation", "This document.")


@routes.get("/openapi.json", "本接口的 OpenAPI 文档", None)
def openapi_document(tx: Transaction) -> Response:
    """The OpenAPI document."""
    return _told(OFFICE)


@routes.get("/engine-rest/openapi.json", "Camunda 接口的 OpenAPI 文档", None)
def engine_rest_document(tx: Transaction) -> Response:
    """The OpenAPI document of what is served under /engine-rest"""
    return _told(ENGINE_REST)


def _told(name: str) -> Response:
    return Response(current_app.json.dumps(document(name)), mimetype="application/json")


@routes.get("/docs", "本接口的说明页", None)
def documentation_page(tx: Transaction) -> Response:
    """The page that shows the OpenAPI document."""
    return _file("index.html")


@routes.get("/docs/<any('docs.js', 'docs.css'):name>", "说明页的文件", None)
def documentation_file(tx: Transaction, name: str) -> Response:
    """A file of the page."""
    return _file(name)


def _file(name: str) -> Response:
    response = Response((FOLDER / name).read_bytes(), content_type=f"{FILES[name]}; charset=utf-8")
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response
