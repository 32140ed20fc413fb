"""A task handed on at the door: transferred for good (转办), or delegated and given back (委派)."""

from typing import Any

import marshmallow as ma

from api.etags import expected_revision, show_revision
from api.office.cases import LONGEST_COMMENT
from api.office.parties import CODE, PartyNamed, party
from api.office.tasks import TaskStands
from api.routes import Routes
from casework import assignments, transfers
from engine.tables import UserTask
from engine.transaction import Transaction

WORDS = ma.validate.Length(1, LONGEST_COMMENT)

routes = Routes("transfers", "Tasks handed on.", prefix="/api/inbox")


class Transfer(ma.Schema):
    """To whom a task goes for good, and why."""

    to = ma.fields.Nested(PartyNamed, required=True)
    reason = ma.fields.String(required=True, validate=WORDS)


class Delegation(ma.Schema):
    """Which colleague, by login, shall work on a task and give it back, and why."""

    to = ma.fields.String(required=True, validate=CODE)
    reason = ma.fields.String(required=True, validate=WORDS)


class Resolution(ma.Schema):
    """What a delegate found; the form's values are kept as the task's draft."""

    comment = ma.fields.String(required=True, validate=WORDS)
    form = ma.fields.Dict(keys=ma.fields.String(), load_default=None, allow_none=True)


@routes.post("/<task_id>/transfer", "转办", "user_tasks.transfer", body=Transfer, answer=TaskStands)
def transfer(tx: Transaction, body: dict[str, Any], task_id: str) -> UserTask:
    """Transfer a task for good, to a colleague or to another department"""
    task = transfers.transfer(tx, task_id, party(body["to"]), body["reason"], revision=expected_revision())
    return _after(task)


@routes.post("/<task_id>/delegate", "委派", "user_tasks.delegate", body=Delegation, answer=TaskStands)
def delegate(tx: Transaction, body: dict[str, Any], task_id: str) -> UserTask:
    """Delegate a task to a colleague, who gives it back"""
    return _after(assignments.delegate(tx, task_id, body["to"], body["reason"], revision=expected_revision()))


@routes.post("/<task_id>/resolve", "反馈委派", "user_tasks.resolve", body=Resolution, answer=TaskStands)
def resolve(tx: Transaction, body: dict[str, Any], task_id: str) -> UserTask:
    """Give a delegated task back to its owner, with what was found"""
    return _after(assignments.resolve(tx, task_id, body["comment"], body["form"], revision=expected_revision()))


def _after(task: UserTask) -> UserTask:
    show_revision(task.revision)
    return task
