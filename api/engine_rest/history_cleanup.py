"""The clean-up of the history: its job, and what is over for long enough, by process definition; and what of Camunda's
history is not kept."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from api.engine_rest.job_queries import LIST as JOBS
from api.engine_rest.job_queries import JobShown
from api.engine_rest.kept_elsewhere import Refused, state
from api.engine_rest.paging import Counted, PartQuery
from api.engine_rest.query_parameters import Parameters, of_tenants, one_of, wire_ids
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Flag, Moment, Whole, definition_id, tenant_of
from casework.visibility import in_sight
from engine import history_cleanup
from engine.errors import Sentence
from engine.tables import ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("history-cleanup", "The clean-up of the history.")

BY_ITSELF = Sentence(
    "历史由后台作业按流程定义的 historyTimeToLive 自动清理，不能另行安排。",
    "A job of its own cleans history up, after its definition's historyTimeToLive; it is not arranged here.",
)
ASSIGNMENTS = Sentence(
    "不单独保存候选人变动的历史；签收、分派、转办见操作记录（/history/user-operation）。",
    "Links of people to tasks keep no history of their own: claims, assignments and transfers are in "
    "/history/user-operation.",
)
Root = aliased(ProcessInstance)
PARAMETERS: Parameters = {
    "process_definition_id_in": wire_ids(ProcessDefinition.id),
    "process_definition_key_in": one_of(ProcessDefinition.key),
    **of_tenants(ProcessDefinition.region),
}
FIELDS = {name: parameter.field for name, parameter in PARAMETERS.items()} | {"compact": Flag()}
FILTER = Dto.from_dict(FIELDS, name="CleanableFilter")
QUERY = PartQuery.from_dict(FIELDS, name="CleanableQuery")


class CleanableShown(Whole):
    """How many instances of a definition are over, and over for long enough."""

    process_definition_id = ma.fields.String()
    process_definition_key = ma.fields.String()
    process_definition_name = ma.fields.String()
    process_definition_version = ma.fields.Integer()
    history_time_to_live = ma.fields.Integer()
    finished_process_instance_count = ma.fields.Integer()
    cleanable_process_instance_count = ma.fields.Integer()
    tenant_id = ma.fields.String()


def _counts(tx: Transaction, query: Mapping[str, Any]) -> Select[*tuple[Any, ...]]:
    cleanable = func.coalesce(func.sum(case((Root.removal_at <= tx.now, 1), else_=0)), 0)
    conditions = [one.meaning(query[name]) for name, one in PARAMETERS.items() if query.get(name) is not None]
    counted = select(ProcessDefinition.id, func.count(ProcessInstance.id).label("over"), cleanable.label("cleanable"))
    return (
        counted.join(ProcessInstance, ProcessInstance.definition_id == ProcessDefinition.id)
        .join(Root, Root.id == ProcessInstance.root_id)
        .where(ProcessInstance.ended_at.is_not(None), in_sight(tx.actor, ProcessInstance.root_id), *conditions)
        .group_by(ProcessDefinition.id)
        .having(cleanable > 0 if query.get("compact") else func.count(ProcessInstance.id) > 0)
    )


class CleanupQuery(Dto):
    """Whether the clean-up is wanted now."""

    immediately_due = Flag(load_default=True)


class WindowShown(Whole):
    """When the clean-up runs: there is no window, it works all day a few instances at a time."""

    batch_window_start_time = Moment()
    batch_window_end_time = Moment()
    enabled = ma.fields.Boolean()


@routes.post("/history/cleanup", "清理历史", "history.delete", query=CleanupQuery, answer=JobShown)
def clean_up(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """Have the history cleaned up now, not within the hour"""
    if query["immediately_due"]:
        history_cleanup.hasten(tx)
    return JOBS.one(tx, history_cleanup.JOB_ID)


@routes.get("/history/cleanup/jobs", "清理历史的作业", "jobs.read", answer=JobShown(many=True))
def list_cleanup_jobs(tx: Transaction) -> list[dict[str, Any]]:
    """List the jobs that clean the history up: there is one"""
    return [JOBS.one(tx, history_cleanup.JOB_ID)]


@routes.get("/history/cleanup/job", "清理历史的作业", "jobs.read", answer=JobShown)
def show_cleanup_job(tx: Transaction) -> dict[str, Any]:
    """Show the job that cleans the history up"""
    return JOBS.one(tx, history_cleanup.JOB_ID)


@routes.get("/history/cleanup/configuration", "清理历史的时段", "jobs.read", answer=WindowShown)
def show_window(tx: Transaction) -> dict[str, Any]:
    """Show when the history is cleaned up"""
    return {"enabled": True}


PATH = "/history/process-definition/cleanable-process-instance-report"


@routes.get(PATH, "可清理历史", "instances.read", query=QUERY, answer=CleanableShown(many=True))
def report(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """Report how much of the history may be cleaned up"""
    page = _counts(tx, query).order_by(ProcessDefinition.id).offset(query["first_result"]).limit(query["max_results"])
    counted = {row.id: row for row in tx.session.execute(page)}
    meant = select(ProcessDefinition).where(ProcessDefinition.id.in_(counted)).order_by(ProcessDefinition.id)
    return [
        {
            "process_definition_id": definition_id(definition.key, definition.version, definition.id),
            "process_definition_key": definition.key,
            "process_definition_name": definition.name,
            "process_definition_version": definition.version,
            "history_time_to_live": definition.history_time_to_live,
            "finished_process_instance_count": counted[definition.id].over,
            "cleanable_process_instance_count": counted[definition.id].cleanable,
            "tenant_id": tenant_of(definition.region),
        }
        for definition in tx.session.scalars(meant)
    ]


@routes.get(f"{PATH}/count", "可清理历史数", "instances.read", query=FILTER, answer=Counted)
def count_report(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count the definitions of the report"""
    return {"count": tx.session.scalar(select(func.count()).select_from(_counts(tx, query).subquery())) or 0}


state(
    routes,
    (
        Refused(
            "POST", "/history/process-instance/set-removal-time", "history.delete", "设定清理时间",
            "Set when history is cleaned up", BY_ITSELF,
        ),
        Refused(
            "GET", "/history/identity-link-log", "instances.read", "候选人变动历史", "List the history of links",
            ASSIGNMENTS,
        ),
        Refused(
            "GET", "/history/identity-link-log/count", "instances.read", "候选人变动历史数",
            "Count the history of links", ASSIGNMENTS,
        ),
        Refused(
            "POST", "/job/<job_id>/duedate/recalculate", "jobs.change", "重算作业日期",
            "Count a job's date anew", Sentence(
                "定时日期在到达该环节时算定，跟随时限的随时限调整；要改日期请用 PUT /job/{id}/duedate。",
                "A timer's date is settled when its activity begins, and one that follows a clock moves with it; "
                "PUT /job/{id}/duedate gives it another.",
            ),
        ),
    ),
)  # fmt: skip
