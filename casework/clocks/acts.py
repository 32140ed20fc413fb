"""The life of a clock: it starts, is taken over by another subject, starts anew, stops, or counts for nothing.

Every act is evidence with the deadline before and after, and moves the timers bound to the clock. All are done under
the case's lock, for many clocks at once in the same number of statements as for one.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect

from casework.clocks.grounds import Ground, NewClock, present
from casework.clocks.reading import Measured, Reading, read
from casework.clocks.standstills import go_on, stand_still
from casework.clocks.traces import moved, note
from casework.tables import Clock, ClockPause, ClockState
from casework.workdays import used
from engine.store import instance_rows
from engine.transaction import Transaction


def start(tx: Transaction, reading: Reading, wanted: Iterable[NewClock], paused_for: str | None = None) -> list[Clock]:
    """Starts clocks; `paused_for`: they stand still from the beginning, because the whole case does. What one that
    starts as of an earlier instant has come to by now is nobody's lateness: it was not there to be watched."""
    begun = [(new, Measured(_row(tx, reading.root_id, new))) for new in wanted]
    tx.add(*(measured.clock for _, measured in begun))
    if paused_for and begun:
        tx.flush()
        standstill = present(tx, Ground(paused_for))
        for _, measured in begun:
            stand_still(tx, measured, standstill)
    for new, measured in begun:
        if measured.clock.started_at < tx.now:
            measured.clock.rungs = reading.reached(measured, tx.now)
        reading.count(measured)
        note(tx, measured.clock, "started", None, new.ground)
    return moved(tx, reading, [measured.clock for _, measured in begun])


def take_over(tx: Transaction, reading: Reading, measured: Measured, subject: str, ground: Ground) -> Clock:
    """A clock of another subject that stands as this one does: the same limit, start, extension and standstills."""
    of = measured.clock
    successor = Clock(
        id=tx.new_id(),
        region=of.region,
        root_id=of.root_id,
        kind=of.kind,
        subject=subject,
        state=of.state,
        limit=of.limit,
        statutory_limit=of.statutory_limit,
        extension=of.extension,
        statutory_extension=of.statutory_extension,
        started_at=of.started_at,
        is_provisional=of.is_provisional,
        is_statutory_provisional=of.is_statutory_provisional,
        rungs=reading.reached(measured, tx.now),
        revision=1,
    )
    tx.add(successor)
    tx.flush()
    pauses = [ClockPause(**_copied(pause), clock_id=successor.id, revision=1) for pause in measured.pauses]
    tx.add(*pauses)
    reading.count(Measured(successor, pauses))
    note(tx, successor, "started", None, ground)
    return successor


def _copied(pause: ClockPause) -> dict[str, Any]:
    """All of a standstill but whose it is."""
    columns = inspect(ClockPause).column_attrs
    return {one.key: getattr(pause, one.key) for one in columns if one.key not in ("clock_id", "revision")}


def _row(tx: Transaction, root_id: str, new: NewClock) -> Clock:
    return Clock(
        id=tx.new_id(),
        region=instance_rows.of(tx, root_id).region,
        root_id=root_id,
        kind=new.kind,
        subject=new.subject,
        state=ClockState.RUNNING,
        limit=str(new.limit),
        statutory_limit=None if new.statutory_limit is None else str(new.statutory_limit),
        started_at=new.started_at or tx.now,
        is_provisional=False,
        is_statutory_provisional=False,
        rungs="",
        revision=1,
    )


def stop(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """What the clocks measured is done. A pause that is still open ends now, so that they have a last deadline."""
    for measured in reading.measured:
        clock, calendar, old = measured.clock, reading.calendar(measured.clock), measured.clock.due_at
        if measured.open_pauses:
            come_to = clock.moment_at
            go_on(tx, measured, measured.open_pauses)
            reading.count(measured)
            clock.moment_at = come_to
        usage = used(clock.started_at, tx.now, measured.limit, calendar, measured.standstills, extra=measured.extension)
        clock.used = usage.amount
        _end(tx, clock, ClockState.STOPPED)
        note(tx, clock, "stopped", old, ground)
    return moved(tx, reading, [measured.clock for measured in reading.measured])


def void(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """The clocks count for nothing, as if they had never been started: no deadline, never overdue."""
    for measured in reading.measured:
        clock, old = measured.clock, measured.clock.due_at
        go_on(tx, measured, measured.open_pauses)
        _end(tx, clock, ClockState.VOID)
        clock.due_at, clock.is_provisional = None, False
        clock.statutory_due_at, clock.is_statutory_provisional = None, False
        note(tx, clock, "voided", old, ground)
    return moved(tx, reading, [measured.clock for measured in reading.measured])


def _end(tx: Transaction, clock: Clock, state: ClockState) -> None:
    """What a clock had come to before it ended is still to be looked at, however late; nothing more comes."""
    clock.state, clock.stopped_at = state, tx.now
    if clock.moment_at is not None and clock.moment_at > tx.now:
        clock.moment_at = None


def void_all(tx: Transaction, root_id: str, ground: Ground) -> list[Clock]:
    """Every open clock of the case counts for nothing (撤件)."""
    return void(tx, read(tx, root_id), ground)


def restart(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """The clocks that were read count from now on, as if they had not run before (重新计算): what the law wants where
    a supplemented application counts as a new one (政府信息公开条例 art. 30). An extension stays."""
    for measured in reading.measured:
        clock, old = measured.clock, measured.clock.due_at
        go_on(tx, measured, measured.open_pauses)
        clock.started_at = tx.now
        reading.count(measured)
        note(tx, clock, "restarted", old, ground)
    return moved(tx, reading, [measured.clock for measured in reading.measured])
