"""Jobs at the door: what the engine will do by itself, and a second try for what failed."""

from typing import Any

import marshmallow as ma

from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import confidentiality, visibility
from casework.paging import Order, fetch
from engine import jobs
from engine.queries import jobs as listed
from engine.queries.filters import narrowed
from engine.tables import Job
from engine.transaction import Transaction

MOST_TRIES = 10

routes = Routes("jobs", "The engine's deferred work: timers, asynchronous steps, retries.", prefix="/api/jobs")


class JobQuery(PageQuery):
    """Which jobs. `case_number` is the process instance's business key."""

    kind = ma.fields.String(load_default=None)
    activity_id = ma.fields.String(load_default=None)
    case_number = ma.fields.String(attribute="business_key", load_default=None)
    failed = ma.fields.Boolean(attribute="is_failed", load_default=None)
    out_of_retries = ma.fields.Boolean(attribute="is_out_of_retries", load_default=None)
    due_before = Instant(load_default=None)


class RetriedJob(ma.Schema):
    """A job after a person gave it another try."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    activity_id = ma.fields.String(allow_none=True)
    due_at = Instant(allow_none=True)
    retries = ma.fields.Integer(required=True)
    failures = ma.fields.Integer(required=True)
    failure = ma.fields.String(allow_none=True)
    created_at = Instant(required=True)


class JobRow(RetriedJob):
    """A job. `due_at` null: it waits for a paused clock; `retries` 0: it waits for a person."""

    case_number = ma.fields.String(attribute="business_key", allow_none=True)
    instance_id = ma.fields.String(allow_none=True)
    binding = ma.fields.String(allow_none=True)
    priority = ma.fields.Integer(required=True)
    locked_until = Instant(allow_none=True)


class Tries(ma.Schema):
    """How often it may fail before it waits for a person again."""

    times = ma.fields.Integer(strict=True, load_default=1, validate=ma.validate.Range(1, MOST_TRIES))


@routes.get("", "后台作业", "jobs.read", query=JobQuery, answer=page_of(JobRow))
def list_jobs(tx: Transaction, query: dict[str, Any]) -> Any:
    """List the jobs, soonest due first

    One of a confidential case is listed without the number of the case.
    """
    statement = narrowed(listed.LISTED, listed.FILTERS, query)
    if query["business_key"] is not None:
        statement = statement.where(visibility.known(tx.actor, Job.root_id))
    page = fetch(tx, statement, Order(listed.SORTED_BY), after=query["cursor"], limit=query["limit"])
    return {"rows": confidentiality.without_numbers(tx, page.rows), "after": page.after}


@routes.post("/<job_id>/retry", "重试作业", "jobs.retry", body=Tries, answer=RetriedJob)
def retry(tx: Transaction, body: dict[str, Any], job_id: str) -> Job:
    """Let a failed job run again now

    Closes its incident.
    """
    job = jobs.retry(tx, job_id, times=body["times"])
    tx.flush()
    return job
