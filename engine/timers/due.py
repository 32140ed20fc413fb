"""When a BPMN timer is due: Camunda 7's timeDate, timeDuration and timeCycle, already evaluated.

Reads no clock: the present is an argument. Knows nothing of jobs or of the working calendar of an office.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.errors import Sentence
from engine.timers.cron import read_cron
from engine.timers.cycles import Cycle, is_cycle, points_left_until, read_cycle, steps_until_after
from engine.timers.faults import TimerFault
from engine.timers.instants import MAX_LENGTH, instant
from engine.timers.periods import period_of, read_period

_ANY_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Due:
    """An instant in UTC at which a timer fires, and how many firings are left after it (None: without end)."""

    at: datetime
    remaining: int | None


def due_at(kind: str, value: object, now: datetime, zone: ZoneInfo) -> Due:
    """The first firing of a timer of kind "date", "duration" or "cycle" that is armed at `now`.

    `value` is ISO 8601 text, a cron line (cycle only) or an object that an expression yielded: a datetime or date is
    the instant itself whatever the kind, as in Camunda; a timedelta is a duration. What has no offset is read in
    `zone`; a date in the past is due at once. TimerFault when the value names no instant.
    """
    if isinstance(value, date):
        return Due(instant(value, zone), remaining=0)
    if isinstance(value, str):
        return _reader(kind)(_text(value), now, zone)
    if isinstance(value, timedelta) and kind != "cycle":
        return Due(period_of(value).times_after(now, 1, zone), remaining=0)
    raise TimerFault(
        Sentence(
            "定时器的值必须是 ISO 8601 文本、日期或时长。",
            "The value of a timer must be ISO 8601 text, a date or a duration.",
        )
    )


def next_due(value: object, previous: Due, now: datetime, zone: ZoneInfo) -> Due | None:
    """The firing of a cycle after `previous`, later than `now` and on the cycle's own grid; None when it is over.

    Firings that were missed are skipped, never made up for in a burst. They count against the repetitions, as in
    Camunda 7: R3/PT10M covers half an hour, whether or not the server ran all the time, and three reminders of last
    week are not sent today. Months of a cycle without start or end are counted from `previous`. TimerFault when the
    value is no cycle any more.
    """
    if previous.remaining == 0 or not isinstance(value, str):
        return None
    text, after = _text(value), max(now, previous.at)
    if not is_cycle(text):
        at = read_cron(text).next_after(after, zone)
        return None if at is None else Due(at, remaining=None)
    cycle = read_cycle(text, zone)
    if cycle.start is None and cycle.end is None:
        cycle = Cycle(cycle.period, previous.remaining, start=previous.at)
    due = _point_after(cycle, after, zone)
    return due if due.at > after else None


def check_literal(kind: str, text: str) -> None:
    """Refuses a timer's literal that could never fire: TimerFault with the sentence for the designer."""
    _reader(kind)(_text(text), datetime(2000, 1, 1, tzinfo=UTC), _ANY_ZONE)


def _text(value: str) -> str:
    text = value.strip()
    if text and len(text) <= MAX_LENGTH:
        return text
    raise TimerFault(
        Sentence(
            f"定时器的值为空或超过 {MAX_LENGTH} 个字符。",
            f"The value of a timer is empty or longer than {MAX_LENGTH} characters.",
        )
    )


def _date(text: str, now: datetime, zone: ZoneInfo) -> Due:
    """A date; or, as Camunda's due date calendar allows, a duration from now."""
    return _duration(text, now, zone) if text.startswith("P") else Due(instant(text, zone), remaining=0)


def _duration(text: str, now: datetime, zone: ZoneInfo) -> Due:
    return Due(read_period(text).times_after(now, 1, zone), remaining=0)


def _cycle(text: str, now: datetime, zone: ZoneInfo) -> Due:
    if is_cycle(text):
        cycle = read_cycle(text, zone)
        if cycle.start is None and cycle.end is None:
            cycle = Cycle(cycle.period, cycle.repetitions, start=now)
        return _point_after(cycle, now, zone)
    at = read_cron(text).next_after(now, zone)
    if at is not None:
        return Due(at, remaining=None)
    raise TimerFault(Sentence(f"“{text}”不会再有到期时间。", f"{text} is never due again."))


def _point_after(cycle: Cycle, now: datetime, zone: ZoneInfo) -> Due:
    """The first point of the cycle later than `now`, or its last point when all are past.

    By Camunda 7's count, R3/start/PT10M has a point at the start and three more; R3/PT10M starts now, where nothing
    fires, so that three are left (DurationHelper).
    """
    if cycle.end is not None:
        left = max(points_left_until(cycle.end, cycle.period, now, zone) - 1, 0)
        left = left if cycle.repetitions is None else min(left, cycle.repetitions)
        return Due(cycle.period.times_after(cycle.end, -left, zone), remaining=left)
    start = cycle.start or now
    passed = steps_until_after(start, cycle.period, now, zone)
    if cycle.repetitions is None:
        return Due(cycle.period.times_after(start, passed, zone), remaining=None)
    passed = min(passed, cycle.repetitions)
    return Due(cycle.period.times_after(start, passed, zone), remaining=cycle.repetitions - passed)


_READERS: Mapping[str, Callable[[str, datetime, ZoneInfo], Due]] = {
    "date": _date,
    "duration": _duration,
    "cycle": _cycle,
}


def _reader(kind: str) -> Callable[[str, datetime, ZoneInfo], Due]:
    return _READERS[kind]
