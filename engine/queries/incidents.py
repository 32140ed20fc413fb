"""Incidents as lists show them: what failed for good, where, since when, and who closed it."""

from typing import Any

from sqlalchemy import Select, select

from engine.queries.filters import Filters
from engine.tables import Incident, ProcessInstance

LISTED: Select[*tuple[Any, ...]] = select(
    Incident.id,
    Incident.region,
    Incident.kind,
    Incident.source_id,
    Incident.instance_id,
    Incident.root_id,
    Incident.activity_id,
    Incident.message,
    Incident.opened_at,
    Incident.closed_at,
    Incident.closed_by,
    ProcessInstance.business_key,
).outerjoin(ProcessInstance, ProcessInstance.id == Incident.root_id)
FILTERS: Filters = {
    "kind": lambda kind: Incident.kind == kind,
    "activity_id": lambda activity_id: Incident.activity_id == activity_id,
    "business_key": lambda key: ProcessInstance.business_key == key,
    "is_open": lambda is_open: Incident.closed_at.is_(None) if is_open else Incident.closed_at.is_not(None),
}
SORTED_BY = (Incident.opened_at, Incident.id)
