"""User tasks, open and over, as Camunda's history shows them: to those who may know of the task."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from api.engine_rest import lists
from api.engine_rest.history_rows import CaseKeysShown, PlaceShown, lasted, place
from api.engine_rest.lists import List, Rows
from api.engine_rest.paging import SortKeys
from api.engine_rest.query_parameters import (
    IGNORING_CASE,
    Parameter,
    Parameters,
    Query,
    after,
    at,
    before,
    empty,
    equal,
    like,
    nothing,
    number,
    of_tenants,
    one_of,
    since,
    text,
    until,
    when,
    wire_id,
    wire_ids,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_queries import known_to
from api.engine_rest.variables import Conditions
from api.engine_rest.wire import Moment
from casework.visibility import of_the_office
from engine.errors import Sentence
from engine.queries.spans import milliseconds
from engine.queries.variable_history import held
from engine.tables import GROUP, USER, Candidate, ProcessDefinition, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("history-task", "User tasks, open and over.")

LISTED = (
    select(UserTask, ProcessInstance, ProcessDefinition)
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == UserTask.definition_id)
)
STATE_NAMES = {TaskState.CREATED: "Created", TaskState.COMPLETED: "Completed", TaskState.CANCELLED: "Deleted"}
DELETE_REASONS = {TaskState.COMPLETED: "completed", TaskState.CANCELLED: "deleted"}
DEADLINES = {"task_due_date": UserTask.due_at, "task_follow_up_date": UserTask.follow_up_at}


def candidate(kind: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Somebody may, or might, claim the task."""
    return select(1).where(Candidate.task_id == UserTask.id, Candidate.kind == kind, *conditions).exists()


def _involved(login: str) -> ColumnElement[bool]:
    held_by = or_(UserTask.assignee == login, UserTask.owner == login, UserTask.ended_by == login)
    return or_(held_by, candidate(USER, Candidate.name == login))


def _ended(reason: str) -> ColumnElement[bool]:
    return next((UserTask.state == state for state, said in DELETE_REASONS.items() if said == reason), false())


