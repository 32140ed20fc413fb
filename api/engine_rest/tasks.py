"""User tasks: lists, one, and how many each group has."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, request
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from api.engine_rest import hal
from api.engine_rest.paging import Counted, PartQuery, counted, paged
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_queries import OPEN, QUERY, SORT_KEYS, Extras, known_to, open_tasks
from api.engine_rest.task_rows import TaskShown, all_shown
from api.engine_rest.wire import Camel
from api.tables import as_csv
from engine.errors import NotFound, Sentence
from engine.tables import GROUP, Candidate, TaskState, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("task", "User tasks.")

CSV = "text/csv"
Offered = aliased(Candidate)


class GroupCountShown(Camel):
    """How many open tasks a group is offered; null: tasks that no group is offered."""

    group_name = ma.fields.String(required=True, allow_none=True)
    task_count = ma.fields.Integer(required=True)


REPORT_COLUMNS = {
    "groupName": (Sentence("用户组", "group"), lambda row: row.group_name),
    "taskCount": (Sentence("任务数", "tasks"), lambda row: row.task_count),
}


@routes.get("/task", "任务", "user_tasks.read", query=QUERY.address, answer=TaskShown(many=True))
def list_tasks(tx: Transaction, query: dict[str, Any]) -> Any:
    """List open user tasks"""
    return told(tx, query, query)


def told(tx: Transaction, wanted: Mapping[str, Any], page: Mapping[str, Any]) -> Any:
    """One page of the tasks that are wanted, with their number where the client asks for HAL."""
    statement = QUERY.narrowed(tx, open_tasks(tx), wanted)
    found = all_shown(tx, paged(tx, statement, SORT_KEYS, page, UserTask.id), wanted)
    return hal.tasks(tx, found, counted(tx, statement)["count"]) if hal.is_wanted() else found


@routes.post("/task", "任务", "user_tasks.read", query=PartQuery, body=QUERY.body, answer=TaskShown(many=True))
def query_tasks(tx: Transaction, query: dict[str, Any], body: dict[str, Any]) -> Any:
    """Query open user tasks"""
    return told(tx, body, query)


@routes.get("/task/count", "任务数", "user_tasks.read", query=QUERY.filter, answer=Counted)
def count_tasks(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count open user tasks"""
    return counted(tx, QUERY.narrowed(tx, open_tasks(tx), query))


@routes.post("/task/count", "任务数", "user_tasks.read", body=QUERY.body, answer=Counted)
def count_queried_tasks(tx: Transaction, body: dict[str, Any]) -> dict[str, int]:
    """Count the open user tasks of a query"""
    return counted(tx, QUERY.narrowed(tx, open_tasks(tx), body))


@routes.get("/task/<task_id>", "任务", "user_tasks.read", query=Extras, answer=TaskShown)
def show_task(tx: Transaction, query: dict[str, Any], task_id: str) -> Any:
    """Show an open user task"""
    found = tx.session.execute(OPEN.where(UserTask.id == task_id, known_to(tx.actor))).all()
    if not found:
        raise NotFound
    one = all_shown(tx, found, query)[0]
    return hal.task(tx, one) if hal.is_wanted() else one


@routes.get(
    "/task/report/candidate-group-count",
    "各组任务数",
    "instances.read",
    answer=GroupCountShown(many=True),
    also=CSV,
)
def count_by_group(tx: Transaction) -> Any:
    """Count the open tasks that each group is offered, as JSON or, where CSV is accepted, as a file"""
    rows = tx.session.execute(
        select(Offered.name.label("group_name"), func.count(UserTask.id).label("task_count"))
        .select_from(UserTask)
        .outerjoin(Offered, (Offered.task_id == UserTask.id) & (Offered.kind == GROUP))
        .where(UserTask.state == TaskState.CREATED, known_to(tx.actor))
        .group_by(Offered.name)
        .order_by(Offered.name)
    ).all()
    if request.accept_mimetypes.best_match(["application/json", CSV]) == CSV:
        answer: Response = as_csv("candidate-group-count", REPORT_COLUMNS, rows)
        return answer
    return rows
