"""Suspending and activating: one process instance or several, a process definition by its id or its key.

The process of a case goes on: suspending its definition lets no new one begin.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, Select, select

from api.engine_rest import process_definitions, process_instances
from api.engine_rest.process_instance_queries import LISTED
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.subjects import RUNNING_INSTANCES, TOO_MANY, about
from api.engine_rest.wire import Dto, Flag, Moment, region_of, uuid_of
from casework.visibility import in_sight, of_the_office
from engine import suspensions
from engine.errors import Invalid, Sentence
from engine.tables import ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("suspension", "Suspending and activating.")

MOST_AT_ONCE = 1_000
WHICH_INSTANCES = Sentence(
    "请指明流程实例：processInstanceIds、processInstanceQuery、processDefinitionId 或 processDefinitionKey。",
    "Either processInstanceIds, processInstanceQuery, processDefinitionId or processDefinitionKey should be set to "
    "update the suspension state.",
)
WHICH_DEFINITION = Sentence(
    "请指明流程定义：processDefinitionId 与 processDefinitionKey 二者择一。",
    "Either processDefinitionId or processDefinitionKey should be set to update the suspension state.",
)
INSTANCES_LATER = Sentence(
    "不能在约定时间挂起或激活实例（executionDate 与 includeProcessInstances 不能同时使用）。",
    "Instances are suspended and activated at once: executionDate and includeProcessInstances exclude each other.",
)


class SuspensionDto(Dto):
    """Whether it is to be suspended or activated."""

    suspended = ma.fields.Boolean(required=True)


class DefinitionSuspensionDto(SuspensionDto):
    """The same of a definition: its instances too, or only later."""

    include_process_instances = Flag(load_default=None)
    execution_date = Moment(load_default=None)


class DefinitionsSuspensionDto(DefinitionSuspensionDto):
    """The same of one definition, or of all versions of a key."""

    process_definition_id = ma.fields.String(load_default=None)
    process_definition_key = ma.fields.String(load_default=None)
    process_definition_tenant_id = ma.fields.String(load_default=None)
    process_definition_without_tenant_id = Flag(load_default=None)


InstancesSuspensionDto = DefinitionsSuspensionDto.from_dict(RUNNING_INSTANCES.fields, name="InstancesSuspensionDto")
"""The same of several instances."""
DONE = 204


@routes.put(
    "/process-instance/<instance_id>/suspended",
    "挂起或激活流程实例",
    "instances.suspend",
    body=SuspensionDto,
    status=DONE,
)
def turn_instance(tx: Transaction, body: dict[str, Any], instance_id: str) -> Response:
    """Suspend or activate a process instance"""
    process_instances.one(tx, instance_id)
    _turn(tx, [instance_id], is_suspended=body["suspended"])
    return Response(status=DONE)


@routes.put(
    "/process-instance/suspended",
    "挂起或激活多个流程实例",
    "instances.suspend",
    body=InstancesSuspensionDto,
    status=DONE,
)
def turn_instances(tx: Transaction, body: dict[str, Any]) -> Response:
    """Suspend or activate several process instances: all or none"""
    _turn(tx, _meant(tx, body), is_suspended=body["suspended"])
    return Response(status=DONE)


def _meant(tx: Transaction, body: Mapping[str, Any]) -> Sequence[str]:
    """The ids of the instances that a body means. Raises Invalid."""
    if body["process_definition_id"] is not None or body["process_definition_key"] is not None:
        return in_order_of_locking(tx, _of_definitions(tx, _versions(body)))
    return meant_instances(tx, body)


def meant_instances(tx: Transaction, body: Mapping[str, Any], *which: ColumnElement[bool]) -> Sequence[str]:
    """The running instances that the caller may know of and a body means. Raises Invalid where it says nothing of
    them, or too many at once."""
    if not RUNNING_INSTANCES.are_said(body):
        raise Invalid(WHICH_INSTANCES)
    return RUNNING_INSTANCES.meant(tx, body, *which, most=MOST_AT_ONCE)


def in_order_of_locking(tx: Transaction, instances: Select[str]) -> Sequence[str]:
    """Ids in the order of their case trees, in which all who lock several trees do so. Raises Invalid for too many."""
    ordered = instances.order_by(None).order_by(ProcessInstance.root_id, ProcessInstance.id)
    found = tx.session.scalars(ordered.limit(MOST_AT_ONCE + 1)).all()
    if len(found) > MOST_AT_ONCE:
        raise Invalid(about(TOO_MANY, str(MOST_AT_ONCE)))
    return found


def _of_definitions(tx: Transaction, definitions: Select[str]) -> Select[str]:
    """The running instances of definitions, but those that are the office's own."""
    statement = LISTED.where(
        in_sight(tx.actor, ProcessInstance.root_id),
        ~of_the_office(ProcessInstance.root_id),
        ProcessInstance.definition_id.in_(definitions),
    )
    return statement.with_only_columns(ProcessInstance.id)


