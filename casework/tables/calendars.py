"""Working days of a division."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import RegionCode
from engine.tables import Base


class CalendarYear(Base):
    """One year of a division's calendar; without a row of its own it follows the division above it.

    `is_published`: the State Council's notice for the year is in the calendar's days; without it deadlines that reach
    into the year are provisional. `revision` goes up with every change of the year's days.
    """

    __tablename__ = "calendar_year"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_published: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)


class CalendarDay(Base):
    """A day that differs from its weekday: a holiday, a day worked in exchange (调休), a local closure."""

    __tablename__ = "calendar_day"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str]
    source: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
