"""Clocks that stand still: paused (中止) or excluded for a special procedure (扣除), resumed, or as if they never had.

Knows nothing of why; whoever asks gives the ground.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import aliased

from casework.clocks.grounds import WHOLE_CASE, Ground, Reach, Scope, Standstill, present
from casework.clocks.reading import APPLICANTS, Measured, Reading, read, which
from casework.clocks.traces import moved, note
from casework.tables import Clock, ClockKind, ClockPause, ClockState
from engine.columns import Id
from engine.tables import Job, TaskState, UserTask
from engine.transaction import Transaction

OUTLASTED = "pause-outlasted"
"""The job that looks at a standstill at the end that was foreseen."""
_STEPS = and_(Clock.kind == ClockKind.TASK, Clock.subject.in_(bindparam("steps", expanding=True)))
_SHARE = and_(Clock.kind == ClockKind.DEPARTMENT, Clock.subject == bindparam("department"))
NOT_THE_APPLICANTS = which(Clock.kind.not_in(APPLICANTS))
OF_STEPS, OF_DEPARTMENT = which(_STEPS), which(_SHARE, _STEPS)
OF_DEPARTMENT_AND_CASE = which(_SHARE, _STEPS, Clock.kind.in_((ClockKind.PROMISED, ClockKind.STATUTORY)))
_Stretch = aliased(ClockPause)
OF_OCCASION = which(
    exists().where(_Stretch.clock_id == Clock.id, _Stretch.occasion_id == bindparam("occasion_id", type_=Id()))
)


def pause(tx: Transaction, root_id: str, ground: Ground, scope: Scope = WHOLE_CASE) -> list[Clock]:
    """The clocks of a scope stand still (中止). Pausing again for the same reason changes nothing."""
    return pause_read(tx, concerned(tx, root_id, scope), ground)


def pause_read(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """The clocks that were read stand still, but those that do so for this reason already."""
    running = [one for one in reading.measured if all(open.reason != ground.reason for open in one.open_pauses)]
    return hold(tx, reading.of(running), present(tx, ground))


def hold(tx: Transaction, reading: Reading, standstill: Standstill) -> list[Clock]:
    """The clocks that were read stand still; where the promise alone does, the law's own clock runs on."""
    held = []
    for measured in reading.measured:
        if measured.clock.kind == ClockKind.STATUTORY and not standstill.is_by_law:
            continue
        old = measured.clock.due_at
        stand_still(tx, measured, standstill)
        reading.count(measured)
        note(tx, measured.clock, standstill.act, old, standstill.ground)
        held.append(measured.clock)
    foreseen = standstill.ground.expected_end_at
    if held and foreseen is not None and standstill.ends_at is None:
        tx.add(_look_back(tx, held[0], standstill.occasion_id, foreseen))
    return moved(tx, reading, held)


def _look_back(tx: Transaction, clock: Clock, occasion_id: str, foreseen: datetime) -> Job:
    """When a standstill should be over, somebody looks whether it is."""
    return Job(
        id=tx.new_id(),
        region=clock.region,
        kind=OUTLASTED,
        root_id=clock.root_id,
        due_at=foreseen,
        payload={"occasion": occasion_id},
        created_at=tx.now,
    )


def resume(tx: Transaction, root_id: str, ground: Ground, scope: Scope = WHOLE_CASE) -> list[Clock]:
    """The pause for this reason is over; a clock that is also paused for another keeps standing still."""
    return resume_read(tx, concerned(tx, root_id, scope), ground)


