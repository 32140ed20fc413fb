"""What each kind of job does when it falls due, and when it does it again. Knows neither leases nor workers."""

from collections.abc import Callable, Mapping

from engine import instances, messages, outward, process_starts, retries, suspensions, timers
from engine.interpreter.step import LISTENED, WorkKind
from engine.interpreter.stimulus import Continued, EventArrived
from engine.store import instance_rows
from engine.store.values import unpacked
from engine.tables import Job, ProcessInstance
from engine.transaction import Transaction
from engine.work import incidents


def carry_out(tx: Transaction, root: ProcessInstance | None, job: Job) -> None:
    """Does what the job says, under the lock of its case; a job that does nothing again is removed."""
    tx.emit(*incidents.close(tx, [job.id]) if job.failures else ())
    runner = RUNNERS.get(job.kind)
    if runner is None:
        _run_lent(tx, job)
        return
    # The row is settled first: what the work sets off may delete it, and must not find it still due.
    following = _following(tx, root, job)
    if following is None:
        tx.session.delete(job)
    else:
        job.due_at, job.payload = following.at, {**job.payload, "remaining": following.remaining}
        _begin_anew(job)
    tx.flush()
    runner(tx, root, job)


def _run_lent(tx: Transaction, job: Job) -> None:
    """Work of the host's own kinds, which may set the job a later date."""
    due_at = job.due_at
    tx.ports.job_kinds[job.kind](tx, job)
    if job.due_at == due_at:
        tx.session.delete(job)
    else:
        _begin_anew(job)


def _begin_anew(job: Job) -> None:
    """The job will be due again, as if it had never failed."""
    job.locked_by, job.locked_until, job.failures, job.failure = None, None, 0, None
    job.retries = max(job.retries, len(retries.delays(job.payload.get("delays"))))
    job.revision += 1


def _following(tx: Transaction, root: ProcessInstance | None, job: Job) -> timers.Due | None:
    """The next date of a cycle whose event stays armed; missed ones do not burst."""
    if job.due_at is None or "cycle" not in job.payload:
        return None
    if job.kind == WorkKind.TIMER and not _stays_armed(tx, root, job):
        return None
    fired = timers.Due(job.due_at, job.payload["remaining"])
    return timers.next_due(job.payload["cycle"], fired, tx.now, tx.ports.zone)


def _stays_armed(tx: Transaction, root: ProcessInstance | None, job: Job) -> bool:
    if root is None or job.instance_id is None:
        return False
    if LISTENED in job.payload:
        return True
    return instances.stays_armed(tx, instance_rows.in_tree(tx, root, job.instance_id), job.activity_id)


def _fire_timer(tx: Transaction, root: ProcessInstance | None, job: Job) -> None:
    if root is not None and job.instance_id is not None:
        instances.advance(tx, root, instance_rows.in_tree(tx, root, job.instance_id), EventArrived(job.id))


def _continue(tx: Transaction, root: ProcessInstance | None, job: Job) -> None:
    if root is not None and job.instance_id is not None:
        instances.advance(tx, root, instance_rows.in_tree(tx, root, job.instance_id), Continued(job.id))


def _throw_message(tx: Transaction, root: ProcessInstance | None, job: Job) -> None:
    said = job.payload
    messages.correlate(
        tx, said["name"], unpacked(said["variables"]), business_key=said["business_key"], region=job.region
    )


def _throw_signal(tx: Transaction, root: ProcessInstance | None, job: Job) -> None:
    said = job.payload
    if "definition" in said:
        process_starts.start_by_signal(tx, job)
    else:
        messages.deliver_signal(tx, said["subscription"], unpacked(said["variables"]))


def _start_by_timer(tx: Transaction, root: ProcessInstance | None, job: Job) -> None:
    process_starts.start_by_timer(tx, job)


def _turn_definition(tx: Transaction, root: ProcessInstance | None, job: Job) -> None:
    suspensions.turn_now(tx, job)


RUNNERS: Mapping[str, Callable[[Transaction, ProcessInstance | None, Job], None]] = {
    WorkKind.TIMER: _fire_timer,
    WorkKind.CONTINUATION: _continue,
    outward.MESSAGE_JOB: _throw_message,
    outward.SIGNAL_JOB: _throw_signal,
    process_starts.TIMER_JOB: _start_by_timer,
    suspensions.LATER: _turn_definition,
}
