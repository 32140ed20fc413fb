"""When a limit reaches a share of itself, or stands so many units before or after its end: the inverse of usage. Knows
no case, no clock and no storage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.workdays.calendars import JUST_BEFORE, ONE_DAY, Calendar
from casework.workdays.deadlines import Deadline, deadline
from casework.workdays.hours import running
from casework.workdays.limits import Limit, Unit
from casework.workdays.pauses import Pause, union

_WHOLE = 100
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Course:
    """A limit as it runs on a calendar: from when, how long with its extension, when it stood still, when it ends.

    `pauses` are a union.
    """

    start: datetime
    limit: Limit
    calendar: Calendar
    pauses: tuple[Pause, ...]
    end: Deadline

    def reaches(self, percent: int) -> datetime | None:
        """The first instant at which so much of the limit, 1 to 100 percent, is used; None when a pause without end
        begins before. Only counted days count, and a day is its office hours."""
        if self.limit.amount == 0:
            return self.end.at
        reaching = self._in_days if self.limit.unit.counts_days else self._in_hours
        return reaching(percent)

    def before(self, ahead: Limit) -> datetime | None:
        """The instant so many units before the end; None while the limit has none."""
        if self.end.at is None or self.end.last_day is None:
            return None
        if ahead.unit is Unit.WD:
            return self.calendar.end_of(self._working_day_before(self.end.last_day, ahead.amount))
        if ahead.unit is Unit.WH:
            return self._office_hours_before(self.end.at, timedelta(hours=ahead.amount))
        return self.end.at - (ONE_DAY if ahead.unit is Unit.ND else timedelta(hours=1)) * ahead.amount

    def after(self, late: Limit) -> datetime | None:
        """The instant so many units after the end, the standstills not counted; None while the limit has none."""
        if self.end.at is None:
            return None
        begun = self.end.at - JUST_BEFORE if late.unit.counts_days else self.end.at
        return deadline(begun, late, self.calendar, self.pauses).at if late.amount else self.end.at

    def awake(self, instant: datetime) -> datetime | None:
        """The instant itself, or when the limit goes on if it stands still then; None when that is not known."""
        for pause in self.pauses:
            if pause.covers(instant):
                return pause.ends_at
        return instant

    def _in_days(self, percent: int) -> datetime | None:
        whole, rest = divmod(self.limit.amount * percent, _WHOLE)
        place = whole if rest else whole - 1
        if place >= len(self.end.counted):
            return None
        return self._share_of_day(self.end.counted[place], rest or _WHOLE)

    def _share_of_day(self, day: date, percent: int) -> datetime:
        spans = list(self.calendar.office_spans(day))
        whole = sum((closes - opens for opens, closes in spans), timedelta())
        left = -(-whole * percent // _WHOLE // _SECOND) * _SECOND
        for opens, closes in spans:
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        return spans[-1].ends_at

    def _in_hours(self, percent: int) -> datetime | None:
        left = timedelta(hours=self.limit.amount) * percent / _WHOLE
        for begins_at, ends_at in running(self.start, self.limit.unit, self.calendar, self.pauses):
            if left <= ends_at - begins_at:
                return begins_at + left
            left -= ends_at - begins_at
        return None

    def _working_day_before(self, day: date, amount: int) -> date:
        while amount:
            day -= ONE_DAY
            amount -= self.calendar.is_working(day)
        return day

    def _office_hours_before(self, at: datetime, left: timedelta) -> datetime:
        day = self.calendar.local_day(at)
        while True:
            for opens, closes in reversed(
                list(self.calendar.office_spans(day)) if self.calendar.is_working(day) else []
            ):
                length = max(min(closes, at) - opens, timedelta())
                if left <= length:
                    return min(closes, at) - left
                left -= length
            day -= ONE_DAY


def course(
    start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause] = (), extra: Limit | None = None
) -> Course:
    """How `limit` and its extension `extra` run from `start`. Raises Invalid like `deadline`."""
    whole, merged = limit if extra is None else limit + extra, union(pauses)
    return Course(start, whole, calendar, merged, deadline(start, whole, calendar, merged))
