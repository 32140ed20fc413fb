"""Due work: claimed by a lease, run in a transaction of its own, retried with a growing delay, then an incident.

APScheduler only calls `run_due`; the rows are the truth. A claim is short; the executing transaction locks the case
first, then reads the job again, and finishes both together. What a job does is told by its kind, in `job_kinds`.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, true, update

from engine import delegates, job_kinds, retries
from engine.errors import Conflict, EngineError, LostRace, NotFound, Sentence
from engine.interpreter.step import WorkKind
from engine.ports import ENGINE, Errand, Ports
from engine.store import instance_rows
from engine.store.dialect import is_outage, lease_clock, skip_locked
from engine.store.values import storable
from engine.tables import Job, ProcessInstance
from engine.transaction import Database, Transaction
from engine.work import failures, incidents

LEASE = timedelta(minutes=2)
BATCH = 50
FAILED_JOB = "failedJob"
ANY: ColumnElement[bool] = true()
HANDLERS = Job.kind == WorkKind.DELEGATE
ERRANDS: Mapping[str, Errand] = {WorkKind.DELEGATE: delegates}
CLAIM = update(Job).where(Job.id.in_(bindparam("ids", expanding=True)))
HAS_NOT_FAILED = Sentence(
    "该作业没有失败，到期时会自动执行，无需重试。", "The job has not failed: it runs by itself when it falls due."
)
log = logging.getLogger(__name__)


class Lease(NamedTuple):
    """A job that this worker holds until the lease runs out."""

    id: str
    kind: str
    root_id: str | None
    worker: str


def _never() -> bool:
    return False


def errands(ports: Ports) -> ColumnElement[bool]:
    """The jobs of the host that talk to other systems."""
    return Job.kind.in_(list(ports.errands))


def own(ports: Ports) -> ColumnElement[bool]:
    """The jobs that talk to nobody: none of them waits for another system."""
    return Job.kind.not_in([*ERRANDS, *ports.errands])


def run_due(
    database: Database,
    worker: str,
    *,
    only: ColumnElement[bool] = ANY,
    limit: int = BATCH,
    is_stopping: Callable[[], bool] = _never,
) -> int:
    """Runs the jobs that are due, at most `limit`; how many it took. Asking while nothing is due takes no lock.

    `only` leaves kinds of work to other workers: HANDLERS, `errands`, or what is `own`. A worker that is stopping
    finishes the job in hand and gives the others back.
    """
    with database.view(ENGINE) as tx:
        if tx.session.scalar(_due(tx, only).limit(1)) is None:
            return 0
    with database.begin(ENGINE) as tx:
        leases = claim(tx, worker, limit, only)
    for lease in leases:
        if is_stopping():
            _record(database, lease, None)
        else:
            run(database, lease)
    return len(leases)


def _due(tx: Transaction, only: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    is_free = or_(Job.locked_until.is_(None), Job.locked_until < lease_clock(tx.session.connection(), tx.now))
    return select(Job.id, Job.kind, Job.root_id).where(
        Job.due_at <= tx.now, is_free, Job.retries > 0, Job.is_suspended.is_(False), only
    )


def claim(tx: Transaction, worker: str, limit: int, only: ColumnElement[bool] = ANY) -> list[Lease]:
    """Most urgent first, then oldest; what another worker is claiming at this moment is left to it."""
    chosen = _due(tx, only).order_by(Job.priority.desc(), Job.due_at, Job.id).limit(limit)
    leases = [Lease(job.id, job.kind, job.root_id, worker) for job in tx.session.execute(skip_locked(chosen))]
    until = lease_clock(tx.session.connection(), tx.now, plus=LEASE)
    tx.session.connection().execute(
        CLAIM.values(locked_by=worker, locked_until=until), {"ids": [lease.id for lease in leases]}
    )
    return leases


def run(database: Database, lease: Lease) -> None:
    """Runs one job; what goes wrong with it is recorded on the job and never stops the others."""
    try:
        errand = ERRANDS.get(lease.kind) or database.ports.errands.get(lease.kind)
        if errand is not None:
            _run_errand(database, lease, errand)
            return
        with database.begin(ENGINE) as tx:
            held = _held(tx, lease)
            if held is not None and _is_due(tx, held[1]):
                job_kinds.carry_out(tx, *held)
    except LostRace as lost:
        log.info("job %s (%s) lost a race and stays due: %s", lease.id, lease.kind, lost)
        _record(database, lease, None)
    except EngineError as refused:
        _record(database, lease, f"{refused.detail.zh} {refused.detail.en} ({refused.element_id or '-'})")
    except Exception as broken:
        log.exception("job %s (%s) failed", lease.id, lease.kind)
        _record(database, lease, None if is_outage(broken) else f"{type(broken).__name__}: {broken}")


def _run_errand(database: Database, lease: Lease, errand: Errand) -> None:
    """Between two transactions, inside neither. When the lease went to another worker meanwhile, or the job was
    suspended, the result is dropped: it comes again."""
    with database.view(ENGINE) as tx:
        job = tx.session.get(Job, lease.id)
        call = None if job is None or job.locked_by != lease.worker else errand.order(tx, job)
    if call is None:
        return
    result = call()
    with database.begin(ENGINE) as tx:
        held = _held(tx, lease)
        if held is None or held[1].is_suspended:
            return
        _, job = held
        tx.emit(*incidents.close(tx, [job.id]) if job.failures else ())
        tx.session.delete(job)
        errand.settle(tx, job, result)


def _record(database: Database, lease: Lease, failure: str | None) -> None:
    """Notes how a job went; where even that fails, the lease has to run out and the job is tried again."""
    try:
        _note(database, lease, failure)
    except Exception:
        log.exception("what became of job %s (%s) could not be recorded", lease.id, lease.kind)


def _held(tx: Transaction, lease: Lease) -> tuple[ProcessInstance | None, Job] | None:
    """The job under its case's lock, unless it was cancelled or the lease went to another worker."""
    try:
        root = None if lease.root_id is None else instance_rows.lock_tree_of(tx, lease.root_id)
    except NotFound:
        root = None
    job = tx.session.get(Job, lease.id, with_for_update=True, populate_existing=True)
    return None if job is None or job.locked_by != lease.worker else (root, job)


