"""Job definitions: which jobs the activities of the deployed processes have. Read from the diagrams; nothing is kept of
them, so that a stop or a priority for jobs to come is refused."""

from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import select

from api.engine_rest.job_definition_ids import JobDefinition, of_process, parsed, wire_id
from api.engine_rest.job_queries import LIST as JOBS
from api.engine_rest.jobs import JobRetriesDto
from api.engine_rest.kept_elsewhere import Refused, state
from api.engine_rest.paging import Counted, PageQuery
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Flag, Listed, Whole, definition_id, region_of, tenant_of, uuid_of
from engine import definitions, job_changes
from engine.errors import Invalid, NotFound, Sentence
from engine.queries.filters import Filters, narrowed
from engine.tables import Job, ProcessDefinition
from engine.transaction import Transaction

routes = CamundaRoutes("job-definition", "Job definitions.")

MOST_AT_ONCE = 1_000
TOO_MANY = Sentence(
    f"一次最多重试 {MOST_AT_ONCE} 个作业，请逐个流程实例重试。",
    f"At most {MOST_AT_ONCE} jobs are tried again at once; set the retries of single jobs.",
)
NONE_SUCH = Sentence("没有该作业定义。", "Job definition does not exist.")
ONE_BY_ONE = Sentence(
    "作业定义取自流程图，不能单独挂起或设定优先级；请挂起流程定义、流程实例或作业。",
    "Job definitions are read from the diagram and keep no stop or priority of their own: suspend the process "
    "definition, the instance or its jobs.",
)
SORTED_BY = {
    "jobDefinitionId": "id",
    "activityId": "activity_id",
    "processDefinitionId": "process_definition_id",
    "processDefinitionKey": "process_definition_key",
    "jobType": "job_type",
    "jobConfiguration": "job_configuration",
    "tenantId": "tenant_id",
}
OF_DEFINITIONS: Filters = {
    "job_definition_id": lambda wire: ProcessDefinition.id == parsed(wire).definition_id,
    "process_definition_id": lambda wire: ProcessDefinition.id == uuid_of(wire),
    "process_definition_key": lambda key: ProcessDefinition.key == key,
    "active": lambda _: ProcessDefinition.is_suspended.is_(False),
    "suspended": lambda _: ProcessDefinition.is_suspended.is_(True),
    "tenant_id_in": lambda tenants: ProcessDefinition.region.in_([region_of(tenant) for tenant in tenants]),
    "without_tenant_id": lambda _: ProcessDefinition.region == region_of(None),
}


class JobDefinitionFilter(Dto):
    """Which job definitions."""

    job_definition_id = ma.fields.String()
    activity_id_in = Listed(ma.fields.String())
    process_definition_id = ma.fields.String()
    process_definition_key = ma.fields.String()
    job_type = ma.fields.String()
    job_configuration = ma.fields.String()
    active = Flag()
    suspended = Flag()
    with_overriding_job_priority = Flag()
    tenant_id_in = Listed(ma.fields.String())
    without_tenant_id = Flag()


class JobDefinitionQuery(JobDefinitionFilter, PageQuery):
    """Which job definitions, which part of the list, in which order."""

    sort_by = ma.fields.String(load_default=None, validate=ma.validate.OneOf(sorted(SORTED_BY)))


class JobDefinitionShown(Whole):
    """A job definition as Camunda shows it."""

    id = ma.fields.String()
    process_definition_id = ma.fields.String()
    process_definition_key = ma.fields.String()
    activity_id = ma.fields.String()
    job_type = ma.fields.String()
    job_configuration = ma.fields.String()
    overriding_job_priority = ma.fields.Integer()
    suspended = ma.fields.Boolean()
    tenant_id = ma.fields.String()
    deployment_id = ma.fields.String()


