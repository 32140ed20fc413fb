"""Metrics: what the engine did, counted from its history. What history does not tell is refused, not answered 0.

Who may not see a case does not count it either.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import marshmallow as ma
from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from api.engine_rest.paging import Column
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Moment, Whole
from casework.visibility import in_sight
from engine.columns import EPOCH, Instant
from engine.errors import NotFound, Sentence
from engine.queries.spans import milliseconds
from engine.tables import ActivityInstance, DecisionInstance, Failure, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("metrics", "Metrics.")

SECONDS, MOST_INTERVALS = 900, 200
REPORTER = "lianban"


class Metric(NamedTuple):
    """What is counted, at which instant, and the process instance that it belongs to."""

    counted: Select[Any]
    at: Column
    root_id: InstrumentedAttribute[Any]


VISITS = Metric(select(func.count(ActivityInstance.id)), ActivityInstance.started_at, ActivityInstance.root_id)
ROOTS = Metric(
    select(func.count(ProcessInstance.id)).where(ProcessInstance.parent_id.is_(None)),
    ProcessInstance.started_at,
    ProcessInstance.root_id,
)
PEOPLE = Metric(
    select(func.count(UserTask.ended_by.distinct())).where(UserTask.state == TaskState.COMPLETED),
    UserTask.ended_at,
    UserTask.root_id,
)
DECISIONS = Metric(select(func.count(DecisionInstance.id)), DecisionInstance.evaluated_at, DecisionInstance.root_id)
METRICS: Mapping[str, Metric] = {
    "activity-instance-start": VISITS,
    "flow-node-instances": VISITS,
    "activity-instance-end": Metric(
        select(func.count(ActivityInstance.id)), ActivityInstance.ended_at, ActivityInstance.root_id
    ),
    "root-process-instance-start": ROOTS,
    "process-instances": ROOTS,
    "unique-task-workers": PEOPLE,
    "task-users": PEOPLE,
    "executed-decision-instances": DECISIONS,
    "decision-instances": DECISIONS,
    "executed-decision-elements": Metric(
        select(func.sum(DecisionInstance.elements)), DecisionInstance.evaluated_at, DecisionInstance.root_id
    ),
    "job-failed": Metric(
        select(func.count(Failure.id)).where(Failure.worker.is_(None)), Failure.failed_at, Failure.root_id
    ),
}
NOT_COUNTED = Sentence(
    f"没有该项统计；可查：{'、'.join(METRICS)}。", f"No such metric is counted; there are {', '.join(METRICS)}."
)


class SumQuery(Dto):
    """From when until when."""

    start_date = Moment(load_default=None)
    end_date = Moment(load_default=None)


class MetricQuery(SumQuery):
    """Which metric, from when until when, in pieces of how many seconds."""

    name = ma.fields.String(load_default=None)
    reporter = ma.fields.String(load_default=None)
    interval = ma.fields.Integer(load_default=SECONDS, validate=ma.validate.Range(1, 10**7))
    first_result = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 10**6))
    max_results = ma.fields.Integer(load_default=MOST_INTERVALS, validate=ma.validate.Range(0, MOST_INTERVALS))


class SumShown(ma.Schema):
    """How many."""

    result = ma.fields.Integer(required=True)


class MetricShown(Whole):
    """How many in one interval."""

    timestamp = Moment()
    name = ma.fields.String()
    reporter = ma.fields.String()
    value = ma.fields.Integer()


def _narrowed(tx: Transaction, counted: Select[Any], metric: Metric, query: Mapping[str, Any]) -> Select[Any]:
    if query["start_date"] is not None:
        counted = counted.where(metric.at >= query["start_date"])
    if query["end_date"] is not None:
        counted = counted.where(metric.at < query["end_date"])
    return counted.where(metric.at.is_not(None), in_sight(tx.actor, metric.root_id))


def _metric(name: str) -> Metric:
    if name not in METRICS:
        raise NotFound(NOT_COUNTED)
    return METRICS[name]


@routes.get("/metrics/<name>/sum", "统计数", "instances.read", query=SumQuery, answer=SumShown)
def show_sum(tx: Transaction, query: dict[str, Any], name: str) -> dict[str, int]:
    """Show how many of a metric there were"""
    metric = _metric(name)
    return {"result": tx.session.scalar(_narrowed(tx, metric.counted, metric, query)) or 0}


@routes.get("/metrics", "分时统计", "instances.read", query=MetricQuery, answer=MetricShown(many=True))
def list_metrics(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List a metric by intervals, the latest first"""
    names = [query["name"]] if query["name"] is not None else list(METRICS)
    found = [row for name in names for row in _by_interval(tx, name, query)]
    found.sort(key=lambda row: row["timestamp"], reverse=True)
    return found[query["first_result"] : query["first_result"] + query["max_results"]]


def _by_interval(tx: Transaction, name: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    metric, span = _metric(name), query["interval"]
    place = milliseconds(literal(EPOCH, Instant()), metric.at) // literal(span * 1000)
    counted = _narrowed(tx, metric.counted.add_columns(place.label("place")), metric, query)
    newest = counted.group_by("place").order_by(place.desc()).limit(query["first_result"] + query["max_results"])
    return [
        {"timestamp": EPOCH + timedelta(seconds=int(place) * span), "name": name, "reporter": REPORTER, "value": value}
        for value, place in tx.session.execute(newest)
    ]
