"""The working calendars of divisions and departments: rows, and the values made of them that this process remembers.

What is remembered bears the revision of the rows it was made of. Every command compares: the revision is one column
more in a statement that is sent anyway, so a change made by another process is seen by the next command. Knows no
limits and no clocks.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cached_property
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, func, insert, select

from casework import published_calendars
from casework.tables import CalendarDay, CalendarYear, Department, Region
from casework.workdays import DECIDED_BY_NEXT_YEAR, SHANGHAI, Calendar, DayRule, OfficeHours
from engine.errors import Conflict, Invalid, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.store.dialect import upsert
from engine.transaction import Transaction

STATE_COUNCIL_HOURS = "09:00-12:00,13:00-17:00"
WINDOW = "window"
IN_USE, CHANGED = "calendars", "calendars changed"
"""Of a command: the calendars it sees; that it changed them, so that nothing it made of them may be remembered."""


class Hours(NamedTuple):
    """When an office is open, and where its day ends (民法典 art. 203)."""

    zone: str = SHANGHAI.key
    open: str = STATE_COUNCIL_HOURS
    ends_at_close: bool = False
    defers_late_receipt: bool = False


USUAL_HOURS = Hours()


class Office(NamedTuple):
    """What of a department matters to time: the role it plays in its division, and its hours."""

    region: str
    role: str
    hours: Hours


@dataclass(frozen=True)
class Calendars:
    """All calendars of the product as they stood at one revision. Shared read-only by all threads."""

    noticed: Mapping[str, Mapping[date, tuple[int, DayRule]]]
    """The days of each division, with the year of the notice that names them."""
    published_years: Mapping[str, frozenset[int]]
    parents: Mapping[str, str | None]
    offices: Mapping[str, Office]
    _made: dict[tuple[tuple[str, ...], Hours], Calendar] = field(default_factory=dict, compare=False)

    def of(self, region: str, department: str | None = None) -> Calendar:
        """The calendar of a division, in the hours of one of its departments, else in those of its window.

        A division without rows of its own follows the one above it, in the end the whole country (000000); a day of
        its own comes before theirs.
        """
        office = self.offices.get(department or "") or self._windows.get(region)
        key = (self._lineage(region), office.hours if office else USUAL_HOURS)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(*key)
        return found

    def code_of(self, region: str, role: str) -> str:
        """The department that plays a role in a division; whose code it is, and what nobody plays, stays as it is."""
        playing = (code for code, office in self.offices.items() if office.region == region and office.role == role)
        return next(playing, role)

    def role_of(self, department: str) -> str:
        """The role by which diagrams and items mean a department; what is none stays as it is."""
        office = self.offices.get(department)
        return office.role if office else department

    def above(self, region: str) -> list[str]:
        """A division and those above it, the nearest first; the country, above all, is not among them."""
        found: list[str] = []
        at: str | None = region
        while at and at not in found:
            found.append(at)
            at = self.parents.get(at)
        return [code for code in found if code != EVERYWHERE]

    def below(self, region: str) -> frozenset[str] | None:
        """A division and those below it, where its days hold; None: everywhere."""
        if region == EVERYWHERE:
            return None
        return frozenset(code for code in (region, *self.parents) if region in self.above(code))

    def having(self, said: "Year") -> "Calendars":
        """The calendars as they would be with another list of days for a year of a division."""
        kept = {day: found for day, found in self.noticed.get(said.region, {}).items() if found[0] != said.year}
        later = {day for day, (year, _) in kept.items() if year > said.year}
        named = {day: (said.year, rule) for day, rule in said.days.items() if day not in later}
        years = self.published_years.get(said.region, frozenset()) - {said.year}
        published = years | {said.year} if said.is_published else years
        return replace(
            self,
            noticed={**self.noticed, said.region: {**kept, **named}},
            published_years={**self.published_years, said.region: published},
            _made={},
        )

    @cached_property
    def _windows(self) -> Mapping[str, Office]:
        """The window of each division: what concerns a case as a whole goes by its hours."""
        return {office.region: office for office in self.offices.values() if office.role == WINDOW}

    def _lineage(self, region: str) -> tuple[str, ...]:
        """The divisions whose rows hold here, the country first."""
        own = [code for code in reversed(self.above(region)) if code in self.published_years]
        return (EVERYWHERE, *own)

    def _make(self, lineage: tuple[str, ...], hours: Hours) -> Calendar:
        days = {day: rule for code in lineage for day, (_, rule) in self.noticed.get(code, {}).items()}
        years = frozenset[int]().union(*(self.published_years.get(code, ()) for code in lineage))
        return Calendar(
            days,
            years,
            ZoneInfo(hours.zone),
            read_office_hours(hours.open),
            ends_at_close=hours.ends_at_close,
            defers_late_receipt=hours.defers_late_receipt,
        )


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
    noticed: dict[str, dict[date, tuple[int, DayRule]]] = {}
    rows = select(
        CalendarDay.region, CalendarDay.day, CalendarDay.notice_year, CalendarDay.is_working, CalendarDay.name
    )
    for row in tx.session.execute(rows.order_by(CalendarDay.notice_year)):
        noticed.setdefault(row.region, {})[row.day] = (row.notice_year, DayRule(row.is_working, row.name))
    years: dict[str, set[int]] = {}
    for region, year, is_published in tx.session.execute(
        select(CalendarYear.region, CalendarYear.year, CalendarYear.is_published)
    ):
        years.setdefault(region, set()).update({year} if is_published else ())
    offices = tx.session.execute(
        select(
            Department.code,
            Department.region,
            Department.role,
            Department.zone,
            Department.office_hours,
            Department.ends_at_close,
            Department.defers_late_receipt,
        ).where(Department.removed_at.is_(None))
    )
    return Calendars(
        noticed=noticed,
        published_years={region: frozenset(published) for region, published in years.items()},
        parents={row.code: row.parent for row in tx.session.execute(select(Region.code, Region.parent))},
        offices={row[0]: Office(row[1], row[2], Hours(*row[3:])) for row in offices},
    )


@dataclass(frozen=True, slots=True)
class Year:
    """What one notice says of a division's calendar: the days that differ from their weekday, and who says so.

    `is_published`: it is the State Council's. A closure or a local holiday alone does not publish a year.
    """

    region: str
    year: int
    days: Mapping[date, DayRule]
    source: str
    is_published: bool = True
    document: str | None = None
    papers: tuple[str, ...] = ()

    @property
    def strange_days(self) -> list[date]:
        """Days that a notice for this year cannot name: those of other years but the end of the December before, which
        the New Year's holiday may reach."""
        before = date(self.year - 1, *DECIDED_BY_NEXT_YEAR)
        return sorted(day for day in self.days if day.year != self.year and not before <= day < date(self.year, 1, 1))


