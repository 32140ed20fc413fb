"""The user operation log: of the acts in the evidence those that Camunda has a word for. The others (clocks, slips,
cards) are read in the course of the case."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import marshmallow as ma
from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, or_, select

from api.engine_rest import lists
from api.engine_rest.history_rows import CaseKeysShown, PlaceShown, place
from api.engine_rest.kept_elsewhere import Refused, state
from api.engine_rest.lists import List, Rows
from api.engine_rest.paging import Column, SortKeys
from api.engine_rest.query_parameters import (
    Parameters,
    Query,
    equal,
    nothing,
    of_tenants,
    since,
    text,
    texts,
    until,
    wire_id,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Moment
from casework.visibility import in_sight, of_the_office
from engine.errors import Sentence
from engine.queries.id_text import id_text
from engine.tables import Act, ProcessDefinition, ProcessInstance, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("history-user-operation", "What people did.")

APPEND_ONLY = Sentence(
    "操作记录是留痕的证据，只增不改，不能事后批注。",
    "The operation log is evidence: rows are added, never changed, so nothing is noted on them afterwards.",
)
WORK, OPERATOR = "TaskWorker", "Operator"
WIDE = 10**9


class Operation(NamedTuple):
    """An act in Camunda's words: of which kind, changing what to what where that tells them apart."""

    kind: str
    type: str
    entity: str
    category: str
    property: str | None = None
    new: str | None = None


