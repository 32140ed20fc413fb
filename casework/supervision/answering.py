"""Who answers for a clock that has come to a rung: the department, and whoever held the task at that instant.

A department is never blamed for time that it did not have: not while its own clock stood still, not while it had to
wait for another's decision (默认前置), and for the limit of the whole case only when its own share had run out. Where
that leaves nobody, the lead department answers.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from casework import items
from casework.clocks.reading import SHARES, Measured
from casework.meaning import Does
from casework.supervision.dockets import OF_THE_CASE, Docket
from casework.supervision.holders import Held, Work
from casework.tables import Clock, ClockKind
from engine.transaction import Transaction

APPROVED = "approve"
WINDOW = "window"
STEPS_OF: dict[ClockKind, Does] = {
    ClockKind.RECEIPT: Does.ACCEPT,
    ClockKind.DELIVERY: Does.DELIVER,
    ClockKind.ORDER: Does.ANSWER,
}


def answerable(tx: Transaction, docket: Docket, clock: Clock, instant: datetime) -> list[Held]:
    """The tasks, as they stood then, whose departments answer; without a task where none was open."""
    concerned = [one for one in docket.work if one.is_open_at(instant) and _is_measured(one, clock, instant)]
    held = [one.held_at(instant) for one in concerned if not _is_excused(docket, one, clock, instant)]
    if docket.order is not None:
        held = [replace(one, department=docket.order.department) for one in held]
    if held:
        return held
    if concerned and clock.kind not in OF_THE_CASE:
        return []
    return [Held(None, _in_charge(tx, docket, clock), None)]


def _is_measured(task: Work, clock: Clock, instant: datetime) -> bool:
    """Whether the clock measures what was done in this task."""
    match clock.kind:
        case ClockKind.TASK:
            return task.id == clock.subject
        case ClockKind.DEPARTMENT:
            return task.held_at(instant).department == clock.subject and task.act in SHARES
        case ClockKind.RECEIPT | ClockKind.DELIVERY | ClockKind.ORDER:
            return task.act == STEPS_OF[clock.kind]
    return True


def _is_excused(docket: Docket, task: Work, clock: Clock, instant: datetime) -> bool:
    if _awaits(docket, task, instant):
        return True
    own = [one for one in _own_clocks(docket, task, instant) if one.clock.id != clock.id]
    if any(_stands_still(one, instant) for one in own):
        return True
    return clock.kind in OF_THE_CASE and any(_is_in_time(one, instant) for one in own)


def _awaits(docket: Docket, task: Work, instant: datetime) -> bool:
    """Whether the decision that must stand first (默认前置) had not come yet."""
    if task.after is None:
        return False
    first = docket.office.calendars.code_of(docket.root.region, task.after)
    return not any(
        one.act == Does.DECIDE
        and one.department == first
        and one.outcome == APPROVED
        and one.ended_at is not None
        and one.ended_at <= instant
        for one in docket.work
    )


def _own_clocks(docket: Docket, task: Work, instant: datetime) -> Iterator[Measured]:
    """The clocks of the task itself and of its department's share that ran or stood still then."""
    share = task.held_at(instant).department if task.act in SHARES else None
    for one in docket.clocks:
        of_task = one.clock.kind == ClockKind.TASK and one.clock.subject == task.id
        of_share = one.clock.kind == ClockKind.DEPARTMENT and one.clock.subject == share
        ended_at = one.clock.stopped_at
        if (of_task or of_share) and one.clock.started_at <= instant and (ended_at is None or ended_at >= instant):
            yield one


def _stands_still(measured: Measured, instant: datetime) -> bool:
    return any(pause.covers(instant) and pause.ends_at != instant for pause in measured.standstills)


def _is_in_time(measured: Measured, instant: datetime) -> bool:
    due_at = measured.clock.due_at
    return due_at is None or due_at > instant


def _in_charge(tx: Transaction, docket: Docket, clock: Clock) -> str:
    """Whose clock it is where no task says so."""
    if clock.kind == ClockKind.DEPARTMENT:
        return clock.subject
    if docket.order is not None:
        return docket.order.department
    role = WINDOW
    if clock.kind != ClockKind.RECEIPT and docket.case is not None:
        role = items.document(tx, docket.case.item_id).lead.role
    return docket.office.calendars.code_of(docket.root.region, role)
