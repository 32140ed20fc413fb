"""Counts open clocks again after the calendar changed: those of many cases at once, under their locks.

Only a deadline that lies behind the first changed day, of a clock that began before the last, can move. What moved is
evidence, and the timers and the lists of open work move with it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm.attributes import flag_modified

from casework.calendars import WINDOW, Calendars, Office
from casework.clocks import pressing, steps
from casework.clocks.bindings import deadlines
from casework.clocks.grounds import Ground
from casework.clocks.reading import OPEN, Measured, calendar_for, grouped, ladder_of
from casework.clocks.traces import note
from casework.ladders import Ladder
from casework.tables import Case, Clock, ClockKind, ClockPause
from casework.workdays import SHANGHAI
from engine import bound_timers
from engine.tables import ProcessInstance
from engine.transaction import Transaction

COUNTED = (
    "due_at",
    "statutory_due_at",
    "is_provisional",
    "is_statutory_provisional",
    "moment_at",
    "revision",
)
"""The columns of a clock that counting may change."""
ANY_ZONE = timedelta(days=1)
"""A day begins up to so much earlier or later than in Shanghai."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """A clock that was counted again, with its deadlines, their marks and its next moment as they were before.

    `ladder` is its item's.
    """

    measured: Measured
    ladder: Ladder
    due_at: datetime | None
    statutory_due_at: datetime | None
    was_provisional: bool
    was_statutory_provisional: bool
    moment_at: datetime | None

    @property
    def clock(self) -> Clock:
        """The clock as it is now."""
        return self.measured.clock

    @property
    def is_moved(self) -> bool:
        """Whether a deadline is another now; the law's of a promise is told of the clock of its own that it has."""
        by_law = self._tells_of_law and self.statutory_due_at != self.clock.statutory_due_at
        return by_law or self.due_at != self.clock.due_at

    @property
    def is_confirmed(self) -> bool:
        """Whether its deadlines stood, and one of them is no longer provisional (暂定)."""
        by_law = self._tells_of_law and self.was_statutory_provisional and not self.clock.is_statutory_provisional
        return not self.is_moved and (by_law or (self.was_provisional and not self.clock.is_provisional))

    @property
    def _tells_of_law(self) -> bool:
        return self.clock.kind != ClockKind.PROMISED

    def is_into_past(self, now: datetime) -> bool:
        """Whether the change alone has made it late."""
        due_at = self.clock.due_at
        return due_at is not None and self.due_at is not None and due_at <= now < self.due_at


def within(first: date, last: date, regions: Collection[str] | None) -> ColumnElement[bool]:
    """The open clocks that a change of these days in these divisions (None: everywhere) can reach."""
    behind, before = span(first, last)
    ends_behind = or_(Clock.due_at >= behind, Clock.statutory_due_at >= behind)
    reached = and_(Clock.state.in_(OPEN), ends_behind, Clock.started_at < before)
    return reached if regions is None else and_(reached, Clock.region.in_(sorted(regions)))


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """A change of these days moves only what ends at or after the first instant and began before the second."""
    first_at, last_at = (datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) for day in (first, last))
    return first_at - ANY_ZONE, last_at + 2 * ANY_ZONE


def of_department(code: str, office: Office) -> ColumnElement[bool]:
    """The open clocks that go by a department's hours: its own, and for the window those of its division's cases."""
    own = and_(Clock.kind == ClockKind.DEPARTMENT, Clock.subject == code)
    if office.role == WINDOW:
        own = or_(own, and_(Clock.region == office.region, Clock.kind != ClockKind.DEPARTMENT))
    return and_(Clock.state.in_(OPEN), or_(Clock.due_at.is_not(None), Clock.statutory_due_at.is_not(None)), own)


def recount(
    tx: Transaction, held: Calendars, roots: Sequence[ProcessInstance], which: ColumnElement[bool], ground: Ground
) -> list[Recounted]:
    """Counts the clocks of these locked cases again; every one of them, whether it moved or not.

    So many statements however many they are: one reads, one each writes clocks, evidence, timers and the sorting.
    """
    recounted = [counted(one, held, ladder) for one, ladder in _read(tx, [root.id for root in roots], which)]
    changed = [one for one in recounted if tx.session.is_modified(one.clock)]
    moved = [one for one in changed if one.is_moved]
    for one in changed:
        one.clock.revision += not one.is_moved
    for one in moved:
        note(tx, one.clock, "moved", one.due_at, ground)
    _write_alike(changed)
    if moved:
        _carry_along(tx, moved)
    return recounted


def _write_alike(changed: Sequence[Recounted]) -> None:
    """Rows that change in the same columns are written by one statement."""
    for one in changed:
        for column in COUNTED:
            flag_modified(one.clock, column)


def _read(tx: Transaction, root_ids: list[str], which: ColumnElement[bool]) -> list[tuple[Measured, Ladder]]:
    rows = tx.session.execute(
        select(Clock, ClockPause, Case.item_id)
        .outerjoin(ClockPause, ClockPause.clock_id == Clock.id)
        .outerjoin(Case, Case.root_id == Clock.root_id)
        .where(Clock.root_id.in_(root_ids), which)
        .order_by(Clock.root_id, Clock.id, ClockPause.seq)
    ).all()
    items = {clock.root_id: item_id for clock, _, item_id in rows}
    ladders = {item_id: ladder_of(tx, item_id) for item_id in set(items.values())}
    return [(one, ladders[items[one.clock.root_id]]) for one in grouped((clock, pause) for clock, pause, _ in rows)]


def counted(measured: Measured, held: Calendars, ladder: Ladder) -> Recounted:
    """Counts a clock again on these calendars."""
    clock = measured.clock
    marks = (clock.is_provisional, clock.is_statutory_provisional)
    before = Recounted(measured, ladder, clock.due_at, clock.statutory_due_at, *marks, clock.moment_at)
    measured.count(calendar_for(held, clock), ladder)
    return before


def _carry_along(tx: Transaction, moved: Sequence[Recounted]) -> None:
    """The bound timers, and the steps in the lists of open work."""
    due: dict[str, dict[str, datetime | None]] = {}
    for one in moved:
        due.setdefault(one.clock.root_id, {}).update(deadlines(one.clock))
    of_steps = [one.clock.root_id for one in moved if one.clock.kind == ClockKind.TASK]
    for root_id, found in _of_steps(tx, of_steps).items():
        due[root_id].update(found)
    bound_timers.reschedule_all(tx, due)
    pressing.sort_steps_of(tx, list(due))


def _of_steps(tx: Transaction, root_ids: Sequence[str]) -> Mapping[str, Mapping[str, datetime | None]]:
    return steps.deadlines_of(tx, root_ids) if root_ids else {}