def _asked(tx: Transaction, wanted: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The job definitions of a query, by process definition and in document order."""
    meant = narrowed(select(ProcessDefinition).order_by(ProcessDefinition.id), OF_DEFINITIONS, wanted)
    for definition in tx.session.scalars(meant).all() if not wanted.get("with_overriding_job_priority") else ():
        for one in of_process(definitions.load(tx, definition.id).process):
            found = _shown(definition, one)
            if _is_wanted(found, wanted):
                yield found


def _is_wanted(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    activities = wanted.get("activity_id_in")
    equal = {"id": "job_definition_id", "job_type": "job_type", "job_configuration": "job_configuration"}
    return (activities is None or found["activity_id"] in activities) and all(
        wanted.get(name) in (None, found[key]) for key, name in equal.items()
    )


def _shown(definition: ProcessDefinition, one: JobDefinition) -> dict[str, Any]:
    return {
        "id": wire_id(one.kind, one.activity_id, definition.id),
        "process_definition_id": definition_id(definition.key, definition.version, definition.id),
        "process_definition_key": definition.key,
        "activity_id": one.activity_id,
        "job_type": one.type,
        "job_configuration": one.configuration,
        "suspended": definition.is_suspended,
        "tenant_id": tenant_of(definition.region),
        "deployment_id": definition.deployment_id,
    }


def _page(found: list[dict[str, Any]], page: Mapping[str, Any]) -> list[dict[str, Any]]:
    if page["sort_by"]:
        key = SORTED_BY[page["sort_by"]]
        found.sort(key=lambda one: one[key] or "", reverse=page["sort_order"] == "desc")
    return found[page["first_result"] : page["first_result"] + page["max_results"]]


@routes.get("/job-definition", "作业定义", "jobs.read", query=JobDefinitionQuery, answer=JobDefinitionShown(many=True))
def list_definitions(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List job definitions"""
    return _page(list(_asked(tx, query)), query)


@routes.post(
    "/job-definition",
    "作业定义",
    "jobs.read",
    query=PageQuery,
    body=JobDefinitionFilter,
    answer=JobDefinitionShown(many=True),
    keeps_answer=False,
)
def query_definitions(tx: Transaction, query: dict[str, Any], body: dict[str, Any]) -> list[dict[str, Any]]:
    """Query job definitions"""
    return _page(list(_asked(tx, body)), query | {"sort_by": None})


@routes.get("/job-definition/count", "作业定义数", "jobs.read", query=JobDefinitionFilter, answer=Counted)
def count_definitions(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count job definitions"""
    return {"count": sum(1 for _ in _asked(tx, query))}


@routes.post(
    "/job-definition/count",
    "作业定义数",
    "jobs.read",
    body=JobDefinitionFilter,
    answer=Counted,
    keeps_answer=False,
)
def count_queried(tx: Transaction, body: dict[str, Any]) -> dict[str, int]:
    """Count the job definitions of a query"""
    return {"count": sum(1 for _ in _asked(tx, body))}


@routes.get("/job-definition/<job_definition_id>", "作业定义", "jobs.read", answer=JobDefinitionShown)
def show_definition(tx: Transaction, job_definition_id: str) -> dict[str, Any]:
    """Show a job definition"""
    found = next(_asked(tx, {"job_definition_id": job_definition_id}), None)
    if found is None:
        raise NotFound(NONE_SUCH)
    return found


@routes.put("/job-definition/<job_definition_id>/retries", "重试作业", "jobs.retry", body=JobRetriesDto, status=204)
def set_retries(tx: Transaction, body: dict[str, Any], job_definition_id: str) -> Response:
    """Set how often the jobs of a job definition may be tried that are out of retries"""
    show_definition(tx, job_definition_id)
    meant = JOBS.query.narrowed(tx, JOBS.known(tx), {"job_definition_id": job_definition_id, "no_retries_left": True})
    failed = tx.session.scalars(meant.order_by(Job.root_id, Job.id).limit(MOST_AT_ONCE + 1)).all()
    if len(failed) > MOST_AT_ONCE:
        raise Invalid(TOO_MANY)
    for job in failed:
        job_changes.set_retries(tx, job.id, body["retries"])
    return Response(status=204)


PATH = "/job-definition/<job_definition_id>"
REFUSED = (
    Refused("PUT", f"{PATH}/suspended", "jobs.change", "挂起作业定义", "Suspend a job definition", ONE_BY_ONE),
    Refused(
        "PUT", f"{PATH}/jobPriority", "jobs.change", "设定作业优先级", "Set a job definition's priority", ONE_BY_ONE
    ),
    Refused("PUT", "/job-definition/suspended", "jobs.change", "挂起作业定义", "Suspend job definitions", ONE_BY_ONE),
)
state(routes, REFUSED)
