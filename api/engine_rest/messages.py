"""Messages and signals from outside."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from api.engine_rest import process_instances
from api.engine_rest.process_instances import InstanceShown
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import Variables
from api.engine_rest.wire import LONGEST_KEY, Dto, Flag, region_of, tenant_of
from casework import office_messages
from engine import messages
from engine.errors import Forbidden, Invalid, Sentence
from engine.tables import ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("message", "Messages and signals.")

TWO_TENANTS = Sentence("tenantId 与 withoutTenantId 不能同时给出。", "tenantId and withoutTenantId exclude each other.")
NO_RESULT = Sentence(
    "variablesInResultEnabled 须与 resultEnabled 同时为 true。",
    "Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set to true.",
)
UNSUPPORTED = Sentence("不支持参数“{name}”。", "Parameter '{name}' is not supported.")
OF_THE_OFFICE = Sentence(
    "消息“{name}”由相应的办件操作发出，不能从外部投递，请使用 {door}。",
    "Message {name} is sent by an act on a case and by nobody else; use {door}.",
)
REFUSED = (
    "all",
    "correlation_keys",
    "local_correlation_keys",
    "process_variables_local",
    "process_variables_to_triggered_scope",
)


class MessageDto(Dto):
    """A message and to whom it goes."""

    message_name = ma.fields.String(required=True, validate=ma.validate.Length(1))
    business_key = ma.fields.String(load_default=None, validate=ma.validate.Length(max=LONGEST_KEY))
    process_instance_id = ma.fields.String(load_default=None)
    tenant_id = ma.fields.String(load_default=None)
    without_tenant_id = Flag(load_default=None)
    correlation_keys = Variables()
    local_correlation_keys = Variables()
    process_variables = Variables()
    process_variables_local = Variables()
    process_variables_to_triggered_scope = Variables()
    all = Flag(load_default=None)
    result_enabled = Flag(load_default=None)
    variables_in_result_enabled = Flag(load_default=None)


class SignalDto(Dto):
    """A signal, which everybody hears who waits for it."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1))
    execution_id = ma.fields.String(load_default=None)
    variables = Variables()
    tenant_id = ma.fields.String(load_default=None)
    without_tenant_id = Flag(load_default=None)


@routes.post("/message", "投递消息", "messages.correlate", body=MessageDto, status=204)
def correlate(tx: Transaction, body: dict[str, Any]) -> Response:
    """Correlate a message with the one that waits for it, or start a process"""
    _check(body)
    instance = messages.correlate(
        tx,
        body["message_name"],
        body["process_variables"],
        root_id=body["process_instance_id"],
        business_key=body["business_key"],
        region=region_of(body["tenant_id"]),
    )
    return jsonify([_result(tx, instance, body)]) if body["result_enabled"] else Response(status=204)


def _check(body: Mapping[str, Any]) -> None:
    if body["tenant_id"] is not None and body["without_tenant_id"]:
        raise Invalid(TWO_TENANTS)
    if body["variables_in_result_enabled"] and not body["result_enabled"]:
        raise Invalid(NO_RESULT)
    _refuse(body, REFUSED)
    if door := office_messages.SENT_BY.get(body["message_name"]):
        said = {"name": body["message_name"], "door": door}
        raise Forbidden(Sentence(OF_THE_OFFICE.zh.format(**said), OF_THE_OFFICE.en.format(**said)))


def _refuse(body: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """What would silently do nothing is refused."""
    for name in names:
        if body[name]:
            raise Invalid(Sentence(UNSUPPORTED.zh.format(name=name), UNSUPPORTED.en.format(name=name)))


def _result(tx: Transaction, instance: ProcessInstance, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a message reached: an instance that waited, or a process that it started."""
    tx.flush()
    started = instance.started_at == tx.now and instance.parent_id is None
    definition = tx.session.get_one(ProcessDefinition, instance.definition_id)
    shown = InstanceShown().dump(process_instances.shown(instance, definition))
    execution = {
        "id": instance.id,
        "processInstanceId": instance.id,
        "ended": False,
        "tenantId": tenant_of(instance.region),
    }
    result: dict[str, Any] = {
        "resultType": "ProcessDefinition" if started else "Execution",
        "execution": None if started else execution,
        "processInstance": shown if started else None,
    }
    if body["variables_in_result_enabled"]:
        result["variables"] = process_instances.variables_of(tx, instance.id)
    return result


@routes.post("/signal", "广播信号", "signals.throw", body=SignalDto, status=204)
def throw_signal(tx: Transaction, body: dict[str, Any]) -> Response:
    """Throw a signal to everybody who waits for it"""
    _refuse(body, ("execution_id", "tenant_id"))
    messages.signal(tx, body["name"], body["variables"])
    return Response(status=204)
