"""How much of a limit is used and how much is left, at a given instant. Knows no case, no clock and no storage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from casework.workdays.calendars import JUST_BEFORE, ONE_DAY, Calendar
from casework.workdays.deadlines import Deadline, deadline
from casework.workdays.hours import passed, running
from casework.workdays.limits import Limit, Unit
from casework.workdays.pauses import Pause, known_at, union
from engine.errors import Sentence

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


class Remaining(NamedTuple):
    """What is left: whole units after the present one, so 0 is the last; below 0 the units overdue, begun ones too."""

    amount: int
    unit: Unit
    text: Sentence


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a limit is used, in its unit, as it stood at one instant.

    Only counted days count, and a day is its office hours: `share` reaches 1 at the close of the last counted day.
    Whether the limit has passed is said by `is_late` alone, which waits for the deadline itself.
    """

    amount: float
    share: float
    is_late: bool
    remaining: Remaining
    deadline: Deadline


def used(
    start: datetime,
    now: datetime,
    limit: Limit,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    extra: Limit | None = None,
) -> Usage:
    """What has been used of `limit` and its extension at `now`, knowing the pauses as they were known then."""
    whole = limit if extra is None else limit + extra
    known = union(known_at(pauses, now))
    due = deadline(start, whole, calendar, known)
    is_late = due.at is not None and now >= due.at
    if whole.unit.counts_days:
        amount = _used_days(due, now, whole.unit, calendar, is_late)
    else:
        amount = _used_hours(start, due, now, whole, calendar, known)
    share = amount / whole.amount if whole.amount else float(is_late)
    if due.at is None:
        left = _left_while_paused(whole, amount, due, calendar.local_day(now))
    else:
        left = remaining(due.at, now, whole.unit, calendar)
    return Usage(amount, share, is_late, left, due)


def remaining(at: datetime, now: datetime, unit: Unit, calendar: Calendar) -> Remaining:
    """What is left at `now` until the deadline `at`, as the inbox shows it."""
    return (_days_left if unit.counts_days else _hours_left)(at, now, unit, calendar)


def _used_days(due: Deadline, now: datetime, unit: Unit, calendar: Calendar, is_late: bool) -> float:
    today = calendar.local_day(now)
    days = list(due.counted)
    if is_late and due.last_day is not None:
        days += _days_over(due.last_day, today, unit, calendar)
    whole_days = sum(day < today for day in days)
    return whole_days + calendar.share_of_day(now) if today in days else float(whole_days)


def _days_over(last: date, today: date, unit: Unit, calendar: Calendar) -> list[date]:
    if last >= today:
        return []
    return [day.day for day in calendar.days_after(last, today) if unit is Unit.ND or day.off is None]


def _used_hours(
    start: datetime, due: Deadline, now: datetime, whole: Limit, calendar: Calendar, pauses: tuple[Pause, ...]
) -> float:
    if due.at is None or now < due.at:
        return passed(running(start, whole.unit, calendar, pauses), now) / _HOUR
    return whole.amount + passed(running(due.at, whole.unit, calendar, ()), now) / _HOUR


def _left_while_paused(whole: Limit, amount: float, due: Deadline, today: date) -> Remaining:
    if whole.unit.counts_days:
        left = whole.amount - sum(day <= today for day in due.counted)
        phrase = whole.unit.phrase(left)
    else:
        time_left = (whole.amount - amount) * _HOUR
        left, phrase = time_left // _HOUR, _duration(time_left, whole.unit)
    return Remaining(left, whole.unit, Sentence(f"暂停计时，剩余 {phrase.zh}", f"standing still, {phrase.en} left"))


def _days_left(at: datetime, now: datetime, unit: Unit, calendar: Calendar) -> Remaining:
    today, last = calendar.local_day(now), calendar.local_day(at - JUST_BEFORE)
    if now >= at:
        over = max(1, _days_between(last, today, unit, calendar))
        return Remaining(-over, unit, _overdue(unit.phrase(over)))
    left = _days_between(today, last, unit, calendar)
    return Remaining(left, unit, _left(unit.phrase(left)) if left else Sentence("今日到期", "due today"))


def _days_between(after: date, until: date, unit: Unit, calendar: Calendar) -> int:
    return calendar.working_days(after, until) if unit is Unit.WD else (until - after) // ONE_DAY


def _hours_left(at: datetime, now: datetime, unit: Unit, calendar: Calendar) -> Remaining:
    if now >= at:
        over = passed(running(at, unit, calendar, ()), now)
        return Remaining(-max(1, -(-over // _HOUR)), unit, _overdue(_duration(over, unit)))
    left = passed(running(now, unit, calendar, ()), at)
    return Remaining(left // _HOUR, unit, _left(_duration(left, unit)))


def _duration(length: timedelta, unit: Unit) -> Sentence:
    minutes = length // _MINUTE
    if minutes == 0:
        return Sentence("1 分钟以内", "less than a minute")
    hours, minutes = divmod(minutes, 60)
    zh = " ".join(f"{amount} {word}" for amount, word in ((hours, "小时"), (minutes, "分钟")) if amount)
    en = " ".join(f"{amount} {word}" for amount, word in ((hours, "h"), (minutes, "min")) if amount)
    return Sentence(f"{zh}办公时间", f"{en} of office time") if unit is Unit.WH else Sentence(zh, en)


def _left(phrase: Sentence) -> Sentence:
    return Sentence(f"剩余 {phrase.zh}", f"{phrase.en} left")


def _overdue(phrase: Sentence) -> Sentence:
    return Sentence(f"已超期 {phrase.zh}", f"{phrase.en} overdue")
