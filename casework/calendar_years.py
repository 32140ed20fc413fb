"""A year of a division's own calendar as it was brought in."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR
from typing import Any

from sqlalchemy import select

from casework import calendars, regions
from casework.tables import CalendarDay, CalendarYear
from engine.errors import NotFound
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Transaction

YEARS = range(MINYEAR, MAXYEAR + 1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a division's own file says (`said`, as it would be brought in again), and whether the year is settled."""

    said: dict[str, Any]
    is_published: bool
    revision: int


def one(tx: Transaction, region: str, year: int) -> Kept:
    """A year of a division; without a file of its own the list is empty. Raises NotFound for an unknown division, and
    for a year that no calendar has."""
    if year not in YEARS:
        raise NotFound
    held = calendars.current(tx)
    if region != EVERYWHERE and region not in held.parents:
        raise NotFound(regions.absent(region))
    row = tx.session.get(CalendarYear, (region, year))
    rows = tx.session.scalars(
        select(CalendarDay)
        .where(CalendarDay.region == region, CalendarDay.notice_year == year)
        .order_by(CalendarDay.day)
    )
    said = {
        "source": row.source if row else None,
        "document": row.document if row else None,
        "papers": row.papers.splitlines() if row else [],
        "days": [{"date": one.day, "name": one.name, "isOffDay": not one.is_working} for one in rows],
    }
    return Kept(said, year in held.of(region).published_years, row.revision if row else 0)
