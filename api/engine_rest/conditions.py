"""Conditions that start processes: tried with the variables that a client sends."""

from typing import Any

import marshmallow as ma

from api.engine_rest import process_definitions, process_instances
from api.engine_rest.process_instances import InstanceShown
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import Variables
from api.engine_rest.wire import LONGEST_KEY, Dto, Flag, uuid_of
from engine import process_starts
from engine.queries.definitions import EVERYWHERE
from engine.tables import ProcessDefinition
from engine.transaction import Transaction

routes = CamundaRoutes("condition", "Conditions that start processes.")


class EvaluationDto(Dto):
    """The variables with which conditions are tried, and what is started where they hold."""

    variables = Variables()
    business_key = ma.fields.String(load_default=None, validate=ma.validate.Length(max=LONGEST_KEY))
    tenant_id = ma.fields.String(load_default=None)
    without_tenant_id = Flag(load_default=None)
    process_definition_id = ma.fields.String(load_default=None)


@routes.post("/condition", "求值启动条件", "instances.start", body=EvaluationDto, answer=InstanceShown(many=True))
def evaluate(tx: Transaction, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Start every process whose condition holds with these variables"""
    process_definitions.check_key(body["business_key"])
    started = process_starts.start_where(
        tx,
        body["variables"],
        body["tenant_id"] or EVERYWHERE,
        business_key=body["business_key"],
        definition_id=body["process_definition_id"] and uuid_of(body["process_definition_id"]),
    )
    tx.flush()
    return [
        process_instances.shown(one, tx.session.get_one(ProcessDefinition, one.definition_id), linked=True)
        for one in started
    ]