OPERATIONS = (
    Operation("case.started", "Create", "ProcessInstance", OPERATOR),
    Operation("case.cancelled", "Delete", "ProcessInstance", OPERATOR),
    Operation("instance.suspended", "Suspend", "ProcessInstance", OPERATOR),
    Operation("instance.activated", "Activate", "ProcessInstance", OPERATOR),
    Operation("instance.modified", "ModifyProcessInstance", "ProcessInstance", OPERATOR),
    Operation("instance.restarted", "RestartProcessInstance", "ProcessInstance", OPERATOR),
    Operation("task.claimed", "Claim", "Task", WORK),
    Operation("task.released", "Claim", "Task", WORK),
    Operation("task.assigned", "Assign", "Task", WORK),
    Operation("task.transferred", "Assign", "Task", WORK),
    Operation("task.handed_over", "Assign", "Task", WORK),
    Operation("task.delegated", "Delegate", "Task", WORK),
    Operation("task.resolved", "Resolve", "Task", WORK),
    Operation("task.completed", "Complete", "Task", WORK),
    Operation("task.attached", "AddAttachment", "Attachment", WORK),
    Operation("task.comment_changed", "UpdateComment", "Comment", WORK),
    Operation("task.comment_deleted", "DeleteComment", "Comment", WORK),
    Operation("incident.resolved", "Resolve", "Incident", OPERATOR),
    Operation("job.executed", "Execute", "Job", OPERATOR),
    Operation("job.deleted", "Delete", "Job", OPERATOR),
    Operation("job.changed", "SetJobRetries", "Job", OPERATOR, "retries"),
    Operation("job.changed", "SetDueDate", "Job", OPERATOR, "due_at"),
    Operation("job.changed", "SetPriority", "Job", OPERATOR, "priority"),
    Operation("job.changed", "SuspendJob", "Job", OPERATOR, "is_suspended", "True"),
    Operation("job.changed", "ActivateJob", "Job", OPERATOR, "is_suspended", "False"),
)
TASK, JOB = ("Task", "Attachment", "Comment"), ("Job",)
ID: Column = id_text(Act.root_id) + ":" + cast(Act.seq + WIDE, String)
"""A row has no id of its own: its case, and its number in it."""
LISTED = (
    select(Act, ProcessInstance, ProcessDefinition, of_the_office(Act.root_id))
    .join(ProcessInstance, ProcessInstance.id == Act.root_id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
)


def _is(operations: Sequence[Operation]) -> ColumnElement[bool]:
    return or_(Act.kind.in_([]), *(_is_one(operation) for operation in operations))


def _is_one(operation: Operation) -> ColumnElement[bool]:
    told_apart = [] if operation.property is None else [Act.property == operation.property]
    if operation.new is not None:
        told_apart.append(Act.new == operation.new)
    return and_(Act.kind == operation.kind, *told_apart)


def _of_types(types: Sequence[str]) -> ColumnElement[bool]:
    return _is([one for one in OPERATIONS if one.type in types])


def _of_entities(entities: Sequence[str]) -> ColumnElement[bool]:
    return _is([one for one in OPERATIONS if one.entity in entities])


def _of_categories(categories: Sequence[str]) -> ColumnElement[bool]:
    return _is([one for one in OPERATIONS if one.category in categories])


def _of_instance(uuid: str) -> ColumnElement[bool]:
    """What was done to tasks belongs to the instance that they are of, everything else to the case's own."""
    its_tasks = select(id_text(UserTask.id)).where(UserTask.instance_id == uuid)
    return or_(Act.subject.in_(its_tasks), and_(Act.root_id == uuid, ~_of_entities(TASK)))


PARAMETERS: Parameters = {
    "deployment_id": nothing(),
    "process_definition_id": wire_id(ProcessInstance.definition_id),
    "process_definition_key": equal(ProcessDefinition.key),
    "process_instance_id": text(_of_instance),
    "root_process_instance_id": equal(Act.root_id),
    "execution_id": text(_of_instance),
    "case_definition_id": nothing(),
    "case_instance_id": nothing(),
    "case_execution_id": nothing(),
    "batch_id": nothing(),
    "external_task_id": nothing(),
    "job_definition_id": nothing(),
    "task_id": text(lambda uuid: and_(_of_entities(TASK), Act.subject == uuid)),
    "job_id": text(lambda uuid: and_(_of_entities(JOB), Act.subject == uuid)),
    "user_id": equal(Act.actor),
    "operation_id": equal(Act.operation),
    "operation_type": text(lambda said: _of_types([said])),
    "entity_type": text(lambda said: _of_entities([said])),
    "entity_type_in": texts(_of_entities),
    "category": text(lambda said: _of_categories([said])),
    "category_in": texts(_of_categories),
    "property": equal(Act.property),
    "after_timestamp": since(Act.at),
    "before_timestamp": until(Act.at),
    **of_tenants(Act.region),
}
SORT_KEYS: SortKeys = {"timestamp": Act.at}


class UserOperationShown(PlaceShown, CaseKeysShown):
    """What somebody did, as Camunda shows it."""

    id = ma.fields.String()
    user_id = ma.fields.String()
    timestamp = Moment()
    operation_id = ma.fields.String()
    operation_type = ma.fields.String()
    entity_type = ma.fields.String()
    category = ma.fields.String()
    annotation = ma.fields.String()
    property = ma.fields.String()
    org_value = ma.fields.String()
    new_value = ma.fields.String()
    deployment_id = ma.fields.String()
    execution_id = ma.fields.String()
    task_id = ma.fields.String()
    external_task_id = ma.fields.String()
    batch_id = ma.fields.String()
    job_id = ma.fields.String()
    job_definition_id = ma.fields.String()

    class Meta:
        """Camunda's has neither of them."""

        exclude = ("case_definition_key", "tenant_id")


def _known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """What was done to processes that the caller may know of."""
    return LISTED.where(_is(OPERATIONS), in_sight(tx.actor, Act.root_id))


def _shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    subjects = {act.subject for act, *_ in rows if act.kind.startswith("task.")}
    tasks = {task.id: task for task in tx.session.scalars(select(UserTask).where(UserTask.id.in_(subjects)))}
    return [_said(row, tasks) for row in rows]


def _said(row: Row[*tuple[Any, ...]], tasks: Mapping[str, UserTask]) -> dict[str, Any]:
    act, root, definition, is_of_the_office = row
    operation = next(one for one in OPERATIONS if _matches(one, act))
    task = tasks.get(act.subject or "") if operation.entity in TASK else None
    return place(root, definition) | {
        "id": f"{act.root_id}:{act.seq}",
        "process_instance_id": root.id if task is None else task.instance_id,
        "user_id": act.actor,
        "timestamp": act.at,
        "operation_id": act.operation,
        "operation_type": operation.type,
        "entity_type": operation.entity,
        "category": operation.category,
        "annotation": None if is_of_the_office else act.reason,
        "property": act.property,
        "org_value": act.old,
        "new_value": act.new,
        "execution_id": None if task is None else task.id,
        "task_id": act.subject if operation.entity in TASK else None,
        "job_id": act.subject if operation.entity in JOB else None,
    }


def _matches(operation: Operation, act: Act) -> bool:
    return (
        operation.kind == act.kind and operation.property in (None, act.property) and operation.new in (None, act.new)
    )


LIST = List(
    Sentence("操作记录", "user operations"),
    "instances.read",
    Query("UserOperation", PARAMETERS, SORT_KEYS, ID),
    _known,
    _shown,
    UserOperationShown,
)
lists.state(routes, "/history/user-operation", LIST, by_post=False)
PATH = "/history/user-operation/<operation_id>"
state(
    routes,
    (
        Refused("PUT", f"{PATH}/set-annotation", "instances.read", "批注操作", "Annotate an operation", APPEND_ONLY),
        Refused("PUT", f"{PATH}/clear-annotation", "instances.read", "删除批注", "Take a note away", APPEND_ONLY),
    ),
)