def resume_read(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """The clocks that were read go on."""
    over = {
        one.clock.id: [pause for pause in one.open_pauses if pause.reason == ground.reason] for one in reading.measured
    }
    return _end(tx, reading, over, ground)


def release(tx: Transaction, root_id: str, occasion_id: str, ground: Ground) -> list[Clock]:
    """What began on this occasion is over; the clocks go on that stand still for nothing else."""
    reading = read(tx, root_id, OF_OCCASION, occasion_id=occasion_id)
    over = {
        one.clock.id: [pause for pause in one.open_pauses if pause.occasion_id == occasion_id]
        for one in reading.measured
    }
    return _end(tx, reading, over, ground)


def of_occasion(tx: Transaction, root_id: str, occasion_id: str) -> list[Clock]:
    """The open clocks that stood still on one occasion."""
    return [measured.clock for measured in read(tx, root_id, OF_OCCASION, occasion_id=occasion_id).measured]


def reverse(tx: Transaction, root_id: str, occasion_id: str, ground: Ground) -> list[Clock]:
    """What stood still on this occasion did so wrongly: the clocks count as if they had never stood still for it."""
    reading, reversed_ = read(tx, root_id, OF_OCCASION, occasion_id=occasion_id), []
    for measured in reading.measured:
        old = measured.clock.due_at
        wrong = [one for one in measured.pauses if one.occasion_id == occasion_id and one.reversed_at is None]
        go_on(tx, measured, [one for one in wrong if one.ends_at is None])
        for one in wrong:
            one.reversed_at = tx.now
            one.revision += 1
        if wrong:
            reading.count(measured)
            note(tx, measured.clock, "reversed", old, ground)
            reversed_.append(measured.clock)
    return moved(tx, reading, reversed_)


def _end(tx: Transaction, reading: Reading, over: Mapping[str, list[ClockPause]], ground: Ground) -> list[Clock]:
    resumed = []
    for measured in reading.measured:
        if not over[measured.clock.id]:
            continue
        old = measured.clock.due_at
        go_on(tx, measured, over[measured.clock.id])
        reading.count(measured)
        note(tx, measured.clock, "resumed", old, ground)
        resumed.append(measured.clock)
    return moved(tx, reading, resumed)


def concerned(tx: Transaction, root_id: str, scope: Scope) -> Reading:
    """The open clocks of a scope."""
    if scope.reach == Reach.CASE:
        return read(tx, root_id, NOT_THE_APPLICANTS)
    if scope.reach == Reach.STEP:
        return read(tx, root_id, OF_STEPS, steps=[scope.subject])
    steps = steps_of(tx, root_id, scope.subject)
    return read(tx, root_id, OF_DEPARTMENT, department=scope.subject, steps=steps)


def share_and_case(tx: Transaction, root_id: str, department: str) -> Reading:
    """The open clocks of a department's share and steps, and those of the case as a whole."""
    return read(tx, root_id, OF_DEPARTMENT_AND_CASE, department=department, steps=steps_of(tx, root_id, department))


def steps_of(tx: Transaction, root_id: str, department: str) -> Sequence[str]:
    """The open tasks of a department in a case."""
    tx.flush()
    of_the_department = select(UserTask.id).where(
        UserTask.root_id == root_id, UserTask.state == TaskState.CREATED, UserTask.department == department
    )
    return tx.session.scalars(of_the_department).all()


def stand_still(tx: Transaction, measured: Measured, standstill: Standstill) -> None:
    """One more stretch that a clock does not count."""
    ground = standstill.ground
    row = ClockPause(
        clock_id=measured.clock.id,
        seq=len(measured.pauses) + 1,
        is_exclusion=standstill.is_exclusion,
        is_by_law=standstill.is_by_law,
        begins_at=standstill.begins_at,
        ends_at=standstill.ends_at,
        expected_end_at=ground.expected_end_at,
        reason=ground.reason,
        basis=ground.basis,
        document=ground.document,
        asked_by=standstill.asked_by,
        department=standstill.department,
        occasion_id=standstill.occasion_id,
        revision=1,
    )
    tx.add(row)
    measured.pauses.append(row)
    if measured.open_pauses:
        measured.clock.state = ClockState.PAUSED


def go_on(tx: Transaction, measured: Measured, over: Iterable[ClockPause]) -> None:
    """These stretches end now; the clock runs when no other is left."""
    for pause in over:
        pause.ends_at = tx.now
        pause.revision += 1
    if not measured.open_pauses:
        measured.clock.state = ClockState.RUNNING
