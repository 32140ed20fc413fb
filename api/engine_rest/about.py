"""What this server is, for the page about it in Camunda's web applications. Nothing is ever reported to anybody."""

from typing import Any

import marshmallow as ma

from api.engine_rest.engines import SPEAKS
from api.engine_rest.paging import PartQuery
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Whole
from engine import migrations
from engine.errors import Forbidden, Sentence
from engine.store.dialect import product
from engine.transaction import Transaction

routes = CamundaRoutes("about", "What this server is.")

NEVER_REPORTED = Sentence(
    "本系统不向任何人报送使用数据，此项不能启用。",
    "This server never reports to anybody how it is used; that cannot be switched on.",
)


class RunningShown(Camel):
    """Something that runs here, by name and version."""

    vendor = ma.fields.String(required=True, allow_none=True)
    version = ma.fields.String(required=True, allow_none=True)


class InternalsShown(Whole):
    """Of what Camunda tells here there is the database; the rest is not measured, or is Java's."""

    database = ma.fields.Nested(RunningShown)
    application_server = ma.fields.Nested(RunningShown, data_key="application-server")
    jdk = ma.fields.Nested(RunningShown)
    license_key = ma.fields.Dict(data_key="license-key")
    camunda_integration = ma.fields.List(ma.fields.String(), data_key="camunda-integration")
    commands = ma.fields.Dict()
    metrics = ma.fields.Dict()
    webapps = ma.fields.List(ma.fields.String())
    data_collection_start_date = ma.fields.String(data_key="data-collection-start-date")


class ServerShown(Whole):
    """The engine: its name, and the version of the contract that it keeps."""

    name = ma.fields.String()
    version = ma.fields.String()
    edition = ma.fields.String()
    internals = ma.fields.Nested(InternalsShown)


class ServerFactsShown(Whole):
    """An installation has no id: nobody counts them."""

    installation = ma.fields.String()
    product = ma.fields.Nested(ServerShown)


class ReportingShown(Camel):
    """Whether anything is reported."""

    enable_telemetry = ma.fields.Boolean(required=True)


class RevisionShown(Whole):
    """A revision of the tables; when it was applied is not kept."""

    id = ma.fields.String()
    timestamp = ma.fields.String()
    version = ma.fields.String()


@routes.get("/telemetry/data", "服务器信息", "server.read", answer=ServerFactsShown)
def show_facts(tx: Transaction) -> dict[str, Any]:
    """Show what this server is"""
    vendor, version = product(tx.session.connection())
    internals = {
        "database": {"vendor": vendor, "version": version},
        "camunda_integration": [],
        "commands": {},
        "metrics": {},
        "webapps": [],
    }
    return {"product": {"name": "Lianban", "version": SPEAKS, "internals": internals}}


@routes.get("/telemetry/configuration", "使用数据报送", "server.read", answer=ReportingShown)
def show_reporting(tx: Transaction) -> dict[str, bool]:
    """Show whether it is reported how this server is used: never"""
    return {"enable_telemetry": False}


@routes.post("/telemetry/configuration", "启用使用数据报送", "server.read", status=204)
def refuse_reporting(tx: Transaction) -> None:
    """Have it reported how this server is used: refused"""
    raise Forbidden(NEVER_REPORTED)


@routes.get("/schema/log", "数据表版本", "server.read", query=PartQuery, answer=RevisionShown(many=True))
def list_revisions(tx: Transaction, query: dict[str, Any]) -> list[dict[str, str]]:
    """List the revision of the tables in the database, in which those before it are contained"""
    applied = migrations.applied(tx.session.connection())
    part = applied[query["first_result"] : query["first_result"] + query["max_results"]]
    return [{"id": one, "version": one} for one in part]
