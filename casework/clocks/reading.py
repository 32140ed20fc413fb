"""Reads clocks with their pauses, and in the same statement what every act on them needs to know besides: which
calendars hold, and whether the case has timers to move."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, false, or_, select, true

from casework import calendars, items, ladders
from casework.calendars import Calendars
from casework.ladders import Against, Ladder, Rung
from casework.meaning import Does
from casework.tables import Case, Clock, ClockKind, ClockPause, ClockState
from casework.workdays import Calendar, Course, Limit, Pause, course
from engine.columns import Id
from engine.tables import Job, TaskState, UserTask
from engine.transaction import Transaction

OPEN = frozenset({ClockState.RUNNING, ClockState.PAUSED})
APPLICANTS = frozenset({ClockKind.CORRECTION, ClockKind.DEFERRAL})
"""Clocks of the applicant's own time, which no pause of the office's reaches."""
SHARES = frozenset({Does.REVIEW, Does.DECIDE})
"""Steps that a department's share consists of; every other may outlast the clock that measures it."""


@dataclass(slots=True)
class Measured:
    """A clock with every stretch it stood still."""

    clock: Clock
    pauses: list[ClockPause] = field(default_factory=list)

    @property
    def limit(self) -> Limit:
        return Limit.parse(self.clock.limit)

    @property
    def extension(self) -> Limit | None:
        return Limit.parse(self.clock.extension) if self.clock.extension else None

    @property
    def statutory_extension(self) -> Limit | None:
        return Limit.parse(self.clock.statutory_extension) if self.clock.statutory_extension else None

    @property
    def standstills(self) -> list[Pause]:
        """When the clock stood still; a pause that was reversed counts for nothing."""
        return [Pause(pause.begins_at, pause.ends_at) for pause in self.pauses if pause.reversed_at is None]

    @property
    def standstills_by_law(self) -> list[Pause]:
        """Those of them that hold against the law's limit too, not against the promise alone."""
        counting = [pause for pause in self.pauses if pause.reversed_at is None and pause.is_by_law]
        return [Pause(pause.begins_at, pause.ends_at) for pause in counting]

    @property
    def open_pauses(self) -> list[ClockPause]:
        return [pause for pause in self.pauses if pause.ends_at is None]

    def count(self, calendar: Calendar, ladder: Ladder) -> None:
        """Computes both deadlines, and the moment at which supervision looks next, from what the rows say."""
        clock, courses = self.clock, self.courses(calendar)
        clock.due_at = courses[Against.PROMISED].end.at
        clock.is_provisional = courses[Against.PROMISED].end.provisional
        if Against.STATUTORY in courses:
            by_law = courses[Against.STATUTORY].end
            clock.statutory_due_at, clock.is_statutory_provisional = by_law.at, by_law.provisional
        clock.moment_at = min((at for at, _ in self.moments(courses, ladder)), default=None)

    def courses(self, calendar: Calendar) -> Mapping[Against, Course]:
        """How its limits run."""
        clock = self.clock
        promised = course(clock.started_at, self.limit, calendar, self.standstills, self.extension)
        if clock.statutory_limit is None:
            return {Against.PROMISED: promised}
        by_law = Limit.parse(clock.statutory_limit)
        statutory = course(clock.started_at, by_law, calendar, self.standstills_by_law, self.statutory_extension)
        return {Against.PROMISED: promised, Against.STATUTORY: statutory}

    def moments(self, courses: Mapping[Against, Course], ladder: Ladder) -> Iterator[tuple[datetime, Rung]]:
        """When it comes to each rung that supervision has not dealt with; to none after it has ended."""
        clock, done = self.clock, self.clock.rungs.split()
        for rung in ladder:
            if rung.clock != clock.kind.lower() or rung.key in done:
                continue
            at = rung.moment(courses.get(rung.against, courses[Against.PROMISED]))
            if at is not None and self._lives_at(at):
                yield at, rung

    def has_come_to(self, rungs: Iterable[Rung], now: datetime, calendar: Calendar) -> bool:
        """Whether any of these rungs has been reached, whatever supervision has dealt with."""
        courses = self.courses(calendar)
        moments = (rung.moment(courses.get(rung.against, courses[Against.PROMISED])) for rung in rungs)
        return any(at is not None and at <= now for at in moments)

    def _lives_at(self, instant: datetime) -> bool:
        """At the very instant of its end it has come to its deadline, unless it stood still until then."""
        ended = self.clock.stopped_at
        stood_still = any(pause.ends_at == ended for pause in self.standstills)
        return ended is None or instant < ended or (instant == ended and not stood_still)


@dataclass(frozen=True)
class Reading:
    """What was found of a case's clocks.

    `has_timers`: some timer of the case is bound to a clock. `has_followers`: some open step may outlast its clock.
    """

    root_id: str
    calendars: Calendars
    has_timers: bool
    measured: Sequence[Measured] = ()
    has_followers: bool = True
    ladder: Ladder = ladders.DEFAULT

    def only(self, *kinds: ClockKind) -> "Reading":
        """The clocks of these kinds."""
        return self.of([one for one in self.measured if one.clock.kind in kinds])

    def of(self, measured: Sequence[Measured]) -> "Reading":
        """The same of these clocks alone."""
        return replace(self, measured=measured)

    def count(self, measured: Measured) -> None:
        """Computes a clock's deadlines and its next moment from its rows."""
        measured.count(self.calendar(measured.clock), self.ladder)

    def reached(self, measured: Measured, now: datetime) -> str:
        """The rungs that a clock has come to by now, as it keeps those that were dealt with."""
        moments = measured.moments(measured.courses(self.calendar(measured.clock)), self.ladder)
        return " ".join([*measured.clock.rungs.split(), *(rung.key for at, rung in moments if at <= now)])

    def calendar(self, clock: Clock) -> Calendar:
        """The calendar that a clock counts on."""
        return calendar_for(self.calendars, clock)


