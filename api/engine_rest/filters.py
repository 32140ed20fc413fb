"""Filters: queries of tasks under a name, and the tasks they find for whoever asks."""

import json
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import false, literal, true

from api.engine_rest import hal
from api.engine_rest.paging import Counted, PartQuery, counted, paged
from api.engine_rest.query_parameters import Query, equal, like, text, when
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_queries import QUERY as TASKS
from api.engine_rest.task_queries import SORT_KEYS, open_tasks
from api.engine_rest.task_rows import TaskShown, all_shown
from api.engine_rest.tasks import told
from api.engine_rest.wire import Camel, Dto, Flag
from api.validation import RequestRejected
from casework import task_filters
from casework.field_faults import field_faults
from casework.tables import TaskFilter
from casework.task_filters import usable
from engine.errors import Invalid, Sentence
from engine.tables import UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("filter", "Filters of tasks.")

TASK = "Task"
FIRST_TWO = {"first_result": 0, "max_results": 2}
LONGEST = 20_000
TOO_LONG = Sentence(
    f"筛选的 query 与 properties 各不超过 {LONGEST} 个字符。",
    f"A filter's query and its properties have at most {LONGEST} characters each.",
)
SEVERAL = Sentence("符合筛选的任务不止一个。", "More than one task matches the filter.")
QUERY = Query(
    "Filter",
    {
        "filter_id": equal(TaskFilter.id),
        "resource_type": text(lambda said: true() if said == TASK else false()),
        "name": equal(TaskFilter.name),
        "name_like": like(TaskFilter.name),
        "owner": equal(TaskFilter.owner),
        "item_count": when(true()),
    },
    {"filterId": TaskFilter.id, "resourceType": literal(TASK), "name": TaskFilter.name, "owner": TaskFilter.owner},
    TaskFilter.id,
)


class FilterDto(Dto):
    """A filter. Its owner is who made it, whatever a client says."""

    resource_type = ma.fields.String(load_default=TASK, validate=ma.validate.OneOf((TASK,)))
    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 255))
    query = ma.fields.Dict(load_default=dict)
    properties = ma.fields.Dict(load_default=dict)


class CountQuery(Dto):
    """Whether the number of tasks is wanted too."""

    item_count = Flag(load_default=None)


class FilterShown(Camel):
    """A filter as Camunda shows it."""

    id = ma.fields.String(required=True)
    resource_type = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    owner = ma.fields.String(required=True)
    query = ma.fields.Dict(required=True)
    properties = ma.fields.Dict(required=True)
    item_count = ma.fields.Integer()


def _shown(tx: Transaction, one: TaskFilter, *, counting: bool | None) -> dict[str, Any]:
    said = {"id": one.id, "resource_type": TASK, "name": one.name, "owner": one.owner}
    count = {"item_count": _count(tx, _wanted(one.query))["count"]} if counting else {}
    return said | {"query": one.query, "properties": one.properties} | count


