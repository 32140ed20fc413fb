"""What an administrator does to a job: other retries, another date or priority, a stop, an end, carrying it out now.

Jobs of the office (cases, supervision orders, and all that the host's own kinds do) are let run again at most, because
they carry out what the law says of time: the host refuses the act `jobs.change` on their instances.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Unpack

from sqlalchemy import ColumnElement, select, update

from engine import evidence, jobs
from engine.errors import Conflict, Forbidden, Sentence, Suspended
from engine.job_kinds import RUNNERS
from engine.ports import Actor
from engine.store import instance_rows
from engine.store.dialect import lease_clock
from engine.tables import Job
from engine.transaction import Database, Transaction
from engine.work import incidents

KINDS = frozenset({*RUNNERS, *jobs.ERRANDS})
OF_THE_HOST = Sentence(
    "该作业由系统自身安排，不能改动。", "The system itself arranges this job: it is not changed from outside."
)
HELD = Sentence("该作业正在执行。", "The job is being carried out at this moment.")
NO_DATE = Sentence("该作业跟随办件的时限，不能另定日期。", "The job follows a clock of a case: it gets no other date.")


def set_retries(tx: Transaction, job_id: str, retries: int) -> None:
    """How often a job may be tried from now on; above 0 closes its incident, 0 opens one. Raises NotFound."""
    tx.ports.may(tx, "jobs.retry", None)
    job = jobs.locked(tx, job_id)
    if retries == 0 or not job.failures:
        _check(tx, job)
    had_none = job.retries == 0
    _change(tx, job, "retries", job.retries, retries)
    if retries > 0:
        tx.emit(*incidents.close(tx, [job.id]))
    elif not had_none:
        incidents.open_for(tx, job, jobs.FAILED_JOB, job.failure or "")


def set_due(tx: Transaction, job_id: str, due_at: datetime | None) -> None:
    """When a job is due; None: now. Raises NotFound, Conflict when a clock decides it."""
    job = _changeable(tx, job_id)
    if job.binding is not None:
        raise Conflict(NO_DATE)
    _change(tx, job, "due_at", job.due_at, due_at or tx.now)


def set_priority(tx: Transaction, job_id: str, priority: int) -> None:
    """Which of several due jobs goes first. Raises NotFound."""
    job = _changeable(tx, job_id)
    _change(tx, job, "priority", job.priority, priority)


def set_suspended(tx: Transaction, job_id: str, *, is_suspended: bool) -> None:
    """Stops one job, or lets it go on. Raises NotFound."""
    job = _changeable(tx, job_id)
    _change(tx, job, "is_suspended", job.is_suspended, is_suspended)


def turn(tx: Transaction, which: Iterable[ColumnElement[bool]], *, is_suspended: bool) -> None:
    """Stops all jobs of some kind, or lets them go on: none of the host's own."""
    tx.ports.may(tx, "jobs.change", None)
    stopped = update(Job).where(Job.kind.in_(KINDS), *which)
    changed = stopped.values(is_suspended=is_suspended, revision=Job.revision + 1)
    tx.session.execute(changed, execution_options={"synchronize_session": False})


def delete(tx: Transaction, job_id: str) -> None:
    """The job is never done; what waits for it goes on waiting. Raises NotFound."""
    job = _changeable(tx, job_id)
    tx.emit(*incidents.close(tx, [job.id]))
    _note(tx, job, "job.deleted")
    tx.session.delete(job)


def execute(database: Database, actor: Actor, job_id: str) -> None:
    """Carries a job out at once. Raises NotFound, Suspended, Conflict with what went wrong, or when a worker has it.

    As when it falls due, a failure costs a try.
    """
    with database.begin(actor) as tx:
        lease = _taken(tx, job_id)
    jobs.run(database, lease)
    with database.view(actor) as tx:
        job = tx.session.get(Job, job_id)
        if job is not None and job.failure is not None:
            raise Conflict(Sentence(job.failure, job.failure))


def _taken(tx: Transaction, job_id: str) -> jobs.Lease:
    """A job under a lease of the caller's own, due now."""
    tx.ports.may(tx, "jobs.retry", None)
    job = jobs.locked(tx, job_id)
    if job.due_at is None or not (job.failures or job.due_at <= tx.now):
        _check(tx, job)
    if job.is_suspended:
        raise Suspended
    if _is_held(tx, job):
        raise Conflict(HELD)
    tx.emit(*incidents.close(tx, [job.id]) if job.failures else ())
    worker = f"{tx.actor.login}/{tx.operation}"
    job.locked_by, job.locked_until = worker, lease_clock(tx.session.connection(), tx.now, plus=jobs.LEASE)
    job.due_at, job.retries, job.failure = tx.now, max(job.retries, 1), None
    job.revision += 1
    _note(tx, job, "job.executed")
    return jobs.Lease(job.id, job.kind, job.root_id, worker)


def _is_held(tx: Transaction, job: Job) -> bool:
    present = lease_clock(tx.session.connection(), tx.now)
    return tx.session.scalar(select(Job.id).where(Job.id == job.id, Job.locked_until > present)) is not None


def _changeable(tx: Transaction, job_id: str) -> Job:
    job = jobs.locked(tx, job_id)
    _check(tx, job)
    return job


def _check(tx: Transaction, job: Job) -> None:
    instance = None if job.instance_id is None else instance_rows.of(tx, job.instance_id)
    tx.ports.may(tx, "jobs.change", instance)
    if job.kind not in KINDS:
        raise Forbidden(OF_THE_HOST)


def _change(tx: Transaction, job: Job, column: str, old: object, new: object) -> None:
    setattr(job, column, new)
    job.revision += 1
    _note(tx, job, "job.changed", property=column, old=_said(old), new=_said(new))


def _said(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value is None else str(value)


def _note(tx: Transaction, job: Job, kind: str, **said: Unpack[evidence.Particulars]) -> None:
    """Who did it is kept with the process; a job that belongs to none leaves no act."""
    if job.root_id is not None:
        evidence.record(tx, instance_rows.of(tx, job.root_id), kind, **(said | {"subject": job.id}))
