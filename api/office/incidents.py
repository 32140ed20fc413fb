"""Incidents (异常) at the door: what failed for good, and a person's word that the cause is repaired."""

from typing import Any

import marshmallow as ma

from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import confidentiality, visibility
from casework.paging import Order, fetch
from engine import incidents
from engine.queries import incidents as listed
from engine.queries.filters import narrowed
from engine.tables import Incident
from engine.transaction import Transaction

routes = Routes("incidents", "Incidents (异常): work that failed for good.", prefix="/api/incidents")


class IncidentQuery(PageQuery):
    """Which incidents; the open ones unless `open=false`."""

    open = ma.fields.Boolean(attribute="is_open", load_default=True)
    kind = ma.fields.String(load_default=None)
    activity_id = ma.fields.String(load_default=None)
    case_number = ma.fields.String(attribute="business_key", load_default=None)


class IncidentShown(ma.Schema):
    """An incident. `source_id` is the job's or external task's."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    source_id = ma.fields.String(required=True)
    instance_id = ma.fields.String(allow_none=True)
    activity_id = ma.fields.String(allow_none=True)
    message = ma.fields.String(required=True)
    opened_at = Instant(required=True)
    closed_at = Instant(allow_none=True)
    closed_by = ma.fields.String(allow_none=True)


class IncidentRow(IncidentShown):
    """An incident in a list, with the case it stands in the way of."""

    case_number = ma.fields.String(attribute="business_key", allow_none=True)


class Note(ma.Schema):
    """What was the matter and what was done about it."""

    note = ma.fields.String(required=True, validate=ma.validate.Length(1, 2000))


@routes.get("", "异常", "incidents.read", query=IncidentQuery, answer=page_of(IncidentRow))
def list_incidents(tx: Transaction, query: dict[str, Any]) -> Any:
    """List the incidents, newest first

    One of a confidential case is listed without the number of the case.
    """
    statement = narrowed(listed.LISTED, listed.FILTERS, query)
    if query["business_key"] is not None:
        statement = statement.where(visibility.known(tx.actor, Incident.root_id))
    page = fetch(tx, statement, Order(listed.SORTED_BY, newest_first=True), after=query["cursor"], limit=query["limit"])
    return {"rows": confidentiality.without_numbers(tx, page.rows), "after": page.after}


@routes.post("/<incident_id>/resolve", "处理异常", "incidents.resolve", body=Note, answer=IncidentShown)
def resolve(tx: Transaction, body: dict[str, Any], incident_id: str) -> Incident:
    """Resolve an incident

    The cause is repaired: the work gets one more try, and the note is kept with the case.
    """
    return incidents.resolve(tx, incident_id, body["note"])
