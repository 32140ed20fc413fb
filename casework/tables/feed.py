"""What departments' own systems follow: every change in one order, and how far the order has come."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id
from engine.tables import Base

Number = BigInteger().with_variant(Integer(), "sqlite")
IS_UNNUMBERED = text("position IS NULL")


class Change(Base):
    """One change, written with the command that made it. Append-only but for `position`; deleted after ninety days.

    `id` rises as rows are written: within a case, which is locked, that is the order of its commands. Of two cases the
    later row may be committed first, so readers go by `position`, which a change gets once it is committed. `value` is
    what the change is about in a word: a state, a login, an outcome. `department`: for whom it is, where no task says.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_position", "position", unique=True),
        Index("ix_change_unnumbered", "id", postgresql_where=IS_UNNUMBERED, sqlite_where=IS_UNNUMBERED),
        Index("ix_change_at", "at"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    position: Mapped[int | None] = mapped_column(Number)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    task_id: Mapped[str | None] = mapped_column(Id)
    department: Mapped[str | None] = mapped_column(Code)
    kind: Mapped[str] = mapped_column(String(40))
    value: Mapped[str | None]
    at: Mapped[datetime]


class ChangeSequence(Base):
    """The one row that numbers changes: `last` given, and `forgotten`, the last of those deleted since.

    `era` is part of every reader's place: in another era the numbers mean other changes.
    """

    __tablename__ = "change_sequence"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    era: Mapped[str] = mapped_column(String(16))
    last: Mapped[int] = mapped_column(Number, default=0)
    forgotten: Mapped[int] = mapped_column(Number, default=0)
    revision: Mapped[int] = mapped_column(default=1)
