"""Reads the cron lines of a timer cycle, Quartz's as Camunda 7 does and Unix's, and hands the search to cronsim."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from engine.errors import Sentence
from engine.timers.faults import TimerFault

_UNIX_FIELDS = 5
_QUARTZ_FIELDS = (6, 7)
_DAY_OF_MONTH, _MONTH, _DAY_OF_WEEK, _YEAR = 3, 4, 5, 6
_WEEK = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_YEARS = range(1970, 2100)
_DAY_TERM = re.compile(
    r"(?P<first>[A-Z]{3}|[1-7])(?:-(?P<last>[A-Z]{3}|[1-7]))?(?:/(?P<step>[1-7]))?(?:#(?P<nth>[1-5])|(?P<final>L))?"
)
_YEAR_TERM = re.compile(r"(?:\*|(?P<first>[0-9]{4})(?:-(?P<last>[0-9]{4}))?)(?:/(?P<step>[1-9][0-9]{0,2}))?")
_PLAIN = re.compile(r"[0-9A-Z*?/,#-]+")
_SATURDAY = "6"


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron line in cronsim's spelling, and the years it is limited to (None: every year)."""

    line: str
    years: tuple[int, ...] | None

    def next_after(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The next instant, in UTC, later than `now`, by the wall clock of `zone`; None when there is none."""
        local = now.astimezone(zone)
        try:
            found = next(CronSim(self.line, local))
            while self.years is not None and found.year not in self.years:
                year = next(year for year in self.years if year > found.year)
                eve = datetime(year, 1, 1, tzinfo=zone) - timedelta(seconds=1)
                found = next(CronSim(self.line, eve))
        except (StopIteration, OverflowError):
            return None
        return found.astimezone(UTC)


def read_cron(text: str) -> Cron:
    """The cron line of six or seven fields (Quartz: seconds first, Sunday is 1) or of five (Unix: Sunday is 0 or 7)."""
    fields = text.upper().split()
    if not all(map(_PLAIN.fullmatch, fields)) or len(fields) not in (_UNIX_FIELDS, *_QUARTZ_FIELDS):
        raise _no_cron(text)
    years = None
    if len(fields) in _QUARTZ_FIELDS:
        years = _years(fields.pop(_YEAR), text) if len(fields) > _YEAR else None
        fields = _from_quartz(fields, text)
    line = " ".join(fields)
    try:
        CronSim(line, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError:
        raise _no_cron(text) from None
    return Cron(line, years)


def _from_quartz(fields: list[str], text: str) -> list[str]:
    fields = list(fields)
    days, weekdays = fields[_DAY_OF_MONTH], fields[_DAY_OF_WEEK]
    if days not in ("*", "?") and weekdays not in ("*", "?"):
        raise TimerFault(
            Sentence(
                f"“{text}”同时限定了日和星期；请把其中一个写成“?”。",
                f"{text} limits both the day of the month and the day of the week; write ? for one of them.",
            )
        )
    fields[_DAY_OF_MONTH] = "*" if days == "?" else days
    fields[_DAY_OF_WEEK] = "*" if weekdays in ("*", "?") else ",".join(_weekdays(weekdays, text))
    return fields


def _weekdays(field: str, text: str) -> list[str]:
    """Quartz's days of the week in cronsim's numbers, where Sunday is 0: each day of a range by itself."""
    spelled: list[str] = []
    for term in field.split(","):
        if term == "L":
            spelled.append(_SATURDAY)
            continue
        match = _DAY_TERM.fullmatch(term)
        if match is None:
            raise _no_cron(text)
        spelled += _spelled(match, text)
    return spelled


def _spelled(match: re.Match[str], text: str) -> list[str]:
    first = _weekday(match["first"], text)
    if match["nth"] or match["final"]:
        if match["last"] or match["step"]:
            raise _no_cron(text)
        return [f"{first}#{match['nth']}" if match["nth"] else f"{first}L"]
    last = _weekday(match["last"], text) if match["last"] else first
    if match["step"] and not match["last"]:
        last = int(_SATURDAY)
    length = (last - first) % len(_WEEK) + 1
    return [str((first + offset) % len(_WEEK)) for offset in range(0, length, int(match["step"] or 1))]


def _weekday(word: str, text: str) -> int:
    if word.isdigit():
        return int(word) - 1
    if word not in _WEEK:
        raise _no_cron(text)
    return _WEEK.index(word)


def _years(field: str, text: str) -> tuple[int, ...] | None:
    if field in ("*", "?"):
        return None
    years: set[int] = set()
    for term in field.split(","):
        match = _YEAR_TERM.fullmatch(term)
        if match is None:
            raise _no_cron(text)
        years.update(_span(match))
    if not years:
        raise _no_cron(text)
    return tuple(sorted(years))


def _span(match: re.Match[str]) -> range:
    step = int(match["step"] or 1)
    if match["first"] is None:
        return _YEARS[::step]
    first = max(int(match["first"]), _YEARS.start)
    last = int(match["last"] or (_YEARS[-1] if match["step"] else first))
    return range(first, min(last, _YEARS[-1]) + 1, step)


def _no_cron(text: str) -> TimerFault:
    return TimerFault(
        Sentence(
            f"“{text[:60]}”不是可用的 cron 表达式；请写成“秒 分 时 日 月 星期”，例如 0 0 9 ? * MON-FRI。",
            f"{text[:60]} is no cron line that can be used; write second minute hour day month weekday, "
            "such as 0 0 9 ? * MON-FRI.",
        )
    )
