"""Reads an ISO 8601 duration and adds it to an instant: years to days by the calendar of a zone, hours exactly."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from engine.errors import Sentence
from engine.timers.faults import TimerFault
from engine.timers.instants import out_of_range

MAX_YEARS = 100
_NUMBER = r"([0-9]+(?:[.,][0-9]+)?)"
_PERIOD = re.compile(
    rf"P(?=.)(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
)
_MICROSECONDS_A_DAY = 86_400_000_000
_MICROSECONDS = (3_600_000_000, 60_000_000, 1_000_000)
_DAYS_A_YEAR = 366


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: whole months and days of the calendar, then an exact rest."""

    months: int = 0
    days: int = 0
    rest: timedelta = timedelta()

    def times_after(self, start: datetime, count: int, zone: ZoneInfo) -> datetime:
        """The instant, in UTC, that lies `count` periods after `start`; before it when `count` is negative.

        31 January plus one month is the last of February; the months are added at once, so that the third month
        after 31 January is 30 April. A day is a day of the calendar in `zone`, 24 hours are 24 hours.
        """
        try:
            if self.months or self.days:
                wall = start.astimezone(zone).replace(tzinfo=None)
                wall += relativedelta(months=self.months * count, days=self.days * count)
                start = wall.replace(tzinfo=zone)
            return start.astimezone(UTC) + self.rest * count
        except (OverflowError, ValueError):
            raise out_of_range() from None

    @property
    def shortest(self) -> timedelta:
        """The least time that the period can last."""
        return timedelta(days=28 * self.months + self.days) + self.rest


def read_period(text: str) -> Period:
    """The period that ISO 8601 text means: P1Y2M3DT4H5M6S, P1W, PT0.5S; from a microsecond up to a hundred years."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise TimerFault(
            Sentence(
                f"“{text[:40]}”不是时长；请写成 P3D（三天）、PT2H（两小时）或 P1M（一个月）。",
                f"{text[:40]} is no duration; write P3D (three days), PT2H (two hours) or P1M (one month).",
            )
        )
    years, months, weeks, days, *clock = (Fraction((part or "0").replace(",", ".")) for part in match.groups())
    whole_days, part_of_day = divmod(weeks * 7 + days, 1)
    rest = part_of_day * _MICROSECONDS_A_DAY + sum(part * unit for part, unit in zip(clock, _MICROSECONDS, strict=True))
    return _checked(int(years * 12 + months), whole_days, int(rest))


def parse_duration(text: str) -> timedelta:
    """The fixed length of an ISO 8601 duration, of camunda:failedJobRetryTimeCycle for one; a day is 24 hours.

    TimerFault for anything else, and for years and months, whose length depends on the date.
    """
    period = read_period(text.strip())
    if period.months:
        raise TimerFault(
            Sentence(
                f"“{text[:40]}”以年或月计，长短不定；请用天、小时或分钟。",
                f"{text[:40]} counts in years or months, which vary in length; use days, hours or minutes.",
            )
        )
    return timedelta(days=period.days) + period.rest


def period_of(length: timedelta) -> Period:
    """The period of a timedelta object, which is exact: one day is 24 hours."""
    return _checked(0, 0, length // timedelta(microseconds=1))


def _checked(months: int, days: int, microseconds: int) -> Period:
    total = (months * _DAYS_A_YEAR // 12 + days) * _MICROSECONDS_A_DAY + microseconds
    if total > MAX_YEARS * _DAYS_A_YEAR * _MICROSECONDS_A_DAY:
        raise TimerFault(
            Sentence(f"时长不能超过 {MAX_YEARS} 年。", f"A duration cannot be longer than {MAX_YEARS} years.")
        )
    return Period(months, days, timedelta(microseconds=microseconds))
