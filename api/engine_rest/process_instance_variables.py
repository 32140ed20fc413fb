"""The variables of a process instance; none of a case's, which hold what its applicant filled in."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from api.engine_rest import process_instances, variable_data, workers_sight
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variable_data import DataForm
from api.engine_rest.variables import (
    LONGEST_NAME,
    NAMED,
    DeserializationQuery,
    DeserializationsQuery,
    VariableDto,
    Variables,
    shown_rows,
)
from api.engine_rest.wire import Dto
from engine import instances
from engine.errors import Invalid, NotFound, Sentence
from engine.tables import Variable
from engine.transaction import Transaction

routes = CamundaRoutes("process-instance-variables", "Variables of process instances.")

TOO_LONG = Sentence(
    f"变量名最长 {LONGEST_NAME} 个字符。", f"The name of a variable has at most {LONGEST_NAME} characters."
)
MOST_DELETIONS = 1_000


class Modifications(Dto):
    """Variables to set and to remove; what is in both is removed (Camunda 7)."""

    modifications = Variables()
    deletions = ma.fields.List(
        ma.fields.String(validate=NAMED), load_default=list, validate=ma.validate.Length(max=MOST_DELETIONS)
    )


class VariableSaid(Dto):
    """One typed value."""

    value = VariableDto()

    @ma.pre_load
    def _whole(self, value: Any, **kwargs: Any) -> Any:
        return {"value": value}


def check_name(name: str) -> str:
    """The name of a variable in an address. Raises Invalid for one that is too long."""
    if len(name) > LONGEST_NAME:
        raise Invalid(TOO_LONG)
    return name


@routes.get("/process-instance/<instance_id>/variables", "流程变量", "instances.read", query=DeserializationsQuery)
def show_variables(tx: Transaction, query: dict[str, Any], instance_id: str) -> Response:
    """Show the variables of a process instance"""
    process_instances.one(tx, instance_id)
    rows = process_instances.rows_of(tx, instance_id)
    return jsonify(shown_rows(tx, rows, deserialized=query["deserialize_values"]))


@routes.post(
    "/process-instance/<instance_id>/variables",
    "修改流程变量",
    "instances.set_variables",
    body=Modifications,
    status=204,
)
def modify_variables(tx: Transaction, body: dict[str, Any], instance_id: str) -> Response:
    """Set and remove variables of a process instance"""
    process_instances.one(tx, instance_id)
    if body["modifications"]:
        instances.set_variables(tx, instance_id, body["modifications"])
    if body["deletions"]:
        instances.remove_variables(tx, instance_id, body["deletions"])
    return Response(status=204)


@routes.get(
    "/process-instance/<instance_id>/variables/<name>", "流程变量", "variables.read", query=DeserializationQuery
)
def show_variable(tx: Transaction, query: dict[str, Any], instance_id: str, name: str) -> Response:
    """Show a variable of a process instance"""
    row = _one(tx, instance_id, name)
    return jsonify(shown_rows(tx, [row], deserialized=query["deserialize_value"])[name])


@routes.get("/process-instance/<instance_id>/variables/<name>/data", "流程变量的文件", "variables.read")
def show_data(tx: Transaction, instance_id: str, name: str) -> Response:
    """Download a variable of a process instance"""
    return variable_data.downloaded(tx, _one(tx, instance_id, name))


@routes.post(
    "/process-instance/<instance_id>/variables/<name>/data",
    "上传流程变量的文件",
    "instances.set_variables",
    body=DataForm,
    multipart=True,
    most=variable_data.MOST,
    status=204,
)
def set_data(tx: Transaction, body: dict[str, Any], instance_id: str, name: str) -> Response:
    """Set a variable of a process instance to a file"""
    process_instances.one(tx, instance_id)
    instances.set_variables(tx, instance_id, {check_name(name): variable_data.uploaded(body)})
    return Response(status=204)


def _one(tx: Transaction, instance_id: str, name: str) -> Variable:
    """A variable of an instance; to who works on a task of it, what the task sees. Raises NotFound."""
    held = workers_sight.variable(tx, instance_id, name)
    if held is not None:
        return held
    workers_sight.check_oversees(tx)
    process_instances.one(tx, instance_id)
    for row in process_instances.rows_of(tx, instance_id, name):
        return row
    said = name[:200]
    raise NotFound(Sentence(f"没有流程变量“{said}”。", f"Variable instance {said} does not exist."))


@routes.put(
    "/process-instance/<instance_id>/variables/<name>",
    "修改流程变量",
    "instances.set_variables",
    body=VariableSaid,
    status=204,
)
def set_variable(tx: Transaction, body: dict[str, Any], instance_id: str, name: str) -> Response:
    """Set a variable of a process instance"""
    process_instances.one(tx, instance_id)
    instances.set_variables(tx, instance_id, {check_name(name): body["value"]})
    return Response(status=204)


@routes.delete(
    "/process-instance/<instance_id>/variables/<name>", "删除流程变量", "instances.set_variables", status=204
)
def remove_variable(tx: Transaction, instance_id: str, name: str) -> Response:
    """Remove a variable of a process instance; one that there is not is no mistake (Camunda 7)"""
    process_instances.one(tx, instance_id)
    instances.remove_variables(tx, instance_id, [name])
    return Response(status=204)
