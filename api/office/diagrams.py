"""Diagrams at the door, as SVG: a process as drawn, a case on it, its progress for the public."""

import hashlib
from typing import Any

import marshmallow as ma
from flask import Response, request

from api.languages import say
from api.office.progress import ProgressQuery, opened
from api.routes import Routes
from casework import cases, diagrams
from engine.transaction import Transaction

SVG = "image/svg+xml"
HARMLESS = "default-src 'none'; sandbox"

routes = Routes("diagrams", "Diagrams (流程图), as SVG.")


class DiagramQuery(ma.Schema):
    """Which process of the case: `instance` is a called one's, as the diagram that calls it links to it."""

    instance = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 64))


@routes.get("/process-definitions/<definition_id>/diagram.svg", "流程图", "definitions.read")
def show_process(tx: Transaction, definition_id: str) -> Response:
    """Show a process as its designer drew it"""
    return _picture(diagrams.of_definition(tx, definition_id, say))


@routes.get("/cases/<number>/diagram.svg", "办件流程图", "cases.read", query=DiagramQuery)
def show_case(tx: Transaction, query: dict[str, Any], number: str) -> Response:
    """Show a case on its process: done, current and waiting steps, who and when"""
    case = cases.by_number(tx, number)
    tx.ports.may(tx, "cases.read", case)
    return _picture(diagrams.of_case(tx, case, say, query["instance"]))


@routes.get("/public/progress/diagram.svg", "办件进度图", None, query=ProgressQuery)
def show_progress(tx: Transaction, query: dict[str, Any]) -> Response:
    """Show the progress of a case as a diagram, by number and query code

    No login, no names of people. Wrong guesses count together with those of the progress.
    """
    return _picture(diagrams.of_progress(tx, opened(tx, query), say))


def _picture(svg: str) -> Response:
    """A picture that may do nothing but be seen; the same picture is not sent twice."""
    response = Response(svg, content_type=SVG)
    response.headers["Content-Security-Policy"] = HARMLESS
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha256(svg.encode()).hexdigest())
    response.make_conditional(request)
    return response
