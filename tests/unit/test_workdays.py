"""The date vectors of the Chinese working calendar of 2026, and what a day limit counts."""

import subprocess
import sys
from datetime import UTC, date, datetime, time

import pytest

from casework.published_calendars import national_calendar
from casework.workdays import SHANGHAI, Calendar, Limit, Pause, Reason, Unit, deadline
from engine.errors import Invalid

CALENDAR = national_calendar()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def paused(begins: str, ends: str) -> list[Pause]:
    return [Pause(local(f"{begins} 10:00"), local(f"{ends} 15:00"))]


VECTORS = [
    pytest.param("2026-02-13", "1WD", [], "2026-02-14", id="make-up Saturday before Spring Festival"),
    pytest.param("2026-02-13", "2WD", [], "2026-02-24", id="nine days off in between"),
    pytest.param("2026-09-18", "1WD", [], "2026-09-20", id="make-up Sunday"),
    pytest.param("2026-09-17", "5WD", [], "2026-09-23", id="a make-up Sunday counts"),
    pytest.param("2026-09-18", "5WD", [], "2026-09-24", id="the eve of Mid-Autumn"),
    pytest.param("2026-09-30", "3WD", [], "2026-10-10", id="National Day and a make-up Saturday"),
    pytest.param("2026-10-09", "1WD", [], "2026-10-10", id="make-up Saturday after National Day"),
    pytest.param("2026-10-09", "2WD", [], "2026-10-12", id="Monday after the make-up Saturday"),
    pytest.param("2026-04-30", "5WD", [], "2026-05-11", id="May Day, Saturday 9 May works"),
    pytest.param("2026-04-29", "7WD", [], "2026-05-12", id="7 working days over May Day"),
    pytest.param("2026-06-18", "1WD", [], "2026-06-22", id="Dragon Boat"),
    pytest.param(
        "2026-02-10", "5WD", paused("2026-02-13", "2026-02-24"), "2026-02-26", id="pause over Spring Festival"
    ),
    pytest.param("2026-09-28", "20WD", [], "2026-10-30", id="20 working days over National Day"),
    pytest.param("2026-09-28", "20WD", paused("2026-10-09", "2026-10-20"), "2026-11-11", id="8 working days excluded"),
    pytest.param("2026-02-09", "45WD", [], "2026-04-20", id="joint handling"),
    pytest.param("2026-11-23", "45WD", [], "2027-01-26", id="into an unpublished year"),
    pytest.param("2026-09-18", "15ND", [], "2026-10-08", id="last natural day in a holiday"),
    pytest.param("2026-01-03", "1WD", [], "2026-01-04", id="received on a day off, make-up Sunday"),
]


@pytest.mark.parametrize(("start", "limit", "pauses", "last_day"), VECTORS)
def test_date_vector(start: str, limit: str, pauses: list[Pause], last_day: str) -> None:
    due = deadline(local(f"{start} 10:00"), Limit.parse(limit), CALENDAR, pauses)
    assert due.last_day == date.fromisoformat(last_day)
    assert due.provisional is (date.fromisoformat(last_day).year == 2027)


def test_a_deadline_is_midnight_after_the_last_day_in_the_zone_of_the_calendar() -> None:
    """Acceptance scenario 3."""
    due = deadline(local("2026-02-13 10:00"), Limit.parse("1WD"), CALENDAR)
    assert due.at == datetime(2026, 2, 14, 16, 0, tzinfo=UTC)


def test_a_limit_ends_at_the_close_of_business_where_the_office_says_so() -> None:
    """民法典 art. 203."""
    office = Calendar(CALENDAR.days, CALENDAR.published_years, ends_at_close=True)
    due = deadline(local("2026-02-13 10:00"), Limit.parse("1WD"), office)
    assert due.at == local("2026-02-14 17:00")


@pytest.mark.parametrize("hour", ["00:00", "08:59", "12:30", "17:01", "23:59"])
def test_the_hour_of_receipt_does_not_matter_to_a_day_limit(hour: str) -> None:
    due = deadline(local(f"2026-02-13 {hour}"), Limit.parse("1WD"), CALENDAR)
    assert due.last_day == date(2026, 2, 14)


