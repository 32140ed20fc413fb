"""Restarting process instances that are over: new ones of the same definition begin in the midst of it."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response

from api.engine_rest.modifications import MOST_INSTRUCTIONS, TYPES, InstructionDto, instructions, of_definition
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.subjects import TO_RESTART
from api.engine_rest.suspensions import MOST_AT_ONCE
from api.engine_rest.wire import Dto, Flag
from engine import restarts
from engine.errors import Invalid, Sentence
from engine.midst import Beginning
from engine.modifications import Cancel
from engine.transaction import Transaction

routes = CamundaRoutes("restart", "Restarting process instances.")

NOTHING = Sentence(
    "请指明要重新启动的流程实例（processInstanceIds 或 historicProcessInstanceQuery）。",
    "Say which process instances to restart: processInstanceIds or historicProcessInstanceQuery.",
)


class BeginningDto(InstructionDto):
    """Where a restarted instance begins."""

    type = ma.fields.String(required=True, validate=ma.validate.OneOf(TYPES[1:]))


class RestartDto(Dto):
    """Where restarted instances begin, and with what. Listeners and mappings are part of it: they are not skipped."""

    instructions = ma.fields.List(
        ma.fields.Nested(BeginningDto), required=True, validate=ma.validate.Length(1, MOST_INSTRUCTIONS)
    )
    initial_variables = Flag(load_default=None)
    without_business_key = Flag(load_default=None)


RestartsDto = RestartDto.from_dict(TO_RESTART.fields, name="RestartsDto")


def beginnings(said: Mapping[str, Any]) -> list[Beginning]:
    """Where a body says that instances begin. Raises Invalid for what names nothing."""
    return [one for one in instructions(said) if not isinstance(one, Cancel)]


def restarted(tx: Transaction, instance_id: str, said: Mapping[str, Any]) -> None:
    """Restarts an instance as a body says."""
    with_key = not said["without_business_key"]
    initially = bool(said["initial_variables"])
    restarts.restart(tx, instance_id, beginnings(said), initially=initially, with_business_key=with_key)


@routes.post(
    "/process-definition/<definition>/restart", "重新启动流程实例", "instances.restart", body=RestartsDto, status=204
)
def restart(tx: Transaction, body: dict[str, Any], definition: str) -> Response:
    """Restart process instances of a definition that are over: all or none"""
    found = TO_RESTART.meant(tx, body, of_definition(definition), most=MOST_AT_ONCE)
    if not found:
        raise Invalid(NOTHING)
    for instance_id in found:
        restarted(tx, instance_id, body)
    return Response(status=204)