def _hold(scope_id: InstrumentedAttribute[str], rows: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    """Nobody learns what a case's variables hold by asking which tasks have them."""
    return and_(~of_the_office(UserTask.root_id), *(held(UserTask.instance_id, scope_id, *row) for row in rows))


def _deadlines() -> Parameters:
    said: dict[str, Parameter] = {}
    for name, column in DEADLINES.items():
        said |= {name: at(column), f"{name}_before": before(column), f"{name}_after": after(column)}
        said[f"without_{name}"] = empty(column)
    return said


PEOPLE: Parameters = {
    "assigned": when(UserTask.assignee.is_not(None)),
    "unassigned": empty(UserTask.assignee),
    "task_assignee": equal(UserTask.assignee),
    "task_assignee_like": like(UserTask.assignee),
    "task_owner": equal(UserTask.owner),
    "task_owner_like": like(UserTask.owner),
    "task_involved_user": text(_involved),
    "task_involved_group": text(lambda group: candidate(GROUP, Candidate.name == group)),
    "task_had_candidate_user": text(lambda login: candidate(USER, Candidate.name == login)),
    "task_had_candidate_group": text(lambda group: candidate(GROUP, Candidate.name == group)),
    "with_candidate_groups": when(candidate(GROUP)),
    "without_candidate_groups": when(~candidate(GROUP)),
}
PARAMETERS: Parameters = {
    "task_id": equal(UserTask.id),
    "task_parent_task_id": nothing(),
    "process_instance_id": equal(UserTask.instance_id),
    "root_process_instance_id": equal(UserTask.root_id),
    "process_instance_business_key": equal(ProcessInstance.business_key),
    "process_instance_business_key_in": one_of(ProcessInstance.business_key),
    "process_instance_business_key_like": like(ProcessInstance.business_key),
    "execution_id": equal(UserTask.id),
    "process_definition_id": wire_id(UserTask.definition_id),
    "process_definition_key": equal(ProcessDefinition.key),
    "process_definition_name": equal(ProcessDefinition.name),
    "case_instance_id": nothing(),
    "case_execution_id": nothing(),
    "case_definition_id": nothing(),
    "case_definition_key": nothing(),
    "activity_instance_id_in": wire_ids(UserTask.id),
    "task_name": equal(UserTask.name),
    "task_name_like": like(UserTask.name),
    "task_description": equal(UserTask.description),
    "task_description_like": like(UserTask.description),
    "task_definition_key": equal(UserTask.activity_id),
    "task_definition_key_in": one_of(UserTask.activity_id),
    "task_delete_reason": text(_ended),
    "task_priority": number(UserTask.priority),
    **PEOPLE,
    "finished": when(UserTask.ended_at.is_not(None)),
    "unfinished": empty(UserTask.ended_at),
    "process_finished": when(ProcessInstance.ended_at.is_not(None)),
    "process_unfinished": empty(ProcessInstance.ended_at),
    **_deadlines(),
    "started_before": until(UserTask.created_at),
    "started_after": since(UserTask.created_at),
    "finished_before": until(UserTask.ended_at),
    "finished_after": since(UserTask.ended_at),
    "process_variables": Parameter(Conditions(), lambda rows: _hold(UserTask.instance_id, rows)),
    "task_variables": Parameter(Conditions(), lambda rows: _hold(UserTask.id, rows)),
    **IGNORING_CASE,
    **of_tenants(UserTask.region),
}
SORT_KEYS: SortKeys = {
    "taskId": UserTask.id,
    "activityInstanceId": UserTask.id,
    "processDefinitionId": UserTask.definition_id,
    "processInstanceId": UserTask.instance_id,
    "executionId": UserTask.id,
    "duration": milliseconds(UserTask.created_at, UserTask.ended_at),
    "endTime": UserTask.ended_at,
    "startTime": UserTask.created_at,
    "taskName": UserTask.name,
    "taskDescription": UserTask.description,
    "assignee": UserTask.assignee,
    "owner": UserTask.owner,
    "dueDate": UserTask.due_at,
    "followUpDate": UserTask.follow_up_at,
    "deleteReason": UserTask.state,
    "taskDefinitionKey": UserTask.activity_id,
    "priority": UserTask.priority,
    "tenantId": UserTask.region,
}


class HistoricTaskShown(PlaceShown, CaseKeysShown):
    """A user task as Camunda's history shows it."""

    id = ma.fields.String()
    execution_id = ma.fields.String()
    activity_instance_id = ma.fields.String()
    name = ma.fields.String()
    description = ma.fields.String()
    delete_reason = ma.fields.String()
    owner = ma.fields.String()
    assignee = ma.fields.String()
    start_time = Moment()
    end_time = Moment()
    duration = ma.fields.Integer()
    task_definition_key = ma.fields.String()
    priority = ma.fields.Integer()
    due = Moment()
    parent_task_id = ma.fields.String()
    follow_up = Moment()
    task_state = ma.fields.String()


def _shown(task: UserTask, instance: ProcessInstance, definition: ProcessDefinition) -> dict[str, Any]:
    return place(instance, definition) | {
        "id": task.id,
        "execution_id": task.id,
        "activity_instance_id": f"{task.activity_id}:{task.id}",
        "name": task.name,
        "description": task.description,
        "delete_reason": DELETE_REASONS.get(task.state),
        "owner": task.owner,
        "assignee": task.assignee,
        "start_time": task.created_at,
        "end_time": task.ended_at,
        "duration": lasted(task.created_at, task.ended_at),
        "task_definition_key": task.activity_id,
        "priority": task.priority,
        "due": task.due_at,
        "follow_up": task.follow_up_at,
        "task_state": STATE_NAMES[task.state],
    }


def known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The tasks, open and over, that the caller may know of."""
    return LISTED.where(known_to(tx.actor))


def shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    """Tasks in Camunda's words."""
    return [_shown(*row) for row in rows]


LIST = List(
    Sentence("历史任务", "historic tasks"),
    "user_tasks.read",
    Query("HistoricTask", PARAMETERS, SORT_KEYS, UserTask.id, alternatives=True),
    known,
    shown,
    HistoricTaskShown,
)
lists.state(routes, "/history/task", LIST)
