"""Identity links of user tasks: who has to do with a task.

The assignee changes here; candidates follow from the diagram and from transfers, which all that hangs on them follows.
"""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import select

from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_assignees import give
from api.engine_rest.task_variables import visible
from api.engine_rest.wire import Camel, Dto
from engine import user_tasks
from engine.errors import Conflict, Fault, Forbidden, Invalid, Sentence
from engine.tables import GROUP, Candidate, UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("task-link", "Identity links of user tasks.")

ASSIGNEE = "assignee"
ONE_OF_BOTH = Sentence("userId 与 groupId 须给出且只给出一个。", "Say either userId or groupId, not both.")
BY_TRANSFER = Sentence(
    "候选人和所有人由流程图决定；要让其他部门或人员办理，请转办、委派或分派该任务（/api/inbox/{task_id}/transfer、delegate、"
    "assign）。",
    "Candidates and owners follow from the diagram. To let somebody else work on it, transfer, delegate or assign the "
    "task (/api/inbox/{task_id}/transfer, delegate, assign).",
)
NOT_THEIRS = Sentence("该任务不在其名下。", "The task is not assigned to them.")


class IdentityLinkShown(Camel):
    """Somebody who has to do with a task."""

    user_id = ma.fields.String(required=True, allow_none=True)
    group_id = ma.fields.String(required=True, allow_none=True)
    type = ma.fields.String(required=True)


class LinksQuery(Dto):
    """Which links."""

    type = ma.fields.String(load_default=None)


class IdentityLinkDto(Dto):
    """Who has what to do with a task."""

    user_id = ma.fields.String(load_default=None)
    group_id = ma.fields.String(load_default=None)
    type = ma.fields.String(required=True, validate=ma.validate.Length(1, 255))


@routes.get(
    "/task/<task_id>/identity-links",
    "任务相关人员",
    "user_tasks.read",
    query=LinksQuery,
    answer=IdentityLinkShown(many=True),
)
def list_links(tx: Transaction, query: dict[str, Any], task_id: str) -> list[dict[str, Any]]:
    """List who has to do with a task"""
    return [one for one in links_of(tx, visible(tx, task_id)) if query["type"] in (None, one["type"])]


def links_of(tx: Transaction, task: UserTask) -> list[dict[str, Any]]:
    """Assignee, owner and candidates of a task."""
    links = [(ASSIGNEE, task.assignee), ("owner", task.owner)]
    found = [{"user_id": login, "group_id": None, "type": kind} for kind, login in links if login is not None]
    candidates = tx.session.scalars(
        select(Candidate).where(Candidate.task_id == task.id).order_by(Candidate.kind, Candidate.name)
    )
    return found + [_candidate_link(one) for one in candidates]


def _candidate_link(candidate: Candidate) -> dict[str, Any]:
    is_group = candidate.kind == GROUP
    return {
        "user_id": None if is_group else candidate.name,
        "group_id": candidate.name if is_group else None,
        "type": "candidate",
    }


@routes.post("/task/<task_id>/identity-links", "添加任务相关人员", "user_tasks.claim", body=IdentityLinkDto, status=204)
def add_link(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Assign a task; candidates are not added singly"""
    login = _assignee(tx, body, task_id)
    return give(tx, task_id, login)


@routes.post(
    "/task/<task_id>/identity-links/delete", "移除任务相关人员", "user_tasks.release", body=IdentityLinkDto, status=204
)
def delete_link(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Give a task back to its group; candidates are not removed singly"""
    login = _assignee(tx, body, task_id)
    if visible(tx, task_id).assignee != login:
        raise Conflict(NOT_THEIRS)
    user_tasks.release(tx, task_id)
    return Response(status=204)


def _assignee(tx: Transaction, body: dict[str, Any], task_id: str) -> str:
    """The login that a link says is the assignee's. Raises Invalid, Forbidden for links of another kind."""
    visible(tx, task_id)
    login: str | None = body["user_id"]
    if (login is None) is (body["group_id"] is None):
        raise Invalid(faults=[Fault(ONE_OF_BOTH, "userId")])
    if login is None or body["type"] != ASSIGNEE:
        raise Forbidden(BY_TRANSFER)
    return login
