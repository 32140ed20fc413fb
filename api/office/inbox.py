"""The inbox (待办箱) at the door: what waits for the caller's departments, and what was done."""

from typing import Any

import marshmallow as ma

from api.office.cases import item_name
from api.office.deadlines import DeadlineInBrief, RemainingShown
from api.office.fields import PersonShown, Said
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import inbox, inbox_counts, names
from casework.clocks import Signal
from casework.inbox import LEAST_LEFT, MOST_LEFT
from casework.names import Named
from casework.task_clocks import Light
from engine.tables import DelegationState, TaskState
from engine.transaction import Transaction

TEXT = ma.validate.Length(1, 100)
HELD = ("mine", "nobody", "any")

routes = Routes("inbox", "The inbox (待办箱).", prefix="/api/inbox")


class TaskQuery(PageQuery):
    """Which tasks. `q`: the beginning of a case number, or a part of the title or the applicant's name."""

    item = ma.fields.String(load_default=None)
    case_number = ma.fields.String(load_default=None)
    department = ma.fields.String(load_default=None)
    activity = ma.fields.String(load_default=None, attribute="activity_id")
    q = ma.fields.String(load_default=None, validate=TEXT)


class InboxQuery(TaskQuery):
    """Which open tasks, and in which order: the least remaining time first, or the most."""

    sort = ma.fields.String(load_default=LEAST_LEFT, validate=ma.validate.OneOf((LEAST_LEFT, MOST_LEFT)))

    claimed = ma.fields.String(load_default="any", validate=ma.validate.OneOf(HELD))
    due_before = Instant(load_default=None)
    signal = ma.fields.Enum(Signal, by_value=True, load_default=None)


class DoneQuery(TaskQuery):
    """Which finished tasks: those of the caller's departments, or the caller's own if `mine`."""

    mine = ma.fields.Boolean(load_default=False)
    outcome = ma.fields.String(load_default=None)
    done_from = Instant(load_default=None)
    done_to = Instant(load_default=None)


class TaskHead(ma.Schema):
    """A task and the case it belongs to. `title` is the applicant or the project."""

    id = ma.fields.String(required=True)
    name = Said(allow_none=True)
    title = ma.fields.String(allow_none=True)
    case_number = ma.fields.String(allow_none=True)
    item = ma.fields.String(allow_none=True)
    item_name = ma.fields.String(allow_none=True)
    department = ma.fields.String(allow_none=True)
    activity_id = ma.fields.String(required=True)
    act = ma.fields.String(allow_none=True)
    state = ma.fields.Enum(TaskState, required=True)
    priority = ma.fields.Integer(required=True)
    follow_up_at = Instant(allow_none=True)
    form_key = ma.fields.String(allow_none=True)
    created_at = Instant(required=True)


class InboxRow(TaskHead):
    """An open task. `due_at` is the last second in time, null while no clock runs; `signal` its light.

    `deadline` is the clock that measures it: the step's own, else its department's or the case's; without one, `due_at`
    is what the diagram says. `owner` is the login of who delegated it, `reminders` how often somebody reminded of it.
    """

    due_at = Instant(allow_none=True)
    remaining = ma.fields.Nested(RemainingShown, allow_none=True)
    signal = ma.fields.Enum(Signal, by_value=True, required=True)
    deadline = ma.fields.Nested(DeadlineInBrief, allow_none=True)
    case_deadline = ma.fields.Nested(DeadlineInBrief, allow_none=True)
    claimed_by = ma.fields.Nested(PersonShown, allow_none=True)
    claimed_at = Instant(allow_none=True)
    owner = ma.fields.String(allow_none=True)
    delegation_state = ma.fields.Enum(DelegationState, allow_none=True)
    reminders = ma.fields.Integer(required=True)
    reminded_at = Instant(allow_none=True)


class DoneRow(TaskHead):
    """A finished task: what was said, by whom."""

    outcome = ma.fields.String(allow_none=True)
    comment = ma.fields.String(allow_none=True)
    done_at = Instant(required=True)
    done_by = ma.fields.Nested(PersonShown, allow_none=True)


class SignalCounts(ma.Schema):
    """How many tasks show each light."""

    none = ma.fields.Integer(required=True)
    yellow = ma.fields.Integer(required=True)
    red = ma.fields.Integer(required=True)


class InboxCount(ma.Schema):
    """How many tasks wait in one department."""

    department = ma.fields.String(allow_none=True)
    open = ma.fields.Integer(required=True)
    unclaimed = ma.fields.Integer(required=True)
    signals = ma.fields.Nested(SignalCounts, required=True)


class InboxCounts(ma.Schema):
    """How many tasks wait in each of the caller's departments."""

    departments = ma.fields.List(ma.fields.Nested(InboxCount), required=True)


@routes.get("", "待办箱", "inbox.read", query=InboxQuery, answer=page_of(InboxRow))
def list_open(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the open tasks of the caller's departments, soonest due first"""
    rows, after = inbox.listed(tx, query, after=query["cursor"], limit=query["limit"])
    return {"rows": [open_row(tx, row, light) for row, light in rows], "after": after}


@routes.get("/count", "待办数量", "inbox.read", answer=InboxCounts)
def count(tx: Transaction) -> dict[str, Any]:
    """Count the open tasks by department and light"""
    return {"departments": inbox_counts.count(tx)}


@routes.get("/done", "已办", "inbox.read", query=DoneQuery, answer=page_of(DoneRow))
def list_done(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the tasks done by the caller's departments, or by the caller, newest first"""
    rows, after = inbox.done(tx, query, after=query["cursor"], limit=query["limit"])
    return {"rows": [_done_row(tx, row) for row in rows], "after": after}


def head(tx: Transaction, row: Any) -> dict[str, Any]:
    """A task with the case it belongs to."""
    task = row.UserTask
    return {
        "id": task.id,
        "name": names.step(task.name),
        "title": row.title,
        "case_number": row.case_number,
        "item": row.item,
        "item_name": item_name(tx, row),
        "department": task.department,
        "activity_id": task.activity_id,
        "act": task.act,
        "state": task.state,
        "priority": task.priority,
        "follow_up_at": task.follow_up_at,
        "form_key": task.form_key,
        "created_at": task.created_at,
    }


def open_row(tx: Transaction, row: Any, light: Light) -> dict[str, Any]:
    """An open task with its light and holder."""
    return head(tx, row) | {
        "due_at": light.due_at,
        "remaining": light.remaining,
        "signal": light.signal,
        "deadline": light.clock,
        "case_deadline": light.case,
        "claimed_by": _person(row.UserTask.assignee, row.holder_name),
        "claimed_at": row.UserTask.claimed_at,
        "owner": row.UserTask.owner,
        "delegation_state": row.UserTask.delegation_state,
        "reminders": row.UserTask.reminders,
        "reminded_at": row.UserTask.reminded_at,
    }


def _done_row(tx: Transaction, row: Any) -> dict[str, Any]:
    return head(tx, row) | {
        "outcome": row.UserTask.outcome,
        "comment": row.UserTask.comment,
        "done_at": row.UserTask.ended_at,
        "done_by": _person(row.UserTask.ended_by, row.holder_name),
    }


def _person(login: str | None, name: str | None) -> Named | None:
    return None if login is None else Named(login, name or login)