def _turn(tx: Transaction, instance_ids: Sequence[str], *, is_suspended: bool) -> None:
    for instance_id in instance_ids:
        (suspensions.suspend if is_suspended else suspensions.activate)(tx, instance_id)


@routes.put(
    "/process-definition/<definition>/suspended",
    "挂起或激活流程定义",
    "definitions.suspend",
    body=DefinitionSuspensionDto,
    status=DONE,
)
@routes.put(
    "/process-definition/key/<key>/suspended",
    "挂起或激活流程定义",
    "definitions.suspend",
    body=DefinitionSuspensionDto,
    status=DONE,
)
@routes.put(
    "/process-definition/key/<key>/tenant-id/<tenant>/suspended",
    "挂起或激活流程定义",
    "definitions.suspend",
    body=DefinitionSuspensionDto,
    status=DONE,
)
def turn_definition(tx: Transaction, body: dict[str, Any], **which: str) -> Response:
    """Suspend or activate a process definition"""
    definition, _ = process_definitions.one(tx, process_definitions.meant(**which))
    return _turn_definitions(tx, body, select(ProcessDefinition.id).where(ProcessDefinition.id == definition.id))


@routes.put(
    "/process-definition/suspended",
    "挂起或激活流程定义",
    "definitions.suspend",
    body=DefinitionsSuspensionDto,
    status=DONE,
)
def turn_definitions(tx: Transaction, body: dict[str, Any]) -> Response:
    """Suspend or activate a process definition, or all versions of a key"""
    return _turn_definitions(tx, body, _versions(body))


def _versions(body: Mapping[str, Any]) -> Select[str]:
    """One definition, or all versions of a key, of a tenant where that is said. Raises Invalid."""
    if (body["process_definition_id"] is None) is (body["process_definition_key"] is None):
        raise Invalid(WHICH_DEFINITION)
    ids = select(ProcessDefinition.id)
    if body["process_definition_id"] is not None:
        return ids.where(ProcessDefinition.id == uuid_of(body["process_definition_id"]))
    ids = ids.where(ProcessDefinition.key == body["process_definition_key"])
    if body["process_definition_tenant_id"] is None and not body["process_definition_without_tenant_id"]:
        return ids
    return ids.where(ProcessDefinition.region == region_of(body["process_definition_tenant_id"]))


def _turn_definitions(tx: Transaction, body: Mapping[str, Any], which: Select[str]) -> Response:
    at: datetime | None = body["execution_date"]
    if at is not None and body["include_process_instances"]:
        raise Invalid(INSTANCES_LATER)
    for definition_id in tx.session.scalars(which.order_by(ProcessDefinition.id)).all():
        if at is not None and at > tx.now:
            suspensions.turn_definition_later(tx, definition_id, at, is_suspended=body["suspended"])
        else:
            suspensions.turn_definition(tx, definition_id, is_suspended=body["suspended"])
    if body["include_process_instances"]:
        running = in_order_of_locking(tx, _of_definitions(tx, which.order_by(None)))
        _turn(tx, running, is_suspended=body["suspended"])
    return Response(status=DONE)
