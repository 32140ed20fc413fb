"""Many tasks in one request (批量办理): each completed or claimed by itself, with a result of its own."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import marshmallow as ma

from api.committing import OneByOne
from api.office.fields import OneOfMany
from api.office.tasks import Completion, submission
from api.routes import Routes
from engine import user_tasks
from engine.tables import UserTask
from engine.transaction import Transaction

MOST = 500
MOST_BYTES = 8 << 20

Task = Mapping[str, Any]
Command = Callable[..., UserTask]

routes = Routes("bulk", "Many tasks at once.", prefix="/api/inbox")


class TaskNamed(ma.Schema):
    """A task; `revision`: not if it changed since, like If-Match."""

    id = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    revision = ma.fields.Integer(load_default=None, allow_none=True, strict=True)


class TaskCompletion(TaskNamed, Completion):
    """A task and what is signed."""


class ManyCompletions(ma.Schema):
    """The tasks to complete, each with what is signed."""

    tasks = ma.fields.List(ma.fields.Nested(TaskCompletion), required=True, validate=ma.validate.Length(1, MOST))


class ManyClaims(ma.Schema):
    """The tasks to claim."""

    tasks = ma.fields.List(ma.fields.Nested(TaskNamed), required=True, validate=ma.validate.Length(1, MOST))


class TaskResults(ma.Schema):
    """What became of each task, in the order they were sent."""

    succeeded = ma.fields.Integer(required=True)
    refused = ma.fields.Integer(required=True)
    tasks = ma.fields.List(ma.fields.Nested(OneOfMany), required=True)


@routes.post(
    "/complete",
    "批量办结",
    "user_tasks.complete",
    body=ManyCompletions,
    answer=TaskResults,
    most=MOST_BYTES,
    one_by_one=True,
)
def complete(each: OneByOne, body: dict[str, Any]) -> dict[str, Any]:
    """Complete many tasks, each in a transaction of its own

    The answer is 200 whatever became of the single tasks.
    """
    return _results(each, body["tasks"], _complete)


@routes.post("/claim", "批量签收", "user_tasks.claim", body=ManyClaims, answer=TaskResults, one_by_one=True)
def claim(each: OneByOne, body: dict[str, Any]) -> dict[str, Any]:
    """Claim many tasks, each in a transaction of its own

    The answer is 200 whatever became of the single tasks.
    """
    return _results(each, body["tasks"], _claim)


def _complete(tx: Transaction, task: Task) -> UserTask:
    return user_tasks.complete(tx, task["id"], submission(task), revision=task["revision"])


def _claim(tx: Transaction, task: Task) -> UserTask:
    return user_tasks.claim(tx, task["id"], revision=task["revision"])


def _results(each: OneByOne, tasks: Sequence[Task], command: Command) -> dict[str, Any]:
    results = [
        {"id": task["id"]} | each.carry_out(place, partial(command, task=task)) for place, task in enumerate(tasks)
    ]
    refused = sum(result["problem"] is not None for result in results)
    return {"succeeded": len(results) - refused, "refused": refused, "tasks": results}
