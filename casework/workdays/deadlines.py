"""When a limit ends: the first instant that is too late, and which days were counted on the way. Knows no case, no
clock and no storage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from casework.workdays.calendars import JUST_BEFORE, ONE_DAY, Calendar, Day, Reason
from casework.workdays.hours import running
from casework.workdays.limits import Limit, Unit
from casework.workdays.pauses import Pause, require_zone, union
from engine.errors import Invalid, Sentence


class Skipped(NamedTuple):
    """A day that did not count, and why."""

    day: date
    reason: Reason
    name: str

    @property
    def sentence(self) -> Sentence:
        zh, en = _WHY[self.reason]
        if self.reason is Reason.HOLIDAY and self.name:
            return Sentence(f"{zh}（{self.name}）", f"{en} ({self.name})")
        return Sentence(zh, en)


_WHY = {
    Reason.WEEKEND: ("周末", "weekend"),
    Reason.HOLIDAY: ("放假", "day off"),
    Reason.PAUSED: ("时限中止", "the clock was paused"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a limit ends, and how that was found.

    `at` is the first instant too late, UTC; it and `last_day` are None while a pause without end holds.
    `counted` are the days that used up the limit (none for hours round the clock), `skipped` those between that
    did not, `last_day` the last day on which one is in time. `provisional` (暂定): a notice still to come may move it.
    """

    at: datetime | None
    last_day: date | None
    provisional: bool
    counted: tuple[date, ...]
    skipped: tuple[Skipped, ...]


def deadline(
    start: datetime | date,
    limit: Limit,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    extra: Limit | None = None,
) -> Deadline:
    """The end of `limit`, and of its extension `extra`, for a clock started at `start`.

    Days: the day of the start is not counted, even if it is a day off and whatever its hour, unless the office defers
    what comes after hours (民法典 art. 201, 203); natural days end on a working day (art. 203). Hours run from the
    start (art. 201); a bare date starts at 00:00. A pause that begins when the limit has ended does not revive it; a
    limit that would end during a pause ends with the first working day that closes after it.

    Raises Invalid when the extension has another unit, or the end lies beyond the year 9999.
    """
    whole = limit if extra is None else limit + extra
    count = _in_days if whole.unit.counts_days else _in_hours
    try:
        return count(_instant(start, calendar), whole, calendar, union(pauses))
    except OverflowError as beyond:
        raise Invalid(
            Sentence(
                "时限超出日历范围，请检查起始日期。", "The limit ends beyond the calendar; check the date it starts."
            )
        ) from beyond


def _instant(start: datetime | date, calendar: Calendar) -> datetime:
    if not isinstance(start, datetime):
        return calendar.opening(start)
    require_zone(start)
    return start.astimezone(UTC)


def _in_days(start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause]) -> Deadline:
    start_day = calendar.day_received(start)
    still = _still_days(pauses, calendar)
    counted, skipped = _walk(start_day, limit, calendar, still)
    if len(counted) < limit.amount:
        return Deadline(None, None, False, tuple(counted), tuple(skipped))
    reached = counted[-1] if counted else start_day
    last = _last_day(reached, start, calendar, pauses)
    if last is None:
        return Deadline(None, None, False, tuple(counted), tuple(skipped))
    skipped += _skipped_between(reached, last, calendar, still)
    first_looked_at = min(start_day + ONE_DAY, last) if limit.unit is Unit.WD else reached
    provisional = calendar.is_provisional_between(first_looked_at, last)
    return Deadline(calendar.end_of(last), last, provisional, tuple(counted), tuple(skipped))


_StillDays = list[tuple[date, date]]


def _still_days(pauses: Sequence[Pause], calendar: Calendar) -> _StillDays:
    """Each pause as (day after which nothing counts, last day that does not count)."""
    return [
        (calendar.local_day(pause.begins_at), date.max if pause.ends_at is None else calendar.local_day(pause.ends_at))
        for pause in pauses
    ]


def _walk(start_day: date, limit: Limit, calendar: Calendar, still: _StillDays) -> tuple[list[date], list[Skipped]]:
    """Counts days until the limit is used up, or a pause without end begins."""
    counted: list[date] = []
    skipped: list[Skipped] = []
    if limit.amount == 0:
        return counted, skipped
    open_from = next((begun for begun, ended in still if ended == date.max), date.max)
    for day in calendar.days_after(start_day, open_from):
        reason = _why_not(day, still) if limit.unit is Unit.WD else _why_still(day, still)
        if reason is not None:
            skipped.append(Skipped(day.day, reason, day.name))
            continue
        counted.append(day.day)
        if len(counted) == limit.amount:
            return counted, skipped
    if open_from == date.max:
        raise OverflowError
    return counted, skipped


def _why_still(day: Day, still: _StillDays) -> Reason | None:
    return Reason.PAUSED if still and any(begun < day.day <= ended for begun, ended in still) else None


def _why_not(day: Day, still: _StillDays) -> Reason | None:
    return _why_still(day, still) or day.off


def _last_day(reached: date, start: datetime, calendar: Calendar, pauses: Sequence[Pause]) -> date | None:
    """Where the limit ends that is used up on the day `reached`: on a working day, and not while the clock stands."""
    last = _working_day_closing_after(start, reached, calendar)
    for pause in pauses:
        if pause.covers(calendar.end_of(last)):
            if pause.ends_at is None:
                return None
            last = _working_day_closing_after(pause.ends_at, calendar.local_day(pause.ends_at), calendar)
    return last


def _working_day_closing_after(instant: datetime, day: date, calendar: Calendar) -> date:
    working = calendar.working_day_from(day)
    return working if calendar.end_of(working) > instant else calendar.working_day_from(working + ONE_DAY)


def _skipped_between(reached: date, last: date, calendar: Calendar, still: _StillDays) -> list[Skipped]:
    if last - reached <= ONE_DAY:
        return []
    between = calendar.days_after(reached, last - ONE_DAY)
    return [Skipped(day.day, reason, day.name) for day in between if (reason := _why_not(day, still)) is not None]


def _in_hours(start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause]) -> Deadline:
    left = timedelta(hours=limit.amount)
    touched: list[date] = []
    at = None
    for span in running(start, limit.unit, calendar, pauses):
        touched.append(calendar.local_day(span.begins_at))
        if span.ends_at - span.begins_at >= left:
            at = span.begins_at + left
            break
        left -= span.ends_at - span.begins_at
    if limit.unit is Unit.H:
        return Deadline(at, at and calendar.local_day(at - JUST_BEFORE), False, (), ())
    start_day = calendar.local_day(start)
    last = touched[-1] if touched else start_day
    skipped = _skipped_between(start_day, last, calendar, []) if at else []
    provisional = at is not None and calendar.is_provisional_between(start_day, last)
    return Deadline(at, last if at else None, provisional, tuple(dict.fromkeys(touched)), tuple(skipped))
