"""The OpenAPI document and its page. Everything comes from this server; nothing is loaded from outside."""

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
TITLE = Sentence("联办：并联审批接口", "Lianban: joint approvals")
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

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """`api.errors` answers every error."""


def install(app: Flask, version: str) -> OfficeApi:
    """The document of an application; each set of routes is registered on it."""
    app.config.update(API_TITLE=TITLE.en, API_VERSION=version, OPENAPI_VERSION="3.1.0")
    api = OfficeApi(app)
    schemes = {"basic": {"type": "http", "scheme": "basic"}, "bearer": {"type": "http", "scheme": "bearer"}}
    for name, scheme in schemes.items():
        api.spec.components.security_scheme(name, scheme)
    app.extensions["lianban-openapi"] = api
    return api


def document(api: OfficeApi) -> dict[str, Any]:
    """The document in the reader's language."""
    found: dict[str, Any] = deepcopy(api.spec.to_dict())
    found["info"]["title"] = say(TITLE)
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
    body = current_app.json.dumps(document(current_app.extensions["lianban-openapi"]))
    return Response(body, mimetype="application/json")


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
