"""Which user tasks a query asks for, and in which order: Camunda's filters and sort keys as data."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, func, null, or_, select, true, type_coerce

from api.engine_rest.moment_expressions import Expressed, ExpressedMoment
from api.engine_rest.paging import Column
from api.engine_rest.query_parameters import (
    CALLER,
    IGNORING_CASE,
    Parameter,
    Query,
    after,
    at,
    before,
    empty,
    equal,
    like,
    none_of,
    not_like,
    nothing,
    number,
    of_tenants,
    one_of,
    refused,
    text,
    texts,
    when,
    wire_id,
    wire_ids,
)
from api.engine_rest.variables import LONGEST_NAME, Conditions
from api.engine_rest.wire import Dto, Flag, Moment, Pattern
from casework.matrix import OVERSEERS
from casework.tables import Membership, Role, RoleGrant
from casework.visibility import in_sight, of_the_office, visible_task
from engine.errors import Sentence
from engine.ports import Actor
from engine.queries import scopes
from engine.queries.filters import ESCAPE
from engine.tables import (
    GROUP,
    USER,
    Candidate,
    DelegationState,
    InstanceState,
    ProcessDefinition,
    ProcessInstance,
    TaskState,
    UserTask,
    Variable,
)
from engine.transaction import Transaction

OPEN = (
    select(UserTask, ProcessInstance, ProcessDefinition)
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == UserTask.definition_id)
    .where(UserTask.state == TaskState.CREATED)
)


class Extras(Dto):
    """What a client wants to be told beside the tasks themselves."""

    with_comment_attachment_info = Flag(load_default=None)
    with_task_variables_in_return = Flag(load_default=None)
    with_task_local_variables_in_return = Flag(load_default=None)


CALLERS_GROUPS: ColumnElement[Any] = bindparam("callers_groups", expanding=True, type_=Text())
LAST_CHANGE = func.coalesce(UserTask.claimed_at, UserTask.created_at)
"""A task says of its changes when somebody took it last."""


def _candidate(kind: str, names: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(1).where(Candidate.task_id == UserTask.id, Candidate.kind == kind, names).exists()


def _any_candidate(kind: str) -> ColumnElement[bool]:
    return _candidate(kind, true())


def _involved(login: Any) -> ColumnElement[bool]:
    return or_(UserTask.assignee == login, UserTask.owner == login, _candidate(USER, Candidate.name == login))


def _of_user(login: Any) -> ColumnElement[bool]:
    """Offered to a person, by name or by a group of theirs."""
    department = select(Membership.department).where(Membership.login == login)
    led = select(Membership.department + f"/{Role.HEAD}").where(Membership.login == login, Membership.role == Role.HEAD)
    held = select(type_coerce(Membership.role, Text())).where(Membership.login == login)
    granted = select(type_coerce(RoleGrant.role, Text())).where(RoleGrant.login == login)
    groups = department.union(led, held, granted)
    return or_(_candidate(USER, Candidate.name == login), _candidate(GROUP, Candidate.name.in_(groups)))


def _compared(scope: Any) -> Parameter:
    """Conditions on variables. What a case holds is what its applicant filled in: nobody compares with it."""
    return Parameter(
        Conditions(),
        lambda rows: and_(~of_the_office(UserTask.root_id), *(scopes.compares(*row, scope=scope) for row in rows)),
    )


def _said_by(expression: str, meaning: ColumnElement[bool]) -> Parameter:
    """One of the two expressions that stored filters have: who asks, or the groups of who asks."""
    field = ma.fields.String(validate=ma.validate.OneOf((expression,)))
    return Parameter(field, lambda _: meaning)


CURRENT_USER, CURRENT_GROUPS = "${currentUser()}", "${currentUserGroups()}"
OFFERED = {
    "candidate_user": text(_of_user),
    "candidate_user_expression": _said_by(CURRENT_USER, _of_user(CALLER)),
    "candidate_group": text(lambda group: _candidate(GROUP, Candidate.name == group)),
    "candidate_group_like": Parameter(
        Pattern(), lambda pattern: _candidate(GROUP, Candidate.name.like(pattern, escape=ESCAPE))
    ),
    "candidate_groups": texts(lambda groups: _candidate(GROUP, Candidate.name.in_(groups))),
    "candidate_groups_expression": _said_by(CURRENT_GROUPS, _candidate(GROUP, Candidate.name.in_(CALLERS_GROUPS))),
}
"""Filters that leave out what somebody has claimed, unless `includeAssignedTasks`."""

CASE_PARTS = ("definition_id", "definition_key", "definition_name", "definition_name_like", "execution_id")
MOMENTS = {
    "due_date": at(UserTask.due_at),
    "due_before": before(UserTask.due_at),
    "due_after": after(UserTask.due_at),
    "follow_up_date": at(UserTask.follow_up_at),
    "follow_up_before": before(UserTask.follow_up_at),
    "follow_up_after": after(UserTask.follow_up_at),
    "follow_up_before_or_not_existent": Parameter(
        Moment(), lambda instant: or_(UserTask.follow_up_at.is_(None), UserTask.follow_up_at < instant)
    ),
    "created_on": at(UserTask.created_at),
    "created_before": before(UserTask.created_at),
    "created_after": after(UserTask.created_at),
    "updated_after": Parameter(Moment(), lambda instant: instant < LAST_CHANGE),
}
IN_WORDS = {f"{name}_expression": Parameter(ExpressedMoment(), one.meaning) for name, one in MOMENTS.items()}
UNKNOWN_EXPRESSION = Sentence(
    "此处不支持表达式，请写明具体的值。", "Expressions are not understood here; say the value itself."
)
WITHOUT_EXPRESSION = ("candidate_group", "process_instance_business_key", "process_instance_business_key_like")

PARAMETERS = {
    "task_id": equal(UserTask.id),
    "task_id_in": one_of(UserTask.id),
    "process_instance_id": equal(UserTask.instance_id),
    "process_instance_id_in": one_of(UserTask.instance_id),
    "process_instance_business_key": equal(ProcessInstance.business_key),
    "process_instance_business_key_in": one_of(ProcessInstance.business_key),
    "process_instance_business_key_like": like(ProcessInstance.business_key),
    "process_definition_id": wire_id(UserTask.definition_id),
    "process_definition_key": equal(ProcessDefinition.key),
    "process_definition_key_in": one_of(ProcessDefinition.key),
    "process_definition_name": equal(ProcessDefinition.name),
    "process_definition_name_like": like(ProcessDefinition.name),
    "execution_id": equal(UserTask.id),
    "activity_instance_id_in": wire_ids(UserTask.id),
    **of_tenants(UserTask.region),
    "assignee": equal(UserTask.assignee),
    "assignee_expression": _said_by(CURRENT_USER, UserTask.assignee == CALLER),
    "assignee_like": like(UserTask.assignee),
    "assignee_like_expression": _said_by(CURRENT_USER, UserTask.assignee == CALLER),
    "assignee_in": one_of(UserTask.assignee),
    "assignee_not_in": none_of(UserTask.assignee),
    "owner": equal(UserTask.owner),
    "owner_expression": _said_by(CURRENT_USER, UserTask.owner == CALLER),
    "involved_user": text(_involved),
    "involved_user_expression": _said_by(CURRENT_USER, _involved(CALLER)),
    "assigned": when(UserTask.assignee.is_not(None)),
    "unassigned": empty(UserTask.assignee),
    "with_candidate_groups": when(_any_candidate(GROUP)),
    "without_candidate_groups": when(~_any_candidate(GROUP)),
    "with_candidate_users": when(_any_candidate(USER)),
    "without_candidate_users": when(~_any_candidate(USER)),
    "task_definition_key": equal(UserTask.activity_id),
    "task_definition_key_in": one_of(UserTask.activity_id),
    "task_definition_key_not_in": none_of(UserTask.activity_id),
    "task_definition_key_like": like(UserTask.activity_id),
    "name": equal(UserTask.name),
    "name_like": like(UserTask.name),
    "name_not_equal": text(lambda name: UserTask.name != name),
    "name_not_like": not_like(UserTask.name),
    "description": equal(UserTask.description),
    "description_like": like(UserTask.description),
    "priority": number(UserTask.priority),
    "min_priority": number(UserTask.priority, lambda column, least: column >= least),
    "max_priority": number(UserTask.priority, lambda column, most: column <= most),
    **MOMENTS,
    **IN_WORDS,
    **{f"{name}_expression": refused(UNKNOWN_EXPRESSION) for name in WITHOUT_EXPRESSION},
    "without_due_date": empty(UserTask.due_at),
    "delegation_state": Parameter(ma.fields.Enum(DelegationState), lambda state: UserTask.delegation_state == state),
    "active": when(ProcessInstance.state == InstanceState.ACTIVE),
    "suspended": when(ProcessInstance.state == InstanceState.SUSPENDED),
    "parent_task_id": nothing(),
    **{f"case_{part}": nothing() for part in CASE_PARTS},
    **{f"case_instance_{part}": nothing() for part in ("id", "business_key", "business_key_like")},
    "process_variables": _compared(UserTask.instance_id),
    "task_variables": _compared(UserTask.id),
    "case_instance_variables": Parameter(Conditions(), lambda _: null().is_not(None)),
    **IGNORING_CASE,
    **OFFERED,
    "include_assigned_tasks": when(true()),
    **{name: when(true()) for name in Extras().fields},
}
NEVER: Column = cast(null(), Text())
SORT_KEYS: Mapping[str, Column] = {
    "instanceId": UserTask.instance_id,
    "caseInstanceId": NEVER,
    "dueDate": UserTask.due_at,
    "followUpDate": UserTask.follow_up_at,
    "executionId": UserTask.id,
    "caseExecutionId": NEVER,
    "assignee": UserTask.assignee,
    "created": UserTask.created_at,
    "lastUpdated": LAST_CHANGE,
    "description": UserTask.description,
    "id": UserTask.id,
    "name": UserTask.name,
    "nameCaseInsensitive": func.lower(UserTask.name),
    "priority": UserTask.priority,
    "tenantId": UserTask.region,
}
SCOPES: Mapping[str, Column] = {
    "processVariable": UserTask.instance_id,
    "executionVariable": UserTask.instance_id,
    "taskVariable": UserTask.id,
    "caseInstanceVariable": NEVER,
    "caseExecutionVariable": NEVER,
}
COMPARED: Mapping[str, Column] = {
    "string": Variable.text,
    "boolean": Variable.number,
    "short": Variable.number,
    "integer": Variable.number,
    "long": Variable.number,
    "double": Variable.number,
    "date": Variable.instant,
}
"""Where the values of a type are compared."""


class VariableNamed(Dto):
    """A variable by whose value tasks are sorted."""

    variable = ma.fields.String(required=True, validate=ma.validate.Length(1, LONGEST_NAME))
    type = ma.fields.String(required=True)

    @ma.validates("type")
    def _has_an_order(self, kind: str, **kwargs: Any) -> None:
        ma.validate.OneOf(sorted(COMPARED))(kind.lower())


class TaskSorting(Dto):
    """One key of an order; `parameters` name the variable where the key is one's value."""

    sort_by = ma.fields.String(required=True, validate=ma.validate.OneOf(sorted({**SORT_KEYS, **SCOPES})))
    sort_order = ma.fields.String(load_default="asc", validate=ma.validate.OneOf(("asc", "desc")))
    parameters = ma.fields.Nested(VariableNamed, load_default=None)

    @ma.validates_schema
    def _names_its_variable(self, said: Mapping[str, Any], **kwargs: Any) -> None:
        if said.get("sort_by") in SCOPES and said.get("parameters") is None:
            raise ma.ValidationError([self.fields["parameters"].error_messages["required"]], "parameters")


