"""Variables that there are now, of whatever process, execution or task. Of a case's none is shown: they are what its
applicant filled in."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, Row, Select, and_, select, true

from api.engine_rest import lists, variable_data
from api.engine_rest.history_variables import visit_id
from api.engine_rest.lists import List, Rows
from api.engine_rest.query_parameters import (
    IGNORING_CASE,
    Parameter,
    Query,
    equal,
    like,
    nothing,
    of_tenants,
    one_of,
    wire_ids,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import Conditions, DeserializationQuery, asks_for_objects, shown_row
from api.engine_rest.wire import Flag, Whole, definition_id, tenant_of
from casework.visibility import in_sight, of_the_office
from engine.errors import NotFound, Sentence
from engine.queries import scopes
from engine.queries.id_text import id_text
from engine.tables import ActivityInstance, ProcessDefinition, ProcessInstance, UserTask, Variable
from engine.transaction import Transaction

routes = CamundaRoutes("variable-instance", "Variables that there are.")

NONE_SUCH = Sentence("没有该变量。", "Variable instance does not exist.")
PRESENT = (
    select(Variable, ProcessInstance, ProcessDefinition, ActivityInstance, UserTask.id)
    .join(ProcessInstance, ProcessInstance.id == Variable.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .outerjoin(ActivityInstance, ActivityInstance.id == Variable.scope_id)
    .outerjoin(UserTask, UserTask.id == Variable.scope_id)
)


def _are_so(rows: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    return and_(true(), *(one for row in rows for one in scopes.is_so(*row)))


QUERY = Query(
    "VariableInstance",
    {
        "variable_name": equal(Variable.name),
        "variable_name_like": like(Variable.name),
        "process_instance_id_in": one_of(Variable.instance_id),
        "execution_id_in": one_of(Variable.scope_id),
        "case_instance_id_in": nothing(),
        "case_execution_id_in": nothing(),
        "task_id_in": one_of(UserTask.id),
        "batch_id_in": nothing(),
        "activity_instance_id_in": wire_ids(Variable.scope_id),
        "variable_scope_id_in": wire_ids(Variable.scope_id),
        "variable_values": Parameter(Conditions(), _are_so),
        **IGNORING_CASE,
        "deserialize_values": Parameter(Flag(), lambda _: true()),
        **of_tenants(ProcessInstance.region),
    },
    {
        "variableName": Variable.name,
        "variableType": Variable.type,
        "activityInstanceId": id_text(Variable.scope_id),
        "tenantId": ProcessInstance.region,
    },
    Variable.name + ":" + id_text(Variable.scope_id),
)


class VariableInstanceShown(Whole):
    """A variable as Camunda shows it; bytes are downloaded."""

    id = ma.fields.String()
    name = ma.fields.String()
    type = ma.fields.String()
    value = ma.fields.Raw()
    value_info = ma.fields.Dict()
    process_definition_id = ma.fields.String()
    process_instance_id = ma.fields.String()
    execution_id = ma.fields.String()
    case_instance_id = ma.fields.String()
    case_execution_id = ma.fields.String()
    task_id = ma.fields.String()
    batch_id = ma.fields.String()
    activity_instance_id = ma.fields.String()
    tenant_id = ma.fields.String()
    error_message = ma.fields.String()


def _known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return PRESENT.where(in_sight(tx.actor, ProcessInstance.root_id), ~of_the_office(ProcessInstance.root_id))


def _shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [_one_shown(row, deserialized=asks_for_objects()) for row in rows]


def _one_shown(row: Row[*tuple[Any, ...]], *, deserialized: bool) -> dict[str, Any]:
    variable, instance, definition, visit, task_id = row
    said = shown_row(variable, deserialized=deserialized)
    return {
        "id": f"{variable.name}:{variable.scope_id}",
        "name": variable.name,
        "type": said["type"],
        "value": said["value"],
        "value_info": said["valueInfo"],
        "process_definition_id": definition_id(definition.key, definition.version, definition.id),
        "process_instance_id": instance.id,
        "execution_id": variable.scope_id,
        "task_id": task_id,
        "activity_instance_id": visit_id(visit, instance.id),
        "tenant_id": tenant_of(instance.region),
    }


VARIABLES = List(Sentence("变量", "variable instances"), "instances.read", QUERY, _known, _shown, VariableInstanceShown)
lists.state(routes, "/variable-instance", VARIABLES)


@routes.get(
    "/variable-instance/<path:variable_id>",
    "变量",
    "instances.read",
    query=DeserializationQuery,
    answer=VariableInstanceShown,
)
def show_variable(tx: Transaction, query: dict[str, Any], variable_id: str) -> dict[str, Any]:
    """Show a variable"""
    return _one_shown(_one(tx, variable_id), deserialized=query["deserialize_value"])


@routes.get("/variable-instance/<path:variable_id>/data", "变量的文件", "instances.read")
def show_data(tx: Transaction, variable_id: str) -> Response:
    """Download a variable"""
    return variable_data.downloaded(tx, _one(tx, variable_id)[0])


def _one(tx: Transaction, wire: str) -> Row[*tuple[Any, ...]]:
    """Its name and its scope are its id, as in the history. Raises NotFound."""
    name, _, scope_id = wire.rpartition(":")
    which = and_(Variable.name == name, Variable.scope_id == scope_id)
    found = tx.session.execute(_known(tx).where(which)).first()
    if found is None:
        raise NotFound(NONE_SUCH)
    return found
