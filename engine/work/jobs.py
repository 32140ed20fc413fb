"""Jobs that an activity instance waits for: asynchronous steps, delegates, timers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete

from engine import retries
from engine.diagram.model import Timer, TimerKind
from engine.errors import ExpressionFailed, Sentence
from engine.events import Event
from engine.interpreter.step import LISTENED, WorkOpened
from engine.ports import Bound
from engine.run import Run
from engine.tables import InstanceState, Job
from engine.timers import TimerFault
from engine.work import incidents

ABANDON = delete(Job).where(Job.id.in_(bindparam("ids", expanding=True))).returning(Job.id, Job.failures)


def open_asynchronous(run: Run, work: WorkOpened) -> Sequence[Event]:
    """A step of its own transaction: due at once, repeated when it fails."""
    _add(run, work, run.tx.now, payload={"scopes": list(work.scope_ids)})
    return ()


def open_timer(run: Run, work: WorkOpened) -> Sequence[Event]:
    """A timer is armed now; one bound to a clock falls due when the clock does, and never while that is paused."""
    timer = _timer(run, work)
    value = run.evaluate_timer(timer.expression, work)
    if isinstance(value, Bound):
        _add(run, work, run.tx.ports.due_at(run.tx, run.instance, value.binding), payload={}, binding=value.binding)
        return ()
    due = run.first_due(timer.kind, value, work)
    repeats = {"cycle": str(value), "remaining": due.remaining} if timer.kind == TimerKind.CYCLE else {}
    told = {LISTENED: True} if LISTENED in work.attributes else {}
    _add(run, work, due.at, payload=repeats | told)
    return ()


def _timer(run: Run, work: WorkOpened) -> Timer:
    """The definition of a timer event, or of a task's timeout listener."""
    event, of_listener = run.node(work).event, work.attributes.get(LISTENED)
    if isinstance(of_listener, Timer):
        return of_listener
    if event is None or event.timer is None:
        raise ExpressionFailed(Sentence("该事件没有定时定义。", "The event has no timer."), element_id=work.activity_id)
    return event.timer


def _add(
    run: Run, work: WorkOpened, due_at: datetime | None, *, payload: dict[str, Any], binding: str | None = None
) -> None:
    cycle = run.node(work).retry_cycle
    text = None if cycle is None else str(run.evaluate(cycle, work))
    try:
        tries = retries.tries(text)
    except TimerFault as fault:
        raise ExpressionFailed(fault.sentence, element_id=work.activity_id) from fault
    run.tx.add(
        Job(
            kind=work.kind.value,
            due_at=due_at,
            binding=binding,
            priority=run.whole(work, "job_priority", 0),
            retries=tries,
            payload=payload | ({"delays": text} if text else {}),
            is_suspended=run.instance.state == InstanceState.SUSPENDED,
            **run.place(work),
        )
    )


def delete_jobs(run: Run, ids: Sequence[str]) -> Sequence[Event]:
    """The jobs of interrupted work are gone, and with them the incidents they opened."""
    gone = run.tx.session.connection().execute(ABANDON, {"ids": ids}).all()
    return incidents.close_of(run, [job.id for job in gone if job.failures])
