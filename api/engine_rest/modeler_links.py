"""Where Camunda Modeler's links lead after a deployment or a start: it asks for the address of the web pages and adds
what it wants shown. A browser that follows one is asked for a login where the address leads.
"""

import re
from typing import Any

import marshmallow as ma
from flask import Response, request

from api.engine_rest.errors import PREFIX
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Whole
from api.routes import Routes
from engine.transaction import Transaction

FOUND = 302
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class WellKnownRoutes(Routes):
    """What stands at an address of its own, beside both doors, and is documented with Camunda's."""

    DOCUMENT = "engine-rest"


well_known = WellKnownRoutes("well-known", "Where the web pages are.", prefix="/.well-known")
routes = CamundaRoutes("modeler-link", "Where links of Camunda Modeler lead.")


class WebappsShown(Whole):
    """Where Camunda's web pages would be."""

    cockpit_url = ma.fields.String()
    admin_url = ma.fields.String()
    tasklist_url = ma.fields.String()


class RepositoryQuery(Dto):
    """Which deployments the Modeler wants shown: rows of type, operator and value, as JSON."""

    deployments_query = ma.fields.String(load_default="")


@well_known.get("/camunda-automation-platform/webapps", "网页地址", None, answer=WebappsShown)
def show_webapps(tx: Transaction) -> dict[str, Any]:
    """Show where the links of Camunda Modeler lead"""
    shown = f"{request.host_url.rstrip('/')}{PREFIX}/shown/"
    return {"cockpit_url": shown, "admin_url": None, "tasklist_url": None}


@routes.get("/shown/repository", "所部署的流程", None, query=RepositoryQuery, status=FOUND)
def follow_deployment(tx: Transaction, query: dict[str, Any]) -> Response:
    """Lead to the files of a deployment"""
    found = UUID.search(query["deployments_query"])
    return _to(f"/deployment/{found[0]}/resources" if found else "/deployment")


@routes.get("/shown/process-instance/<instance_id>", "所启动的流程实例", None, status=FOUND)
def follow_instance(tx: Transaction, instance_id: str) -> Response:
    """Lead to what is open in a process instance"""
    found = UUID.fullmatch(instance_id)
    return _to(f"/process-instance/{instance_id}/activity-instances" if found else "/process-instance")


def _to(path: str) -> Response:
    """Only to an address of this server."""
    return Response(status=FOUND, headers={"Location": f"{PREFIX}{path}"})
