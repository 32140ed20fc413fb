"""Special procedures (特别程序): hearings, tests, expert reviews and their like, whose time is not counted."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id
from engine.tables import Base


class SpecialProcedure(Base):
    """One special procedure of a department in a case (行政许可法 art. 45).

    `kind` is a code of casework.special_procedures.KINDS. `document` is the number of the slip by which the applicant
    is told in writing how long it takes: its time is excluded from `held_from`, when that slip is served, until
    `ended_at`. `paper` is the number of the decision (批准文号) where one was named. `visit_id` is the activity
    instance that it takes, null when a person excluded the time directly. A reversed one counts for nothing.
    """

    __tablename__ = "special_procedure"
    __table_args__ = (Index("ix_special_procedure_root_id", "root_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    department: Mapped[str] = mapped_column(Code)
    kind: Mapped[str] = mapped_column(Code)
    basis: Mapped[str]
    document: Mapped[str] = mapped_column(Code)
    paper: Mapped[str | None]
    asked_by: Mapped[str] = mapped_column(Code)
    visit_id: Mapped[str | None] = mapped_column(Id)
    begun_at: Mapped[datetime]
    held_from: Mapped[datetime | None]
    expected_end_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reversed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
