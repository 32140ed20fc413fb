"""Executions: lists, one, its local variables, and waking what waits there for a message or a signal."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import Response, jsonify
from sqlalchemy import select

from api.engine_rest import lists, variable_data, workers_sight
from api.engine_rest.event_subscriptions import SubscriptionShown, refuse_office_messages, subscription_shown
from api.engine_rest.execution_queries import EXECUTIONS, ExecutionShown
from api.engine_rest.process_instance_variables import Modifications, VariableSaid, check_name
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variable_data import DataForm
from api.engine_rest.variables import DeserializationQuery, DeserializationsQuery, Variables, shown_rows
from api.engine_rest.wire import Dto
from casework.visibility import of_the_office, within_reach
from engine import instances, messages
from engine.errors import NotFound, Sentence
from engine.queries.waiting import at_execution
from engine.tables import ProcessInstance, Subscription, Variable
from engine.transaction import Transaction

routes = CamundaRoutes("execution", "Executions.")
lists.state(routes, "/execution", EXECUTIONS)


class TriggerDto(Dto):
    """What comes along."""

    variables = Variables()


@routes.get("/execution/<execution_id>", "执行", "instances.read", answer=ExecutionShown)
def show_execution(tx: Transaction, execution_id: str) -> dict[str, Any]:
    """Show an execution"""
    return EXECUTIONS.one(tx, execution_id)


@routes.post("/execution/<execution_id>/signal", "唤醒执行", "messages.correlate", body=TriggerDto, status=204)
def signal(tx: Transaction, body: dict[str, Any], execution_id: str) -> Response:
    """Wake an execution, whatever event it waits for"""
    return _wake(tx, execution_id, ("message", "signal"), None, body)


@routes.get(
    "/execution/<execution_id>/messageSubscriptions/<name>",
    "执行所等待的消息",
    "instances.read",
    answer=SubscriptionShown,
)
def show_message_subscription(tx: Transaction, execution_id: str, name: str) -> dict[str, Any]:
    """Show the message that an execution waits for"""
    EXECUTIONS.one(tx, execution_id)
    waiting = select(Subscription).where(
        at_execution(execution_id), Subscription.kind == "message", Subscription.name == name
    )
    found = tx.session.scalars(waiting.order_by(Subscription.id).limit(1)).first()
    if found is None:
        raise NotFound(
            Sentence(
                f"该执行没有等待消息“{name[:200]}”。", f"The execution does not wait for the message {name[:200]}."
            )
        )
    return subscription_shown(found)


@routes.post(
    "/execution/<execution_id>/messageSubscriptions/<name>/trigger",
    "向执行投递消息",
    "messages.correlate",
    body=TriggerDto,
    status=204,
)
def trigger(tx: Transaction, body: dict[str, Any], execution_id: str, name: str) -> Response:
    """Give an execution the message that it waits for"""
    return _wake(tx, execution_id, ("message",), name, body)


def _wake(
    tx: Transaction, execution_id: str, kinds: Collection[str], name: str | None, body: Mapping[str, Any]
) -> Response:
    refuse_office_messages(tx, execution_id)
    in_reach = within_reach(tx.actor, Subscription.root_id)
    messages.trigger(tx, execution_id, kinds, name, body["variables"], narrowing=[in_reach])
    return Response(status=204)


@routes.get("/execution/<execution_id>/localVariables", "执行的局部变量", "instances.read", query=DeserializationsQuery)
def show_local_variables(tx: Transaction, query: dict[str, Any], execution_id: str) -> Response:
    """Show the variables of an execution alone"""
    return jsonify(shown_rows(tx, _local(tx, execution_id), deserialized=query["deserialize_values"]))


@routes.post(
    "/execution/<execution_id>/localVariables",
    "修改执行的局部变量",
    "instances.set_variables",
    body=Modifications,
    status=204,
)
def modify_local_variables(tx: Transaction, body: dict[str, Any], execution_id: str) -> Response:
    """Set and remove variables of an execution alone"""
    instance_id, scope = _place(tx, execution_id)
    if body["modifications"]:
        instances.set_variables(tx, instance_id, body["modifications"], scope)
    if body["deletions"]:
        instances.remove_variables(tx, instance_id, body["deletions"], scope)
    return Response(status=204)


@routes.get(
    "/execution/<execution_id>/localVariables/<name>", "执行的局部变量", "variables.read", query=DeserializationQuery
)
def show_local_variable(tx: Transaction, query: dict[str, Any], execution_id: str, name: str) -> Response:
    """Show a variable of an execution alone"""
    row = _one(tx, execution_id, name)
    return jsonify(shown_rows(tx, [row], deserialized=query["deserialize_value"])[name])


@routes.get("/execution/<execution_id>/localVariables/<name>/data", "执行的局部变量的文件", "variables.read")
def show_local_data(tx: Transaction, execution_id: str, name: str) -> Response:
    """Download a variable of an execution alone, or one that the caller's external task sees"""
    return variable_data.downloaded(tx, _one(tx, execution_id, name))


