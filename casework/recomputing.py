"""Counts every open deadline again after the calendar changed, while the office works on.

A job at a time does a batch of cases in one short transaction and leaves the next batch to a job of its own, so that a
crash loses nothing; before each it rests, outside any transaction, and leaves the machine to people. Cases that
somebody else holds at the moment are left for the end: no batch ever waits while it holds another case, and no
department waits for more than one batch.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from casework import calendars
from casework.calendars import Calendars
from casework.clocks import recounting, terms
from casework.clocks.grounds import Ground
from casework.clocks.recounting import Recounted
from casework.notices.moved_deadlines import tell_applicant, tell_departments
from casework.supervision.calendar_changes import calendar_moved, tell_supervision
from casework.tables import Case, Clock, MovedDeadline, Recomputation
from engine.columns import EPOCH, MILLISECOND
from engine.store import instance_rows
from engine.tables import Job, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

KIND = "recompute-deadlines"
BATCH = 50
REST = timedelta(milliseconds=50)
CALENDAR_CHANGED = "calendar-changed"
SETTLING = timedelta(minutes=1)
"""A command that was under way when the calendar changed, and has started a case on the old one, is over by then."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changed: the days of a division from `first_on` to `last_on`, or a department's hours."""

    region: str
    source: str
    document: str | None = None
    year: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    department: str | None = None


class Stage(StrEnum):
    """What is counted again, in this order: terms of diagrams' own, which wait for nobody's clock, then the clocks."""

    TERMS = "terms"
    CLOCKS = "clocks"


_ROOT: Mapping[Stage, InstrumentedAttribute[Any]] = {Stage.TERMS: Job.root_id, Stage.CLOCKS: Clock.root_id}
Concerned = Mapping[Stage, ColumnElement[bool]]


class Batches:
    """The engine's port for the job: an errand whose call only rests."""

    def order(self, tx: Transaction, job: Job) -> Callable[[], None]:
        """About as long as a batch takes."""
        return partial(time.sleep, REST.total_seconds())

    def settle(self, tx: Transaction, job: Job, result: None) -> None:
        """One batch."""
        run(tx, job)


def begin(tx: Transaction, change: Change) -> Recomputation:
    """Notes the change and queues the first batch; with the change itself, so that neither is without the other."""
    which = concerned(calendars.current(tx), change)
    clocks = select(func.count()).select_from(Clock)
    found = 0 if which is None else tx.session.scalar(clocks.where(which[Stage.CLOCKS])) or 0
    begun = Recomputation(
        id=tx.new_id(),
        region=change.region,
        year=change.year,
        department=change.department,
        source=change.source,
        document=change.document,
        first_on=change.first_on,
        last_on=change.last_on,
        clocks=found,
        done=0,
        moved=0,
        confirmed=0,
        into_past=0,
        began_at=tx.now,
        began_by=tx.actor.login,
        revision=1,
    )
    tx.add(begun)
    tx.flush()
    if which is None:
        begun.ended_at = tx.now
    else:
        _queue(tx, begun, _from(None), tx.now)
    return begun


def _from(since: str | None) -> dict[str, Any]:
    """The first batch, of the cases that were begun `since`."""
    return {"stage": Stage.TERMS, "since": since, "after": since, "left": []}


def concerned(held: Calendars, change: Change | Recomputation) -> Concerned | None:
    """The terms and open clocks that a change can reach; None when it changes no day."""
    office = held.offices.get(change.department or "")
    if change.department is not None and office is not None:
        return {
            Stage.TERMS: terms.of_department(office),
            Stage.CLOCKS: recounting.of_department(change.department, office),
        }
    if change.first_on is None or change.last_on is None:
        return None
    reach = change.first_on, change.last_on, held.below(change.region)
    return {Stage.TERMS: terms.within(*reach), Stage.CLOCKS: recounting.within(*reach)}


def run(tx: Transaction, job: Job) -> None:
    """One batch, and the job of the next."""
    begun = tx.session.get_one(Recomputation, job.payload["recomputation"])
    held = calendars.current(tx)
    which = concerned(held, begun)
    if which is None:
        _end(tx, begun)
        return
    stage, after, left = Stage(job.payload["stage"]), job.payload["after"], job.payload["left"]
    chosen = _next(tx, stage, which[stage], after)
    if stage == Stage.TERMS and not chosen and not left:
        stage = Stage.CLOCKS
        chosen = _next(tx, stage, which[stage], job.payload["since"])
    told = job.payload | {"stage": stage}
    if chosen:
        free = instance_rows.lock_free_trees(tx, chosen)
        _batch(tx, begun, held, free, stage, which[stage])
        _queue(tx, begun, told | {"after": chosen[-1], "left": left + _not_among(chosen, free)}, tx.now)
    elif left:
        _batch(tx, begun, held, [instance_rows.lock_tree_of(tx, left[0])], stage, which[stage])
        _queue(tx, begun, told | {"left": left[1:]}, tx.now)
    else:
        _end(tx, begun)


