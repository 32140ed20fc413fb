"""What administrators do to external tasks: how often they may be tried again, and which go first."""

from typing import Any

import marshmallow as ma
from flask import Response

from api.committing import OneByOne
from api.engine_rest.external_task_lists import NONE_SUCH, open_work
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.subjects import EXTERNAL_TASKS
from api.engine_rest.wire import Dto
from engine import external_tasks
from engine.errors import Invalid, NotFound, Sentence
from engine.tables import ExternalTask
from engine.transaction import Transaction

routes = CamundaRoutes("external-task-repair", "Repair of external tasks.")

MOST = 1_000
WHICH = Sentence(
    f"请指明要设置的外部任务（externalTaskIds、processInstanceIds 或 externalTaskQuery），一次最多 {MOST} 个。",
    f"Say which external tasks (externalTaskIds, processInstanceIds or externalTaskQuery), at most {MOST} at once.",
)


class RetriesDto(Dto):
    """How often it may be tried again."""

    retries = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0, 2**31 - 1))


ManyRetriesDto = RetriesDto.from_dict(EXTERNAL_TASKS.fields, name="ManyRetriesDto")
"""How often each of several may be tried again."""


class PriorityDto(Dto):
    """Which of several open tasks goes first."""

    priority = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(-(2**31), 2**31 - 1))


@routes.put(
    "/external-task/<external_task_id>/retries",
    "设置重试次数",
    "external_tasks.administer",
    body=RetriesDto,
    status=204,
)
def set_retries(tx: Transaction, body: dict[str, Any], external_task_id: str) -> Response:
    """Set how often an external task may be tried again"""
    check_reach(tx, external_task_id)
    external_tasks.set_retries(tx, external_task_id, body["retries"])
    return Response(status=204)


@routes.put(
    "/external-task/<external_task_id>/priority",
    "设置优先级",
    "external_tasks.administer",
    body=PriorityDto,
    status=204,
)
def set_priority(tx: Transaction, body: dict[str, Any], external_task_id: str) -> Response:
    """Set which of several external tasks goes first"""
    check_reach(tx, external_task_id)
    external_tasks.set_priority(tx, external_task_id, body["priority"])
    return Response(status=204)


@routes.put(
    "/external-task/retries",
    "批量设置重试次数",
    "external_tasks.administer",
    body=ManyRetriesDto,
    status=204,
    one_by_one=True,
)
def set_many_retries(each: OneByOne, body: dict[str, Any]) -> Response:
    """Set how often several external tasks may be tried again, each in a transaction of its own

    One that ends meanwhile is passed over.
    """
    for place, id in enumerate(each.look(lambda tx: _meant(tx, body))):
        each.carry_out(place, lambda tx, id=id: external_tasks.set_retries(tx, id, body["retries"]))  # type: ignore[misc]
    return Response(status=204)


def check_reach(tx: Transaction, external_task_id: str) -> None:
    """An administrator knows of no work for a confidential case."""
    if tx.session.execute(open_work(tx).where(ExternalTask.id == external_task_id)).first() is None:
        raise NotFound(NONE_SUCH)


def _meant(tx: Transaction, body: dict[str, Any]) -> list[str]:
    """The ids of the tasks that are meant. Raises Invalid for none or too many, NotFound for one there is not."""
    found = EXTERNAL_TASKS.meant(tx, body, most=MOST)
    if not found:
        raise Invalid(WHICH)
    return found
