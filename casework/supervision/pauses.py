"""Every pause, exclusion and extension (中止、扣除、延期), with who wanted it: stopping the clock is the classic way to
hide lateness.

What one act did to many clocks of a case is one row, told of the first of them. A pause that is longer than it was said
to be turns yellow, and red a working day later, on whoever asked for it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Subquery, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from casework import calendars, names
from casework.calendars import Calendars
from casework.clocks import Signal
from casework.clocks.reading import calendar_for
from casework.paging import Mark, Order, fetch
from casework.tables import Case, Clock, ClockExtension, ClockPause, Item
from casework.visibility import in_sight
from casework.workdays import Calendar, Limit, Unit, deadline
from casework.workdays.hours import passed, running
from engine.errors import Sentence
from engine.queries.filters import Filters, narrowed
from engine.transaction import Transaction

TOLERATED = Limit(1, Unit.WD)
"""How much longer than foreseen a standstill may last until its light is red."""


class Kind(StrEnum):
    """What was done to the clock."""

    PAUSE = "pause"
    EXCLUSION = "exclusion"
    EXTENSION = "extension"


KINDS: Mapping[Kind, Sentence] = {
    Kind.PAUSE: Sentence("中止", "pause"),
    Kind.EXCLUSION: Sentence("特别程序扣除", "exclusion"),
    Kind.EXTENSION: Sentence("延期", "extension"),
}
Earlier = aliased(ClockPause, name="earlier")
EarlierExtension = aliased(ClockExtension, name="earlier_extension")


def _acts() -> Subquery:
    """Pauses and extensions as one list: which clock, which row of it, who asked, when."""
    is_first = ~exists().where(Earlier.occasion_id == ClockPause.occasion_id, Earlier.clock_id < ClockPause.clock_id)
    pauses = select(
        ClockPause.clock_id,
        ClockPause.seq,
        literal("").label("extends"),
        ClockPause.begins_at.label("at"),
        ClockPause.is_exclusion,
        ClockPause.asked_by,
        ClockPause.department,
        ClockPause.ends_at,
        ClockPause.reversed_at,
    ).where(is_first)
    is_first_extended = ~exists().where(
        EarlierExtension.document == ClockExtension.document, EarlierExtension.clock_id < ClockExtension.clock_id
    )
    extensions = select(
        ClockExtension.clock_id,
        ClockExtension.seq,
        ClockExtension.amount,
        ClockExtension.granted_at,
        literal(value=False),
        ClockExtension.asked_by,
        ClockExtension.department,
        ClockExtension.granted_at,
        ClockExtension.reversed_at,
    ).where(is_first_extended)
    return union_all(pauses, extensions).subquery("clock_act")


ACTS = _acts()
NEWEST = Order((ACTS.c.at, ACTS.c.clock_id, ACTS.c.seq, ACTS.c.extends), newest_first=True)
IS_KIND = {
    Kind.PAUSE: (ACTS.c.extends == "") & ~ACTS.c.is_exclusion,
    Kind.EXCLUSION: (ACTS.c.extends == "") & ACTS.c.is_exclusion,
    Kind.EXTENSION: ACTS.c.extends != "",
}
LISTED = (
    select(ACTS, Clock, Case.number, Item.code.label("item"), ClockPause, ClockExtension)
    .join(Clock, Clock.id == ACTS.c.clock_id)
    .join(Case, Case.root_id == Clock.root_id)
    .join(Item, Item.id == Case.item_id)
    .outerjoin(
        ClockPause,
        (ACTS.c.extends == "") & (ClockPause.clock_id == ACTS.c.clock_id) & (ClockPause.seq == ACTS.c.seq),
    )
    .outerjoin(
        ClockExtension,
        (ACTS.c.extends != "") & (ClockExtension.clock_id == ACTS.c.clock_id) & (ClockExtension.seq == ACTS.c.seq),
    )
)
FILTERS: Filters = {
    "kind": lambda kind: IS_KIND[kind],
    "department": lambda code: ACTS.c.department == code,
    "asked_by": lambda login: ACTS.c.asked_by == login,
    "item": lambda code: Item.code == code,
    "case_number": lambda number: Case.number == number,
    "open": lambda is_open: ACTS.c.ends_at.is_(None) if is_open else ACTS.c.ends_at.is_not(None),
    "reversed": lambda is_reversed: ACTS.c.reversed_at.is_not(None) if is_reversed else ACTS.c.reversed_at.is_(None),
    "begun_from": lambda instant: ACTS.c.at >= instant,
    "begun_to": lambda instant: ACTS.c.at < instant,
}


def listed(
    tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int
) -> tuple[Sequence[dict[str, Any]], Mark | None]:
    """A page of them in cases that the actor may know of, newest first."""
    statement = narrowed(LISTED, FILTERS, wanted).where(in_sight(tx.actor, Clock.root_id))
    page = fetch(tx, statement, NEWEST, after=after, limit=limit)
    found, known = calendars.current(tx), names.directory(tx, {row.asked_by for row in page.rows})
    rows = [
        {
            **(_pause(tx, row, found) if row.ClockPause else _extension(row)),
            "clock": row.Clock.kind,
            "case_number": row.number,
            "item": row.item,
            "begins_at": row.at,
            "asked_by": known.person(row.asked_by),
            "department": known.department(row.department),
        }
        for row in page.rows
    ]
    return rows, page.after


def counted(tx: Transaction) -> Mapping[Kind, int]:
    """How many of each kind hold in cases that the actor may know of, of standstills those that still last."""
    counts = [
        select(func.count())
        .select_from(ACTS)
        .join(Clock, Clock.id == ACTS.c.clock_id)
        .join(Case, Case.root_id == Clock.root_id)
        .where(
            condition,
            ACTS.c.reversed_at.is_(None),
            in_sight(tx.actor, Clock.root_id),
            *(() if kind == Kind.EXTENSION else (ACTS.c.ends_at.is_(None),)),
        )
        .scalar_subquery()
        for kind, condition in IS_KIND.items()
    ]
    return dict(zip(IS_KIND, tx.session.execute(select(*counts)).one(), strict=True))


def _pause(tx: Transaction, row: Any, found: Calendars) -> dict[str, Any]:
    pause: ClockPause = row.ClockPause
    calendar = calendar_for(found, row.Clock)
    ended = pause.ends_at or tx.now
    return {
        "kind": Kind.EXCLUSION if pause.is_exclusion else Kind.PAUSE,
        "reason": pause.reason,
        "basis": pause.basis,
        "document": pause.document,
        "expected_end_at": pause.expected_end_at,
        "ends_at": pause.ends_at,
        "reversed_at": pause.reversed_at,
        "share": _share(Limit.parse(row.Clock.limit), pause.begins_at, ended, calendar),
        "signal": light(pause, tx.now, calendar),
    }


def light(pause: ClockPause, now: datetime, calendar: Calendar) -> Signal:
    """Whether a standstill is, or was, longer than it was said to be."""
    until, ended = pause.expected_end_at, pause.ends_at or now
    if until is None or ended <= until or pause.reversed_at is not None:
        return Signal.NONE
    red_from = deadline(until, TOLERATED, calendar).at
    return Signal.RED if red_from is not None and ended >= red_from else Signal.YELLOW


def _extension(row: Any) -> dict[str, Any]:
    extension: ClockExtension = row.ClockExtension
    limit, amount = Limit.parse(row.Clock.limit), Limit.parse(extension.amount)
    return {
        "kind": Kind.EXTENSION,
        "reason": extension.reason,
        "basis": extension.basis,
        "document": extension.document,
        "amount": extension.amount,
        "ends_at": None,
        "expected_end_at": None,
        "reversed_at": extension.reversed_at,
        "share": amount.amount / limit.amount if limit.amount else None,
        "signal": Signal.NONE,
    }


def _share(limit: Limit, begun: datetime, ended: datetime, calendar: Calendar) -> float | None:
    """How much of the limit would have been used meanwhile."""
    if not limit.amount:
        return None
    if limit.unit is Unit.WD:
        return calendar.working_days(calendar.local_day(begun), calendar.local_day(ended)) / limit.amount
    if limit.unit is Unit.ND:
        return (calendar.local_day(ended) - calendar.local_day(begun)).days / limit.amount
    return passed(running(begun, limit.unit, calendar, ()), ended) / timedelta(hours=limit.amount)