@routes.post(
    "/execution/<execution_id>/localVariables/<name>/data",
    "上传执行的局部变量的文件",
    "instances.set_variables",
    body=DataForm,
    multipart=True,
    most=variable_data.MOST,
    status=204,
)
def set_local_data(tx: Transaction, body: dict[str, Any], execution_id: str, name: str) -> Response:
    """Set a variable of an execution alone to a file"""
    instance_id, scope = _place(tx, execution_id)
    instances.set_variables(tx, instance_id, {check_name(name): variable_data.uploaded(body)}, scope)
    return Response(status=204)


@routes.put(
    "/execution/<execution_id>/localVariables/<name>",
    "修改执行的局部变量",
    "instances.set_variables",
    body=VariableSaid,
    status=204,
)
def set_local_variable(tx: Transaction, body: dict[str, Any], execution_id: str, name: str) -> Response:
    """Set a variable of an execution alone"""
    instance_id, scope = _place(tx, execution_id)
    instances.set_variables(tx, instance_id, {check_name(name): body["value"]}, scope)
    return Response(status=204)


@routes.delete(
    "/execution/<execution_id>/localVariables/<name>", "删除执行的局部变量", "instances.set_variables", status=204
)
def remove_local_variable(tx: Transaction, execution_id: str, name: str) -> Response:
    """Remove a variable of an execution alone"""
    instance_id, scope = _place(tx, execution_id)
    instances.remove_variables(tx, instance_id, [name], scope)
    return Response(status=204)


def _place(tx: Transaction, execution_id: str) -> tuple[str, str | None]:
    """The instance and the scope within it that an execution means. Raises NotFound."""
    instance_id = str(EXECUTIONS.one(tx, execution_id)["process_instance_id"])
    return instance_id, None if execution_id == instance_id else execution_id


def _one(tx: Transaction, execution_id: str, name: str) -> Variable:
    """A variable of an execution; to who works on a task there, what the task sees. Raises NotFound."""
    held = workers_sight.variable(tx, execution_id, name)
    if held is not None:
        return held
    workers_sight.check_oversees(tx)
    for row in _local(tx, execution_id, name):
        return row
    said = name[:200]
    raise NotFound(Sentence(f"没有变量“{said}”。", f"execution variable with name {said} does not exist"))


def _local(tx: Transaction, execution_id: str, name: str | None = None) -> Sequence[Variable]:
    """None of a case's, which hold what its applicant filled in."""
    EXECUTIONS.one(tx, execution_id)
    rows = (
        select(Variable)
        .join(ProcessInstance, ProcessInstance.id == Variable.instance_id)
        .where(Variable.scope_id == execution_id, ~of_the_office(ProcessInstance.root_id))
        .order_by(Variable.name)
    )
    return tx.session.scalars(rows if name is None else rows.where(Variable.name == name)).all()