def publish(tx: Transaction, said: Year) -> None:
    """Replaces what a division's calendar has of a year's notice. Raises Invalid when a day is of another year.

    The clocks are not touched: `recomputing` moves them.
    """
    tx.ports.may(tx, "calendars.import", None)
    strange = said.strange_days
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
        select(CalendarDay).where(CalendarDay.region == EVERYWHERE, CalendarDay.notice_year == year)
    )
    days = {row.day: DayRule(row.is_working, row.name) for row in [*noticed, *kept]}
    return Year(EVERYWHERE, year, days, noticed[0].source)


def _write(tx: Transaction, said: Year) -> None:
    connection = tx.session.connection()
    told = {
        "is_published": said.is_published,
        "source": said.source,
        "document": said.document,
        "papers": "\n".join(said.papers),
    }
    row = {"region": said.region, "year": said.year, **told, "revision": 1}
    upsert(connection, CalendarYear, [row], ["region", "year"], list(told))
    of_the_notice = CalendarDay.notice_year == said.year
    connection.execute(delete(CalendarDay).where(CalendarDay.region == said.region, of_the_notice))
    common = {"region": said.region, "notice_year": said.year, "source": said.source}
    days = [{**common, "day": day, "is_working": rule[0], "name": rule[1]} for day, rule in said.days.items()]
    if days:
        connection.execute(insert(CalendarDay), days)
    forget(tx)


def forget(tx: Transaction) -> None:
    """This command has changed what calendars are made of, and sees them anew from now on."""
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
