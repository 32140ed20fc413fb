"""Which clock measures a task, and its light: the step's own, else that of the department's share or of the case.

A list of tasks brings its clocks along in one statement; their standstills are a second one, the deadlines of their
cases a third.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import aliased

from casework import calendars, case_deadlines
from casework.clocks import Measured, Signal, describe
from casework.clocks.pressing import is_own, measures_share
from casework.clocks.reading import OPEN, calendar_for, ladder_of
from casework.ladders import Ladder
from casework.tables import Case, Clock, ClockPause
from casework.workdays import Remaining
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

StepClock, ShareClock = aliased(Clock, name="step_clock"), aliased(Clock, name="share_clock")
_OfTask = aliased(Case, name="case_of_task")
LADDER_OF = (
    select(_OfTask.item_id)
    .where(_OfTask.root_id == UserTask.root_id)
    .correlate(UserTask)
    .scalar_subquery()
    .label("ladder_of")
)


@dataclass(frozen=True, slots=True)
class Light:
    """When a task is due as people read it (the last second in time), what is left of its limit, and its signal.

    `clock` is what measures it, `case` the deadline of its case; both as described.
    """

    due_at: datetime | None
    remaining: Remaining | None = None
    signal: Signal = Signal.NONE
    clock: Mapping[str, Any] | None = None
    case: Mapping[str, Any] | None = None


Lit = tuple[Row[*tuple[Any, ...]], Light]
"""A task with its light."""


def with_clocks(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A query of tasks, with the clock of each, the version of the item whose ladder it follows, and the calendars'
    revision."""
    return joined(statement.add_columns(StepClock, ShareClock, LADDER_OF, calendars.REVISION))


def joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A query of tasks, joined to the clock that measures each."""
    return statement.outerjoin(
        StepClock, and_(StepClock.root_id == UserTask.root_id, StepClock.state.in_(OPEN), is_own(StepClock))
    ).outerjoin(
        ShareClock,
        and_(ShareClock.root_id == UserTask.root_id, ShareClock.state.in_(OPEN), measures_share(ShareClock)),
    )


def lights(tx: Transaction, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Light]:
    """The light of each row of a query made by `with_clocks`; its first column is the task."""
    if not rows:
        return []
    found = calendars.at_revision(tx, rows[0].calendars_revision)
    clocks = [row.step_clock or row.share_clock for row in rows]
    pauses = _pauses(tx, {clock.id for clock in clocks if clock is not None})
    return [
        planned(row.UserTask.due_at, tx.now)
        if clock is None
        else _measured(tx, Measured(clock, pauses[clock.id]), found, ladder_of(tx, row.ladder_of))
        for row, clock in zip(rows, clocks, strict=True)
    ]


def of_case(tx: Transaction, root_id: str) -> Mapping[str, Mapping[str, Any] | None]:
    """By open task of a case, the clock that measures it, as described. Two statements."""
    opened = with_clocks(select(UserTask)).where(UserTask.root_id == root_id, UserTask.state == TaskState.CREATED)
    rows = tx.session.execute(opened).all()
    return {row.UserTask.id: light.clock for row, light in zip(rows, lights(tx, rows), strict=True)}


def with_cases(tx: Transaction, lit: Sequence[Lit]) -> list[Lit]:
    """The same tasks, each with the deadline of its case. One statement."""
    of_case = case_deadlines.of(tx, {row.UserTask.root_id for row, _ in lit})
    return [(row, replace(light, case=of_case.get(row.UserTask.root_id))) for row, light in lit]


def _pauses(tx: Transaction, clock_ids: Iterable[str]) -> Mapping[str, list[ClockPause]]:
    found: defaultdict[str, list[ClockPause]] = defaultdict(list)
    if clock_ids:
        chosen = select(ClockPause).where(ClockPause.clock_id.in_(clock_ids)).order_by(ClockPause.seq)
        for pause in tx.session.scalars(chosen):
            found[pause.clock_id].append(pause)
    return found


def _measured(tx: Transaction, measured: Measured, found: calendars.Calendars, ladder: Ladder) -> Light:
    said = describe(measured, tx.now, calendar_for(found, measured.clock), ladder)
    return Light(said["due_at"], said["remaining"], said["signal"], said)


def planned(due_at: datetime | None, now: datetime) -> Light:
    """A task without a clock has the date its diagram gives it, if any."""
    late = due_at is not None and now >= due_at
    return Light(due_at, signal=Signal.RED if late else Signal.NONE)
