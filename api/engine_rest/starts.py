"""Starting processes: at their start event, or in the midst of them where an administrator says so."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from api.engine_rest import process_definitions, process_instances
from api.engine_rest.modifications import MOST_INSTRUCTIONS
from api.engine_rest.process_definitions import StartDto
from api.engine_rest.process_instances import InstanceShown
from api.engine_rest.restarts import BeginningDto, beginnings
from api.engine_rest.routes import CamundaRoutes
from engine import midst, process_starts
from engine.transaction import Transaction

routes = CamundaRoutes("start", "Starting processes.")

ACT = "instances.start_as_named"


class InstructedStartDto(StartDto):
    """What an instance starts with, and where, if not at its start event."""

    start_instructions = ma.fields.List(
        ma.fields.Nested(BeginningDto), load_default=list, validate=ma.validate.Length(max=MOST_INSTRUCTIONS)
    )


@routes.post("/process-definition/<definition>/start", "启动流程", ACT, body=InstructedStartDto, answer=InstanceShown)
@routes.post("/process-definition/key/<key>/start", "启动流程", ACT, body=InstructedStartDto, answer=InstanceShown)
@routes.post(
    "/process-definition/key/<key>/tenant-id/<tenant>/start",
    "启动流程",
    ACT,
    body=InstructedStartDto,
    answer=InstanceShown,
)
def start_instance(tx: Transaction, body: Mapping[str, Any], **which: str) -> dict[str, Any]:
    """Start a process instance

    Not under a key in the form of a case's number, by which workers would take it for the case. With
    `startInstructions` it begins in the midst of the process, which is an administrator's to say.
    """
    process_definitions.check_key(body["business_key"])
    definition, _ = process_definitions.one(tx, process_definitions.meant(**which))
    given = {name: body[name] for name in ("business_key", "variables")} | {"region": definition.region}
    named = beginnings({"instructions": body["start_instructions"] or []})
    begun = (
        midst.start_by_person(tx, definition.id, named, **given)
        if named
        else process_starts.start_by_person(tx, definition.id, **given)
    )
    return process_instances.begun(tx, begun, definition, with_variables=bool(body["with_variables_in_return"]))
