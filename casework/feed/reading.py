"""Reads changes in their order, as far as a person's departments may know of them, and waits for the next one.

A place in the order (an era and a position) is where a reader has come; it is opaque outside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from casework.feed.numbering import ONLY, number, waits
from casework.tables import Case, Change, ChangeSequence
from casework.visibility import named_candidate, visible_case
from engine.errors import EngineError, Sentence
from engine.ports import ENGINE, Actor
from engine.tables import Candidate, UserTask
from engine.transaction import Database, Transaction

WINDOW = 10_000
"""How many changes one read looks at, whomever they concern."""


class ChangesForgotten(EngineError):
    """Changes after this place were deleted."""

    code = "changes-forgotten"
    title = Sentence(
        "该游标之后的变动已超过九十天，不再保留。请以 after=latest 取得新游标，再读取待办箱和办件列表，然后继续。",
        "Changes after this cursor are older than ninety days and no longer kept. Take a new cursor with after=latest, "
        "then read the inbox and the cases, and go on from there.",
    )


class UnknownPlace(EngineError):
    """No such place was ever given out by this database."""

    code = "unknown-place"
    title = Sentence(
        "本系统没有给出过该游标，数据库可能已恢复到较早的备份。请以 after=latest 取得新游标，"
        "再读取待办箱和办件列表，然后继续。",
        "This cursor is not of this database, which may have been restored from a backup. Take a new cursor with "
        "after=latest, then read the inbox and the cases, and go on from there.",
    )


class Place(NamedTuple):
    """How far a reader has come. The beginning is before everything that is kept, in whichever era."""

    era: str
    position: int


BEGINNING = Place("", 0)


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes, the place after them, and whether there are more already."""

    era: str
    rows: Sequence[Row[Any]]
    after: Place
    has_more: bool


Task = aliased(UserTask, name="task")
LISTED: Select[*tuple[Any, ...]] = (
    select(
        Change,
        Case.number.label("case_number"),
        Task.name.label("task_name"),
        Task.activity_id,
        Task.act,
        Task.department.label("task_department"),
    )
    .outerjoin(Case, Case.root_id == Change.root_id)
    .outerjoin(Task, Task.id == Change.task_id)
)


def follow(
    database: Database, actor: Actor, after: Place | None, *, limit: int, is_patient: Callable[[], bool]
) -> Page:
    """The next changes after a place; while there are none, looks again for as long as `is_patient` says so.

    `is_patient` waits a moment before it says yes: no transaction is open then. `after` null: from the oldest kept.
    Raises ChangesForgotten or UnknownPlace.
    """
    while True:
        page = _page(database, actor, after, limit)
        if page.rows or page.has_more or not is_patient():
            return page
        after = page.after


def latest(database: Database, actor: Actor) -> Page:
    """The place after everything that has happened so far."""
    _number_all(database, actor)
    with database.view(actor) as tx:
        sequence = _sequence(tx)
    return Page(sequence.era, (), Place(sequence.era, sequence.last), has_more=False)


def _number_all(database: Database, actor: Actor) -> None:
    """Asking while everything is numbered takes no lock."""
    with database.view(actor) as tx:
        waiting = waits(tx)
    while waiting:
        with database.begin(ENGINE) as tx:
            waiting = number(tx) > 0


def _page(database: Database, actor: Actor, after: Place | None, limit: int) -> Page:
    _number_all(database, actor)
    with database.view(actor) as tx:
        sequence = _sequence(tx)
        start = _start(sequence, after)
        until = min(sequence.last, start + WINDOW)
        here = and_(Change.position > start, Change.position <= until, concerns(actor))
        rows = tx.session.execute(LISTED.where(here).order_by(Change.position).limit(limit)).all()
    reached = rows[-1].Change.position if len(rows) == limit else until
    return Page(sequence.era, rows, Place(sequence.era, reached), has_more=reached < sequence.last)


def _sequence(tx: Transaction) -> ChangeSequence:
    return tx.session.get(ChangeSequence, ONLY) or ChangeSequence(era="", last=0, forgotten=0)


def _start(sequence: ChangeSequence, after: Place | None) -> int:
    if after is None:
        return sequence.forgotten
    if after != BEGINNING and (after.era != sequence.era or not 0 <= after.position <= sequence.last):
        raise UnknownPlace
    if after.position < sequence.forgotten:
        raise ChangesForgotten
    return after.position


def concerns(actor: Actor) -> ColumnElement[bool]:
    """A change of a task that the person may claim, one for the person's departments, or one of a case in sight."""
    of_task = exists().where(Candidate.task_id == Change.task_id, named_candidate(actor))
    of_case = and_(Change.task_id.is_(None), Change.department.is_(None), visible_case(actor))
    return or_(of_task, Change.department.in_(sorted(actor.groups)), of_case)
