"""Reads an ISO 8601 repeating interval and finds its next point. Knows nothing of cron."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.errors import Sentence
from engine.timers.faults import TimerFault
from engine.timers.instants import instant
from engine.timers.periods import Period, period_of, read_period

MAX_REPETITIONS = 2**31 - 1
SHORTEST = timedelta(seconds=1)
_REPETITION = re.compile(r"R(?P<count>[0-9]{0,10})")


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating interval: its period, how often, and the start or the end that its points are counted from."""

    period: Period
    repetitions: int | None
    start: datetime | None = None
    end: datetime | None = None


def is_cycle(text: str) -> bool:
    """Whether the text is meant as a repeating interval rather than as a cron line."""
    return text.startswith(("R", "P"))


def read_cycle(text: str, zone: ZoneInfo) -> Cycle:
    """The cycle that ISO 8601 text means: R/PT5M, R3/PT10M, R3/start/PT10M, R3/P1D/end, R3/start/end."""
    first, *parts = text.split("/")
    match = _REPETITION.fullmatch(first)
    if match is None or not 1 <= len(parts) <= 2 or (len(parts) == 1 and not parts[0].startswith("P")):
        raise TimerFault(
            Sentence(
                f"“{text[:60]}”不是循环；请写成 R/PT5M、R3/PT10M 或 R3/2026-03-02T09:00:00/P1D。",
                f"{text[:60]} is no cycle; write R/PT5M, R3/PT10M or R3/2026-03-02T09:00:00/P1D.",
            )
        )
    cycle = _cycle(_repetitions(match["count"]), parts, zone)
    if cycle.period.shortest < SHORTEST:
        raise TimerFault(
            Sentence("循环的间隔不能短于一秒。", "The interval of a cycle cannot be shorter than a second.")
        )
    return cycle


def _repetitions(digits: str) -> int | None:
    if not digits:
        return None
    count = int(digits)
    if 1 <= count <= MAX_REPETITIONS:
        return count
    raise TimerFault(
        Sentence(
            f"循环次数必须在 1 到 {MAX_REPETITIONS} 之间；不限次数请写 R。",
            f"A cycle repeats from 1 to {MAX_REPETITIONS} times; write R alone for no limit.",
        )
    )


def _cycle(repetitions: int | None, parts: list[str], zone: ZoneInfo) -> Cycle:
    if parts[0].startswith("P"):
        end = instant(parts[1], zone) if len(parts) == 2 else None
        return Cycle(read_period(parts[0]), repetitions, end=end)
    start = instant(parts[0], zone)
    if parts[1].startswith("P"):
        return Cycle(read_period(parts[1]), repetitions, start=start)
    return Cycle(period_of(instant(parts[1], zone) - start), repetitions, start=start)


def steps_until_after(start: datetime, period: Period, now: datetime, zone: ZoneInfo) -> int:
    """How many periods after `start` the first point later than `now` lies; 0 when `start` itself does."""
    if start > now:
        return 0
    at_most = (now - start) // period.shortest + 2
    return bisect_left(range(at_most), True, key=lambda count: period.times_after(start, count, zone) > now)


def points_left_until(end: datetime, period: Period, now: datetime, zone: ZoneInfo) -> int:
    """How many points later than `now` there are when the last one is `end`."""
    if end <= now:
        return 0
    at_most = (end - now) // period.shortest + 2
    return bisect_left(range(at_most), True, key=lambda count: period.times_after(end, -count, zone) <= now)
