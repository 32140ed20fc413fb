"""The working calendars of divisions and departments: rows, and the values made of them that this process remembers.

What is remembered bears the revision of the rows it was made of. Every command compares: the revision is one column
more in a statement that is sent anyway, so a change made by another process is seen by the next command. Knows no
limits and no clocks.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, func, insert, select

from casework import published_calendars
from casework.tables import CalendarDay, CalendarYear, Department, Region
from casework.workdays import SHANGHAI, Calendar, DayRule, OfficeHours
from engine.errors import Conflict, Invalid, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.store.dialect import upsert
from engine.transaction import Transaction

STATE_COUNCIL_HOURS = "09:00-12:00,13:00-17:00"
IN_USE, CHANGED = "calendars", "calendars changed"
"""Of a command: the calendars it sees; that it changed them, so that nothing it made of them may be remembered."""


class Office(NamedTuple):
    """What of a department matters to time: the role it plays in its division, its zone and its hours."""

    region: str
    role: str
    zone: str
    hours: str


@dataclass(frozen=True)
class Calendars:
    """All calendars of the product as they stood at one revision. Shared read-only by all threads."""

    days: Mapping[str, Mapping[date, DayRule]]
    published_years: Mapping[str, frozenset[int]]
    parents: Mapping[str, str | None]
    offices: Mapping[str, Office]
    _made: dict[tuple[tuple[str, ...], str, str], Calendar] = field(default_factory=dict, compare=False)

    def of(self, region: str, department: str | None = None) -> Calendar:
        """The calendar of a division, in the zone and hours of one of its departments where that is known.

        A division without rows of its own follows the one above it, in the end the whole country (000000); a day of
        its own comes before theirs.
        """
        office = self.offices.get(department or "")
        zone, hours = (office.zone, office.hours) if office else (SHANGHAI.key, STATE_COUNCIL_HOURS)
        key = (self._lineage(region), zone, hours)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(*key)
        return found

    def code_of(self, region: str, role: str) -> str | None:
        """The department that plays a role in a division, or has that code there."""
        for code, office in self.offices.items():
            if office.region == region and role in (office.role, code):
                return code
        return None

    def _lineage(self, region: str) -> tuple[str, ...]:
        """The divisions whose rows hold here, the country first."""
        above: list[str] = []
        at: str | None = region
        while at and at not in above:
            above.append(at)
            at = self.parents.get(at)
        own = [code for code in reversed(above) if code != EVERYWHERE and code in self.published_years]
        return (EVERYWHERE, *own)

    def _make(self, lineage: tuple[str, ...], zone: str, hours: str) -> Calendar:
        days = {day: rule for code in lineage for day, rule in self.days.get(code, {}).items()}
        years = frozenset[int]().union(*(self.published_years.get(code, ()) for code in lineage))
        return Calendar(days, years, ZoneInfo(zone), read_office_hours(hours))


def _sum_of(revision: object) -> ColumnElement[int]:
    return select(func.coalesce(func.sum(revision), 0)).scalar_subquery()


REVISION: ColumnElement[int] = (
    _sum_of(CalendarYear.revision) + _sum_of(Department.revision) + _sum_of(Region.revision)
).label("calendars_revision")
"""Grows with every change of calendars, divisions and departments; a column to add to a query."""


class _Kept:
    """The calendars last used, by database, with the revision they were made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_database: dict[str, tuple[int, Calendars]] = {}

    def get(self, database: str, revision: int) -> Calendars | None:
        with self._lock:
            kept = self._by_database.get(database)
        return kept[1] if kept is not None and kept[0] == revision else None

    def put(self, database: str, revision: int, calendars: Calendars) -> None:
        with self._lock:
            self._by_database[database] = (revision, calendars)


_kept = _Kept()


def calendar_of(tx: Transaction, region: str, department: str | None = None) -> Calendar:
    """The calendar that holds for a division, or for one of its departments."""
    return current(tx).of(region, department)


def current(tx: Transaction) -> Calendars:
    """All calendars as this command sees them: asked once a command, unless a query has told the revision already."""
    found: Calendars | None = tx.session.info.get(IN_USE)
    return found if found is not None else at_revision(tx, tx.session.scalar(select(REVISION)) or 0)


def at_revision(tx: Transaction, revision: int) -> Calendars:
    """All calendars, when a query of this command has brought `REVISION` along. One command sees one state of them."""
    seen: Calendars | None = tx.session.info.get(IN_USE)
    if seen is not None:
        return seen
    database = str(tx.session.get_bind().engine.url)
    found = None if CHANGED in tx.session.info else _kept.get(database, revision)
    if found is None:
        found = _load(tx)
        if CHANGED not in tx.session.info:
            _kept.put(database, revision, found)
    tx.session.info[IN_USE] = found
    return found