def calendar_for(found: Calendars, clock: Clock) -> Calendar:
    """The calendar a clock counts on: a department's share has the department's own hours, all else the division's."""
    return found.of(clock.region, clock.subject if clock.kind == ClockKind.DEPARTMENT else None)


ROOT = bindparam("root_id", type_=Id())


def seen(timers: ColumnElement[bool]) -> Subquery:
    """One row to join to whatever is read of a case: the calendars' revision, whether such timers are bound, and
    whether a step may outlast its clock."""
    bound = select(Job.id).where(Job.root_id == ROOT, Job.binding.is_not(None), timers).exists()
    outlasting = or_(UserTask.act.is_(None), UserTask.act.not_in(SHARES))
    follows = select(UserTask.id).where(UserTask.root_id == ROOT, UserTask.state == TaskState.CREATED, outlasting)
    item_id = select(Case.item_id).where(Case.root_id == ROOT).scalar_subquery()
    return select(
        calendars.REVISION,
        bound.label("has_timers"),
        follows.exists().label("has_followers"),
        item_id.label("item_id"),
    ).subquery("seen")


SEEN = seen(true())

Which = Select[int, bool, bool, str, Clock, ClockPause]


def which(*named: ColumnElement[bool], besides: Subquery = SEEN) -> Which:
    """A query for the open clocks of a case that any of the conditions names. Built once, when the program is loaded:
    building costs more than asking."""
    told = (besides.c.calendars_revision, besides.c.has_timers, besides.c.has_followers, besides.c.item_id)
    return (
        select(*told, Clock, ClockPause)
        .select_from(besides)
        .outerjoin(Clock, and_(Clock.root_id == ROOT, Clock.state.in_(OPEN), or_(*named)))
        .outerjoin(ClockPause, ClockPause.clock_id == Clock.id)
        .order_by(Clock.id, ClockPause.seq)
    )


EVERY, NONE = which(true()), which(false())
_OF_KINDS = which(Clock.kind.in_(bindparam("kinds", expanding=True)))
_ALL = (
    select(Clock, ClockPause, Case.item_id)
    .outerjoin(ClockPause, ClockPause.clock_id == Clock.id)
    .outerjoin(Case, Case.root_id == Clock.root_id)
    .where(Clock.root_id == ROOT)
    .order_by(Clock.id, ClockPause.seq)
)


def read(tx: Transaction, root_id: str, named: Which = EVERY, **parameters: object) -> Reading:
    """The open clocks of a case that a query names, those that this command started among them. One statement."""
    tx.flush()
    return read_written(tx, root_id, named, **parameters)


def read_written(tx: Transaction, root_id: str, named: Which, **parameters: object) -> Reading:
    """The same of what is written already: for a command that knows that it has changed nothing the query asks for."""
    rows = tx.session.execute(named, {"root_id": root_id, **parameters}).all()
    found = grouped((clock, pause) for *_, clock, pause in rows)
    revision, has_timers, has_followers, item_id, *_ = rows[0]
    still_open = [one for one in found if one.clock.state in OPEN]
    held = calendars.at_revision(tx, revision)
    return Reading(root_id, held, has_timers, still_open, has_followers, ladder_of(tx, item_id))


def ladder_of(tx: Transaction, item_id: str | None) -> Ladder:
    """The ladder of a case's clocks; of what is no case's the default."""
    return ladders.DEFAULT if item_id is None else items.document(tx, item_id).ladder


def read_kinds(tx: Transaction, root_id: str, *kinds: ClockKind) -> Reading:
    """The open clocks of a case of these kinds. One statement."""
    return read(tx, root_id, _OF_KINDS, kinds=kinds)


def all_of(tx: Transaction, root_id: str) -> list[Measured]:
    """Every clock of a case, the ended ones too, in the order they started. One statement."""
    return all_with_ladder(tx, root_id)[0]


def all_with_ladder(tx: Transaction, root_id: str) -> tuple[list[Measured], Ladder]:
    """The same, with the ladder of its item. One statement."""
    tx.flush()
    rows = tx.session.execute(_ALL, {"root_id": root_id}).all()
    return grouped((row.Clock, row.ClockPause) for row in rows), ladder_of(tx, rows[0].item_id if rows else None)


def grouped(rows: Iterable[tuple[Clock | None, ClockPause | None]]) -> list[Measured]:
    """Rows of a clock and one of its pauses, as clocks with their pauses."""
    found: dict[str, Measured] = {}
    for clock, pause in rows:
        if clock is not None:
            measured = found.setdefault(clock.id, Measured(clock))
            if pause is not None:
                measured.pauses.append(pause)
    return list(found.values())