def _next(tx: Transaction, stage: Stage, which: ColumnElement[bool], after: str | None) -> Sequence[str]:
    root_id = _ROOT[stage]
    roots = select(root_id).where(which).distinct().order_by(root_id).limit(BATCH)
    return tx.session.scalars(roots if after is None else roots.where(root_id > after)).all()


def _not_among(chosen: Sequence[str], free: Sequence[ProcessInstance]) -> list[str]:
    locked = {root.id for root in free}
    return [root_id for root_id in chosen if root_id not in locked]


def _queue(tx: Transaction, begun: Recomputation, payload: dict[str, Any], due_at: datetime) -> None:
    told = {**payload, "recomputation": begun.id}
    job = Job(id=tx.new_id(), region=begun.region, kind=KIND, due_at=due_at, payload=told, created_at=tx.now)
    tx.add(job)


def _batch(
    tx: Transaction,
    begun: Recomputation,
    held: Calendars,
    roots: Sequence[ProcessInstance],
    stage: Stage,
    which: ColumnElement[bool],
) -> None:
    if stage == Stage.TERMS:
        terms.recount(tx, held, [root.id for root in roots], which)
    else:
        _recount_clocks(tx, begun, held, roots, which)


def _recount_clocks(
    tx: Transaction,
    begun: Recomputation,
    held: Calendars,
    roots: Sequence[ProcessInstance],
    which: ColumnElement[bool],
) -> None:
    ground = Ground(CALENDAR_CHANGED, begun.source, begun.document)
    recounted = recounting.recount(tx, held, roots, which, ground)
    calendar_moved(tx, held, recounted, begun.source)
    moved = [one for one in recounted if one.is_moved]
    tx.add(*(_row(tx, begun, one) for one in moved))
    begun.done += len(recounted) if begun.ended_at is None else 0
    begun.moved += len(moved)
    begun.confirmed += sum(one.is_confirmed for one in recounted)
    begun.into_past += sum(one.is_into_past(tx.now) for one in moved)
    begun.revision += 1
    _tell(tx, begun, moved)


def _row(tx: Transaction, begun: Recomputation, one: Recounted) -> MovedDeadline:
    return MovedDeadline(
        recomputation_id=begun.id,
        clock_id=one.clock.id,
        root_id=one.clock.root_id,
        at=tx.now,
        old_due_at=one.due_at,
        due_at=one.clock.due_at,
        old_statutory_due_at=one.statutory_due_at,
        statutory_due_at=one.clock.statutory_due_at,
        is_into_past=one.is_into_past(tx.now),
    )


def _tell(tx: Transaction, begun: Recomputation, moved: Sequence[Recounted]) -> None:
    if not moved:
        return
    roots = {one.clock.root_id for one in moved}
    cases = {case.root_id: case for case in tx.session.scalars(select(Case).where(Case.root_id.in_(roots)))}
    for one in moved:
        if one.clock.root_id in cases:
            tell_applicant(tx, cases[one.clock.root_id], one.clock, one.due_at, begun.source)


def _end(tx: Transaction, begun: Recomputation) -> None:
    """Nothing is left; what commands under way at the change have begun is looked at once more, later."""
    if begun.ended_at is not None:
        return
    begun.ended_at, begun.clocks = tx.now, begun.done
    begun.revision += 1
    tell_departments(tx, _departments(tx, begun), begun.source, address(begun))
    if begun.into_past:
        tell_supervision(tx, begun.into_past, begun.source, address(begun))
    _queue(tx, begun, _from(_just_before(begun.began_at - SETTLING)), begun.began_at + SETTLING)


def _departments(tx: Transaction, begun: Recomputation) -> dict[str, int]:
    """How many cases with moved deadlines each department has open tasks in."""
    counted = (
        select(UserTask.department, func.count(MovedDeadline.root_id.distinct()))
        .join(MovedDeadline, MovedDeadline.root_id == UserTask.root_id)
        .where(
            MovedDeadline.recomputation_id == begun.id,
            UserTask.state == TaskState.CREATED,
            UserTask.department.is_not(None),
        )
        .group_by(UserTask.department)
        .order_by(UserTask.department)
    )
    return {code: number for code, number in tx.session.execute(counted) if code is not None}


def _just_before(instant: datetime) -> str:
    """Sorts before every id that was made from this instant on (UUIDv7)."""
    return f"{(instant - EPOCH) // MILLISECOND << 80:032x}"


def address(begun: Recomputation) -> str:
    """Where the list of what moved is."""
    return f"/api/calendars/recomputations/{begun.id}/moved"
