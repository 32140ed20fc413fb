"""Running measurements of time limits."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id, State
from engine.tables import Base


class ClockKind(StrEnum):
    """What a clock measures.

    RECEIPT: from receipt to acceptance. PROMISED and STATUTORY: the whole case. DEPARTMENT: one department's share.
    TASK: one step. CORRECTION: the applicant's time to supplement. DEFERRAL: the applicant's promise to hand in
    what was deferred (容缺). DELIVERY: from decision to delivery. ORDER: the time a supervision order (督办) gives.
    """

    RECEIPT = "RECEIPT"
    PROMISED = "PROMISED"
    STATUTORY = "STATUTORY"
    DEPARTMENT = "DEPARTMENT"
    TASK = "TASK"
    CORRECTION = "CORRECTION"
    DEFERRAL = "DEFERRAL"
    DELIVERY = "DELIVERY"
    ORDER = "ORDER"


class ClockState(StrEnum):
    """The state of a clock.

    RUNNING (start, resume, restart). PAUSED: no time is counted (pause, exclude). STOPPED: what it measured is done
    (stop). VOID: it counts for nothing, as when the applicant withdraws (void).
    """

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    VOID = "VOID"


class Clock(Base):
    """One running measurement (时限) of a case.

    `subject` is the department code or user task id it belongs to, empty for the case itself. Limits are amount and
    unit ("5WD": WD working days, ND natural days, WH office hours, H hours); `extension` is what was added to the
    promise, `statutory_extension` what was added to the limit of the law beside it. A deadline is the first instant
    too late; null while paused. `is_provisional`: `due_at` reaches into a year whose calendar is not published;
    `is_statutory_provisional`: `statutory_due_at` does. `used` is what had been counted when it stopped, in the limit's
    unit. `moment_at` is the next instant at which supervision looks at the clock, `rungs` are the keys of the ladder's
    rungs it has dealt with, apart by blanks.
    """

    __tablename__ = "clock"
    __table_args__ = (
        Index("ix_clock_root_id", "root_id"),
        Index("ix_clock_state_due_at", "state", "due_at"),
        Index("ix_clock_moment_at", "moment_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[ClockKind] = mapped_column(State(ClockKind))
    subject: Mapped[str] = mapped_column(Code, default="")
    state: Mapped[ClockState] = mapped_column(State(ClockState))
    limit: Mapped[str] = mapped_column(String(12))
    statutory_limit: Mapped[str | None] = mapped_column(String(12))
    extension: Mapped[str | None] = mapped_column(String(12))
    statutory_extension: Mapped[str | None] = mapped_column(String(12))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    statutory_due_at: Mapped[datetime | None]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    is_statutory_provisional: Mapped[bool] = mapped_column(default=False)
    stopped_at: Mapped[datetime | None]
    used: Mapped[float | None] = mapped_column(Float)
    moment_at: Mapped[datetime | None]
    rungs: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)


class ClockPause(Base):
    """One stretch of time a clock does not count; open while `ends_at` is null.

    Stretches may overlap: their union counts. `is_exclusion`: a special procedure (扣除, 行政许可法 art. 45), not a
    pause (中止); unless `is_by_law`, only the promise stands still, the limit of the law runs on. `reason` is the code
    of the reason or of the procedure's kind; `asked_by` and `department` are who wanted it, `basis` and `document` its
    ground. `occasion_id` is one for all the clocks that the same act made stand still; of an exclusion it is the
    special procedure's id. A reversed one counts for nothing, as if it had never been.
    """

    __tablename__ = "clock_pause"

    clock_id: Mapped[str] = mapped_column(Id, ForeignKey("clock.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_exclusion: Mapped[bool] = mapped_column(default=False)
    is_by_law: Mapped[bool] = mapped_column(default=True)
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    expected_end_at: Mapped[datetime | None]
    reason: Mapped[str]
    basis: Mapped[str | None]
    document: Mapped[str | None]
    asked_by: Mapped[str] = mapped_column(Code)
    department: Mapped[str | None] = mapped_column(Code)
    occasion_id: Mapped[str] = mapped_column(Id)
    reversed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class ClockExtension(Base):
    """One extension (延期, 行政许可法 art. 42) of a clock: who granted how much, and on what ground.

    `amount` is written like a limit ("10WD"), `asked_by` and `department` are who applied for it, `paper` is the number
    of the decision (批准文号) where one was named. It holds from the service of its notice, the slip `document`, on;
    null until then. A reversed one is gone: the clock counts without
    it, and it may be granted anew.
    """

    __tablename__ = "clock_extension"

    clock_id: Mapped[str] = mapped_column(Id, ForeignKey("clock.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount: Mapped[str] = mapped_column(String(12))
    granted_at: Mapped[datetime]
    granted_by: Mapped[str] = mapped_column(Code)
    reason: Mapped[str]
    basis: Mapped[str]
    document: Mapped[str] = mapped_column(Code)
    paper: Mapped[str | None]
    asked_by: Mapped[str] = mapped_column(Code)
    department: Mapped[str | None] = mapped_column(Code)
    held_from: Mapped[datetime | None]
    reversed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
