"""How many open tasks wait in each of a person's departments, and how many show each light.

However many there are: of each only what its light depends on is read, and tasks whose clocks began on one day with one
limit are reckoned together.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, func, select

from casework import calendars, most_pressing
from casework.calendars import Calendars
from casework.clocks import Measured, Signal, describe
from casework.clocks.reading import calendar_for, ladder_of
from casework.ladders import Ladder
from casework.most_pressing import EVERYTHING
from casework.tables import Clock, ClockKind, ClockPause, ClockState
from casework.task_clocks import LADDER_OF, ShareClock, StepClock, joined, lights, planned, with_clocks
from casework.workdays import Limit
from engine.tables import UserTask
from engine.transaction import Transaction

AT_ONCE = 500
OF_THE_CLOCK = (
    "kind",
    "subject",
    "region",
    "limit",
    "extension",
    "statutory_limit",
    "statutory_extension",
    "started_at",
)
Waiting = tuple[str | None, str | None, Signal]
"""A task's department, who holds it, and its light."""


class Begun(NamedTuple):
    """What the light of a clock that never stood still depends on, besides the present."""

    kind: ClockKind
    subject: str
    region: str
    limit: str
    extension: str | None
    statutory_limit: str | None
    statutory_extension: str | None
    ladder_of: str | None
    on: date | datetime


def count(tx: Transaction) -> list[dict[str, Any]]:
    """The departments of the actor's open tasks in order: how many are open, unclaimed, and of each light."""
    counted: dict[str | None, Counter[str]] = {}
    for department, holder, signal in _waiting(tx):
        tally = counted.setdefault(department, Counter())
        tally.update(("open", signal.value, *(() if holder else ("unclaimed",))))
    return [
        {
            "department": department,
            "open": tally["open"],
            "unclaimed": tally["unclaimed"],
            "signals": {signal.value: tally[signal.value] for signal in Signal},
        }
        for department, tally in sorted(counted.items(), key=lambda one: one[0] or "")
    ]


def _of_the_clock(name: str) -> ColumnElement[Any]:
    step, share = getattr(StepClock, name), getattr(ShareClock, name)
    return case((StepClock.id.is_not(None), step), else_=share).label(name)


STOOD_STILL = exists().where(ClockPause.clock_id == func.coalesce(StepClock.id, ShareClock.id)).label("stood_still")
TASKS = joined(
    select(
        UserTask.id,
        UserTask.department,
        UserTask.assignee,
        UserTask.due_at,
        *(_of_the_clock(name) for name in OF_THE_CLOCK),
        STOOD_STILL,
        LADDER_OF,
        calendars.REVISION,
    ).select_from(UserTask)
)


def _waiting(tx: Transaction) -> Iterator[Waiting]:
    mine = most_pressing.ids(most_pressing.held_or_offered(tx.actor), EVERYTHING)
    for row, signal in lit(tx, TASKS.where(UserTask.id.in_(mine))):
        yield row.department, row.assignee, signal


def lit(tx: Transaction, tasks: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, Signal]]:
    """The rows of a query made of `TASKS`, each with its light."""
    rows = tx.session.execute(tasks).all()
    found = calendars.at_revision(tx, rows[0].calendars_revision) if rows else calendars.current(tx)
    reckoned: dict[Begun, Signal] = {}
    paused_once: dict[str, Any] = {}
    for row in rows:
        if row.stood_still:
            paused_once[row.id] = row
        elif row.kind is None:
            yield row, planned(row.due_at, tx.now).signal
        else:
            begun = _begun(row, found)
            if begun not in reckoned:
                reckoned[begun] = _signal(row, tx.now, found, ladder_of(tx, row.ladder_of))
            yield row, reckoned[begun]
    ids = list(paused_once)
    for place in range(0, len(ids), AT_ONCE):
        for task_id, signal in _looked_at(tx, ids[place : place + AT_ONCE]):
            yield paused_once[task_id], signal


def _begun(clock: Any, found: Calendars) -> Begun:
    """A limit in days asks on which day its clock began, one in hours at which instant."""
    limit, department = Limit.parse(clock.limit), clock.subject if clock.kind == ClockKind.DEPARTMENT else ""
    by_day = limit.unit.counts_days and limit.amount > 0
    on = calendar_for(found, clock).local_day(clock.started_at) if by_day else clock.started_at
    return Begun(
        clock.kind,
        department,
        clock.region,
        clock.limit,
        clock.extension,
        clock.statutory_limit,
        clock.statutory_extension,
        clock.ladder_of,
        on,
    )


def _signal(row: Any, now: datetime, found: Calendars, ladder: Ladder) -> Signal:
    fields = {name: getattr(row, name) for name in OF_THE_CLOCK}
    unmarked = {"is_provisional": False, "is_statutory_provisional": False}
    clock = Clock(**fields, **unmarked, state=ClockState.RUNNING)
    signal: Signal = describe(Measured(clock), now, calendar_for(found, clock), ladder)["signal"]
    return signal


def _looked_at(tx: Transaction, ids: Sequence[str]) -> Iterator[tuple[str, Signal]]:
    rows = tx.session.execute(with_clocks(select(UserTask)).where(UserTask.id.in_(ids))).all()
    for row, light in zip(rows, lights(tx, rows), strict=True):
        yield row.UserTask.id, light.signal
