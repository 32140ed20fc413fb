"""Reports over the history: how long process instances and tasks took, and how many tasks were done."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, request
from sqlalchemy import ColumnElement, Select, func, select

from api.engine_rest.history_process_instances import LISTED as INSTANCES
from api.engine_rest.query_parameters import Parameters, one_of, since, until, wire_ids
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_queries import known_to
from api.engine_rest.wire import Dto, Whole, definition_id, tenant_of
from casework.visibility import in_sight
from engine.queries import reports
from engine.tables import ProcessDefinition, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("history-report", "Reports over the history.")

CSV = "application/csv"
UNITS = tuple(reports.MONTHS)
BY_NAME, BY_PROCESS = "taskName", "processDefinition"
DONE = (
    select(UserTask)
    .join(ProcessDefinition, ProcessDefinition.id == UserTask.definition_id)
    .where(UserTask.state == TaskState.COMPLETED)
)
OF_INSTANCES: Parameters = {
    "process_definition_id_in": wire_ids(ProcessInstance.definition_id),
    "process_definition_key_in": one_of(ProcessDefinition.key),
    "started_before": until(ProcessInstance.started_at),
    "started_after": since(ProcessInstance.started_at),
}
OF_TASKS: Parameters = {
    "completed_before": until(UserTask.ended_at),
    "completed_after": since(UserTask.ended_at),
}


class DurationShown(Whole):
    """How long what began in a period took, in milliseconds."""

    period = ma.fields.Integer()
    period_unit = ma.fields.String()
    minimum = ma.fields.Integer()
    maximum = ma.fields.Integer()
    average = ma.fields.Integer()


def _fields(parameters: Parameters, **more: ma.fields.Field[Any]) -> dict[str, ma.fields.Field[Any]]:
    return {name: parameter.field for name, parameter in parameters.items()} | more


def _choice(*values: str, **options: Any) -> ma.fields.String:
    return ma.fields.String(validate=ma.validate.OneOf(values), **options)


DURATION_QUERY = Dto.from_dict(
    _fields(
        OF_INSTANCES,
        report_type=_choice("duration", required=True),
        period_unit=_choice(*UNITS, required=True),
    ),
    name="InstanceReportQuery",
)
TASK_QUERY = Dto.from_dict(
    _fields(
        OF_TASKS,
        report_type=_choice("count", "duration", required=True),
        period_unit=_choice(*UNITS, load_default=UNITS[0]),
        group_by=_choice(BY_NAME, BY_PROCESS, load_default=BY_PROCESS),
    ),
    name="TaskReportQuery",
)


def _conditions(parameters: Parameters, wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [one.meaning(wanted[name]) for name, one in parameters.items() if wanted.get(name) is not None]


def _durations(found: Iterable[reports.Lasted], unit: str) -> list[dict[str, Any]]:
    return [
        {
            "period": row.period,
            "periodUnit": unit.upper(),
            "minimum": row.minimum,
            "maximum": row.maximum,
            "average": row.average,
        }
        for row in found
    ]


@routes.get(
    "/history/process-instance/report",
    "流程用时报表",
    "instances.read",
    query=DURATION_QUERY,
    answer=DurationShown(many=True),
    also=CSV,
)
def report_instances(tx: Transaction, query: dict[str, Any]) -> Response:
    """Report how long process instances took"""
    ended = INSTANCES.where(
        in_sight(tx.actor, ProcessInstance.root_id),
        ProcessInstance.ended_at.is_not(None),
        *_conditions(OF_INSTANCES, query),
    )
    unit = query["period_unit"]
    found = reports.lasted(tx, ended, ProcessInstance.started_at, ProcessInstance.ended_at, unit)
    rows = _durations(found, unit)
    if request.accept_mimetypes.best_match(["application/json", CSV, "text/csv"]) in (CSV, "text/csv"):
        return Response(_as_csv(rows), mimetype=CSV)
    return jsonify(rows)


def _as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(["PERIOD", "PERIOD_UNIT", "MINIMUM", "MAXIMUM", "AVERAGE"])
    table.writerows(row.values() for row in rows)
    return written.getvalue()


@routes.get("/history/task/report", "任务报表", "user_tasks.read", query=TASK_QUERY)
def report_tasks(tx: Transaction, query: dict[str, Any]) -> Response:
    """Report how many tasks were completed, or how long they took"""
    done = DONE.where(known_to(tx.actor), *_conditions(OF_TASKS, query))
    if query["report_type"] == "count":
        return jsonify(_counts(tx, done, by_name=query["group_by"] == BY_NAME))
    unit = query["period_unit"]
    return jsonify(_durations(reports.lasted(tx, done, UserTask.created_at, UserTask.ended_at, unit), unit))


def _counts(tx: Transaction, done: Select[*tuple[Any, ...]], *, by_name: bool) -> list[dict[str, Any]]:
    name = UserTask.name if by_name else ProcessDefinition.name
    grouped = done.with_only_columns(func.count(), name, ProcessDefinition, UserTask.region).group_by(
        name, *ProcessDefinition.__table__.columns, UserTask.region
    )
    return [
        {
            "taskName": named if by_name else None,
            "count": count,
            "processDefinitionKey": definition.key,
            "processDefinitionId": definition_id(definition.key, definition.version, definition.id),
            "processDefinitionName": definition.name,
            "tenantId": tenant_of(region),
        }
        for count, named, definition, region in tx.session.execute(grouped.order_by(name, ProcessDefinition.id))
    ]