def test_the_start_is_a_day_of_the_calendars_zone_not_of_utc() -> None:
    half_past_midnight = datetime(2026, 2, 12, 16, 30, tzinfo=UTC)
    assert deadline(half_past_midnight, Limit.parse("1WD"), CALENDAR) == deadline(
        date(2026, 2, 13), Limit.parse("1WD"), CALENDAR
    )


def test_a_start_without_a_zone_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        deadline(datetime(2026, 2, 13, 10), Limit.parse("1WD"), CALENDAR)


def test_counted_and_skipped_days_explain_the_deadline() -> None:
    due = deadline(date(2026, 9, 30), Limit.parse("3WD"), CALENDAR)
    assert due.counted == (date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10))
    assert [skipped.day.day for skipped in due.skipped] == [1, 2, 3, 4, 5, 6, 7]
    assert {(skipped.reason, skipped.sentence.zh) for skipped in due.skipped} == {(Reason.HOLIDAY, "放假（国庆节）")}


def test_skipped_days_say_why() -> None:
    pauses = paused("2026-06-15", "2026-06-17")
    due = deadline(date(2026, 6, 12), Limit.parse("3WD"), CALENDAR, pauses)
    assert [(skipped.day.day, skipped.sentence.en) for skipped in due.skipped] == [
        (13, "weekend"),
        (14, "weekend"),
        (16, "the clock was paused"),
        (17, "the clock was paused"),
        (19, "day off (端午节)"),
        (20, "day off (端午节)"),
        (21, "day off (端午节)"),
    ]
    assert due.last_day == date(2026, 6, 22)


def test_natural_days_count_days_off_and_only_the_last_moves() -> None:
    """民法典 art. 203: raw end Saturday 3 October 2026, the first working day is 8 October."""
    due = deadline(date(2026, 9, 18), Limit.parse("15ND"), CALENDAR)
    assert len(due.counted) == 15
    assert due.counted[-1] == date(2026, 10, 3)
    assert [skipped.day.day for skipped in due.skipped] == [4, 5, 6, 7]


def test_natural_days_that_end_on_a_working_day_do_not_move() -> None:
    assert deadline(date(2026, 9, 18), Limit.parse("20ND"), CALENDAR).last_day == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("start", "last_day"), [("2026-02-13 16:00", date(2026, 2, 13)), ("2026-02-15 10:00", date(2026, 2, 24))]
)
def test_on_the_spot_is_due_the_day_it_is_received_or_the_next_working_day(start: str, last_day: date) -> None:
    assert deadline(local(start), Limit.parse("0WD"), CALENDAR).last_day == last_day


def test_on_the_spot_is_due_tomorrow_when_received_after_the_close_that_ends_the_day() -> None:
    office = Calendar(CALENDAR.days, CALENDAR.published_years, ends_at_close=True)
    assert deadline(local("2026-03-06 18:00"), Limit.parse("0WD"), office).last_day == date(2026, 3, 9)


def test_an_extension_is_counted_from_the_limit_it_extends() -> None:
    """行政许可法 art. 42: 45 + 15 days for joint handling."""
    extended = deadline(date(2026, 2, 9), Limit.parse("45WD"), CALENDAR, extra=Limit.parse("15WD"))
    assert extended.last_day == CALENDAR.add_working_days(date(2026, 4, 20), 15)


def test_an_extension_in_another_unit_is_refused() -> None:
    with pytest.raises(Invalid, match="45 working days, the extension 15 natural days"):
        deadline(date(2026, 2, 9), Limit.parse("45WD"), CALENDAR, extra=Limit.parse("15ND"))


@pytest.mark.parametrize(
    "written", ["", "5", "WD", "5wd", "-5WD", "5.5WD", "٥WD", "5WD\n", " 5WD", "0WH", "0H", "10000WD"]
)
def test_a_limit_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        Limit.parse(written)


@pytest.mark.parametrize("written", ["0WD", "5WD", "60ND", "3WH", "24H"])
def test_a_limit_is_written_as_it_is_read(written: str) -> None:
    assert str(Limit.parse(written)) == written


def test_a_limit_is_said_in_two_languages() -> None:
    assert Limit(1, Unit.WD).text == ("1 个工作日", "1 working day")
    assert Limit(15, Unit.ND).text == ("15 个自然日", "15 natural days")


@pytest.mark.parametrize("limit", ["1WD", "9999ND", "1WH", "1H"])
def test_a_limit_that_ends_beyond_the_calendar_is_refused(limit: str) -> None:
    with pytest.raises(Invalid, match="beyond the calendar"):
        deadline(datetime(9999, 12, 31, 15, 59, tzinfo=UTC), Limit.parse(limit), CALENDAR)


