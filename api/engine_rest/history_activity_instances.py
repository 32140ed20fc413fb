"""Visits to activities, going on and over: lists and one."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import aliased

from api.engine_rest import lists
from api.engine_rest.activity_types import BODY, EVENTS, OF_EVENTS, activity_id, type_of
from api.engine_rest.history_rows import BY_NAME, PlaceShown, lasted, nodes, place
from api.engine_rest.lists import List, Rows
from api.engine_rest.paging import SortKeys
from api.engine_rest.query_parameters import (
    Parameter,
    Parameters,
    Query,
    empty,
    equal,
    of_tenants,
    refused,
    since,
    text,
    until,
    when,
    wire_id,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Moment, uuid_of
from casework.visibility import in_sight
from engine.diagram.model import Node
from engine.errors import Sentence
from engine.queries.spans import milliseconds
from engine.tables import ActivityInstance, ProcessDefinition, ProcessInstance, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("history-activity-instance", "Visits to activities, going on and over.")

END_EVENT = "endEvent"
FINE = frozenset(OF_EVENTS.values()) | EVENTS
BY_EVENT = Sentence(
    "事件的种类写在流程图中，不能据以筛选；请用活动标识（activityId）。",
    "What an event waits for is in the diagram: a list cannot be narrowed by it; use the activity's id.",
)
Around = aliased(ActivityInstance)
LISTED = (
    select(ActivityInstance, ProcessInstance, ProcessDefinition, Around.activity_id, Around.type, UserTask.assignee)
    .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .outerjoin(Around, Around.id == ActivityInstance.parent_id)
    .outerjoin(UserTask, UserTask.id == ActivityInstance.id)
)


class ActivityType(ma.fields.String):
    """Camunda's type of an activity, unless it is an event's."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        said: str = super()._deserialize(value, attr, data, **kwargs)
        if said in FINE:
            raise ma.ValidationError([BY_EVENT])
        return said


def _is_activity(wire: str) -> ColumnElement[bool]:
    node_id, _, body = wire.partition("#")
    is_body = ActivityInstance.type == BODY
    return (ActivityInstance.activity_id == node_id) & (is_body if body == BODY else ~is_body)


PARAMETERS: Parameters = {
    "activity_instance_id": wire_id(ActivityInstance.id),
    "process_instance_id": equal(ActivityInstance.instance_id),
    "process_definition_id": wire_id(ProcessInstance.definition_id),
    "execution_id": equal(ActivityInstance.id),
    "activity_id": text(_is_activity),
    "activity_name": refused(BY_NAME),
    "activity_name_like": refused(BY_NAME),
    "activity_type": Parameter(ActivityType(), lambda said: ActivityInstance.type == said),
    "task_assignee": equal(UserTask.assignee),
    "finished": when(ActivityInstance.ended_at.is_not(None)),
    "unfinished": empty(ActivityInstance.ended_at),
    "canceled": when(ActivityInstance.cancelled.is_(True)),
    "complete_scope": when((ActivityInstance.type == END_EVENT) & ActivityInstance.cancelled.is_(False)),
    "started_before": until(ActivityInstance.started_at),
    "started_after": since(ActivityInstance.started_at),
    "finished_before": until(ActivityInstance.ended_at),
    "finished_after": since(ActivityInstance.ended_at),
    **of_tenants(ProcessInstance.region),
}
SORT_KEYS: SortKeys = {
    "activityInstanceId": ActivityInstance.id,
    "instanceId": ActivityInstance.instance_id,
    "executionId": ActivityInstance.id,
    "activityId": ActivityInstance.activity_id,
    "activityType": ActivityInstance.type,
    "startTime": ActivityInstance.started_at,
    "endTime": ActivityInstance.ended_at,
    "duration": milliseconds(ActivityInstance.started_at, ActivityInstance.ended_at),
    "definitionId": ProcessInstance.definition_id,
    "occurrence": ActivityInstance.seq,
    "tenantId": ProcessInstance.region,
}


class HistoricActivityShown(PlaceShown):
    """A visit to an activity as Camunda's history shows it."""

    id = ma.fields.String()
    parent_activity_instance_id = ma.fields.String()
    activity_id = ma.fields.String()
    activity_name = ma.fields.String()
    activity_type = ma.fields.String()
    execution_id = ma.fields.String()
    task_id = ma.fields.String()
    assignee = ma.fields.String()
    called_process_instance_id = ma.fields.String()
    called_case_instance_id = ma.fields.String()
    start_time = Moment()
    end_time = Moment()
    duration_in_millis = ma.fields.Integer()
    canceled = ma.fields.Boolean()
    complete_scope = ma.fields.Boolean()


def known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The visits that the caller may know of."""
    return LISTED.where(in_sight(tx.actor, ActivityInstance.root_id))


def shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    """Visits in Camunda's words, with the names that their diagrams give the activities."""
    drawn = nodes(tx, (row[1].definition_id for row in rows))
    return [_shown(row, drawn[row[1].definition_id]) for row in rows]


def _shown(row: Row[*tuple[Any, ...]], drawn: Mapping[str, Node]) -> dict[str, Any]:
    visit, instance, definition, around, around_type, assignee = row
    node = drawn.get(visit.activity_id)
    wire = activity_id(visit.type, visit.activity_id)
    parent = f"{activity_id(around_type or '', around)}:{visit.parent_id}" if around else instance.id
    return place(instance, definition) | {
        "id": f"{wire}:{visit.id}",
        "parent_activity_instance_id": parent,
        "activity_id": wire,
        "activity_name": node.name if node is not None else None,
        "activity_type": type_of(visit.type, node),
        "execution_id": visit.id,
        "task_id": visit.id if visit.type == "userTask" else None,
        "assignee": assignee,
        "called_process_instance_id": visit.called_instance_id,
        "start_time": visit.started_at,
        "end_time": visit.ended_at,
        "duration_in_millis": lasted(visit.started_at, visit.ended_at),
        "canceled": visit.cancelled,
        "complete_scope": visit.type == END_EVENT and not visit.cancelled,
    }


LIST = List(
    Sentence("历史活动实例", "historic activity instances"),
    "instances.read",
    Query("HistoricActivityInstance", PARAMETERS, SORT_KEYS, ActivityInstance.id),
    known,
    shown,
    HistoricActivityShown,
)
lists.state(routes, "/history/activity-instance", LIST)


@routes.get(
    "/history/activity-instance/<activity_instance_id>", "历史活动实例", "instances.read", answer=HistoricActivityShown
)
def show_visit(tx: Transaction, activity_instance_id: str) -> dict[str, Any]:
    """Show a visit to an activity, going on or over"""
    return LIST.one(tx, uuid_of(activity_instance_id))