class TaskQuery(Query):
    """Tasks are also sorted by variables, and what is offered leaves out what somebody has claimed."""

    @cached_property
    def key(self) -> type[ma.Schema]:
        """One key of an order, with its variable."""
        return TaskSorting

    def sorts_by(self, key: Mapping[str, Any]) -> Column:
        """The values of a variable have the order of their type; those of cases have none."""
        if key["sort_by"] not in SCOPES:
            return super().sorts_by(key)
        said = key["parameters"]
        return (
            select(COMPARED[said["type"].lower()])
            .where(Variable.scope_id == SCOPES[key["sort_by"]], Variable.name == said["variable"])
            .where(~of_the_office(UserTask.root_id))
            .correlate(UserTask)
            .scalar_subquery()
        )

    def conditions(self, wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
        """As said, and unassigned where a candidate is asked for."""
        offered = super().conditions({name: wanted[name] for name in OFFERED if name in wanted})
        others = super().conditions({name: said for name, said in wanted.items() if name not in OFFERED})
        if offered and not wanted.get("include_assigned_tasks"):
            offered = [and_(*offered, UserTask.assignee.is_(None))]
        return [*others, *offered]

    def narrowed(
        self, tx: Transaction, statement: Select[*tuple[Any, ...]], wanted: Mapping[str, Any]
    ) -> Select[*tuple[Any, ...]]:
        """The tasks asked for, where expressions mean the caller."""
        groups = sorted(tx.actor.groups)
        alternatives = [_counted(tx.now, one) for one in wanted.get("or_queries", ())]
        said = _counted(tx.now, wanted) | ({"or_queries": alternatives} if alternatives else {})
        return super().narrowed(tx, statement, said).params(callers_groups=groups)


def _counted(now: datetime, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What is wanted, with the instants that are said in words."""
    return {name: said.at(now) if isinstance(said, Expressed) else said for name, said in wanted.items()}


QUERY = TaskQuery("Task", PARAMETERS, SORT_KEYS, UserTask.id, alternatives=True)


def open_tasks(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The open tasks that the caller may know of."""
    return OPEN.where(known_to(tx.actor))


def known_to(actor: Actor) -> ColumnElement[bool]:
    """A task that the caller may work on; who oversees processes knows of those of all processes in sight."""
    if not actor.groups & OVERSEERS:
        return visible_task(actor)
    return or_(visible_task(actor), in_sight(actor, UserTask.root_id))
