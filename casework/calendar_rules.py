"""What the law asks of a calendar before anybody's deadline is counted on it: every fault of a file at once, each with
its article. Pure: knows no storage."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.calendars import Year
from casework.published_calendars import statutory_days
from casework.workdays import Calendar
from engine.errors import Fault, Sentence

EARLIEST = 2000
SATURDAY = 5
WHOLE_SINCE = 2025
"""From this year on lists are whole; those of earlier ones leave out some holidays that fall on a weekend."""
HOLIDAYS = "《全国年节及纪念日放假办法》"
HOLIDAYS_EN = "Regulation on Public Holidays (全国年节及纪念日放假办法)"


@dataclass(frozen=True, slots=True)
class Listed:
    """What was handed in for a year of a division, day by day in its order, with the calendar that holds without it."""

    year: Year
    days: Sequence[Mapping[str, Any]]
    without: Calendar
    present_year: int


def faults(listed: Listed) -> list[Fault]:
    """Everything that is wrong with a list; none: it may be published. Of a year too far no more than that."""
    if too_far := list(_too_far(listed)):
        return too_far
    found = [*_twice(listed), *_of_other_years(listed), *_no_exchange(listed)]
    return [*found, *_missing(listed)] if listed.year.is_published else found


def _too_far(listed: Listed) -> Iterator[Fault]:
    """The notice for a year comes in the year before."""
    year, last = listed.year.year, listed.present_year + 1
    if not EARLIEST <= year <= last:
        yield Fault(
            Sentence(
                f"只能导入 {EARLIEST} 年至 {last} 年的日历：国务院办公厅的安排只提前一年公布，不接受 {year} 年。",
                f"Calendars from {EARLIEST} to {last} can be imported: the State Council's notice comes one year "
                f"ahead, so there is none for {year}.",
            ),
            "year",
        )


def _twice(listed: Listed) -> Iterator[Fault]:
    for day, times in Counter(one["date"] for one in listed.days).items():
        if times > 1:
            yield Fault(
                Sentence(
                    f"{day} 出现 {times} 次，每天只能有一行。", f"{day} is there {times} times; a day has one row."
                ),
                _key(listed, day),
            )


def _of_other_years(listed: Listed) -> Iterator[Fault]:
    year = listed.year.year
    for day in listed.year.strange_days:
        yield Fault(
            Sentence(
                f"{day} 不属于 {year} 年的安排（元旦假期最早只能涉及上一年 12 月 25 日以后），请移到所属年份的日历。",
                f"{day} is no day of {year}, whose New Year's holiday reaches back to 25 December at most; put it into "
                "the calendar of its own year.",
            ),
            _key(listed, day),
        )


def _no_exchange(listed: Listed) -> Iterator[Fault]:
    """Only a day that would be off can be worked in exchange."""
    for day, rule in sorted(listed.year.days.items()):
        if rule.is_working and day.weekday() < SATURDAY and listed.without.is_working(day):
            yield Fault(
                Sentence(
                    f"{day} 本来就是工作日，不能作为调休上班日：{HOLIDAYS}第七条的调休只能占用周末。",
                    f"{day} is a working day anyway: only a weekend day can be worked in exchange ({HOLIDAYS_EN} "
                    "art. 7).",
                ),
                _key(listed, day),
            )


def _missing(listed: Listed) -> Iterator[Fault]:
    """Every statutory day is listed as off, also one that falls on a weekend: it is made up for (art. 6)."""
    for day, name in statutory_days(listed.year.year).items():
        rule = listed.year.days.get(day)
        is_off_anyway = day.weekday() >= SATURDAY and listed.year.year < WHOLE_SINCE
        if rule.is_working if rule else not is_off_anyway:
            yield Fault(
                Sentence(
                    f"{day}（{name}）是法定节假日，须列为放假（{HOLIDAYS}第二条）。",
                    f"{day} ({name}) is a statutory holiday and has to be listed as off ({HOLIDAYS_EN} art. 2).",
                ),
                "days",
            )


def _key(listed: Listed, day: date) -> str:
    """Where the day stands in the list, the last time it does."""
    places = [place for place, one in enumerate(listed.days) if one["date"] == day]
    return f"days[{places[-1]}].date"