def test_an_unpublished_year_has_weekends_and_the_fixed_statutory_days() -> None:
    """全国年节放假办法: 1 January, 1 and 2 May, 1 to 3 October fall on the same dates every year."""
    weekdays_off = [
        day
        for month, day in [(1, 1), (4, 30), (5, 1), (5, 3), (10, 1), (10, 4)]
        if not CALENDAR.is_working(date(2027, month, day)) and date(2027, month, day).weekday() < 5
    ]
    assert weekdays_off == [1, 1]
    assert [CALENDAR.is_working(date(2029, 5, day)) for day in (1, 2, 3)] == [False, False, True]
    assert [CALENDAR.is_working(date(2029, 10, day)) for day in (1, 2, 3, 4)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("day", "is_provisional"),
    [("2026-12-24", False), ("2026-12-25", True), ("2027-06-01", True), ("2025-12-31", False), ("2005-06-01", True)],
)
def test_a_day_is_provisional_while_a_notice_to_come_may_move_it(day: str, is_provisional: bool) -> None:
    """The last week of December waits for the notice of the next year, which has moved 29 to 31 December before."""
    assert CALENDAR.is_provisional(date.fromisoformat(day)) is is_provisional


def test_a_deadline_is_provisional_as_soon_as_one_day_on_its_way_is() -> None:
    assert not deadline(date(2026, 12, 23), Limit.parse("1WD"), CALENDAR).provisional
    assert deadline(date(2026, 12, 23), Limit.parse("2WD"), CALENDAR).provisional
    assert deadline(date(2026, 12, 23), Limit.parse("16WH"), CALENDAR).provisional
    assert deadline(date(2026, 12, 1), Limit.parse("45ND"), CALENDAR).provisional
    assert not deadline(date(2026, 12, 23), Limit.parse("72H"), CALENDAR).provisional


def test_publishing_a_year_makes_the_deadline_final() -> None:
    """Acceptance scenario 28, its arithmetic: 4 January 2027 off, 9 January worked instead."""
    rows = {**CALENDAR.days, date(2027, 1, 1): (False, "元旦"), date(2027, 1, 4): (False, "元旦")}
    rows[date(2027, 1, 9)] = (True, "元旦调休上班")
    published = Calendar(rows, CALENDAR.published_years | {2027})
    due = deadline(date(2026, 12, 31), Limit.parse("1WD"), published)
    assert (due.last_day, due.provisional) == (date(2027, 1, 5), False)
    assert deadline(date(2027, 1, 8), Limit.parse("1WD"), published).last_day == date(2027, 1, 9)


def test_a_closure_is_a_row_like_any_other() -> None:
    closed = Calendar({**CALENDAR.days, date(2026, 7, 1): (False, "台风停工")}, CALENDAR.published_years)
    due = deadline(date(2026, 6, 30), Limit.parse("1WD"), closed)
    assert due.last_day == date(2026, 7, 2)
    assert due.skipped[0].sentence.zh == "放假（台风停工）"


def test_a_calendar_does_not_change_with_the_mapping_it_was_built_from() -> None:
    rows = {date(2026, 7, 1): (False, "停工")}
    closed = Calendar(rows, frozenset({2026}))
    rows.clear()
    assert not closed.is_working(date(2026, 7, 1))


@pytest.mark.parametrize(
    "hours",
    [
        (),
        ((time(9), time(9)),),
        ((time(13), time(17)), (time(9), time(12))),
        ((time(9), time(13)), (time(12), time(17))),
    ],
)
def test_office_hours_are_intervals_in_order(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(Invalid, match="Office hours"):
        Calendar(office_hours=hours)


def test_the_arithmetic_loads_no_database_no_server_and_no_scheduler() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import casework.workdays, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "casework.workdays" in loaded
    assert not {"sqlalchemy", "flask", "apscheduler", "holidays", "engine.transaction"} & set(loaded)


def test_natural_days_depend_on_the_calendar_only_where_they_end() -> None:
    """The start lies in 2005, which is not published; 4 January 2006 lies in a published year."""
    assert not deadline(date(2005, 12, 20), Limit.parse("15ND"), CALENDAR).provisional
