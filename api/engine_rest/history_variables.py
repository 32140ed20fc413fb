"""What variables hold or held at the end, and every change of them. Of a case's variables nothing is shown: they are
what its applicant filled in."""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, select, true

from api.engine_rest import lists, variable_data
from api.engine_rest.activity_types import activity_id
from api.engine_rest.history_rows import NOT_KEPT, CaseKeysShown, PlaceShown, place
from api.engine_rest.lists import List, Rows
from api.engine_rest.paging import Column, SortKeys
from api.engine_rest.query_parameters import (
    Parameter,
    Parameters,
    Query,
    equal,
    like,
    nothing,
    of_tenants,
    one_of,
    refused,
    since,
    text,
    texts,
    until,
    when,
    wire_id,
    wire_ids,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import asks_for_objects, shown_row
from api.engine_rest.wire import Flag, Moment
from casework.visibility import in_sight, of_the_office
from engine.errors import NotFound, Sentence
from engine.queries.id_text import id_text
from engine.queries.scopes import COMPARED
from engine.queries.variable_history import CREATED_AT, FIRST, LAST
from engine.store.values import columns
from engine.tables import ActivityInstance, ProcessDefinition, ProcessInstance, UserTask, VariableChange
from engine.transaction import Transaction

routes = CamundaRoutes("history-variable", "What variables held.")

NONE_SUCH = Sentence("没有该历史变量。", "Historic variable instance does not exist.")
NO_SUCH_CHANGE = Sentence("没有该历史明细。", "Historic detail does not exist.")
MOST_DIGITS, WIDE = 10, 10**9
ID: Column = id_text(VariableChange.instance_id) + ":" + cast(VariableChange.seq + WIDE, String)
"""A change has no id of its own: its instance, and its number in it."""
PLACED = (
    select(VariableChange, ProcessInstance, ProcessDefinition, ActivityInstance, UserTask.id, CREATED_AT)
    .join(ProcessInstance, ProcessInstance.id == VariableChange.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
)
HELD = (
    PLACED.outerjoin(ActivityInstance, ActivityInstance.id == VariableChange.scope_id)
    .outerjoin(UserTask, UserTask.id == VariableChange.scope_id)
    .where(LAST)
)
CHANGED = (
    PLACED.add_columns(FIRST)
    .outerjoin(ActivityInstance, ActivityInstance.id == VariableChange.activity_instance_id)
    .outerjoin(UserTask, UserTask.id == VariableChange.scope_id)
)


def _holds(value: Any) -> ColumnElement[bool]:
    said = columns(value)
    compared = [getattr(VariableChange, column) == said[column] for column in COMPARED if said[column] is not None]
    return and_(VariableChange.type == said["type"], *compared)


EITHER: Parameters = {
    "process_instance_id": equal(VariableChange.instance_id),
    "process_instance_id_in": one_of(VariableChange.instance_id),
    "process_definition_id": wire_id(ProcessInstance.definition_id),
    "process_definition_key": equal(ProcessDefinition.key),
    "case_instance_id": nothing(),
    "case_execution_id": nothing(),
    "deserialize_values": Parameter(Flag(), lambda _: true()),
    "variable_type_in": texts(lambda kinds: VariableChange.type.in_([kind[:1].upper() + kind[1:] for kind in kinds])),
    **of_tenants(ProcessInstance.region),
}
OF_VARIABLES: Parameters = {
    **EITHER,
    "variable_name": equal(VariableChange.name),
    "variable_name_in": one_of(VariableChange.name),
    "variable_name_like": like(VariableChange.name),
    "variable_value": Parameter(ma.fields.Raw(), _holds),
    "execution_id_in": one_of(VariableChange.scope_id),
    "task_id_in": one_of(UserTask.id),
    "activity_instance_id_in": wire_ids(VariableChange.scope_id),
    "include_deleted": Parameter(Flag(), lambda _: true()),
}
OF_CHANGES: Parameters = {
    **EITHER,
    "execution_id": equal(VariableChange.scope_id),
    "activity_instance_id": wire_id(VariableChange.activity_instance_id),
    "activity_instance_id_in": wire_ids(VariableChange.activity_instance_id),
    "task_id": equal(UserTask.id),
    "variable_instance_id": text(lambda wire: _is_variable(wire)),
    "variable_updates": when(true()),
    "form_fields": refused(NOT_KEPT),
    "user_operation_id": refused(NOT_KEPT),
    "initial": when(FIRST),
    "exclude_task_details": when(UserTask.id.is_(None)),
    "occurred_before": until(VariableChange.changed_at),
    "occurred_after": since(VariableChange.changed_at),
}
VARIABLE_KEYS: SortKeys = {
    "instanceId": VariableChange.instance_id,
    "variableName": VariableChange.name,
    "tenantId": ProcessInstance.region,
}
CHANGE_KEYS: SortKeys = {
    "processInstanceId": VariableChange.instance_id,
    "variableName": VariableChange.name,
    "variableType": VariableChange.type,
    "variableRevision": VariableChange.seq,
    "formPropertyId": VariableChange.name,
    "time": VariableChange.changed_at,
    "occurrence": VariableChange.seq,
    "tenantId": ProcessInstance.region,
}


def _is_variable(wire: str) -> ColumnElement[bool]:
    """Of one variable: its name and its scope are its id."""
    name, _, scope_id = wire.rpartition(":")
    return and_(VariableChange.name == name, VariableChange.scope_id == scope_id)


class HistoricVariableShown(PlaceShown, CaseKeysShown):
    """What a variable holds or held at the end."""

    id = ma.fields.String()
    name = ma.fields.String()
    type = ma.fields.String()
    value = ma.fields.Raw()
    value_info = ma.fields.Dict()
    execution_id = ma.fields.String()
    activity_instance_id = ma.fields.String()
    task_id = ma.fields.String()
    error_message = ma.fields.String()
    state = ma.fields.String()
    create_time = Moment()


class HistoricDetailShown(PlaceShown, CaseKeysShown):
    """One change of a variable."""

    id = ma.fields.String()
    type = ma.fields.String()
    activity_instance_id = ma.fields.String()
    execution_id = ma.fields.String()
    task_id = ma.fields.String()
    user_operation_id = ma.fields.String()
    time = Moment()
    variable_name = ma.fields.String()
    variable_instance_id = ma.fields.String()
    variable_type = ma.fields.String()
    value = ma.fields.Raw()
    value_info = ma.fields.Dict()
    revision = ma.fields.Integer()
    error_message = ma.fields.String()
    initial = ma.fields.Boolean()


def _value(change: VariableChange) -> dict[str, Any]:
    said = shown_row(change, deserialized=asks_for_objects())
    return {"type": said["type"], "value": said["value"], "value_info": said["valueInfo"]}


def visit_id(visit: ActivityInstance | None, otherwise: str) -> str:
    """An activity instance's id on the wire; without one, that of the process instance."""
    return otherwise if visit is None else f"{activity_id(visit.type, visit.activity_id)}:{visit.id}"


def _held(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    change, instance, definition, scope, task_id, created_at = row
    return place(instance, definition) | {
        "id": f"{change.name}:{change.scope_id}",
        "name": change.name,
        **_value(change),
        "execution_id": change.scope_id,
        "activity_instance_id": visit_id(scope, instance.id),
        "task_id": task_id,
        "state": "CREATED",
        "create_time": created_at,
    }


def _changed(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    change, instance, definition, visit, task_id, _, is_first = row
    value = _value(change)
    return place(instance, definition) | {
        "id": f"{change.instance_id}:{change.seq}",
        "type": "variableUpdate",
        "activity_instance_id": visit_id(visit, instance.id),
        "execution_id": change.scope_id,
        "task_id": task_id,
        "time": change.changed_at,
        "variable_name": change.name,
        "variable_instance_id": f"{change.name}:{change.scope_id}",
        "variable_type": value.pop("type"),
        **value,
        "revision": change.seq,
        "initial": bool(is_first),
    }


def _visible(tx: Transaction, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.where(in_sight(tx.actor, ProcessInstance.root_id), ~of_the_office(ProcessInstance.root_id))


def _variables(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return _visible(tx, HELD)


def _changes(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return _visible(tx, CHANGED)


def _variables_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [_held(row) for row in rows]


def _changes_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [_changed(row) for row in rows]


VARIABLES = List(
    Sentence("历史变量", "historic variable instances"),
    "instances.read",
    Query("HistoricVariable", OF_VARIABLES, VARIABLE_KEYS, ID),
    _variables,
    _variables_shown,
    HistoricVariableShown,
)
CHANGES = List(
    Sentence("历史明细", "historic details"),
    "instances.read",
    Query("HistoricDetail", OF_CHANGES, CHANGE_KEYS, ID),
    _changes,
    _changes_shown,
    HistoricDetailShown,
)
lists.state(routes, "/history/variable-instance", VARIABLES)
lists.state(routes, "/history/detail", CHANGES)


@routes.get("/history/variable-instance/<path:variable_id>", "历史变量", "instances.read", answer=HistoricVariableShown)
def show_variable(tx: Transaction, variable_id: str) -> dict[str, Any]:
    """Show what a variable holds or held at the end"""
    found = tx.session.execute(_variables(tx).where(_is_variable(variable_id))).first()
    if found is None:
        raise NotFound(NONE_SUCH)
    return _held(found)


@routes.get("/history/variable-instance/<path:variable_id>/data", "历史变量的文件", "instances.read")
def show_data(tx: Transaction, variable_id: str) -> Response:
    """Download what a variable holds or held at the end"""
    found = tx.session.execute(_variables(tx).where(_is_variable(variable_id))).first()
    if found is None:
        raise NotFound(NONE_SUCH)
    return variable_data.downloaded(tx, found[0])


@routes.get("/history/detail/<detail_id>", "历史明细", "instances.read", answer=HistoricDetailShown)
def show_change(tx: Transaction, detail_id: str) -> dict[str, Any]:
    """Show one change of a variable"""
    return _changed(_change(tx, detail_id))


@routes.get("/history/detail/<detail_id>/data", "历史明细的文件", "instances.read")
def show_change_data(tx: Transaction, detail_id: str) -> Response:
    """Download what a variable was changed to"""
    return variable_data.downloaded(tx, _change(tx, detail_id)[0])


def _change(tx: Transaction, detail_id: str) -> Row[*tuple[Any, ...]]:
    instance_id, _, seq = detail_id.partition(":")
    number = int(seq) if seq.isdecimal() and len(seq) < MOST_DIGITS else 0
    which = and_(VariableChange.instance_id == instance_id, VariableChange.seq == number)
    found = tx.session.execute(_changes(tx).where(which)).first()
    if found is None:
        raise NotFound(NO_SUCH_CHANGE)
    return found
