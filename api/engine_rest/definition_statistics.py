"""How many instances of a definition run, how many of its jobs have failed and which incidents are open; and where they
stand. Who may not see a case does not count it either.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, func, select, true

from api.engine_rest import process_definitions
from api.engine_rest.paging import PartQuery, paged
from api.engine_rest.process_definition_queries import LISTED, SORT_KEYS
from api.engine_rest.process_definitions import DefinitionShown
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Flag, Whole, definition_id
from casework.visibility import in_sight
from engine.errors import Invalid, Sentence
from engine.interpreter.step import WorkKind
from engine.tables import RUNNING, ActivityInstance, Incident, Job, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("process-definition-statistics", "Process definitions in numbers.")

OF_DEFINITION = "org.camunda.bpm.engine.rest.dto.repository.ProcessDefinitionStatisticsResultDto"
OF_ACTIVITY = "org.camunda.bpm.engine.rest.dto.repository.ActivityStatisticsResultDto"
SCOPES = ("subProcess", "transaction", "multiInstanceBody")
"""Where nothing stands by itself: what is open in it counts."""
ONE_OF_BOTH = Sentence(
    "incidents 与 incidentsForType 不能同时使用。",
    "Only one of the query parameter includeIncidents or includeIncidentsForType can be set.",
)


class StatisticsQuery(Dto):
    """What is counted beside the instances."""

    failed_jobs = Flag(load_default=None)
    incidents = Flag(load_default=None)
    root_incidents = Flag(load_default=None)
    incidents_for_type = ma.fields.String(load_default=None)


class DefinitionStatisticsQuery(StatisticsQuery, PartQuery):
    """The same of which part of the list."""


class IncidentCount(Whole):
    """How many open incidents of a type there are."""

    incident_type = ma.fields.String()
    incident_count = ma.fields.Integer()


class StatisticsShown(Whole):
    """A definition, or an activity, in numbers."""

    class_name = ma.fields.String(data_key="@class")
    id = ma.fields.String()
    instances = ma.fields.Integer()
    failed_jobs = ma.fields.Integer()
    incidents = ma.fields.List(ma.fields.Nested(IncidentCount))


class DefinitionStatisticsShown(StatisticsShown):
    """The same with the definition."""

    definition = ma.fields.Nested(DefinitionShown)


@routes.get(
    "/process-definition/statistics",
    "流程定义统计",
    "definitions.read",
    query=DefinitionStatisticsQuery,
    answer=DefinitionStatisticsShown(many=True),
)
def count_definitions(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """Show process definitions in numbers"""
    _check(query)
    rows = paged(tx, LISTED, SORT_KEYS, query, ProcessDefinition.id)
    meant = ProcessInstance.definition_id.in_([definition.id for definition, _ in rows])
    running = _grouped(tx, _seen(tx, meant).with_only_columns(ProcessInstance.definition_id, func.count()))
    failed = _failed(tx, ProcessInstance.definition_id, meant) if query["failed_jobs"] else {}
    incidents = _incidents(tx, ProcessInstance.definition_id, meant, query)
    return [
        {
            "class_name": OF_DEFINITION,
            "id": definition_id(definition.key, definition.version, definition.id),
            "instances": running.get(definition.id, 0),
            "failed_jobs": failed.get(definition.id, 0),
            "incidents": incidents.get(definition.id, []),
            "definition": process_definitions.shown(definition, resource),
        }
        for definition, resource in rows
    ]


def count_activities(tx: Transaction, query: dict[str, Any], **which: str) -> list[dict[str, Any]]:
    """Show where the instances of a definition stand"""
    _check(query)
    definition, _ = process_definitions.one(tx, process_definitions.meant(**which))
    meant = ProcessInstance.definition_id == definition.id
    standing = _standing(tx, meant)
    failed = _failed(tx, Job.activity_id, meant) if query["failed_jobs"] else {}
    incidents = _incidents(tx, Incident.activity_id, meant, query)
    return [
        {
            "class_name": OF_ACTIVITY,
            "id": activity_id,
            "instances": standing.get(activity_id, 0),
            "failed_jobs": failed.get(activity_id, 0),
            "incidents": incidents.get(activity_id, []),
        }
        for activity_id in sorted({*standing, *failed, *incidents})
    ]


for address in (
    "/process-definition/<definition>",
    "/process-definition/key/<key>",
    "/process-definition/key/<key>/tenant-id/<tenant>",
):
    routes.get(
        f"{address}/statistics",
        "流程环节统计",
        "definitions.read",
        query=StatisticsQuery,
        answer=StatisticsShown(many=True),
    )(count_activities)


def _check(query: Mapping[str, Any]) -> None:
    if (query["incidents"] or query["root_incidents"]) and query["incidents_for_type"] is not None:
        raise Invalid(ONE_OF_BOTH)


def _seen(tx: Transaction, meant: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The running instances that the caller may know of, by definition."""
    return (
        select(ProcessInstance)
        .where(meant, ProcessInstance.state.in_(RUNNING), in_sight(tx.actor, ProcessInstance.root_id))
        .group_by(ProcessInstance.definition_id)
    )


def _grouped(tx: Transaction, statement: Select[*tuple[Any, ...]]) -> dict[str, int]:
    return {row[0]: row[1] for row in tx.session.execute(statement)}


def _standing(tx: Transaction, meant: ColumnElement[bool]) -> Mapping[str, int]:
    """How often each activity is under way, those that wait for their job included."""
    in_instances = [meant, ProcessInstance.state.in_(RUNNING), in_sight(tx.actor, ProcessInstance.root_id)]
    visits = (
        select(ActivityInstance.activity_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
        .where(*in_instances, ActivityInstance.ended_at.is_(None), ActivityInstance.type.not_in(SCOPES))
        .group_by(ActivityInstance.activity_id)
    )
    postponed = (
        select(Job.activity_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == Job.instance_id)
        .where(*in_instances, Job.kind == WorkKind.CONTINUATION)
        .group_by(Job.activity_id)
    )
    return Counter(_grouped(tx, visits)) + Counter(_grouped(tx, postponed))


def _failed(tx: Transaction, by: Any, meant: ColumnElement[bool]) -> dict[str, int]:
    """Jobs that have no tries left."""
    return _grouped(
        tx,
        select(by, func.count())
        .select_from(Job)
        .join(ProcessInstance, ProcessInstance.id == Job.instance_id)
        .where(meant, Job.retries == 0, in_sight(tx.actor, ProcessInstance.root_id))
        .group_by(by),
    )


def _incidents(
    tx: Transaction, by: Any, meant: ColumnElement[bool], query: Mapping[str, Any]
) -> Mapping[str, list[dict[str, Any]]]:
    """The open incidents by type, where they were asked for."""
    kind = query["incidents_for_type"]
    if not (query["incidents"] or query["root_incidents"] or kind is not None):
        return {}
    rows: Iterable[Any] = tx.session.execute(
        select(by, Incident.kind, func.count())
        .select_from(Incident)
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(
            meant,
            Incident.closed_at.is_(None),
            in_sight(tx.actor, ProcessInstance.root_id),
            true() if kind is None else Incident.kind == kind,
        )
        .group_by(by, Incident.kind)
        .order_by(Incident.kind)
    )
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for one, type_, number in rows:
        found[one].append({"incident_type": type_, "incident_count": number})
    return found