def _load(tx: Transaction) -> Calendars:
    days: dict[str, dict[date, DayRule]] = {}
    for row in tx.session.execute(
        select(CalendarDay.region, CalendarDay.day, CalendarDay.is_working, CalendarDay.name)
    ):
        days.setdefault(row.region, {})[row.day] = DayRule(row.is_working, row.name)
    years: dict[str, set[int]] = {}
    for region, year, is_published in tx.session.execute(
        select(CalendarYear.region, CalendarYear.year, CalendarYear.is_published)
    ):
        years.setdefault(region, set()).update({year} if is_published else ())
    offices = tx.session.execute(
        select(Department.code, Department.region, Department.role, Department.zone, Department.office_hours).where(
            Department.removed_at.is_(None)
        )
    )
    return Calendars(
        days=days,
        published_years={region: frozenset(published) for region, published in years.items()},
        parents={row.code: row.parent for row in tx.session.execute(select(Region.code, Region.parent))},
        offices={code: Office(*rest) for code, *rest in offices},
    )


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a division's calendar: the days that differ from their weekday, and who says so.

    `is_published`: the State Council's notice is in it. A closure or a local holiday alone does not publish a year.
    """

    region: str
    year: int
    days: Mapping[date, DayRule]
    source: str
    is_published: bool = True


def publish(tx: Transaction, said: Year) -> None:
    """Replaces a year of a division's calendar. Raises Invalid when a day is of another year.

    The clocks are not touched: `clocks.recompute` moves those of a case.
    """
    tx.ports.may(tx, "calendars.import", None)
    strange = sorted(day for day in said.days if day.year != said.year)
    if strange:
        raise Invalid(
            Sentence(
                f"{strange[0]} 不属于 {said.year} 年，请移到所属年份的日历。",
                f"{strange[0]} is no day of {said.year}; put it into the calendar of its own year.",
            )
        )
    _write(tx, said)


def seed(tx: Transaction) -> None:
    """Gives the country's calendar every year that both libraries know and that it does not have; twice is safe."""
    tx.flush()
    stored = {
        row.year: row for row in tx.session.scalars(select(CalendarYear).where(CalendarYear.region == EVERYWHERE))
    }
    for year, rows in groupby(published_calendars.rows(EVERYWHERE), key=lambda row: row.day.year):
        if year not in stored or not stored[year].is_published:
            _write(tx, _noticed(tx, year, list(rows)))


def _noticed(tx: Transaction, year: int, rows: Iterable[published_calendars.Row]) -> Year:
    """A year as its notice has it; a closure that is stored already comes before it."""
    noticed = list(rows)
    kept = tx.session.scalars(
        select(CalendarDay).where(
            CalendarDay.region == EVERYWHERE, CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
        )
    )
    days = {row.day: DayRule(row.is_working, row.name) for row in [*noticed, *kept]}
    return Year(EVERYWHERE, year, days, noticed[0].source)


def _write(tx: Transaction, said: Year) -> None:
    connection = tx.session.connection()
    row = {"region": said.region, "year": said.year, "is_published": said.is_published, "source": said.source}
    upsert(connection, CalendarYear, [{**row, "revision": 1}], ["region", "year"], ["is_published", "source"])
    of_the_year = CalendarDay.day.between(date(said.year, 1, 1), date(said.year, 12, 31))
    connection.execute(delete(CalendarDay).where(CalendarDay.region == said.region, of_the_year))
    days = [
        {"region": said.region, "day": day, "is_working": rule[0], "name": rule[1], "source": said.source}
        for day, rule in said.days.items()
    ]
    if days:
        connection.execute(insert(CalendarDay), days)
    tx.session.info.pop(IN_USE, None)
    tx.session.info[CHANGED] = True


def read_office_hours(text: str) -> OfficeHours:
    """Reads "09:00-12:00,13:30-17:30". Raises Conflict: the department's entry has to be corrected first."""
    try:
        return tuple(_interval(part) for part in text.split(","))
    except ValueError as wrong:
        raise Conflict(
            Sentence(
                f"办公时间“{text}”无法识别，请在部门设置中写成 09:00-12:00,13:30-17:30。",
                f"Office hours “{text}” cannot be read; write them as 09:00-12:00,13:30-17:30 in the department.",
            )
        ) from wrong


def _interval(part: str) -> tuple[time, time]:
    opens, closes = part.strip().split("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)
