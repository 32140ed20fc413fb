"""Which clock measures a task, and its light: the step's own, else that of the department's share or of the case.

A list of tasks brings its clocks along in one statement; their standstills are a second one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, or_, select
from sqlalchemy.orm import aliased

from casework import calendars
from casework.clocks import Measured, Signal, describe
from casework.clocks.reading import OPEN, calendar_for
from casework.meaning import Does
from casework.tables import Clock, ClockKind, ClockPause
from casework.workdays import Remaining
from engine.queries.id_text import id_text
from engine.tables import UserTask
from engine.transaction import Transaction

OF_THE_CASE: Mapping[Does, ClockKind] = {Does.ACCEPT: ClockKind.RECEIPT, Does.DELIVER: ClockKind.DELIVERY}
"""Steps that a clock of the whole case measures; every other is measured by its department's share."""

StepClock, ShareClock = aliased(Clock, name="step_clock"), aliased(Clock, name="share_clock")
DUE_AT: ColumnElement[datetime | None] = case(
    (StepClock.id.is_not(None), StepClock.due_at),
    (ShareClock.id.is_not(None), ShareClock.due_at),
    else_=UserTask.due_at,
)


@dataclass(frozen=True, slots=True)
class Light:
    """When a task is due as people read it (the last second in time), what is left of its limit, and its signal."""

    due_at: datetime | None
    remaining: Remaining | None = None
    signal: Signal = Signal.NONE


def _measures_share() -> ColumnElement[bool]:
    """At most one open clock of a case measures a task that has none of its own."""
    others = or_(UserTask.act.is_(None), UserTask.act.not_in(OF_THE_CASE))
    of_department = and_(others, ShareClock.kind == ClockKind.DEPARTMENT, ShareClock.subject == UserTask.department)
    of_case = [and_(UserTask.act == act, ShareClock.kind == kind) for act, kind in OF_THE_CASE.items()]
    return or_(of_department, *of_case)


def with_clocks(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A query of tasks, with the clock of each and the calendars' revision."""
    own = and_(StepClock.kind == ClockKind.TASK, StepClock.subject == id_text(UserTask.id))
    return (
        statement.add_columns(StepClock, ShareClock, calendars.REVISION)
        .outerjoin(StepClock, and_(StepClock.root_id == UserTask.root_id, StepClock.state.in_(OPEN), own))
        .outerjoin(
            ShareClock,
            and_(ShareClock.root_id == UserTask.root_id, ShareClock.state.in_(OPEN), _measures_share()),
        )
    )


def lights(tx: Transaction, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Light]:
    """The light of each row of a query made by `with_clocks`; its first column is the task."""
    if not rows:
        return []
    found = calendars.at_revision(tx, rows[0].calendars_revision)
    clocks = [row.step_clock or row.share_clock for row in rows]
    pauses = _pauses(tx, {clock.id for clock in clocks if clock is not None})
    return [
        _planned(tx, row.UserTask) if clock is None else _measured(tx, Measured(clock, pauses[clock.id]), found)
        for row, clock in zip(rows, clocks, strict=True)
    ]


def _pauses(tx: Transaction, clock_ids: Iterable[str]) -> Mapping[str, list[ClockPause]]:
    found: defaultdict[str, list[ClockPause]] = defaultdict(list)
    if clock_ids:
        chosen = select(ClockPause).where(ClockPause.clock_id.in_(clock_ids)).order_by(ClockPause.seq)
        for pause in tx.session.scalars(chosen):
            found[pause.clock_id].append(pause)
    return found


def _measured(tx: Transaction, measured: Measured, found: calendars.Calendars) -> Light:
    said = describe(measured, tx.now, calendar_for(found, measured.clock))
    return Light(said["due_at"], said["remaining"], said["signal"])


def _planned(tx: Transaction, task: UserTask) -> Light:
    """A task without a clock has the date its diagram gives it, if any."""
    late = task.due_at is not None and tx.now >= task.due_at
    return Light(task.due_at, signal=Signal.RED if late else Signal.NONE)