def _is_due(tx: Transaction, job: Job) -> bool:
    """A job that was moved, parked or suspended between the claim and the lock is given back: not the lease decides."""
    if job.due_at is not None and job.due_at <= tx.now and not job.is_suspended:
        return True
    job.locked_by, job.locked_until = None, None
    return False


def _note(database: Database, lease: Lease, failure: str | None) -> None:
    """Records a failure: a later try, or no more tries and an incident. None: nobody's fault, due again at once."""
    with database.begin(ENGINE) as tx:
        held = _held(tx, lease)
        if held is None:
            return
        _, job = held
        job.locked_by, job.locked_until = None, None
        job.revision += 1
        if failure is None:
            return
        said = storable(failure, incidents.MOST)
        job.failures, job.retries, job.failure = job.failures + 1, job.retries - 1, said
        failures.record(tx, job, said, kind=job.kind, due_at=job.due_at)
        if job.retries > 0:
            waits = retries.delays(job.payload.get("delays"))
            job.due_at = tx.now + waits[min(job.failures, len(waits)) - 1]
        else:
            incidents.open_for(tx, job, FAILED_JOB, said)


def release(database: Database, is_dead: Callable[[str], bool]) -> None:
    """Gives back at once what dead workers held: nobody waits for their leases to run out."""
    with database.begin(ENGINE) as tx:
        held = tx.session.scalars(skip_locked(select(Job).where(Job.locked_by.is_not(None)))).all()
        for job in held:
            if is_dead(job.locked_by or ""):
                job.locked_by, job.locked_until = None, None
                job.revision += 1


def retry(tx: Transaction, job_id: str, *, times: int = 1, act: str = "jobs.retry") -> Job:
    """A person lets a failed job run again, now; a worker who is at it meanwhile goes on.

    One whose clock is paused runs when the clock does. Raises NotFound, Conflict when it has not failed. `act` is what
    the person is asked for permission to do, where the host has a word of its own for it.
    """
    tx.ports.may(tx, act, None)
    job = locked(tx, job_id)
    if not job.failures:
        raise Conflict(HAS_NOT_FAILED)
    job.retries, job.due_at = times, job.due_at and tx.now
    job.revision += 1
    tx.emit(*incidents.close(tx, [job.id]))
    return job


def locked(tx: Transaction, job_id: str) -> Job:
    """A job under its case's lock, or under its own when it belongs to none. Raises NotFound."""
    job = tx.session.get(Job, job_id)
    if job is not None and job.root_id is not None:
        instance_rows.lock_tree_of(tx, job.root_id)
    job = tx.session.get(Job, job_id, with_for_update=True, populate_existing=True)
    if job is None:
        raise NotFound
    return job