def _wanted(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query of tasks as it is understood. Raises RequestRejected."""
    try:
        wanted: dict[str, Any] = TASKS.body().load(query)
    except ma.ValidationError as error:
        raise RequestRejected(field_faults(error.messages)) from error
    return wanted


def _of(tx: Transaction, filter_id: str, further: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a filter asks for; what is said beyond it stands in place of what the filter says of the same."""
    said = {name: value for name, value in (further or {}).items() if value not in (None, [])}
    return _wanted(task_filters.one(tx, filter_id).query) | said


def _count(tx: Transaction, wanted: Mapping[str, Any]) -> dict[str, int]:
    return counted(tx, TASKS.narrowed(tx, open_tasks(tx), wanted))


def _checked(body: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """What is kept of a filter, when its query can be asked. Raises Invalid."""
    query, properties = body["query"], body["properties"]
    if any(len(json.dumps(part, ensure_ascii=False)) > LONGEST for part in (query, properties)):
        raise Invalid(TOO_LONG)
    _wanted(query)
    return body["name"], query, properties


@routes.get("/filter", "任务筛选", "filters.keep", query=QUERY.address, answer=FilterShown(many=True))
def list_filters(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List the filters that one may use: one's own, and those of administrators"""
    found = paged(tx, QUERY.narrowed(tx, usable(tx.actor), query), QUERY.sort_keys, query, QUERY.last)
    return [_shown(tx, row[0], counting=query.get("item_count")) for row in found]


@routes.get("/filter/count", "任务筛选数", "filters.keep", query=QUERY.filter, answer=Counted)
def count_filters(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count the filters that one may use"""
    return counted(tx, QUERY.narrowed(tx, usable(tx.actor), query))


@routes.get("/filter/<filter_id>", "任务筛选", "filters.keep", query=CountQuery, answer=FilterShown)
def show_filter(tx: Transaction, query: dict[str, Any], filter_id: str) -> dict[str, Any]:
    """Show a filter"""
    return _shown(tx, task_filters.one(tx, filter_id), counting=query["item_count"])


@routes.post("/filter/create", "保存任务筛选", "filters.keep", body=FilterDto, answer=FilterShown)
def create_filter(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Keep a filter; an administrator's is for everybody"""
    return _shown(tx, task_filters.create(tx, *_checked(body)), counting=False)


@routes.put("/filter/<filter_id>", "修改任务筛选", "filters.keep", body=FilterDto, status=204)
def change_filter(tx: Transaction, body: dict[str, Any], filter_id: str) -> Response:
    """Change a filter of one's own"""
    task_filters.change(tx, filter_id, *_checked(body))
    return Response(status=204)


@routes.delete("/filter/<filter_id>", "删除任务筛选", "filters.keep", status=204)
def delete_filter(tx: Transaction, filter_id: str) -> Response:
    """Delete a filter of one's own"""
    task_filters.delete(tx, filter_id)
    return Response(status=204)


@routes.get("/filter/<filter_id>/list", "筛选出的任务", "filters.keep", query=PartQuery, answer=TaskShown(many=True))
def list_tasks(tx: Transaction, query: dict[str, Any], filter_id: str) -> Any:
    """List the tasks of a filter that one may know of"""
    return told(tx, _of(tx, filter_id), query)


@routes.post(
    "/filter/<filter_id>/list",
    "筛选出的任务",
    "filters.keep",
    query=PartQuery,
    body=TASKS.body,
    answer=TaskShown(many=True),
)
def query_tasks(tx: Transaction, query: dict[str, Any], body: dict[str, Any], filter_id: str) -> Any:
    """List the tasks of a filter that meet a query too"""
    return told(tx, _of(tx, filter_id, body), query)


@routes.get("/filter/<filter_id>/count", "筛选出的任务数", "filters.keep", answer=Counted)
def count_tasks(tx: Transaction, filter_id: str) -> dict[str, int]:
    """Count the tasks of a filter that one may know of"""
    return _count(tx, _of(tx, filter_id))


@routes.post("/filter/<filter_id>/count", "筛选出的任务数", "filters.keep", body=TASKS.body, answer=Counted)
def count_queried_tasks(tx: Transaction, body: dict[str, Any], filter_id: str) -> dict[str, int]:
    """Count the tasks of a filter that meet a query too"""
    return _count(tx, _of(tx, filter_id, body))


@routes.get("/filter/<filter_id>/singleResult", "筛选出的唯一任务", "filters.keep", answer=TaskShown, may_be_empty=True)
def show_single(tx: Transaction, filter_id: str) -> Any:
    """Show the only task of a filter; none is 204, several are refused"""
    return _single(tx, _of(tx, filter_id))


@routes.post(
    "/filter/<filter_id>/singleResult",
    "筛选出的唯一任务",
    "filters.keep",
    body=TASKS.body,
    answer=TaskShown,
    may_be_empty=True,
)
def query_single(tx: Transaction, body: dict[str, Any], filter_id: str) -> Any:
    """Show the only task of a filter that meets a query too"""
    return _single(tx, _of(tx, filter_id, body))


def _single(tx: Transaction, wanted: Mapping[str, Any]) -> Any:
    statement = TASKS.narrowed(tx, open_tasks(tx), wanted)
    found = all_shown(tx, paged(tx, statement, SORT_KEYS, FIRST_TWO, UserTask.id), wanted)
    if len(found) > 1:
        raise Invalid(SEVERAL)
    if not found:
        return Response(status=204)
    return hal.task(tx, found[0]) if hal.is_wanted() else found[0]
