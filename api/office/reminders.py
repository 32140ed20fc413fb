"""Reminders (催办) at the door."""

from typing import Any

import marshmallow as ma

from api.office.fields import Said
from api.office.parties import CODE
from api.routes import Routes
from api.wire import Instant
from casework import names, reminders
from casework.reminders import Whom
from engine.tables import UserTask
from engine.transaction import Transaction

routes = Routes("reminders", "Reminders (催办).", prefix="/api/cases")


class NewReminder(ma.Schema):
    """What is said to whoever has one task, or to one department; without either, to all who have an open task."""

    message = ma.fields.String(required=True, validate=ma.validate.Length(1, 500))
    task_id = ma.fields.String(load_default=None, allow_none=True, validate=CODE)
    department = ma.fields.String(load_default=None, allow_none=True, validate=CODE)


class Reminded(ma.Schema):
    """A task that was reminded of, how often so far and when last."""

    task_id = ma.fields.String(required=True)
    name = Said(allow_none=True)
    department = ma.fields.String(allow_none=True)
    reminders = ma.fields.Integer(required=True)
    reminded_at = Instant(required=True)


class AllReminded(ma.Schema):
    """The tasks that were reminded of."""

    tasks = ma.fields.List(ma.fields.Nested(Reminded), required=True)


@routes.post("/<number>/remind", "催办", "user_tasks.remind", body=NewReminder, answer=AllReminded)
def remind(tx: Transaction, body: dict[str, Any], number: str) -> dict[str, Any]:
    """Remind those who have a case to get on with it

    Once in four hours a person and case; 429 before, with Retry-After.
    """
    whom = Whom(body["task_id"], body["department"])
    return {"tasks": [_row(task) for task in reminders.remind(tx, number, body["message"], whom)]}


def _row(task: UserTask) -> dict[str, Any]:
    return {
        "task_id": task.id,
        "name": names.step(task.name),
        "department": task.department,
        "reminders": task.reminders,
        "reminded_at": task.reminded_at,
    }
