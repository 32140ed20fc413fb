"""Which days an office works and when it is open: weekends, the State Council's yearly notice with its make-up days
(调休), local closures. A value: whoever reads the calendar rows builds it. Knows no limits and no storage."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from engine.errors import Invalid, Sentence

OfficeHours = tuple[tuple[time, time], ...]

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
JUST_BEFORE = timedelta(microseconds=1)

# 全国年节放假办法 (2024) art. 2: the days off that fall on the same date every year.
_FIXED_DAYS_OFF = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
# The notice for a year has moved days back to 29 December of the year before (2007, 2011, 2018).
DECIDED_BY_NEXT_YEAR = (12, 25)
_KEPT_YEARS = 32


class Reason(StrEnum):
    """Why a day does not count."""

    WEEKEND = "WEEKEND"
    """An ordinary Saturday or Sunday."""
    HOLIDAY = "HOLIDAY"
    """A day off by law or notice: statutory holiday, day off in lieu, local holiday, closure."""
    PAUSED = "PAUSED"
    """The clock was paused (中止) or the day excluded (特别程序扣除)."""


class DayRule(NamedTuple):
    """One row of the calendar: what holds on that day whatever its weekday, and its Chinese name."""

    is_working: bool
    name: str


class Day(NamedTuple):
    """One day as the calendar sees it; `off` is None on a working day."""

    day: date
    off: Reason | None
    name: str


class Span(NamedTuple):
    """A stretch of time, UTC, without its last instant."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Calendar:
    """The working calendar of one office.

    `days` holds the days that differ from their weekday. A year outside `published_years` has weekends and the fixed
    statutory days only, besides its rows, and what is computed on it is provisional (暂定).
    `ends_at_close`: a limit in days ends at the close of business instead of 24:00 (民法典 art. 203).
    `defers_late_receipt`: what comes after the close of business counts as received the next day.
    """

    days: Mapping[date, tuple[bool, str]] = field(default_factory=dict)
    published_years: frozenset[int] = frozenset()
    zone: ZoneInfo = SHANGHAI
    office_hours: OfficeHours = ((time(9), time(12)), (time(13), time(17)))
    ends_at_close: bool = False
    defers_late_receipt: bool = False
    _years: dict[int, tuple[Day, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        hours = self.office_hours
        in_order = all(opens < closes for opens, closes in hours)
        apart = all(before[1] <= after[0] for before, after in pairwise(hours))
        if not (hours and in_order and apart):
            raise Invalid(
                Sentence(
                    "办公时间至少应有一段，且各段按先后顺序排列、互不重叠。",
                    "Office hours are at least one interval, in order, without overlap.",
                )
            )
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))

    def is_working(self, day: date) -> bool:
        return self._look_up(day).off is None

    def is_provisional(self, day: date) -> bool:
        """Whether a notice still to come may change this day, which the last week of December waits for too."""
        if day.year not in self.published_years:
            return True
        return (day.month, day.day) >= DECIDED_BY_NEXT_YEAR and day.year + 1 not in self.published_years

    def is_provisional_between(self, first: date, last: date) -> bool:
        """Whether a notice still to come may change any day from `first` to `last`, both included."""
        unpublished = any(year not in self.published_years for year in range(first.year, last.year + 1))
        return unpublished or self.is_provisional(last)

    def days_after(self, day: date, until: date = date.max) -> Iterator[Day]:
        """The days after `day` up to and with `until`."""
        first = day + ONE_DAY
        offset = first.toordinal() - date(first.year, 1, 1).toordinal()
        for year in range(first.year, until.year + 1):
            for entry in self._year(year)[offset:]:
                if entry.day > until:
                    return
                yield entry
            offset = 0

    def working_day_from(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, amount: int) -> date:
        """The working day that is the `amount`th after `day`; `day` itself is not counted (民法典 art. 201)."""
        working = (entry.day for entry in self.days_after(day) if entry.off is None)
        for _ in range(amount):
            day = next(working)
        return day

    def working_days(self, after: date, until: date) -> int:
        """How many working days lie after the one day, up to and with the other."""
        return sum(entry.off is None for entry in self.days_after(after, until)) if after < until else 0

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def day_received(self, instant: datetime) -> date:
        """The day on which a limit in days starts: where an office says so, the next one for what comes after hours."""
        day = self.local_day(instant)
        is_late = self.defers_late_receipt and instant >= self._instant(day, self.office_hours[-1][1])
        return day + ONE_DAY if is_late else day

    def opening(self, day: date) -> datetime:
        """00:00 of the day here, in UTC."""
        return self._instant(day, time())

    def end_of(self, day: date) -> datetime:
        """The first instant after the day for a limit in days: 24:00, or the close of business where that holds."""
        return self._instant(day, self.office_hours[-1][1]) if self.ends_at_close else self.opening(day + ONE_DAY)

    def office_spans(self, day: date) -> Iterator[Span]:
        """When the office is open on a day it works."""
        for opens, closes in self.office_hours:
            yield Span(self._instant(day, opens), self._instant(day, closes))

    def share_of_day(self, instant: datetime) -> float:
        """How much of the office hours of its day has passed at the instant, 0 to 1."""
        spans = list(self.office_spans(self.local_day(instant)))
        whole = sum((closes - opens for opens, closes in spans), timedelta())
        passed = sum((min(closes, instant) - opens for opens, closes in spans if opens < instant), timedelta())
        return passed / whole

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _look_up(self, day: date) -> Day:
        return self._year(day.year)[day.toordinal() - date(day.year, 1, 1).toordinal()]

    def _year(self, year: int) -> tuple[Day, ...]:
        table = self._years.get(year)
        if table is None:
            if len(self._years) >= _KEPT_YEARS:
                self._years.clear()
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            table = tuple(self._judge(date.fromordinal(ordinal)) for ordinal in range(first, last + 1))
            self._years[year] = table
        return table

    def _judge(self, day: date) -> Day:
        rule = self.days.get(day)
        if rule is not None:
            is_working, name = rule
            return Day(day, None if is_working else Reason.HOLIDAY, name)
        fixed = None if day.year in self.published_years else _FIXED_DAYS_OFF.get((day.month, day.day))
        if fixed is not None:
            return Day(day, Reason.HOLIDAY, fixed)
        return Day(day, Reason.WEEKEND if day.weekday() >= 5 else None, "")
