"""Jobs as lists show them: what the engine will do by itself, when, and what went wrong with it so far."""

from typing import Any

from sqlalchemy import Select, select

from engine.queries.filters import Filters
from engine.queries.order import or_never
from engine.tables import Job, ProcessInstance

LISTED: Select[*tuple[Any, ...]] = select(
    Job.id,
    Job.region,
    Job.kind,
    Job.instance_id,
    Job.root_id,
    Job.activity_id,
    Job.due_at,
    Job.binding,
    Job.priority,
    Job.retries,
    Job.failures,
    Job.failure,
    Job.locked_by,
    Job.locked_until,
    Job.created_at,
    ProcessInstance.business_key,
).outerjoin(ProcessInstance, ProcessInstance.id == Job.root_id)
FILTERS: Filters = {
    "kind": lambda kind: Job.kind == kind,
    "activity_id": lambda activity_id: Job.activity_id == activity_id,
    "business_key": lambda key: ProcessInstance.business_key == key,
    "is_failed": lambda failed: Job.failures > 0 if failed else Job.failures == 0,
    "is_out_of_retries": lambda out: Job.retries == 0 if out else Job.retries > 0,
    "due_before": lambda instant: Job.due_at < instant,
}
SORTED_BY = (or_never(Job.due_at), Job.id)
