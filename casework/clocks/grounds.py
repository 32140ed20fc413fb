"""What is said of an act on clocks: on what ground it is done, which clock to start, how far a pause reaches."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casework.tables import ClockKind
from casework.workdays import Limit
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Ground:
    """On what ground a clock is acted on: a reason code, the law (依据), the paper (文号), the end foreseen."""

    reason: str
    basis: str | None = None
    document: str | None = None
    expected_end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewClock:
    """A clock to start, at the present unless an earlier instant counts (补录, 视为受理)."""

    kind: ClockKind
    limit: Limit
    ground: Ground
    subject: str = ""
    statutory_limit: Limit | None = None
    started_at: datetime | None = None


class Reach(StrEnum):
    """How far a pause reaches.

    CASE: every clock but the applicant's own. DEPARTMENT: its share and its open steps. STEP: one task.
    """

    CASE = "case"
    DEPARTMENT = "department"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which clocks a pause concerns; `subject` is the department's code or the task's id."""

    reach: Reach = Reach.CASE
    subject: str = ""


WHOLE_CASE = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    """A stretch for which clocks stand still, from `begins_at` on; who asked for it, and what began it. Of one that
    becomes known only when it is over the end is known, too.

    `is_exclusion`: a special procedure (扣除), not a pause (中止). Unless `is_by_law`, the promise alone stands still.
    """

    ground: Ground
    occasion_id: str
    begins_at: datetime
    asked_by: str
    department: str | None
    ends_at: datetime | None = None
    is_exclusion: bool = False
    is_by_law: bool = True

    @property
    def act(self) -> str:
        """What evidence calls it."""
        return "excluded" if self.is_exclusion else "paused"


def present(tx: Transaction, ground: Ground) -> Standstill:
    """A pause that begins now, asked for by whoever acts."""
    return Standstill(
        ground=ground,
        occasion_id=tx.new_id(),
        begins_at=tx.now,
        asked_by=tx.actor.login,
        department=tx.actor.department,
    )
