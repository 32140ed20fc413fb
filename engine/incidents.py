"""Incidents: a person has repaired the cause, says so, and the work is tried again."""

from engine import evidence, external_tasks, jobs
from engine.errors import Conflict, NotFound, Sentence
from engine.store import instance_rows
from engine.tables import ExternalTask, Incident, Job
from engine.transaction import Transaction
from engine.work import incidents

CLOSED = Sentence("该异常已经处理。", "The incident is resolved already.")


def resolve(tx: Transaction, incident_id: str, note: str) -> Incident:
    """Closes an incident: its job or external task gets one more try, the note goes into the case's evidence.

    An incident whose work is gone is only closed; work that fails again opens a new one. Raises NotFound, Conflict
    when it is resolved already. Camunda's way is to set retries above 0.
    """
    tx.ports.may(tx, "incidents.resolve", None)
    root_id = _root_id(tx, incident_id)
    root = None if root_id is None else instance_rows.lock_tree_of(tx, root_id)
    incident = tx.session.get_one(Incident, incident_id, with_for_update=True, populate_existing=True)
    if incident.closed_at is not None:
        raise Conflict(CLOSED)
    if tx.session.get(Job, incident.source_id) is not None:
        jobs.retry(tx, incident.source_id)
    elif tx.session.get(ExternalTask, incident.source_id) is not None:
        external_tasks.set_retries(tx, incident.source_id, 1)
    else:
        tx.emit(*incidents.close(tx, [incident.source_id]))
    if root is not None:
        evidence.record(tx, root, "incident.resolved", subject=incident.activity_id, old=incident.message, reason=note)
    tx.flush()
    return incident


def annotate(tx: Transaction, incident_id: str, annotation: str | None) -> None:
    """Notes something on an incident for whoever looks after it; None takes the note away. Raises NotFound."""
    tx.ports.may(tx, "incidents.annotate", None)
    incident = tx.session.get(Incident, incident_id, with_for_update=True, populate_existing=True)
    if incident is None:
        raise NotFound
    incident.annotation = annotation
    incident.revision += 1


def _root_id(tx: Transaction, incident_id: str) -> str | None:
    """Which case tree has to be locked before the incident is looked at. Raises NotFound."""
    incident = tx.session.get(Incident, incident_id)
    if incident is None:
        raise NotFound
    return incident.root_id
