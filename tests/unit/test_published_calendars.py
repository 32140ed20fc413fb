"""The published years: what the two libraries agree on is the State Council's notice, what they do not is not used."""

from collections import Counter
from datetime import date

import chinese_calendar
import holidays
import pytest

from casework.published_calendars import disagreements, national_calendar, published_years, rows

CALENDAR = national_calendar()


def working_days_of(year: int) -> int:
    return CALENDAR.working_days(date(year - 1, 12, 31), date(year, 12, 31))


@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, working_days: int) -> None:
    assert working_days_of(year) == working_days


def test_the_make_up_working_days_of_2026() -> None:
    worked = {row.day: row.name for row in rows() if row.day.year == 2026 and row.is_working}
    assert worked == {
        date(2026, 1, 4): "元旦调休上班",
        date(2026, 2, 14): "春节调休上班",
        date(2026, 2, 28): "春节调休上班",
        date(2026, 5, 9): "劳动节调休上班",
        date(2026, 9, 20): "国庆节调休上班",
        date(2026, 10, 10): "国庆节调休上班",
    }


def test_the_days_off_of_2026() -> None:
    """The notice of 2026: New Year 3 days, Spring Festival 9, Qingming 3, May Day 5, Dragon Boat 3, Mid-Autumn 3,
    National Day 7."""
    off = Counter(row.name for row in rows() if row.day.year == 2026 and not row.is_working)
    assert off == {"元旦": 3, "春节": 9, "清明节": 3, "劳动节": 5, "端午节": 3, "中秋节": 3, "国庆节": 7}


def test_every_year_both_libraries_know_is_published_but_2005() -> None:
    """31 December 2005 was worked by the notice for 2006; one of the libraries does not have that day."""
    assert disagreements() == {2005: (date(2005, 12, 31),)}
    assert published_years() == {2004} | set(range(2006, 2027))
    assert 2005 not in {row.day.year for row in rows()}


def test_both_libraries_say_the_same_of_every_published_day() -> None:
    official = holidays.country_holidays("CN", years=published_years())
    for year in published_years():
        first = date(year, 1, 1).toordinal()
        for day in map(date.fromordinal, range(first, date(year, 12, 31).toordinal() + 1)):
            assert (CALENDAR.is_working(day), chinese_calendar.is_workday(day)) == (
                official.is_working_day(day),
            ) * 2, day


def test_a_year_without_a_notice_is_not_published_though_a_library_guesses_it() -> None:
    assert holidays.country_holidays("CN", years=2027).get(date(2027, 2, 8)) is not None
    assert CALENDAR.is_working(date(2027, 2, 8))
    assert CALENDAR.is_provisional(date(2027, 2, 8))


def test_no_notice_moved_a_december_day_before_the_week_that_stays_provisional() -> None:
    moved = [row.day for row in rows() if row.day.month == 12]
    assert {day.year for day in moved} >= {2006, 2007, 2011, 2018}
    assert min(day.day for day in moved) >= 25


def test_rows_name_their_source_and_division() -> None:
    row = next(row for row in rows("530000") if row.day == date(2026, 10, 1))
    assert (row.region, row.is_working, row.name) == ("530000", False, "国庆节")
    assert row.source.startswith("国务院办公厅2026年节假日安排（holidays ")


def test_rows_are_in_order_one_a_day_and_all_named_in_chinese() -> None:
    days = [row.day for row in rows()]
    assert days == sorted(set(days))
    assert not [row.name for row in rows() if row.name.isascii()]
