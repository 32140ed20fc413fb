"""The engine itself: its name, its version, and where its pages are."""

import marshmallow as ma

from api.engine_rest.addresses import ENGINE
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel
from engine.transaction import Transaction

SPEAKS = "7.24.0"
"""The version of Camunda whose contract is kept."""

routes = CamundaRoutes("engine", "The engine.")


class EngineShown(Camel):
    """An engine by its name."""

    name = ma.fields.String(required=True)


class VersionShown(Camel):
    """Which contract is spoken."""

    version = ma.fields.String(required=True)


@routes.get("/engine", "流程引擎", None, answer=EngineShown(many=True))
def list_engines(tx: Transaction) -> list[dict[str, str]]:
    """List the engines"""
    return [{"name": ENGINE}]


@routes.get("/version", "接口版本", None, answer=VersionShown)
def show_version(tx: Transaction) -> dict[str, str]:
    """Show the version of the contract"""
    return {"version": SPEAKS}
