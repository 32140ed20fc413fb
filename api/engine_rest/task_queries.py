"""Which user tasks a query asks for, and in which order: Camunda's filters and sort keys as data."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from api.engine_rest.paging import PageQuery, SortKeys, sortable
from api.engine_rest.wire import Dto, Flag, Listed, Moment, Number, Pattern, region_of, uuid_of
from casework.matrix import OVERSEERS
from casework.visibility import in_sight, visible_task
from engine.ports import Actor
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import ESCAPE, Filters, conditions
from engine.tables import (
    GROUP,
    USER,
    Candidate,
    DelegationState,
    ProcessDefinition,
    ProcessInstance,
    TaskState,
    UserTask,
)

OPEN = (
    select(UserTask, ProcessInstance.business_key, ProcessDefinition)
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == UserTask.definition_id)
    .where(UserTask.state == TaskState.CREATED)
)


def _candidate(kind: str, *names: str) -> ColumnElement[bool]:
    return select(1).where(Candidate.task_id == UserTask.id, Candidate.kind == kind, Candidate.name.in_(names)).exists()


def _any_candidate(kind: str) -> ColumnElement[bool]:
    return select(1).where(Candidate.task_id == UserTask.id, Candidate.kind == kind).exists()


def _involved(login: str) -> ColumnElement[bool]:
    return or_(UserTask.assignee == login, UserTask.owner == login, _candidate(USER, login))


FILTERS: Filters = {
    "task_id": lambda uuid: UserTask.id == uuid,
    "task_id_in": lambda ids: UserTask.id.in_(ids),
    "process_instance_id": lambda uuid: UserTask.instance_id == uuid,
    "process_instance_id_in": lambda ids: UserTask.instance_id.in_(ids),
    "process_instance_business_key": lambda key: ProcessInstance.business_key == key,
    "process_instance_business_key_in": lambda keys: ProcessInstance.business_key.in_(keys),
    "process_instance_business_key_like": lambda pattern: ProcessInstance.business_key.like(pattern, escape=ESCAPE),
    "process_definition_id": lambda wire_id: UserTask.definition_id == uuid_of(wire_id),
    "process_definition_key": lambda key: ProcessDefinition.key == key,
    "process_definition_key_in": lambda keys: ProcessDefinition.key.in_(keys),
    "process_definition_name": lambda name: ProcessDefinition.name == name,
    "process_definition_name_like": lambda pattern: ProcessDefinition.name.like(pattern, escape=ESCAPE),
    "execution_id": lambda uuid: UserTask.id == uuid,
    "activity_instance_id_in": lambda ids: UserTask.id.in_([uuid_of(one) for one in ids]),
    "tenant_id_in": lambda tenants: UserTask.region.in_([region_of(tenant) for tenant in tenants]),
    "without_tenant_id": lambda _: UserTask.region == EVERYWHERE,
    "assignee": lambda login: UserTask.assignee == login,
    "assignee_like": lambda pattern: UserTask.assignee.like(pattern, escape=ESCAPE),
    "assignee_in": lambda logins: UserTask.assignee.in_(logins),
    "assignee_not_in": lambda logins: UserTask.assignee.not_in(logins),
    "owner": lambda login: UserTask.owner == login,
    "involved_user": _involved,
    "assigned": lambda _: UserTask.assignee.is_not(None),
    "unassigned": lambda _: UserTask.assignee.is_(None),
    "with_candidate_groups": lambda _: _any_candidate(GROUP),
    "without_candidate_groups": lambda _: ~_any_candidate(GROUP),
    "with_candidate_users": lambda _: _any_candidate(USER),
    "without_candidate_users": lambda _: ~_any_candidate(USER),
    "task_definition_key": lambda key: UserTask.activity_id == key,
    "task_definition_key_in": lambda keys: UserTask.activity_id.in_(keys),
    "task_definition_key_not_in": lambda keys: UserTask.activity_id.not_in(keys),
    "task_definition_key_like": lambda pattern: UserTask.activity_id.like(pattern, escape=ESCAPE),
    "name": lambda name: UserTask.name == name,
    "name_like": lambda pattern: UserTask.name.like(pattern, escape=ESCAPE),
    "name_not_equal": lambda name: UserTask.name != name,
    "name_not_like": lambda pattern: UserTask.name.not_like(pattern, escape=ESCAPE),
    "priority": lambda priority: UserTask.priority == priority,
    "min_priority": lambda least: UserTask.priority >= least,
    "max_priority": lambda most: UserTask.priority <= most,
    "due_date": lambda instant: UserTask.due_at == instant,
    "due_before": lambda instant: UserTask.due_at < instant,
    "due_after": lambda instant: UserTask.due_at > instant,
    "without_due_date": lambda _: UserTask.due_at.is_(None),
    "follow_up_date": lambda instant: UserTask.follow_up_at == instant,
    "follow_up_before": lambda instant: UserTask.follow_up_at < instant,
    "follow_up_after": lambda instant: UserTask.follow_up_at > instant,
    "follow_up_before_or_not_existent": lambda instant: or_(
        UserTask.follow_up_at.is_(None), UserTask.follow_up_at < instant
    ),
    "created_on": lambda instant: UserTask.created_at == instant,
    "created_before": lambda instant: UserTask.created_at < instant,
    "created_after": lambda instant: UserTask.created_at > instant,
    "delegation_state": lambda state: UserTask.delegation_state == state,
}
OFFERED: Filters = {
    "candidate_user": lambda login: _candidate(USER, login),
    "candidate_group": lambda group: _candidate(GROUP, group),
    "candidate_group_like": lambda pattern: (
        select(1)
        .where(Candidate.task_id == UserTask.id, Candidate.kind == GROUP, Candidate.name.like(pattern, escape=ESCAPE))
        .exists()
    ),
    "candidate_groups": lambda groups: _candidate(GROUP, *groups),
}
"""Filters that leave out what somebody has claimed, unless `includeAssignedTasks`."""

SORT_KEYS: SortKeys = {
    "instanceId": UserTask.instance_id,
    "dueDate": UserTask.due_at,
    "followUpDate": UserTask.follow_up_at,
    "executionId": UserTask.id,
    "assignee": UserTask.assignee,
    "created": UserTask.created_at,
    "id": UserTask.id,
    "name": UserTask.name,
    "priority": UserTask.priority,
    "tenantId": UserTask.region,
}


class TaskFilter(Dto):
    """Which user tasks."""

    task_id = ma.fields.String()
    task_id_in = Listed(ma.fields.String())
    process_instance_id = ma.fields.String()
    process_instance_id_in = Listed(ma.fields.String())
    process_instance_business_key = ma.fields.String()
    process_instance_business_key_in = Listed(ma.fields.String())
    process_instance_business_key_like = Pattern()
    process_definition_id = ma.fields.String()
    process_definition_key = ma.fields.String()
    process_definition_key_in = Listed(ma.fields.String())
    process_definition_name = ma.fields.String()
    process_definition_name_like = Pattern()
    execution_id = ma.fields.String()
    activity_instance_id_in = Listed(ma.fields.String())
    tenant_id_in = Listed(ma.fields.String())
    without_tenant_id = Flag()
    assignee = ma.fields.String()
    assignee_like = Pattern()
    assignee_in = Listed(ma.fields.String())
    assignee_not_in = Listed(ma.fields.String())
    owner = ma.fields.String()
    candidate_user = ma.fields.String()
    candidate_group = ma.fields.String()
    candidate_group_like = Pattern()
    candidate_groups = Listed(ma.fields.String())
    include_assigned_tasks = Flag()
    involved_user = ma.fields.String()
    assigned = Flag()
    unassigned = Flag()
    with_candidate_groups = Flag()
    without_candidate_groups = Flag()
    with_candidate_users = Flag()
    without_candidate_users = Flag()
    task_definition_key = ma.fields.String()
    task_definition_key_in = Listed(ma.fields.String())
    task_definition_key_not_in = Listed(ma.fields.String())
    task_definition_key_like = Pattern()
    name = ma.fields.String()
    name_like = Pattern()
    name_not_equal = ma.fields.String()
    name_not_like = Pattern()
    priority = Number()
    min_priority = Number()
    max_priority = Number()
    due_date = Moment()
    due_before = Moment()
    due_after = Moment()
    without_due_date = Flag()
    follow_up_date = Moment()
    follow_up_before = Moment()
    follow_up_after = Moment()
    follow_up_before_or_not_existent = Moment()
    created_on = Moment()
    created_before = Moment()
    created_after = Moment()
    delegation_state = ma.fields.Enum(DelegationState)


class Sorting(Dto):
    """One key of an order."""

    sort_by = ma.fields.String(required=True, validate=ma.validate.OneOf(sorted(SORT_KEYS)))
    sort_order = ma.fields.String(load_default="asc", validate=ma.validate.OneOf(("asc", "desc")))


class TaskQuery(TaskFilter, PageQuery):
    """Which user tasks, which part of the list, in which order."""

    sort_by = sortable(SORT_KEYS)


class TaskQueryDto(TaskFilter):
    """The same in a body: several keys of an order, and alternatives of which one must hold."""

    or_queries = ma.fields.List(ma.fields.Nested(TaskFilter), load_default=list, validate=ma.validate.Length(max=50))
    sorting = ma.fields.List(ma.fields.Nested(Sorting), load_default=list, validate=ma.validate.Length(max=20))


def asked(actor: Actor, wanted: Mapping[str, Any]) -> Select[*tuple[Any, ...]]:
    """The open tasks of a query that the caller may know of, sorted where the query says how."""
    statement = OPEN.where(known_to(actor), *_conditions(wanted))
    for one in wanted.get("or_queries", ()):
        statement = statement.where(or_(*(_conditions(one) or [true()])))
    keys = [(SORT_KEYS[one["sort_by"]], one["sort_order"]) for one in wanted.get("sorting", ())]
    return statement.order_by(*(key.desc() if order == "desc" else key.asc() for key, order in keys))


def known_to(actor: Actor) -> ColumnElement[bool]:
    """A task that the caller may work on; who oversees processes knows of those of all processes in sight."""
    if not actor.groups & OVERSEERS:
        return visible_task(actor)
    return or_(visible_task(actor), in_sight(actor, UserTask.root_id))


def _conditions(wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    offered = conditions(OFFERED, wanted)
    if offered and not wanted.get("include_assigned_tasks"):
        offered = [and_(*offered, UserTask.assignee.is_(None))]
    return [*conditions(FILTERS, wanted), *offered]
