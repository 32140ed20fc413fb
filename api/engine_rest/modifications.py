"""Modifying process instances: instructions that cancel what is open and start what no flow led to."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement

from api.engine_rest import process_instances
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.subjects import RUNNING_INSTANCES
from api.engine_rest.suspensions import meant_instances
from api.engine_rest.variables import MOST_VARIABLES, VariableDto, Variables
from api.engine_rest.wire import Dto, Flag, uuid_of
from engine import modifications
from engine.errors import Invalid, Sentence
from engine.modifications import Cancel, Instruction, StartAfter, StartBefore, StartTransition
from engine.tables import ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("modification", "Modifying process instances.")

LONGEST_ANNOTATION = 4_000
MOST_INSTRUCTIONS = 200
TYPES = ("cancel", "startBeforeActivity", "startAfterActivity", "startTransition")
LOCAL = Sentence(
    "不支持局部变量（local），变量设在流程实例上。",
    "Local variables are not supported; variables are set in the process instance.",
)
WHAT = Sentence(
    "须指明 activityId、activityInstanceId、transitionInstanceId 之一；startTransition 须指明 transitionId。",
    "Say what is meant: activityId, activityInstanceId or transitionInstanceId; for startTransition, transitionId.",
)


TOO_MANY = Sentence(
    f"所有指令的变量合计最多 {MOST_VARIABLES} 个。",
    f"All instructions have at most {MOST_VARIABLES} variables together.",
)


class LocalVariableDto(VariableDto):
    """A variable of an instruction, which may be said to be local."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> object:
        if isinstance(value, Mapping) and value.get("local"):
            raise ma.ValidationError([LOCAL])
        return super()._deserialize(value, attr, data, **kwargs)


class InstructionDto(Dto):
    """One instruction."""

    type = ma.fields.String(required=True, validate=ma.validate.OneOf(TYPES))
    activity_id = ma.fields.String(load_default=None)
    activity_instance_id = ma.fields.String(load_default=None)
    transition_instance_id = ma.fields.String(load_default=None)
    transition_id = ma.fields.String(load_default=None)
    ancestor_activity_instance_id = ma.fields.String(load_default=None)
    cancel_current_active_activity_instances = Flag(load_default=None)
    variables = Variables(values=LocalVariableDto())


class ModificationDto(Dto):
    """Instructions in their order, and why."""

    instructions = ma.fields.List(
        ma.fields.Nested(InstructionDto), required=True, validate=ma.validate.Length(1, MOST_INSTRUCTIONS)
    )
    annotation = ma.fields.String(load_default=None, validate=ma.validate.Length(max=LONGEST_ANNOTATION))


class OfDefinitionDto(ModificationDto):
    """The same for several instances of one definition."""

    process_definition_id = ma.fields.String(required=True)


ModificationsDto = OfDefinitionDto.from_dict(RUNNING_INSTANCES.fields, name="ModificationsDto")


def _read(said: Mapping[str, Any]) -> Instruction:
    """An instruction of the wire. Raises Invalid for one that names nothing."""
    if said["type"] == "cancel":
        return _cancellation(said)
    named = said["transition_id"] if said["type"] == "startTransition" else said["activity_id"]
    if named is None:
        raise Invalid(WHAT)
    ancestor = said["ancestor_activity_instance_id"]
    return STARTS[said["type"]](named, ancestor and uuid_of(ancestor), said["variables"])


def _cancellation(said: Mapping[str, Any]) -> Cancel:
    one = said["activity_instance_id"] or said["transition_instance_id"]
    if (one is None) is (said["activity_id"] is None):
        raise Invalid(WHAT)
    return Cancel(activity_id=said["activity_id"], id=one and uuid_of(one))


STARTS: Mapping[str, Callable[..., Instruction]] = {
    "startBeforeActivity": StartBefore,
    "startAfterActivity": StartAfter,
    "startTransition": StartTransition,
}


def instructions(said: Mapping[str, Any]) -> list[Instruction]:
    """The instructions of a body. Raises Invalid for one that names nothing, or for too many variables."""
    if sum(len(one["variables"]) for one in said["instructions"]) > MOST_VARIABLES:
        raise Invalid(TOO_MANY)
    return [_read(one) for one in said["instructions"]]


def modified(tx: Transaction, instance_id: str, said: Mapping[str, Any]) -> None:
    """Modifies an instance as a body says."""
    modifications.modify(tx, instance_id, instructions(said), said["annotation"])


@routes.post(
    "/process-instance/<instance_id>/modification",
    "修改流程实例",
    "instances.modify",
    body=ModificationDto,
    status=204,
)
def modify(tx: Transaction, body: dict[str, Any], instance_id: str) -> Response:
    """Modify a process instance"""
    process_instances.one(tx, instance_id)
    modified(tx, instance_id, body)
    return Response(status=204)


@routes.post("/modification/execute", "修改多个流程实例", "instances.modify", body=ModificationsDto, status=204)
def modify_several(tx: Transaction, body: dict[str, Any]) -> Response:
    """Modify several process instances of one definition: all or none"""
    for instance_id in meant_instances(tx, body, of_definition(body["process_definition_id"])):
        modified(tx, instance_id, body)
    return Response(status=204)


def of_definition(wire_id: str) -> ColumnElement[bool]:
    """The instances of a definition."""
    return ProcessInstance.definition_id == uuid_of(wire_id)
