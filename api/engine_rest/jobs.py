"""Jobs: lists, one, and what an administrator does to them. Those of cases carry out the law: they are let run, no
more."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, select

from api.engine_rest import lists
from api.engine_rest.job_definition_ids import parsed
from api.engine_rest.job_queries import LIST, JobShown, of_kind
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Flag, Moment, region_of, uuid_of
from api.routes import Hall
from casework.visibility import in_sight, of_the_office
from engine import job_changes
from engine.errors import Invalid, Sentence
from engine.ports import Actor
from engine.tables import Job, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("job", "Jobs.")
lists.state(routes, "/job", LIST)

DONE = 204
TEXT = "text/plain"
MOST_RETRIES = 2**31 - 1
WHICH = Sentence(
    "请指明 jobDefinitionId、processInstanceId、processDefinitionId 或 processDefinitionKey 之一。",
    "Name one of jobDefinitionId, processInstanceId, processDefinitionId or processDefinitionKey.",
)
CASCADE = Sentence(
    "循环定时的后续日期由本次日期推算，不能另行平移（cascade）。",
    "The later dates of a cycle follow from this one; they cannot be moved with it (cascade).",
)


class JobRetriesDto(Dto):
    """How often it may be tried, and from when on."""

    retries = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0, MOST_RETRIES))
    due_date = Moment(load_default=None)


class JobDueDto(Dto):
    """When it is due; null: now."""

    duedate = Moment(load_default=None)
    cascade = Flag(load_default=None)


class JobPriorityDto(Dto):
    """Which of several due jobs goes first."""

    priority = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(-(2**31), 2**31 - 1))


class JobStopDto(Dto):
    """Whether it is to stand still."""

    suspended = ma.fields.Boolean(required=True)


class JobStopsDto(JobStopDto):
    """The same of the jobs of an activity, an instance, a definition, or all versions of a key."""

    job_definition_id = ma.fields.String(load_default=None)
    process_instance_id = ma.fields.String(load_default=None)
    process_definition_id = ma.fields.String(load_default=None)
    process_definition_key = ma.fields.String(load_default=None)
    process_definition_tenant_id = ma.fields.String(load_default=None)


@routes.get("/job/<job_id>", "作业", "jobs.read", answer=JobShown)
def show_job(tx: Transaction, job_id: str) -> dict[str, Any]:
    """Show a job"""
    return LIST.one(tx, job_id)


@routes.get("/job/<job_id>/stacktrace", "作业失败详情", "jobs.read", also=TEXT, may_be_empty=True)
def show_stacktrace(tx: Transaction, job_id: str) -> Response:
    """Show what went wrong with a job last"""
    said = LIST.one(tx, job_id)["exception_message"]
    return Response(status=DONE) if said is None else Response(said, mimetype=TEXT)


@routes.put("/job/<job_id>/retries", "设置作业重试次数", "jobs.retry", body=JobRetriesDto, status=DONE)
def set_retries(tx: Transaction, body: dict[str, Any], job_id: str) -> Response:
    """Set how often a job may be tried"""
    LIST.one(tx, job_id)
    tried_again(tx, job_id, body)
    return Response(status=DONE)


def tried_again(tx: Transaction, job_id: str, said: Mapping[str, Any]) -> None:
    """Sets how often a job may be tried, and from when on where that is said."""
    job_changes.set_retries(tx, job_id, said["retries"])
    if said["due_date"] is not None:
        job_changes.set_due(tx, job_id, said["due_date"])


@routes.put("/job/<job_id>/duedate", "设置作业日期", "jobs.change", body=JobDueDto, status=DONE)
def set_due(tx: Transaction, body: dict[str, Any], job_id: str) -> Response:
    """Set when a job is due"""
    if body["cascade"]:
        raise Invalid(CASCADE)
    LIST.one(tx, job_id)
    job_changes.set_due(tx, job_id, body["duedate"])
    return Response(status=DONE)


@routes.put("/job/<job_id>/priority", "设置作业优先级", "jobs.change", body=JobPriorityDto, status=DONE)
def set_priority(tx: Transaction, body: dict[str, Any], job_id: str) -> Response:
    """Set the priority of a job"""
    LIST.one(tx, job_id)
    job_changes.set_priority(tx, job_id, body["priority"])
    return Response(status=DONE)


@routes.put("/job/<job_id>/suspended", "挂起或激活作业", "jobs.change", body=JobStopDto, status=DONE)
def set_suspended(tx: Transaction, body: dict[str, Any], job_id: str) -> Response:
    """Suspend or activate a job"""
    LIST.one(tx, job_id)
    job_changes.set_suspended(tx, job_id, is_suspended=body["suspended"])
    return Response(status=DONE)


@routes.put("/job/suspended", "挂起或激活多个作业", "jobs.change", body=JobStopsDto, status=DONE)
def set_several_suspended(tx: Transaction, body: dict[str, Any]) -> Response:
    """Suspend or activate the jobs of an activity, an instance or a definition

    Those of cases go on.
    """
    meant = (
        select(ProcessInstance.id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(*_meant(body), in_sight(tx.actor, ProcessInstance.root_id), ~of_the_office(ProcessInstance.root_id))
    )
    of_activity = [] if body["job_definition_id"] is None else _of_activity(body["job_definition_id"])
    job_changes.turn(tx, [Job.instance_id.in_(meant), *of_activity], is_suspended=body["suspended"])
    return Response(status=DONE)


def _meant(said: dict[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if said["job_definition_id"] is not None:
        found.append(ProcessInstance.definition_id == uuid_of(said["job_definition_id"]))
    if said["process_instance_id"] is not None:
        found.append(ProcessInstance.id == said["process_instance_id"])
    if said["process_definition_id"] is not None:
        found.append(ProcessInstance.definition_id == uuid_of(said["process_definition_id"]))
    if said["process_definition_key"] is not None:
        found.append(ProcessDefinition.key == said["process_definition_key"])
    if not found:
        raise Invalid(WHICH)
    if said["process_definition_tenant_id"] is not None:
        found.append(ProcessDefinition.region == region_of(said["process_definition_tenant_id"]))
    return found


def _of_activity(wire_id: str) -> list[ColumnElement[bool]]:
    named = parsed(wire_id)
    return [Job.activity_id == named.activity_id, of_kind(named.kind)]


@routes.delete("/job/<job_id>", "删除作业", "jobs.change", status=DONE)
def delete_job(tx: Transaction, job_id: str) -> Response:
    """Delete a job, which is then never done"""
    LIST.one(tx, job_id)
    job_changes.delete(tx, job_id)
    return Response(status=DONE)


@routes.post("/job/<job_id>/execute", "立即执行作业", "jobs.retry", status=DONE, waits=True)
def execute(hall: Hall, actor: Actor, job_id: str) -> Response:
    """Carry a job out at once

    What goes wrong with it is answered 409 and costs a try.
    """
    with hall.database.view(actor) as tx:
        LIST.one(tx, job_id)
    job_changes.execute(hall.database, actor, job_id)
    return Response(status=DONE)
