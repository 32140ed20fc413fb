"""Incidents: what failed for good and waits for a person, open or closed since."""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from api.engine_rest import lists
from api.engine_rest.history_rows import PlaceShown, place
from api.engine_rest.job_definition_ids import id_of, of_definition
from api.engine_rest.lists import List, Rows
from api.engine_rest.paging import SortKeys
from api.engine_rest.query_parameters import (
    Parameters,
    Query,
    after,
    before,
    empty,
    equal,
    like,
    nothing,
    of_tenants,
    one_of,
    since,
    texts,
    until,
    when,
    wire_id,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Moment, Whole
from casework.visibility import known
from engine import definitions, incidents, jobs
from engine.errors import Invalid, Sentence
from engine.interpreter.step import WorkKind
from engine.tables import Incident, Job, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("incident", "Incidents.")

MOST_NOTED = 4_000
BY_RETRIES = Sentence(
    "作业与外部任务的异常在设置重试次数（大于 0）后关闭，不能直接删除。",
    "The incident of a job or an external task is resolved by retries above 0; it is not deleted by itself.",
)
LISTED = (
    select(Incident, ProcessInstance, ProcessDefinition, Job.kind)
    .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
    .outerjoin(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .outerjoin(Job, Job.id == Incident.source_id)
)


def _of_definition(wire: str) -> ColumnElement[bool]:
    is_timer = Job.kind == WorkKind.TIMER
    found = of_definition(wire, Incident.activity_id, ProcessInstance.definition_id, is_timer)
    return and_(Incident.kind == jobs.FAILED_JOB, found)


PARAMETERS: Parameters = {
    "incident_id": equal(Incident.id),
    "incident_type": equal(Incident.kind),
    "incident_message": equal(Incident.message),
    "incident_message_like": like(Incident.message),
    "process_definition_id": wire_id(ProcessInstance.definition_id),
    "process_definition_key_in": one_of(ProcessDefinition.key),
    "process_instance_id": equal(Incident.instance_id),
    "execution_id": equal(Incident.instance_id),
    "activity_id": equal(Incident.activity_id),
    "failed_activity_id": equal(Incident.activity_id),
    "cause_incident_id": equal(Incident.id),
    "root_cause_incident_id": equal(Incident.id),
    "configuration": equal(Incident.source_id),
    "job_definition_id_in": texts(lambda wires: or_(*(_of_definition(wire) for wire in wires))),
    **of_tenants(Incident.region),
}
OPEN: Parameters = {
    **PARAMETERS,
    "incident_timestamp_before": before(Incident.opened_at),
    "incident_timestamp_after": after(Incident.opened_at),
}
PAST: Parameters = {
    **PARAMETERS,
    "process_definition_key": equal(ProcessDefinition.key),
    "create_time_before": until(Incident.opened_at),
    "create_time_after": since(Incident.opened_at),
    "end_time_before": until(Incident.closed_at),
    "end_time_after": since(Incident.closed_at),
    "open": empty(Incident.closed_at),
    "resolved": when(Incident.closed_at.is_not(None)),
    "deleted": when(false()),
    "history_configuration": nothing(),
}
SORT_KEYS: SortKeys = {
    "incidentId": Incident.id,
    "incidentMessage": Incident.message,
    "incidentTimestamp": Incident.opened_at,
    "incidentType": Incident.kind,
    "executionId": Incident.instance_id,
    "activityId": Incident.activity_id,
    "processInstanceId": Incident.instance_id,
    "processDefinitionId": ProcessInstance.definition_id,
    "causeIncidentId": Incident.id,
    "rootCauseIncidentId": Incident.id,
    "configuration": Incident.source_id,
    "tenantId": Incident.region,
}
PAST_KEYS: SortKeys = {
    **{key: column for key, column in SORT_KEYS.items() if key != "incidentTimestamp"},
    "createTime": Incident.opened_at,
    "endTime": Incident.closed_at,
    "processDefinitionKey": ProcessDefinition.key,
    "incidentState": Incident.closed_at,
}


class IncidentKeysShown(Whole):
    """What an incident says, open or closed."""

    id = ma.fields.String()
    process_definition_id = ma.fields.String()
    process_instance_id = ma.fields.String()
    execution_id = ma.fields.String()
    incident_type = ma.fields.String()
    activity_id = ma.fields.String()
    failed_activity_id = ma.fields.String()
    cause_incident_id = ma.fields.String()
    root_cause_incident_id = ma.fields.String()
    configuration = ma.fields.String()
    incident_message = ma.fields.String()
    tenant_id = ma.fields.String()
    job_definition_id = ma.fields.String()
    annotation = ma.fields.String()


class IncidentShown(IncidentKeysShown):
    """An open incident as Camunda shows it."""

    incident_timestamp = Moment()


class HistoricIncidentShown(PlaceShown, IncidentKeysShown):
    """An incident as Camunda's history shows it."""

    create_time = Moment()
    end_time = Moment()
    history_configuration = ma.fields.String()
    open = ma.fields.Boolean()
    deleted = ma.fields.Boolean()
    resolved = ma.fields.Boolean()


class AnnotationDto(Dto):
    """What is noted on it."""

    annotation = ma.fields.String(load_default=None, validate=ma.validate.Length(max=MOST_NOTED))


def _known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The incidents that the caller may know of: none of a confidential case."""
    return LISTED.where(known(tx.actor, Incident.root_id))


def _open(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return _known(tx).where(Incident.closed_at.is_(None))


def _shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [_said(tx, *row) for row in rows]


def _said(
    tx: Transaction,
    incident: Incident,
    instance: ProcessInstance | None,
    definition: ProcessDefinition | None,
    job_kind: str | None,
) -> dict[str, Any]:
    is_open = incident.closed_at is None
    return place(instance, definition) | {
        "id": incident.id,
        "execution_id": incident.instance_id,
        "incident_type": incident.kind,
        "incident_timestamp": incident.opened_at,
        "activity_id": incident.activity_id,
        "failed_activity_id": incident.activity_id,
        "cause_incident_id": incident.id,
        "root_cause_incident_id": incident.id,
        "configuration": incident.source_id,
        "incident_message": incident.message,
        "job_definition_id": _job_definition_id(tx, incident, definition, job_kind),
        "annotation": incident.annotation,
        "create_time": incident.opened_at,
        "end_time": incident.closed_at,
        "open": is_open,
        "deleted": False,
        "resolved": not is_open,
    }


def _job_definition_id(
    tx: Transaction, incident: Incident, definition: ProcessDefinition | None, job_kind: str | None
) -> str | None:
    if definition is None or incident.kind != jobs.FAILED_JOB:
        return None
    node = definitions.load(tx, definition.id).process.nodes.get(incident.activity_id or "")
    return None if node is None else id_of(definition.id, node, is_timer=job_kind == WorkKind.TIMER)


LIST = List(
    Sentence("异常", "incidents"),
    "incidents.read",
    Query("Incident", OPEN, SORT_KEYS, Incident.id),
    _open,
    _shown,
    IncidentShown,
)
HISTORY = List(
    Sentence("历史异常", "historic incidents"),
    "incidents.read",
    Query("HistoricIncident", PAST, PAST_KEYS, Incident.id),
    _known,
    _shown,
    HistoricIncidentShown,
)
lists.state(routes, "/incident", LIST, by_post=False)
lists.state(routes, "/history/incident", HISTORY, by_post=False)


@routes.get("/incident/<incident_id>", "异常", "incidents.read", answer=IncidentShown)
def show_incident(tx: Transaction, incident_id: str) -> dict[str, Any]:
    """Show an open incident"""
    return LIST.one(tx, incident_id)


@routes.delete("/incident/<incident_id>", "关闭异常", "incidents.resolve", status=204)
def resolve(tx: Transaction, incident_id: str) -> Response:
    """Resolve an incident by itself: none here is a custom one"""
    LIST.one(tx, incident_id)
    raise Invalid(BY_RETRIES)


@routes.put("/incident/<incident_id>/annotation", "批注异常", "incidents.annotate", body=AnnotationDto, status=204)
def annotate(tx: Transaction, body: dict[str, Any], incident_id: str) -> Response:
    """Note something on an open incident"""
    LIST.one(tx, incident_id)
    incidents.annotate(tx, incident_id, body["annotation"])
    return Response(status=204)


@routes.delete("/incident/<incident_id>/annotation", "删除异常批注", "incidents.annotate", status=204)
def clear_annotation(tx: Transaction, incident_id: str) -> Response:
    """Take the note of an open incident away"""
    LIST.one(tx, incident_id)
    incidents.annotate(tx, incident_id, None)
    return Response(status=204)
