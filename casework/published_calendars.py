"""The calendar rows of the years whose holidays the State Council has published (国务院办公厅节假日安排), taken from
two libraries that must agree day by day. A year that only one knows, or on which they differ, is not published here."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

import chinese_calendar
from holidays import HolidayBase, country_holidays
from holidays.countries.china import ChinaStaticHolidays

from casework.workdays import Calendar, DayRule

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}

_LAWFUL = {"元旦", "农历除夕", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}

# `holidays` answers for any year and guesses, without a word, those after its last notice; the exchanged days of the
# notices it knows are this table of its class. `chinesecalendar` refuses a year it does not know.
_NOTICES: Mapping[int, object] = ChinaStaticHolidays.special_public_holidays


class Row(NamedTuple):
    """A day with a name of its own: off by holiday, or a weekend day worked in exchange (调休)."""

    day: date
    is_working: bool
    name: str
    source: str
    region: str


def rows(region: str = "000000") -> Iterator[Row]:
    """The national rows of every published year, in order, for one division's calendar."""
    for year in sorted(published_years()):
        source = f"国务院办公厅{year}年节假日安排（{_libraries()}）"
        for day in _days_of(year):
            is_off, holiday = chinese_calendar.get_holiday_detail(day)
            if holiday is not None:
                name = _NAMES.get(holiday, holiday)
                yield Row(day, not is_off, name if is_off else f"{name}调休上班", source, region)


@cache
def published_years() -> frozenset[int]:
    """The years both libraries know from a notice, and agree on."""
    return frozenset(_known_to_both()) - disagreements().keys()


@cache
def disagreements() -> dict[int, tuple[date, ...]]:
    """The years both libraries know but do not agree on, with the days; a person has to read the notice."""
    found = {year: tuple(day for day in _days_of(year) if _differs(day)) for year in _known_to_both()}
    return {year: days for year, days in found.items() if days}


@cache
def national_calendar() -> Calendar:
    """The calendar of an office without rules of its own: published years, Asia/Shanghai, 9–12 and 13–17."""
    return Calendar({row.day: DayRule(row.is_working, row.name) for row in rows()}, published_years())


@cache
def statutory_days(year: int) -> Mapping[date, str]:
    """The days that the law itself gives to everybody (全国年节及纪念日放假办法 art. 2), without those in lieu: the
    fixed ones, and those of the lunar calendar and of Qingming as a library computes them for any year."""
    lawful = country_holidays("CN", years=year, language="zh_CN", observed=False)
    return {day: name for day, name in sorted(lawful.items()) if _LAWFUL & set(name.split("; "))}


@cache
def _holidays() -> HolidayBase:
    return country_holidays("CN", years=_NOTICES.keys(), language="zh_CN")


def _known_to_both() -> list[int]:
    return [year for year in _NOTICES if _is_known_to_chinesecalendar(year)]


def _is_known_to_chinesecalendar(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 12, 31))
    except NotImplementedError:
        return False
    return True


def _differs(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day)) is not _holidays().is_working_day(day)


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _libraries() -> str:
    return f"holidays {version('holidays')}、chinesecalendar {version('chinesecalendar')} 一致"
