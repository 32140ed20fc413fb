"""What is done to a clock: start, stop, pause, resume, void, recompute. Every act is evidence with the deadline before
and after, and moves the timers bound to the clock. All are done under the case's lock, for many clocks at once in the
same number of statements as for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, bindparam, select

from casework.clocks import pressing, steps
from casework.clocks.bindings import deadlines, label
from casework.clocks.reading import APPLICANTS, OPEN, Measured, Reading, read, which
from casework.tables import Clock, ClockKind, ClockPause, ClockState
from casework.workdays import Limit, used
from engine import bound_timers, evidence
from engine.store import instance_rows
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Ground:
    """On what ground a clock is acted on: a reason code, the law (依据), the paper (文号), the end foreseen."""

    reason: str
    basis: str | None = None
    document: str | None = None
    expected_end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewClock:
    """A clock to start, at the present unless an earlier instant counts (补录, 视为受理)."""

    kind: ClockKind
    limit: Limit
    ground: Ground
    subject: str = ""
    statutory_limit: Limit | None = None
    started_at: datetime | None = None


class Reach(StrEnum):
    """How far a pause reaches.

    CASE: every clock but the applicant's own. DEPARTMENT: its share and its open steps. STEP: one task.
    """

    CASE = "case"
    DEPARTMENT = "department"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which clocks a pause concerns; `subject` is the department's code or the task's id."""

    reach: Reach = Reach.CASE
    subject: str = ""


WHOLE_CASE = Scope()
_STEPS = and_(Clock.kind == ClockKind.TASK, Clock.subject.in_(bindparam("steps", expanding=True)))
_SHARE = and_(Clock.kind == ClockKind.DEPARTMENT, Clock.subject == bindparam("department"))
NOT_THE_APPLICANTS = which(Clock.kind.not_in(APPLICANTS))
OF_STEPS, OF_DEPARTMENT = which(_STEPS), which(_SHARE, _STEPS)


def start(tx: Transaction, reading: Reading, wanted: Iterable[NewClock], paused_for: str | None = None) -> list[Clock]:
    """Starts clocks; `paused_for`: they stand still from the beginning, because the whole case does."""
    begun = [(new, Measured(_row(tx, reading.root_id, new))) for new in wanted]
    tx.add(*(measured.clock for _, measured in begun))
    if paused_for and begun:
        tx.flush()
        for _, measured in begun:
            _stand_still(tx, measured, Ground(paused_for))
    for new, measured in begun:
        measured.count(reading.calendar(measured.clock))
        _note(tx, measured.clock, "started", None, new.ground)
    return _moved(tx, reading, [measured.clock for _, measured in begun])


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
        started_at=of.started_at,
        is_provisional=of.is_provisional,
        revision=1,
    )
    tx.add(successor)
    tx.flush()
    pauses = [
        ClockPause(
            clock_id=successor.id,
            seq=pause.seq,
            is_exclusion=pause.is_exclusion,
            begins_at=pause.begins_at,
            is_by_law=pause.is_by_law,
            ends_at=pause.ends_at,
            expected_end_at=pause.expected_end_at,
            reason=pause.reason,
            basis=pause.basis,
            document=pause.document,
            asked_by=pause.asked_by,
            department=pause.department,
            visit_id=pause.visit_id,
            reversed_at=pause.reversed_at,
            revision=1,
        )
        for pause in measured.pauses
    ]
    tx.add(*pauses)
    Measured(successor, pauses).count(reading.calendar(successor))
    _note(tx, successor, "started", None, ground)
    return successor


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
        revision=1,
    )


