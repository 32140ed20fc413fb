"""The logs of jobs and external tasks: every try that failed. What was created, worked or was deleted is not logged."""

import operator
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, Select, select, true

from api.engine_rest import lists
from api.engine_rest.history_rows import PlaceShown, place
from api.engine_rest.job_definition_ids import of_definition
from api.engine_rest.lists import List, Rows
from api.engine_rest.paging import SortKeys
from api.engine_rest.query_parameters import (
    Parameters,
    Query,
    equal,
    nothing,
    number,
    of_tenants,
    one_of,
    refused,
    text,
    when,
    wire_id,
    wire_ids,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Moment
from casework.visibility import known
from engine.errors import Sentence
from engine.interpreter.step import WorkKind
from engine.tables import Failure, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("history-failure", "Tries of jobs and external tasks that failed.")

TEXT = "text/plain"
FAILURES_ALONE = Sentence(
    "本系统只记录失败的执行（failureLog），不记录创建、成功与删除。",
    "Only tries that failed are logged (failureLog); what was created, worked or was deleted is not.",
)
LISTED = (
    select(Failure, ProcessInstance, ProcessDefinition)
    .outerjoin(ProcessInstance, ProcessInstance.id == Failure.instance_id)
    .outerjoin(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
)


def _of_definition(wire: str) -> ColumnElement[bool]:
    is_timer = Failure.kind == WorkKind.TIMER
    return of_definition(wire, Failure.activity_id, ProcessInstance.definition_id, is_timer)


EITHER: Parameters = {
    "log_id": equal(Failure.id),
    "activity_id_in": one_of(Failure.activity_id),
    "execution_id_in": one_of(Failure.instance_id),
    "process_instance_id": equal(Failure.instance_id),
    "root_process_instance_id": equal(Failure.root_id),
    "process_definition_id": wire_id(ProcessInstance.definition_id),
    "process_definition_key": equal(ProcessDefinition.key),
    "creation_log": refused(FAILURES_ALONE),
    "failure_log": when(true()),
    "success_log": refused(FAILURES_ALONE),
    "deletion_log": refused(FAILURES_ALONE),
    **of_tenants(Failure.region),
}
OF_JOBS: Parameters = {
    **EITHER,
    "job_id": equal(Failure.source_id),
    "job_exception_message": equal(Failure.message),
    "job_definition_id": text(_of_definition),
    "job_definition_type": equal(Failure.kind),
    "deployment_id": equal(ProcessDefinition.deployment_id),
    "failed_activity_id_in": one_of(Failure.activity_id),
    "job_priority_higher_than_or_equals": number(Failure.priority, operator.ge),
    "job_priority_lower_than_or_equals": number(Failure.priority, operator.le),
    "hostname": nothing(),
}
OF_WORK: Parameters = {
    **EITHER,
    "external_task_id": equal(Failure.source_id),
    "topic_name": equal(Failure.kind),
    "worker_id": equal(Failure.worker),
    "error_message": equal(Failure.message),
    "activity_instance_id_in": wire_ids(Failure.source_id),
    "priority_higher_than_or_equals": number(Failure.priority, operator.ge),
    "priority_lower_than_or_equals": number(Failure.priority, operator.le),
}
KEYS: SortKeys = {
    "timestamp": Failure.failed_at,
    "activityId": Failure.activity_id,
    "executionId": Failure.instance_id,
    "processInstanceId": Failure.instance_id,
    "processDefinitionId": ProcessInstance.definition_id,
    "processDefinitionKey": ProcessDefinition.key,
    "tenantId": Failure.region,
}
JOB_KEYS: SortKeys = {
    **KEYS,
    "jobId": Failure.source_id,
    "jobDueDate": Failure.due_at,
    "jobRetries": Failure.retries,
    "jobPriority": Failure.priority,
    "occurrence": Failure.id,
}
WORK_KEYS: SortKeys = {
    **KEYS,
    "externalTaskId": Failure.source_id,
    "topicName": Failure.kind,
    "workerId": Failure.worker,
    "retries": Failure.retries,
    "priority": Failure.priority,
    "activityInstanceId": Failure.source_id,
}


class LogShown(PlaceShown):
    """What both logs say."""

    id = ma.fields.String()
    timestamp = Moment()
    activity_id = ma.fields.String()
    execution_id = ma.fields.String()
    creation_log = ma.fields.Boolean()
    failure_log = ma.fields.Boolean()
    success_log = ma.fields.Boolean()
    deletion_log = ma.fields.Boolean()


class JobLogShown(LogShown):
    """A try of a job that failed."""

    job_id = ma.fields.String()
    job_due_date = Moment()
    job_retries = ma.fields.Integer()
    job_priority = ma.fields.Integer()
    job_exception_message = ma.fields.String()
    failed_activity_id = ma.fields.String()
    job_definition_id = ma.fields.String()
    job_definition_type = ma.fields.String()
    job_definition_configuration = ma.fields.String()
    deployment_id = ma.fields.String()
    batch_id = ma.fields.String()
    hostname = ma.fields.String()


class WorkLogShown(LogShown):
    """A try of an external task that failed."""

    external_task_id = ma.fields.String()
    topic_name = ma.fields.String()
    worker_id = ma.fields.String()
    retries = ma.fields.Integer()
    priority = ma.fields.Integer()
    error_message = ma.fields.String()
    activity_instance_id = ma.fields.String()


def _said(failure: Failure, instance: ProcessInstance | None, definition: ProcessDefinition | None) -> dict[str, Any]:
    return place(instance, definition) | {
        "id": failure.id,
        "timestamp": failure.failed_at,
        "activity_id": failure.activity_id,
        "execution_id": failure.instance_id,
        "creation_log": False,
        "failure_log": True,
        "success_log": False,
        "deletion_log": False,
        "deployment_id": None if definition is None else definition.deployment_id,
    }


def _of_job(failure: Failure, instance: ProcessInstance | None, definition: ProcessDefinition | None) -> dict[str, Any]:
    return _said(failure, instance, definition) | {
        "job_id": failure.source_id,
        "job_due_date": failure.due_at,
        "job_retries": failure.retries,
        "job_priority": failure.priority,
        "job_exception_message": failure.message,
        "failed_activity_id": failure.activity_id,
        "job_definition_type": failure.kind,
    }


def _of_work(
    failure: Failure, instance: ProcessInstance | None, definition: ProcessDefinition | None
) -> dict[str, Any]:
    return _said(failure, instance, definition) | {
        "execution_id": failure.source_id,
        "external_task_id": failure.source_id,
        "topic_name": failure.kind,
        "worker_id": failure.worker,
        "retries": failure.retries,
        "priority": failure.priority,
        "error_message": failure.message,
        "activity_instance_id": f"{failure.activity_id}:{failure.source_id}",
    }


def _jobs(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return LISTED.where(known(tx.actor, Failure.root_id), Failure.worker.is_(None))


def _work(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return LISTED.where(known(tx.actor, Failure.root_id), Failure.worker.is_not(None))


def _jobs_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [_of_job(*row) for row in rows]


def _work_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [_of_work(*row) for row in rows]


JOBS = List(
    Sentence("作业日志", "failed tries of jobs"),
    "jobs.read",
    Query("HistoricJobLog", OF_JOBS, JOB_KEYS, Failure.id),
    _jobs,
    _jobs_shown,
    JobLogShown,
)
WORK = List(
    Sentence("外部任务日志", "failed tries of external tasks"),
    "jobs.read",
    Query("HistoricExternalTaskLog", OF_WORK, WORK_KEYS, Failure.id),
    _work,
    _work_shown,
    WorkLogShown,
)
lists.state(routes, "/history/job-log", JOBS)
lists.state(routes, "/history/external-task-log", WORK)


@routes.get("/history/job-log/<log_id>", "作业日志", "jobs.read", answer=JobLogShown)
def show_job_log(tx: Transaction, log_id: str) -> dict[str, Any]:
    """Show a failed try of a job"""
    return JOBS.one(tx, log_id)


@routes.get("/history/job-log/<log_id>/stacktrace", "作业失败详情", "jobs.read", also=TEXT)
def show_stacktrace(tx: Transaction, log_id: str) -> Response:
    """Show what went wrong with a job"""
    return Response(JOBS.one(tx, log_id)["job_exception_message"], mimetype=TEXT)


@routes.get("/history/external-task-log/<log_id>", "外部任务日志", "jobs.read", answer=WorkLogShown)
def show_work_log(tx: Transaction, log_id: str) -> dict[str, Any]:
    """Show a failed try of an external task"""
    return WORK.one(tx, log_id)


@routes.get(
    "/history/external-task-log/<log_id>/error-details", "外部任务失败详情", "jobs.read", also=TEXT, may_be_empty=True
)
def show_error_details(tx: Transaction, log_id: str) -> Response:
    """Show what a worker said in full"""
    WORK.one(tx, log_id)
    details = tx.session.scalar(select(Failure.details).where(Failure.id == log_id))
    return Response(status=204) if details is None else Response(details, mimetype=TEXT)
