"""The stretches of time in which an hour limit runs. Knows no limit's amount."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from casework.workdays.calendars import ONE_DAY, Calendar, Span
from casework.workdays.limits import Unit
from casework.workdays.pauses import Pause

_FOREVER = datetime.max.replace(tzinfo=UTC)


def running(start: datetime, unit: Unit, calendar: Calendar, pauses: Sequence[Pause]) -> Iterator[Span]:
    """From `start` on, in order, when a clock of this unit runs; ends where a pause without end begins.

    `pauses` are a union. Hours round the clock run at any time, office hours only while the office is open.
    """
    open_from = next((pause.begins_at for pause in pauses if pause.ends_at is None), _FOREVER)
    at_work = [Span(start, _FOREVER)] if unit is Unit.H else _at_work(start, open_from, calendar)
    return _without(pauses, at_work)


def passed(spans: Iterable[Span], now: datetime) -> timedelta:
    """How much of the spans, which are in order, lies before `now`."""
    total = timedelta()
    for begins_at, ends_at in spans:
        if begins_at >= now:
            break
        total += min(ends_at, now) - begins_at
    return total


def _at_work(start: datetime, until: datetime, calendar: Calendar) -> Iterator[Span]:
    for day in calendar.days_after(calendar.local_day(start) - ONE_DAY):
        if day.off is not None:
            continue
        for opens, closes in calendar.office_spans(day.day):
            if opens >= until:
                return
            if closes > start:
                yield Span(max(opens, start), closes)
    raise OverflowError


def _without(pauses: Sequence[Pause], spans: Iterable[Span]) -> Iterator[Span]:
    for begins_at, ends_at in spans:
        at = begins_at
        for pause in pauses:
            if at < pause.begins_at < ends_at:
                yield Span(at, pause.begins_at)
            if pause.begins_at < ends_at:
                at = max(at, pause.ends_at or _FOREVER)
        if at < ends_at:
            yield Span(at, ends_at)
