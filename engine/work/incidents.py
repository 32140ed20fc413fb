"""Incidents: work that failed for good and waits for a person."""

from collections.abc import Sequence

from sqlalchemy import select

from engine.events import Event, IncidentClosed, IncidentOpened
from engine.run import Run
from engine.tables import ExternalTask, Incident, Job
from engine.transaction import Transaction

MOST = 2_000


def open_for(tx: Transaction, work: Job | ExternalTask, kind: str, message: str) -> None:
    """A person has to look at it; the instance stays where it is."""
    incident = Incident(
        id=tx.new_id(),
        region=work.region,
        kind=kind,
        source_id=work.id,
        instance_id=work.instance_id,
        root_id=work.root_id,
        activity_id=work.activity_id,
        message=message,
        opened_at=tx.now,
    )
    tx.add(incident)
    tx.emit(
        IncidentOpened(
            region=work.region,
            root_id=work.root_id or "",
            instance_id=work.instance_id or "",
            incident_id=incident.id,
            activity_id=work.activity_id,
            message=message,
        )
    )


def close(tx: Transaction, source_ids: Sequence[str]) -> list[Event]:
    """Closes the open incidents of jobs or external tasks."""
    open_ones = tx.session.scalars(
        select(Incident).where(Incident.source_id.in_(source_ids), Incident.closed_at.is_(None))
    ).all()
    for incident in open_ones:
        incident.closed_at, incident.closed_by = tx.now, tx.actor.login
        incident.revision += 1
    return [
        IncidentClosed(
            region=incident.region,
            root_id=incident.root_id or "",
            instance_id=incident.instance_id or "",
            incident_id=incident.id,
        )
        for incident in open_ones
    ]


def close_of(run: Run, source_ids: Sequence[str]) -> list[Event]:
    """The incidents of work that an instance no longer wants."""
    return close(run.tx, source_ids) if source_ids else []
