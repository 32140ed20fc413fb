"""Working days of a division, and the counting anew of open deadlines after they changed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id
from engine.tables import Base


class CalendarYear(Base):
    """One year of a division's calendar; without a row of its own it follows the division above it.

    `is_published`: the State Council's notice for the year is in the calendar's days; without it deadlines that reach
    into the year are provisional. `source` is the notice (依据), `document` its number (文号), `papers` its addresses,
    one a line. `revision` goes up with every change of the year's days.
    """

    __tablename__ = "calendar_year"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_published: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str]
    document: Mapped[str | None]
    papers: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)


class CalendarDay(Base):
    """A day that differs from its weekday: a holiday, a day worked in exchange (调休), a local closure.

    `notice_year` is the year of the notice that says so, which may be the one after the day's: late December belongs
    to the New Year of the next. Where two notices name a day, the later one holds.
    """

    __tablename__ = "calendar_day"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    notice_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_working: Mapped[bool]
    name: Mapped[str]
    source: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)


class Recomputation(Base):
    """The counting anew of every open deadline that a change of the calendar can move.

    The change is of a division's `year`, and reaches from `first_on` to `last_on`; or of a `department`'s hours or
    cut-off, and reaches everywhere. Of `clocks` to look at, so many are `done`; `moved` have another deadline,
    `confirmed` kept theirs and lost the provisional mark, `into_past` have passed by the change alone.
    """

    __tablename__ = "recomputation"
    __table_args__ = (Index("ix_recomputation_began_at", "began_at", "id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    year: Mapped[int | None]
    department: Mapped[str | None] = mapped_column(Code)
    source: Mapped[str]
    document: Mapped[str | None]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    clocks: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    into_past: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime]
    began_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class MovedDeadline(Base):
    """A deadline that a change of the calendar has moved, as it was before and after. Append-only.

    `is_into_past`: it lay ahead before, and has passed by the change alone.
    """

    __tablename__ = "moved_deadline"

    recomputation_id: Mapped[str] = mapped_column(Id, ForeignKey("recomputation.id"), primary_key=True)
    clock_id: Mapped[str] = mapped_column(Id, primary_key=True)
    root_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    old_due_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    old_statutory_due_at: Mapped[datetime | None]
    statutory_due_at: Mapped[datetime | None]
    is_into_past: Mapped[bool]
