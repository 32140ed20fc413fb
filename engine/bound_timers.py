"""Timers that follow a clock of the office (`${due(…)}`): they move when it does. Runs none, and keeps no clock.

All commands are called under the lock of the case.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from engine.tables import Job
from engine.transaction import Transaction

BOUND = select(Job).where(Job.root_id == bindparam("root_id"), Job.binding.in_(bindparam("bindings", expanding=True)))


def rebind(tx: Transaction, root_id: str, bindings: Mapping[str, str]) -> None:
    """The timers of a case that follow these clocks follow others from now on; call `reschedule` after it."""
    for job in tx.session.scalars(BOUND, {"root_id": root_id, "bindings": list(bindings)}).all():
        job.binding = bindings[job.binding or ""]
        job.revision += 1
    tx.flush()


def reschedule(tx: Transaction, root_id: str, due_by_binding: Mapping[str, datetime | None]) -> None:
    """Moves the timers of a case that are bound to clocks: a null date parks them until the clock runs again."""
    for job in tx.session.scalars(BOUND, {"root_id": root_id, "bindings": list(due_by_binding)}).all():
        job.due_at = due_by_binding[job.binding or ""]
        job.revision += 1


def reschedule_all(tx: Transaction, due_by_root: Mapping[str, Mapping[str, datetime | None]]) -> None:
    """The same for many cases at once."""
    bound = select(Job).where(Job.root_id.in_(list(due_by_root)), Job.binding.is_not(None))
    for job in tx.session.scalars(bound).all():
        due_by_binding = due_by_root[job.root_id or ""]
        if job.binding is not None and job.binding in due_by_binding:
            job.due_at = due_by_binding[job.binding]
            job.revision += 1
