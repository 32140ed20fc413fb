"""Which jobs a query asks for, and how a job looks: what the engine will do by itself, when, what went wrong so far."""

import operator
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, and_, not_, select

from api.engine_rest.job_definition_ids import TIMER, id_of, parsed
from api.engine_rest.lists import List, Rows
from api.engine_rest.paging import SortKeys
from api.engine_rest.query_parameters import (
    PRESENT,
    Parameter,
    Parameters,
    Query,
    equal,
    number,
    of_tenants,
    one_of,
    text,
    when,
    wire_id,
)
from api.engine_rest.wire import NO_INSTANT, Moment, Whole, definition_id, read_instant, tenant_of
from casework.visibility import known
from engine import definitions, process_starts
from engine.errors import Sentence
from engine.interpreter.step import WorkKind
from engine.tables import Job, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

LISTED = (
    select(Job, ProcessDefinition)
    .outerjoin(ProcessInstance, ProcessInstance.id == Job.instance_id)
    .outerjoin(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
)
IS_TIMER = Job.kind.in_((WorkKind.TIMER, process_starts.TIMER_JOB))
COMPARISONS = {"gt": operator.gt, "lt": operator.lt}
BAD_COMPARISON = Sentence(
    "应写作 gt_2026-01-31T08:00:00.000+0800 或 lt_…。", "It is written gt_2026-01-31T08:00:00.000+0800, or lt_…."
)
Compared = list[tuple[str, datetime]]


class Instants(ma.fields.Field[Compared]):
    """Before or after instants: `gt_…,lt_…` in an address, rows of operator and value in a body."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Compared:
        rows = [one.partition("_")[::2] for one in value.split(",")] if isinstance(value, str) else _pairs(value)
        if any(how not in COMPARISONS for how, _ in rows):
            raise ma.ValidationError([BAD_COMPARISON])
        try:
            return [(how, read_instant(said)) for how, said in rows]
        except (TypeError, AttributeError, ValueError, OverflowError) as error:
            raise ma.ValidationError([NO_INSTANT]) from error


def _pairs(said: Any) -> list[tuple[Any, Any]]:
    if not (isinstance(said, list) and all(isinstance(row, Mapping) for row in said)):
        raise ma.ValidationError([BAD_COMPARISON])
    return [(row.get("operator"), row.get("value")) for row in said]


def _compared(column: Any) -> Parameter:
    return Parameter(Instants(), lambda rows: and_(*(COMPARISONS[how](column, instant) for how, instant in rows)))


def of_kind(kind: str) -> ColumnElement[bool]:
    """The jobs of a job definition's kind."""
    return IS_TIMER if kind == TIMER else not_(IS_TIMER)


def _of_definition(wire: str) -> ColumnElement[bool]:
    named = parsed(wire)
    is_of = and_(Job.activity_id == named.activity_id, ProcessInstance.definition_id == named.definition_id)
    return and_(is_of, of_kind(named.kind))


PARAMETERS: Parameters = {
    "job_id": equal(Job.id),
    "job_ids": one_of(Job.id),
    "job_definition_id": text(_of_definition),
    "process_instance_id": equal(Job.instance_id),
    "process_instance_ids": one_of(Job.instance_id),
    "root_process_instance_id": equal(Job.root_id),
    "execution_id": equal(Job.instance_id),
    "process_definition_id": wire_id(ProcessInstance.definition_id),
    "process_definition_key": equal(ProcessDefinition.key),
    "activity_id": equal(Job.activity_id),
    "failed_activity_id": text(lambda said: and_(Job.failures > 0, Job.activity_id == said)),
    "with_retries_left": when(Job.retries > 0),
    "no_retries_left": when(Job.retries == 0),
    "executable": when(and_(Job.retries > 0, Job.due_at <= PRESENT, Job.is_suspended.is_(False))),
    "timers": when(IS_TIMER),
    "messages": when(not_(IS_TIMER)),
    "due_dates": _compared(Job.due_at),
    "create_times": _compared(Job.created_at),
    "with_exception": when(Job.failures > 0),
    "exception_message": equal(Job.failure),
    "active": when(Job.is_suspended.is_(False)),
    "suspended": when(Job.is_suspended.is_(True)),
    "acquired": when(Job.locked_until > PRESENT),
    "priority_higher_than_or_equals": number(Job.priority, operator.ge),
    "priority_lower_than_or_equals": number(Job.priority, operator.le),
    "batch_id": equal(Job.batch_id),
    **of_tenants(Job.region, including="include_jobs_without_tenant_id"),
}
SORT_KEYS: SortKeys = {
    "jobId": Job.id,
    "executionId": Job.instance_id,
    "processInstanceId": Job.instance_id,
    "processDefinitionId": ProcessInstance.definition_id,
    "processDefinitionKey": ProcessDefinition.key,
    "jobRetries": Job.retries,
    "jobDueDate": Job.due_at,
    "jobPriority": Job.priority,
    "tenantId": Job.region,
}


class JobShown(Whole):
    """A job as Camunda shows it."""

    id = ma.fields.String()
    job_definition_id = ma.fields.String()
    process_instance_id = ma.fields.String()
    process_definition_id = ma.fields.String()
    process_definition_key = ma.fields.String()
    execution_id = ma.fields.String()
    exception_message = ma.fields.String()
    failed_activity_id = ma.fields.String()
    retries = ma.fields.Integer()
    due_date = Moment()
    suspended = ma.fields.Boolean()
    priority = ma.fields.Integer()
    tenant_id = ma.fields.String()
    create_time = Moment()
    batch_id = ma.fields.String()


def _known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The jobs that the caller may know of: none of a confidential case."""
    return LISTED.where(known(tx.actor, Job.root_id))


def _shown(tx: Transaction, job: Job, definition: ProcessDefinition | None) -> dict[str, Any]:
    said = {
        "id": job.id,
        "process_instance_id": job.instance_id,
        "execution_id": job.instance_id,
        "exception_message": job.failure,
        "failed_activity_id": job.activity_id if job.failures else None,
        "retries": job.retries,
        "due_date": job.due_at,
        "suspended": job.is_suspended,
        "priority": job.priority,
        "tenant_id": tenant_of(job.region),
        "create_time": job.created_at,
        "batch_id": job.batch_id,
    }
    if definition is None:
        return said
    node = definitions.load(tx, definition.id).process.nodes.get(job.activity_id or "")
    return said | {
        "process_definition_id": definition_id(definition.key, definition.version, definition.id),
        "process_definition_key": definition.key,
        "job_definition_id": None if node is None else id_of(definition.id, node, is_timer=job.kind == WorkKind.TIMER),
    }


def _all_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [_shown(tx, job, definition) for job, definition in rows]


LIST = List(
    Sentence("作业", "jobs"),
    "jobs.read",
    Query("Job", PARAMETERS, SORT_KEYS, Job.id, never_together=(("timers", "messages"),)),
    _known,
    _all_shown,
    JobShown,
)
