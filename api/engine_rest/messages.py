"""Messages and signals from outside."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlalchemy import ColumnElement

from api.engine_rest import process_instances
from api.engine_rest.event_subscriptions import EXECUTION_ID, refuse_office_message
from api.engine_rest.process_definitions import check_key
from api.engine_rest.process_instances import InstanceShown
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import MOST_CONDITIONS, Variables
from api.engine_rest.wire import LONGEST_KEY, Dto, Flag, tenant_of
from casework.visibility import of_the_office, within_reach
from engine import messages
from engine.errors import Invalid, Sentence
from engine.messages import Reached
from engine.queries import scopes
from engine.queries.definitions import EVERYWHERE
from engine.tables import ProcessDefinition, Subscription
from engine.transaction import Transaction

routes = CamundaRoutes("message", "Messages and signals.")

TWO_TENANTS = Sentence("tenantId 与 withoutTenantId 不能同时给出。", "tenantId and withoutTenantId exclude each other.")
NO_RESULT = Sentence(
    "variablesInResultEnabled 须与 resultEnabled 同时为 true。",
    "Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set to true.",
)
UNSUPPORTED = Sentence("不支持参数“{name}”。", "Parameter '{name}' is not supported.")
TENANT_OF_EXECUTION = Sentence(
    "指定 executionId 时不能再指定租户。", "Cannot specify a tenant-id when deliver a signal to a single execution."
)
REFUSED = ("process_variables_local", "process_variables_to_triggered_scope")

FEW = ma.validate.Length(max=MOST_CONDITIONS)


class MessageDto(Dto):
    """A message and to whom it goes."""

    message_name = ma.fields.String(required=True, validate=ma.validate.Length(1))
    business_key = ma.fields.String(load_default=None, validate=ma.validate.Length(max=LONGEST_KEY))
    process_instance_id = ma.fields.String(load_default=None)
    tenant_id = ma.fields.String(load_default=None)
    without_tenant_id = Flag(load_default=None)
    correlation_keys = Variables(validate=FEW)
    local_correlation_keys = Variables(validate=FEW)
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
    to = {
        "root_id": body["process_instance_id"],
        "business_key": body["business_key"],
        "region": _region(body),
        "narrowing": _narrowing(tx, body),
    }
    if body["all"]:
        reached = messages.correlate_all(tx, body["message_name"], body["process_variables"], **to)
    else:
        reached = [messages.correlate(tx, body["message_name"], body["process_variables"], **to)]
    if any(one.has_started for one in reached):
        check_key(body["business_key"])
    shown = [_result(tx, one, body) for one in reached] if body["result_enabled"] else None
    return Response(status=204) if shown is None else jsonify(shown)


def _check(body: Mapping[str, Any]) -> None:
    if body["tenant_id"] is not None and body["without_tenant_id"]:
        raise Invalid(TWO_TENANTS)
    if body["variables_in_result_enabled"] and not body["result_enabled"]:
        raise Invalid(NO_RESULT)
    _refuse(body, REFUSED)
    refuse_office_message(body["message_name"])


def _region(body: Mapping[str, Any]) -> str | None:
    """Whoever says nothing of tenants means any of them."""
    return EVERYWHERE if body["without_tenant_id"] else body["tenant_id"]


def _narrowing(tx: Transaction, body: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Which of those that wait are the caller's to know of, and the values by which one is known, in its process or
    where it waits; a case is known by its number, not by what its applicant filled in."""
    in_reach = within_reach(tx.actor, Subscription.root_id)
    keys = [(Subscription.instance_id, body["correlation_keys"]), (EXECUTION_ID, body["local_correlation_keys"])]
    compared = [scopes.compares(name, "eq", value, scope=at) for at, said in keys for name, value in said.items()]
    return [in_reach, ~of_the_office(Subscription.root_id), *compared] if compared else [in_reach]


def _refuse(body: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """What would silently do nothing is refused."""
    for name in names:
        if body[name]:
            raise Invalid(Sentence(UNSUPPORTED.zh.format(name=name), UNSUPPORTED.en.format(name=name)))


def _result(tx: Transaction, reached: Reached, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a message reached: an instance that waited, or a process that it started."""
    tx.flush()
    instance, started = reached
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
    """Throw a signal to everybody who waits for it, to those of a tenant, or to one execution"""
    in_reach = [within_reach(tx.actor, Subscription.root_id)]
    if body["execution_id"] is None:
        messages.signal(tx, body["name"], body["variables"], _region(body), narrowing=in_reach)
        return Response(status=204)
    if body["tenant_id"] is not None or body["without_tenant_id"]:
        raise Invalid(TENANT_OF_EXECUTION)
    messages.trigger(tx, body["execution_id"], ("signal",), body["name"], body["variables"], narrowing=in_reach)
    return Response(status=204)
