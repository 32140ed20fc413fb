"""Changes (变动) at the door: a department's own system follows what happens, in order, and may wait for the next."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from api.office.fields import Called, Said
from api.pages import Cursor
from api.routes import Hall, Routes
from api.wire import Instant
from casework import names
from casework.feed import CHANGE_KINDS, ChangeKind, reading
from casework.feed.reading import Page, Place
from casework.paging import NOT_OURS
from engine.errors import Unreadable
from engine.ports import Actor

LONGEST_WAIT = 20
"""Seconds."""

MOST_ROWS = 500
LATEST = "latest"
MEANS: Mapping[str, str] = {
    ChangeKind.CASE_MOVED: "state",
    ChangeKind.TASK_ASSIGNED: "assignee",
    ChangeKind.TASK_COMPLETED: "outcome",
    ChangeKind.CORRECTION_SENT: "document",
    ChangeKind.CORRECTION_ANSWERED: "document",
    ChangeKind.CORRECTION_LAPSED: "document",
    ChangeKind.TASK_TRANSFERRED: "department",
}
"""What the word of a change is."""

routes = Routes("events", "Changes (变动), in order.", prefix="/api/events")


class After(Cursor):
    """A cursor of this feed, or `latest`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value == LATEST:
            return LATEST
        match super()._deserialize(value, attr, data, **kwargs):
            case (str(era), int(position)):
                return Place(era, position)
        raise Unreadable(NOT_OURS)


class EventQuery(ma.Schema):
    """After which place, how many, and how long to wait for the first."""

    after = After(load_default=None)
    limit = ma.fields.Integer(load_default=100, validate=ma.validate.Range(1, MOST_ROWS))
    wait = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, LONGEST_WAIT))


class EventTask(ma.Schema):
    """The task that a change is about."""

    id = ma.fields.String(required=True)
    name = Said(allow_none=True)
    activity = ma.fields.String(allow_none=True)
    act = ma.fields.String(allow_none=True)
    department = ma.fields.String(allow_none=True)


class EventShown(ma.Schema):
    """One change. `details` has its word under the name of what it is: state, assignee, outcome, document."""

    cursor = Cursor(required=True)
    kind = ma.fields.String(required=True)
    kind_name = Called(CHANGE_KINDS, of="kind", required=True)
    at = Instant(required=True)
    region = ma.fields.String(required=True)
    case_number = ma.fields.String(allow_none=True)
    task = ma.fields.Nested(EventTask, allow_none=True)
    department = ma.fields.String(allow_none=True)
    details = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class EventsPage(ma.Schema):
    """Some changes. `next` is where to go on, also after an empty list; `more`: there are some already."""

    rows = ma.fields.List(ma.fields.Nested(EventShown), required=True)
    next = Cursor(required=True)
    more = ma.fields.Boolean(required=True)


@routes.get("", "变动", "events.read", query=EventQuery, answer=EventsPage, waits=True)
def list_changes(hall: Hall, actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """List what changed for the caller's departments, in order

    With `wait`, an empty list is answered only after so many seconds; when too many wait already, at once.
    `after=latest` answers the place after everything so far; without `after` the list begins with the oldest kept.
    """
    if query["after"] == LATEST:
        return _shown(reading.latest(hall.database, actor))
    with hall.waiting.patience(actor.login, query["wait"]) as is_patient:
        page = reading.follow(hall.database, actor, query["after"], limit=query["limit"], is_patient=is_patient)
    return _shown(page)


def _shown(page: Page) -> dict[str, Any]:
    return {"rows": [_change(page.era, row) for row in page.rows], "next": page.after, "more": page.has_more}


def _change(era: str, row: Any) -> dict[str, Any]:
    change = row.Change
    return {
        "cursor": (era, change.position),
        "kind": change.kind,
        "at": change.at,
        "region": change.region,
        "case_number": row.case_number,
        "task": _task(row) if change.task_id else None,
        "department": change.department,
        "details": {MEANS.get(change.kind, "value"): change.value} if change.value else {},
    }


def _task(row: Any) -> dict[str, Any]:
    return {
        "id": row.Change.task_id,
        "name": names.step(row.task_name),
        "activity": row.activity_id,
        "act": row.act,
        "department": row.task_department,
    }
