"""Limits in hours: office hours run while the office is open, other hours run at once and at night."""

from datetime import date, datetime, time

from casework.published_calendars import national_calendar
from casework.workdays import SHANGHAI, Calendar, Limit, Pause, Reason, deadline

CALENDAR = national_calendar()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_office_hours_stop_at_the_close_and_go_on_next_morning() -> None:
    """Acceptance scenario 25: 20 minutes on Friday before 17:00, the other 2:40 on Monday from 9:00."""
    due = deadline(local("2026-03-06 16:40"), Limit.parse("3WH"), CALENDAR)
    assert due.at == local("2026-03-09 11:40")
    assert due.counted == (date(2026, 3, 6), date(2026, 3, 9))
    assert [(skipped.day.day, skipped.reason) for skipped in due.skipped] == [(7, Reason.WEEKEND), (8, Reason.WEEKEND)]


def test_office_hours_stop_at_noon() -> None:
    assert deadline(local("2026-03-06 11:30"), Limit.parse("1WH"), CALENDAR).at == local("2026-03-06 13:30")


def test_office_hours_run_on_a_make_up_saturday() -> None:
    assert deadline(local("2026-02-13 16:40"), Limit.parse("3WH"), CALENDAR).at == local("2026-02-14 11:40")


def test_office_hours_may_end_with_the_office_day() -> None:
    due = deadline(local("2026-03-06 16:00"), Limit.parse("1WH"), CALENDAR)
    assert (due.at, due.last_day) == (local("2026-03-06 17:00"), date(2026, 3, 6))


def test_office_hours_from_the_evening_begin_next_morning() -> None:
    due = deadline(local("2026-03-05 20:00"), Limit.parse("1WH"), CALENDAR)
    assert (due.at, due.counted) == (local("2026-03-06 10:00"), (date(2026, 3, 6),))


def test_each_office_has_its_own_hours() -> None:
    urumqi = Calendar(
        CALENDAR.days, CALENDAR.published_years, office_hours=((time(10), time(14)), (time(16), time(20)))
    )
    assert deadline(local("2026-03-06 19:40"), Limit.parse("3WH"), urumqi).at == local("2026-03-09 12:40")


def test_hours_round_the_clock_start_at_once() -> None:
    """Acceptance scenario 26: an urgent order on Saturday 22:00."""
    due = deadline(local("2026-03-07 22:00"), Limit.parse("1H"), CALENDAR)
    assert (due.at, due.counted, due.provisional) == (local("2026-03-07 23:00"), (), False)


def test_the_last_day_of_hours_that_end_at_midnight_is_the_day_before() -> None:
    assert deadline(local("2026-03-07 22:00"), Limit.parse("2H"), CALENDAR).last_day == date(2026, 3, 7)


def test_hours_lose_exactly_the_time_paused() -> None:
    pauses = [
        Pause(local("2026-03-06 10:00"), local("2026-03-06 11:00")),
        Pause(local("2026-03-06 10:30"), local("2026-03-06 14:00")),
    ]
    assert deadline(local("2026-03-06 09:00"), Limit.parse("3WH"), CALENDAR, pauses).at == local("2026-03-06 16:00")
    assert deadline(local("2026-03-06 09:00"), Limit.parse("3H"), CALENDAR, pauses).at == local("2026-03-06 16:00")


def test_hours_have_no_deadline_while_a_pause_is_open() -> None:
    pause = [Pause(local("2026-03-06 10:00"))]
    assert deadline(local("2026-03-06 09:00"), Limit.parse("3WH"), CALENDAR, pause).at is None
    assert deadline(local("2026-03-06 09:00"), Limit.parse("3H"), CALENDAR, pause).last_day is None


def test_a_pause_after_the_last_hour_does_not_revive_the_limit() -> None:
    pause = [Pause(local("2026-03-06 12:00"))]
    assert deadline(local("2026-03-06 09:00"), Limit.parse("3WH"), CALENDAR, pause).at == local("2026-03-06 12:00")


def test_a_bare_date_starts_at_its_midnight() -> None:
    assert deadline(date(2026, 3, 6), Limit.parse("24H"), CALENDAR).at == local("2026-03-07 00:00")


def test_receipt_at_the_stroke_of_the_close_uses_nothing_of_that_day() -> None:
    assert deadline(local("2026-03-05 17:00"), Limit.parse("1WH"), CALENDAR).counted == (date(2026, 3, 6),)
