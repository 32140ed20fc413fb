"""Batches that are not done yet: lists, how far they have got, a stop, an end."""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import ColumnElement, Select, func, not_, select, true

from api.engine_rest import lists
from api.engine_rest.lists import List, Rows
from api.engine_rest.paging import SortKeys
from api.engine_rest.query_parameters import Parameter, Parameters, Query, after, before, equal, nothing, when
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.suspensions import SuspensionDto
from api.engine_rest.wire import Dto, Flag, Moment, Whole
from engine import batches
from engine.errors import Sentence
from engine.tables import Batch, Job
from engine.transaction import Transaction

routes = CamundaRoutes("batch", "Batches.")

DONE = 204
UNDER_WAY = Batch.ended_at.is_(None)


def _parts(*which: ColumnElement[bool]) -> Any:
    """How many parts of a batch are left, of some kind."""
    return select(func.count()).where(Job.batch_id == Batch.id, *which).correlate(Batch).scalar_subquery()


LEFT, FAILED = _parts(), _parts(Job.retries == 0)
HAS_FAILED: ColumnElement[bool] = FAILED > 0
PARAMETERS: Parameters = {
    "batch_id": equal(Batch.id),
    "type": equal(Batch.kind),
    "suspended": Parameter(ma.fields.Boolean(), lambda said: Batch.is_suspended.is_(said)),
    "tenant_id_in": nothing(),
    "without_tenant_id": when(true()),
}
STATISTICS: Parameters = {
    **PARAMETERS,
    "created_by": equal(Batch.ordered_by),
    "started_before": before(Batch.ordered_at),
    "started_after": after(Batch.ordered_at),
    "with_failures": when(HAS_FAILED),
    "without_failures": when(not_(HAS_FAILED)),
}
SORT_KEYS: SortKeys = {"batchId": Batch.id, "tenantId": Batch.id, "startTime": Batch.ordered_at}


class BatchShown(Whole):
    """A batch as Camunda shows it. All its parts are made at once, by no job of their own."""

    id = ma.fields.String()
    type = ma.fields.String()
    total_jobs = ma.fields.Integer()
    jobs_created = ma.fields.Integer()
    batch_jobs_per_seed = ma.fields.Integer()
    invocations_per_batch_job = ma.fields.Integer()
    seed_job_definition_id = ma.fields.String()
    monitor_job_definition_id = ma.fields.String()
    batch_job_definition_id = ma.fields.String()
    suspended = ma.fields.Boolean()
    tenant_id = ma.fields.String()
    create_user_id = ma.fields.String()
    start_time = Moment()
    execution_start_time = Moment()


class BatchProgressShown(BatchShown):
    """How far a batch has got: what is left includes what has failed."""

    remaining_jobs = ma.fields.Integer()
    completed_jobs = ma.fields.Integer()
    failed_jobs = ma.fields.Integer()


class EndQuery(Dto):
    """How a batch is ended: with `cascade` nothing is kept of it."""

    cascade = Flag(load_default=None)


def shown(batch: Batch) -> dict[str, Any]:
    """A batch in Camunda's words."""
    return {
        "id": batch.id,
        "type": batch.kind,
        "total_jobs": batch.total,
        "jobs_created": batch.total,
        "batch_jobs_per_seed": batches.MOST_PARTS,
        "invocations_per_batch_job": 1,
        "suspended": batch.is_suspended,
        "create_user_id": batch.ordered_by,
        "start_time": batch.ordered_at,
        "execution_start_time": batch.begun_at,
    }


def _all_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [shown(batch) for (batch,) in rows]


def _progress_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [
        shown(batch) | {"remaining_jobs": left, "completed_jobs": batch.total - left, "failed_jobs": failed}
        for batch, left, failed in rows
    ]


def _known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return select(Batch).where(UNDER_WAY)


def _progress(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return select(Batch, LEFT, FAILED).where(UNDER_WAY)


NAME = Sentence("批量操作", "batches")
LIST = List(NAME, "batches.read", Query("Batch", PARAMETERS, SORT_KEYS, Batch.id), _known, _all_shown, BatchShown)
PROGRESS = List(
    Sentence("批量操作进度", "statistics of batches"),
    "batches.read",
    Query("BatchProgress", STATISTICS, SORT_KEYS, Batch.id),
    _progress,
    _progress_shown,
    BatchProgressShown,
)
lists.state(routes, "/batch", LIST, by_post=False)
lists.state(routes, "/batch/statistics", PROGRESS, by_post=False)


@routes.get("/batch/<batch_id>", "批量操作", "batches.read", answer=BatchShown)
def show_batch(tx: Transaction, batch_id: str) -> dict[str, Any]:
    """Show a batch that is not done yet"""
    return LIST.one(tx, batch_id)


@routes.put("/batch/<batch_id>/suspended", "挂起或激活批量操作", "batches.change", body=SuspensionDto, status=DONE)
def turn_batch(tx: Transaction, body: dict[str, Any], batch_id: str) -> Response:
    """Suspend or activate a batch"""
    batches.turn(tx, batch_id, is_suspended=body["suspended"])
    return Response(status=DONE)


@routes.delete("/batch/<batch_id>", "终止批量操作", "batches.change", query=EndQuery, status=DONE)
def end_batch(tx: Transaction, query: dict[str, Any], batch_id: str) -> Response:
    """End a batch: what is not done yet stays undone"""
    batches.end(tx, batch_id)
    if query["cascade"]:
        batches.forget(tx, batch_id)
    return Response(status=DONE)
