"""How often each activity of a definition is and was visited: what a picture of its hot spots is drawn from."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, and_, case, func, select

from api.engine_rest import process_definitions
from api.engine_rest.activity_types import activity_id
from api.engine_rest.query_parameters import Parameters, one_of, since, until
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Flag, Whole
from casework.visibility import in_sight
from engine.tables import ActivityInstance, Incident, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("history-statistics", "How activities were visited.")

END_EVENT = "endEvent"
INSTANCES: Parameters = {
    "started_before": until(ProcessInstance.started_at),
    "started_after": since(ProcessInstance.started_at),
    "finished_before": until(ProcessInstance.ended_at),
    "finished_after": since(ProcessInstance.ended_at),
    "process_instance_id_in": one_of(ProcessInstance.id),
}
VISIT: Mapping[str, ColumnElement[bool]] = {
    "instances": ActivityInstance.ended_at.is_(None),
    "canceled": ActivityInstance.cancelled.is_(True),
    "finished": and_(ActivityInstance.ended_at.is_not(None), ActivityInstance.cancelled.is_(False)),
    "complete_scope": and_(ActivityInstance.type == END_EVENT, ActivityInstance.cancelled.is_(False)),
}
FAILED: Mapping[str, ColumnElement[bool]] = {
    "open_incidents": Incident.closed_at.is_(None),
    "resolved_incidents": Incident.closed_at.is_not(None),
}
QUERY = Dto.from_dict(
    {name: parameter.field for name, parameter in INSTANCES.items()}
    | {name: Flag() for name in ("canceled", "finished", "complete_scope", "incidents")}
    | {
        "sort_by": ma.fields.String(validate=ma.validate.OneOf(("activityId",))),
        "sort_order": ma.fields.String(validate=ma.validate.OneOf(("asc", "desc"))),
    },
    name="HistoricStatisticsQuery",
)


class HistoricStatisticsShown(Whole):
    """How an activity was visited; 0 for what was not asked for."""

    id = ma.fields.String()
    instances = ma.fields.Integer()
    canceled = ma.fields.Integer()
    finished = ma.fields.Integer()
    complete_scope = ma.fields.Integer()
    open_incidents = ma.fields.Integer()
    resolved_incidents = ma.fields.Integer()
    deleted_incidents = ma.fields.Integer()


@routes.get(
    "/history/process-definition/<definition>/statistics",
    "活动统计",
    "instances.read",
    query=QUERY,
    answer=HistoricStatisticsShown(many=True),
)
def show_statistics(tx: Transaction, query: dict[str, Any], definition: str) -> list[dict[str, Any]]:
    """Show how often the activities of a definition were visited"""
    version, _ = process_definitions.one(tx, process_definitions.meant(definition=definition))
    meant = _meant(tx, version.id, query)
    asked = ["instances", *(name for name in ("canceled", "finished", "complete_scope") if query.get(name))]
    found = _visits(tx, meant, asked)
    if query.get("incidents"):
        _add_incidents(tx, meant, found)
    return [{"id": id, **found[id]} for id in sorted(found, reverse=query.get("sort_order") == "desc")]


def _meant(tx: Transaction, definition_id: str, query: Mapping[str, Any]) -> Any:
    """The instances in sight that are counted."""
    narrowing = [one.meaning(query[name]) for name, one in INSTANCES.items() if query.get(name) is not None]
    return select(ProcessInstance.id).where(
        ProcessInstance.definition_id == definition_id, in_sight(tx.actor, ProcessInstance.root_id), *narrowing
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _visits(tx: Transaction, meant: Any, asked: list[str]) -> dict[str, dict[str, int]]:
    of_activity = (ActivityInstance.type, ActivityInstance.activity_id)
    counted = select(*of_activity, *(_number(VISIT[name]) for name in asked))
    rows = tx.session.execute(counted.where(ActivityInstance.instance_id.in_(meant)).group_by(*of_activity))
    none = dict.fromkeys((*VISIT, *FAILED, "deleted_incidents"), 0)
    found = {
        activity_id(kind, node_id): none | dict(zip(asked, counts, strict=True)) for kind, node_id, *counts in rows
    }
    return {id: counts for id, counts in found.items() if any(counts.values())}


def _add_incidents(tx: Transaction, meant: Any, found: dict[str, dict[str, int]]) -> None:
    counted = select(Incident.activity_id, *(_number(condition) for condition in FAILED.values()))
    rows = tx.session.execute(counted.where(Incident.instance_id.in_(meant)).group_by(Incident.activity_id))
    for node_id, *counts in rows:
        none = dict.fromkeys((*VISIT, *FAILED, "deleted_incidents"), 0)
        found.setdefault(node_id or "", none).update(zip(FAILED, counts, strict=True))
