"""A clock as people read it: what is left, and its light."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from casework import calendars
from casework.clocks.bindings import label
from casework.clocks.reading import Measured, all_of, calendar_for
from casework.tables import ClockPause, ClockState
from casework.workdays import Calendar, Limit, Usage, used
from engine.tables import Act
from engine.transaction import Transaction

YELLOW_FROM = 0.9
SHOWN_BEFORE = timedelta(seconds=1)
Documents = Mapping[tuple[str, datetime], str | None]


class Signal(StrEnum):
    """The light of a clock. YELLOW: nine tenths of the promise are used. RED: the deadline has passed."""

    NONE = "none"
    YELLOW = "yellow"
    RED = "red"


def describe_all(tx: Transaction, root_id: str) -> list[dict[str, Any]]:
    """Every clock of a case, in the order they started, with the notices that paused them. Three statements."""
    measured = all_of(tx, root_id)
    documents = _documents(tx, root_id) if any(one.pauses for one in measured) else {}
    found = calendars.current(tx)
    return [describe(one, tx.now, calendar_for(found, one.clock), documents) for one in measured]


def describe(
    measured: Measured, now: datetime, calendar: Calendar, documents: Documents | None = None
) -> dict[str, Any]:
    """One clock at an instant, or as it stood when it ended. Deadlines are shown as the second before.

    `remaining` is null once the clock has ended, `used` counts in the limit's unit. `documents`: the notice of each
    pause, by the clock's label and the instant it began.
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
        "state": clock.state,
        "limit": measured.limit,
        "statutory_limit": Limit.parse(clock.statutory_limit) if clock.statutory_limit else None,
        "started_at": clock.started_at,
        "due_at": shown(clock.due_at),
        "statutory_due_at": shown(clock.statutory_due_at),
        "remaining": None if ended else usage.remaining,
        "used": usage.amount,
        "signal": Signal.NONE if clock.state == ClockState.VOID else _signal(usage, is_running=not ended),
        "provisional": clock.is_provisional,
        "stopped_at": clock.stopped_at,
        "pauses": [
            _pause(measured, pause, calendar, clock.stopped_at or now, documents or {}) for pause in measured.pauses
        ],
    }


def shown(due_at: datetime | None) -> datetime | None:
    """A deadline as people read it: the last second in time, not the first instant too late."""
    return None if due_at is None else due_at - SHOWN_BEFORE


def _signal(usage: Usage, *, is_running: bool) -> Signal:
    if usage.is_late:
        return Signal.RED
    return Signal.YELLOW if is_running and usage.share >= YELLOW_FROM else Signal.NONE


def _pause(
    measured: Measured, pause: ClockPause, calendar: Calendar, now: datetime, documents: Documents
) -> dict[str, Any]:
    """One standstill; `working_days` are those after the day it began, up to the day it ended."""
    clock = measured.clock
    begun, ended = calendar.local_day(pause.begins_at), calendar.local_day(pause.ends_at or now)
    return {
        "begins_at": pause.begins_at,
        "ends_at": pause.ends_at,
        "reason": pause.reason,
        "is_exclusion": pause.is_exclusion,
        "document": documents.get((label(clock.kind, clock.subject), pause.begins_at)),
        "working_days": calendar.working_days(begun, ended),
    }


def _documents(tx: Transaction, root_id: str) -> Documents:
    """The number of the notice that began each pause, from the evidence."""
    acts = tx.session.execute(
        select(Act.subject, Act.at, Act.document).where(Act.root_id == root_id, Act.kind == "clock.paused")
    )
    return {(subject or "", at): document for subject, at, document in acts}