def stop(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """What the clocks measured is done. A pause that is still open ends now, so that they have a last deadline."""
    for measured in reading.measured:
        clock, calendar, old = measured.clock, reading.calendar(measured.clock), measured.clock.due_at
        if measured.open_pauses:
            _go_on(tx, measured, measured.open_pauses)
            measured.count(calendar)
        usage = used(clock.started_at, tx.now, measured.limit, calendar, measured.standstills, extra=measured.extension)
        clock.state, clock.stopped_at, clock.used = ClockState.STOPPED, tx.now, usage.amount
        _note(tx, clock, "stopped", old, ground)
    return _moved(tx, reading, [measured.clock for measured in reading.measured])


def void(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """The clocks count for nothing, as if they had never been started: no deadline, never overdue."""
    for measured in reading.measured:
        clock, old = measured.clock, measured.clock.due_at
        _go_on(tx, measured, measured.open_pauses)
        clock.state, clock.stopped_at = ClockState.VOID, tx.now
        clock.due_at, clock.statutory_due_at, clock.is_provisional = None, None, False
        _note(tx, clock, "voided", old, ground)
    return _moved(tx, reading, [measured.clock for measured in reading.measured])


def void_all(tx: Transaction, root_id: str, ground: Ground) -> list[Clock]:
    """Every open clock of the case counts for nothing (撤件)."""
    return void(tx, read(tx, root_id), ground)


def pause(tx: Transaction, root_id: str, ground: Ground, scope: Scope = WHOLE_CASE) -> list[Clock]:
    """The clocks of a scope stand still (中止). Pausing again for the same reason changes nothing."""
    return pause_read(tx, _concerned(tx, root_id, scope), ground)


def pause_read(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """The clocks that were read stand still."""
    concerned = [one for one in reading.measured if all(open.reason != ground.reason for open in one.open_pauses)]
    for measured in concerned:
        old = measured.clock.due_at
        _stand_still(tx, measured, ground)
        measured.count(reading.calendar(measured.clock))
        _note(tx, measured.clock, "paused", old, ground)
    return _moved(tx, reading, [measured.clock for measured in concerned])


def resume(tx: Transaction, root_id: str, ground: Ground, scope: Scope = WHOLE_CASE) -> list[Clock]:
    """The pause for this reason is over; a clock that is also paused for another keeps standing still."""
    return resume_read(tx, _concerned(tx, root_id, scope), ground)


def resume_read(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """The clocks that were read go on."""
    resumed = []
    for measured in reading.measured:
        over = [pause for pause in measured.open_pauses if pause.reason == ground.reason]
        if not over:
            continue
        old = measured.clock.due_at
        _go_on(tx, measured, over)
        measured.count(reading.calendar(measured.clock))
        _note(tx, measured.clock, "resumed", old, ground)
        resumed.append(measured.clock)
    return _moved(tx, reading, resumed)


def recompute(tx: Transaction, root_id: str, ground: Ground) -> list[Clock]:
    """Counts every open clock of a case again, after its calendar changed; those whose deadline or mark moved."""
    reading, changed = read(tx, root_id), []
    for measured in reading.measured:
        clock, old = measured.clock, measured.clock.due_at
        before = (old, clock.statutory_due_at, clock.is_provisional)
        measured.count(reading.calendar(clock))
        if before != (clock.due_at, clock.statutory_due_at, clock.is_provisional):
            _note(tx, clock, "moved", old, ground)
            changed.append(clock)
    return _moved(tx, reading, changed)


def _concerned(tx: Transaction, root_id: str, scope: Scope) -> Reading:
    if scope.reach == Reach.CASE:
        return read(tx, root_id, NOT_THE_APPLICANTS)
    if scope.reach == Reach.STEP:
        return read(tx, root_id, OF_STEPS, steps=[scope.subject])
    of_the_department = select(UserTask.id).where(
        UserTask.root_id == root_id, UserTask.state == TaskState.CREATED, UserTask.department == scope.subject
    )
    tx.flush()
    steps = tx.session.scalars(of_the_department).all()
    return read(tx, root_id, OF_DEPARTMENT, department=scope.subject, steps=steps)


def _stand_still(tx: Transaction, measured: Measured, ground: Ground) -> None:
    row = ClockPause(
        clock_id=measured.clock.id,
        seq=len(measured.pauses) + 1,
        is_exclusion=False,
        begins_at=tx.now,
        expected_end_at=ground.expected_end_at,
        reason=ground.reason,
        basis=ground.basis,
        document=ground.document,
        asked_by=tx.actor.login,
        department=tx.actor.department,
        revision=1,
    )
    tx.add(row)
    measured.pauses.append(row)
    measured.clock.state = ClockState.PAUSED


def _go_on(tx: Transaction, measured: Measured, over: Iterable[ClockPause]) -> None:
    for pause in over:
        pause.ends_at = tx.now
        pause.revision += 1
    if not measured.open_pauses:
        measured.clock.state = ClockState.RUNNING


def _note(tx: Transaction, clock: Clock, act: str, old: datetime | None, ground: Ground) -> None:
    """The act as evidence: on which clock, its promised deadline before and after, the end foreseen of a pause."""
    if act != "started":
        clock.revision += 1
    foreseen = _text(ground.expected_end_at)
    evidence.record(
        tx,
        instance_rows.of(tx, clock.root_id),
        f"clock.{act}",
        subject=label(clock.kind, clock.subject),
        property=foreseen and f"expected_end={foreseen}",
        old=_text(old),
        new=_text(clock.due_at),
        reason=ground.reason,
        basis=ground.basis,
        document=ground.document,
    )


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _moved(tx: Transaction, reading: Reading, clocks: list[Clock]) -> list[Clock]:
    """Moves the timers bound to the clocks, in one query, and the steps that they measure in the lists of open work."""
    if any(clock.state in OPEN or reading.has_followers for clock in clocks if clock.kind in pressing.MEASURING):
        tx.lastly(pressing.sort_steps, reading.root_id)
    if reading.has_timers and clocks:
        moved = {name: _for_timers(tx, clock, at) for clock in clocks for name, at in deadlines(clock).items()}
        if any(clock.kind == ClockKind.TASK for clock in clocks):
            moved |= steps.deadlines(tx, reading.root_id)
        bound_timers.reschedule(tx, reading.root_id, moved)
    return clocks


def _for_timers(tx: Transaction, clock: Clock, due_at: datetime | None) -> datetime | None:
    """What was done in time has no deadline to come; one that has passed still reaches the timers, however late."""
    is_met = clock.state == ClockState.STOPPED and due_at is not None and due_at > tx.now
    return None if is_met else due_at
