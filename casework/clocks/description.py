"""A clock as people read it: what is left, and its light."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from casework import calendars, clock_reasons, ladders
from casework.clocks.reading import OPEN, Measured, all_with_ladder, calendar_for
from casework.ladders import Ladder
from casework.tables import ClockPause, ClockState
from casework.workdays import Calendar, Limit, Usage, used
from engine.transaction import Transaction

SHOWN_BEFORE = timedelta(seconds=1)


class Standing(StrEnum):
    """How a clock stands, as people read it.

    PAUSED: it waits for the applicant or a predecessor (中止). EXCLUDED: a special procedure is on, which the law does
    not count (扣除, 行政许可法 art. 45). STOPPED: what it measured is done. VOID: it counts for nothing.
    """

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    EXCLUDED = "EXCLUDED"
    STOPPED = "STOPPED"
    VOID = "VOID"


class Signal(StrEnum):
    """The light of a clock. YELLOW: it has come to a yellow rung of its item's ladder. RED: the deadline has passed."""

    NONE = "none"
    YELLOW = "yellow"
    RED = "red"


def describe_all(tx: Transaction, root_id: str) -> list[dict[str, Any]]:
    """Every clock of a case, in the order they started, with what paused them. Two statements."""
    measured, ladder = all_with_ladder(tx, root_id)
    found = calendars.current(tx)
    return [describe(one, tx.now, calendar_for(found, one.clock), ladder) for one in measured]


def describe(measured: Measured, now: datetime, calendar: Calendar, ladder: Ladder) -> dict[str, Any]:
    """One clock at an instant, or as it stood when it ended. Deadlines are shown as the second before; the light is
    that of its item's ladder.

    `remaining` is null once the clock has ended, `used` counts in the limit's unit.
    """
    clock = measured.clock
    ended = clock.state in (ClockState.STOPPED, ClockState.VOID)
    usage = used(
        clock.started_at,
        clock.stopped_at or now,
        measured.limit,
        calendar,
        measured.standstills,
        extra=measured.extension,
    )
    return {
        "id": clock.id,
        "kind": clock.kind,
        "subject": clock.subject,
        "state": _standing(measured),
        "limit": measured.limit,
        "statutory_limit": Limit.parse(clock.statutory_limit) if clock.statutory_limit else None,
        "started_at": clock.started_at,
        "due_at": shown(clock.due_at),
        "statutory_due_at": shown(clock.statutory_due_at),
        "remaining": None if ended else usage.remaining,
        "used": usage.amount,
        "signal": _signal(measured, usage, now, calendar, ladder),
        "provisional": clock.is_provisional,
        "statutory_provisional": clock.is_statutory_provisional,
        "stopped_at": clock.stopped_at,
        "extension": measured.extension,
        "statutory_extension": measured.statutory_extension,
        "revision": clock.revision,
        "pauses": [_pause(pause, calendar, clock.stopped_at or now) for pause in measured.pauses],
    }


def shown(due_at: datetime | None) -> datetime | None:
    """A deadline as people read it: the last second in time, not the first instant too late."""
    return None if due_at is None else due_at - SHOWN_BEFORE


def _standing(measured: Measured) -> Standing:
    clock = measured.clock
    if clock.state == ClockState.PAUSED and any(pause.is_exclusion for pause in measured.open_pauses):
        return Standing.EXCLUDED
    return Standing(clock.state)


def _signal(measured: Measured, usage: Usage, now: datetime, calendar: Calendar, ladder: Ladder) -> Signal:
    clock = measured.clock
    if clock.state == ClockState.VOID:
        return Signal.NONE
    if usage.is_late:
        return Signal.RED
    warnings = ladders.warnings(ladder, clock.kind.lower())
    is_warned = clock.state in OPEN and measured.has_come_to(warnings, now, calendar)
    return Signal.YELLOW if is_warned else Signal.NONE


def _pause(pause: ClockPause, calendar: Calendar, now: datetime) -> dict[str, Any]:
    """One standstill; `working_days` are those after the day it began, up to the day it ended."""
    begun, ended = calendar.local_day(pause.begins_at), calendar.local_day(pause.ends_at or now)
    return {
        "begins_at": pause.begins_at,
        "ends_at": pause.ends_at,
        "expected_end_at": pause.expected_end_at,
        "reason": pause.reason,
        "reason_name": clock_reasons.name_of(pause.reason),
        "is_exclusion": pause.is_exclusion,
        "basis": pause.basis,
        "document": pause.document,
        "asked_by": pause.asked_by,
        "department": pause.department,
        "reversed_at": pause.reversed_at,
        "working_days": calendar.working_days(begun, ended),
    }
