"""What a change of the calendar moves: the list of what would move, before; the progress and the list of what did,
after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, select

from casework import calendars, recomputing
from casework.calendar_imports import Proposal
from casework.calendars import Calendars
from casework.clocks import recounting
from casework.clocks.reading import Measured, grouped, ladder_of
from casework.clocks.recounting import Recounted
from casework.paging import Mark, Order, Page, fetch
from casework.recomputing import Stage
from casework.tables import Case, Clock, ClockKind, ClockPause, MovedDeadline, Recomputation
from casework.visibility import SEES_ALL_CASES, visible_case
from engine.errors import NotFound
from engine.queries.filters import Filters, narrowed
from engine.transaction import Transaction

AT_ONCE = 1_000
IN_ORDER = Order((MovedDeadline.root_id, MovedDeadline.clock_id))
NEWEST_FIRST = Order((Recomputation.began_at, Recomputation.id), newest_first=True)
FILTERS: Filters = {"is_into_past": lambda wanted: MovedDeadline.is_into_past.is_(wanted)}


@dataclass(slots=True)
class Forecast:
    """What a change would do: so many clocks looked at, moved, confirmed, made late; and some of those that move."""

    clocks: int = 0
    moved: int = 0
    confirmed: int = 0
    into_past: int = 0
    rows: list["Move"] = field(default_factory=list)
    after: Mark | None = None


class Move(NamedTuple):
    """A deadline before and after. `number` is null for a case that the reader may not know of."""

    number: str | None
    kind: ClockKind
    subject: str
    old_due_at: datetime | None
    due_at: datetime | None
    old_statutory_due_at: datetime | None
    statutory_due_at: datetime | None
    is_into_past: bool


def forecast(tx: Transaction, proposal: Proposal, *, after: Mark | None, limit: int) -> Forecast:
    """What publishing would do to the clocks that are open now; changes nothing and locks nothing.

    The figures are of everything; of the moves so many are listed that come behind `after`.
    """
    held = calendars.current(tx).having(proposal.year)
    concerned = recomputing.concerned(held, proposal.as_change())
    found = Forecast()
    for number, one in _recounted(tx, held, concerned[Stage.CLOCKS]) if concerned else ():
        found.clocks += 1
        found.moved += one.is_moved
        found.confirmed += one.is_confirmed
        found.into_past += one.is_into_past(tx.now)
        if one.is_moved and (after is None or (one.clock.root_id, one.clock.id) > after):
            _list(tx, found, number, one, limit)
    return found


def _list(tx: Transaction, found: Forecast, number: str | None, one: Recounted, limit: int) -> None:
    clock = one.clock
    if len(found.rows) == limit:
        return
    promised, by_law = (one.due_at, clock.due_at), (one.statutory_due_at, clock.statutory_due_at)
    found.rows.append(Move(number, clock.kind, clock.subject, *promised, *by_law, one.is_into_past(tx.now)))
    found.after = (clock.root_id, clock.id) if len(found.rows) == limit else None


def _recounted(tx: Transaction, held: Calendars, which: ColumnElement[bool]) -> Iterator[tuple[str | None, Recounted]]:
    """Every clock as it would be. The rows are of this transaction, which writes nothing."""
    after: tuple[str, str] | None = None
    while chosen := _chunk(tx, which, after):
        for measured, number, item_id in chosen:
            yield number, recounting.counted(measured, held, ladder_of(tx, item_id))
        after = (chosen[-1][0].clock.root_id, chosen[-1][0].clock.id)
        tx.session.expunge_all()


def _chunk(
    tx: Transaction, which: ColumnElement[bool], after: tuple[str, str] | None
) -> list[tuple[Measured, str | None, str | None]]:
    clocks = select(Clock.id).where(which).order_by(Clock.root_id, Clock.id).limit(AT_ONCE)
    if after is not None:
        root_id, clock_id = after
        clocks = clocks.where((Clock.root_id > root_id) | and_(Clock.root_id == root_id, Clock.id > clock_id))
    chosen = clocks.subquery()
    rows = tx.session.execute(
        select(Clock, ClockPause, _known_number(tx), Case.item_id)
        .join(chosen, chosen.c.id == Clock.id)
        .outerjoin(ClockPause, ClockPause.clock_id == Clock.id)
        .outerjoin(Case, Case.root_id == Clock.root_id)
        .order_by(Clock.root_id, Clock.id, ClockPause.seq)
    ).all()
    told = {clock.id: (number, item_id) for clock, _, number, item_id in rows}
    return [(one, *told[one.clock.id]) for one in grouped((clock, pause) for clock, pause, *_ in rows)]


def _known_number(tx: Transaction) -> ColumnElement[str | None]:
    """The number of a case that the reader may know of."""
    return case((visible_case(tx.actor), Case.number)).label("number")


def one(tx: Transaction, recomputation_id: str) -> Recomputation:
    """A change of the calendar and how far the counting is. Raises NotFound."""
    found = tx.session.get(Recomputation, recomputation_id)
    if found is None:
        raise NotFound
    return found


def recomputations(tx: Transaction, *, after: Mark | None, limit: int) -> Page:
    """A page of the changes of calendars and hours, newest first."""
    return fetch(tx, select(Recomputation), NEWEST_FIRST, after=after, limit=limit)


def listed(
    tx: Transaction, recomputation_id: str, wanted: Mapping[str, Any], *, after: Mark | None, limit: int
) -> Page:
    """A page of what a change has moved; for who does not look after all cases, in those that the actor may know of.
    Raises NotFound."""
    one(tx, recomputation_id)
    rows: Select[*tuple[Any, ...]] = (
        select(
            _known_number(tx),
            Clock.kind,
            Clock.subject,
            MovedDeadline.old_due_at,
            MovedDeadline.due_at,
            MovedDeadline.old_statutory_due_at,
            MovedDeadline.statutory_due_at,
            MovedDeadline.is_into_past,
        )
        .join(Clock, Clock.id == MovedDeadline.clock_id)
        .outerjoin(Case, Case.root_id == Clock.root_id)
        .where(MovedDeadline.recomputation_id == recomputation_id)
    )
    if not tx.actor.groups & SEES_ALL_CASES:
        rows = rows.where(visible_case(tx.actor))
    return fetch(tx, narrowed(rows, FILTERS, wanted), IN_ORDER, after=after, limit=limit)
