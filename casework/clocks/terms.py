"""Terms of a diagram's own, counted on the division's calendar from when they are asked for: `${workingDays(3)}`.

No clock of the case moves them, because such a term is often that of what the case stands still for: a publicity, an
answer of the applicant's. The calendar does.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, select

from casework.calendars import WINDOW, Calendars, Office
from casework.clocks.recounting import span
from casework.workdays import Limit, deadline
from engine.ports import Bound
from engine.tables import Job
from engine.transaction import Transaction

BOUND = "term:"
_IS_TERM = Job.binding.startswith(BOUND)


def term(limit: Limit, start: datetime) -> Bound:
    """What a timer is bound to that waits for a limit to pass."""
    return Bound(f"{BOUND}{limit}@{start.isoformat()}")


def end(held: Calendars, region: str, binding: str) -> datetime | None:
    """When the term of a binding ends."""
    limit, _, start = binding.removeprefix(BOUND).partition("@")
    return deadline(datetime.fromisoformat(start), Limit.parse(limit), held.of(region)).at


def within(first: date, last: date, regions: Collection[str] | None) -> ColumnElement[bool]:
    """The terms that a change of these days in these divisions (None: everywhere) can reach."""
    behind, before = span(first, last)
    reached = and_(_IS_TERM, Job.due_at >= behind, Job.created_at < before)
    return reached if regions is None else and_(reached, Job.region.in_(sorted(regions)))


def of_department(office: Office) -> ColumnElement[bool]:
    """The terms that go by a department's hours: all of its division for the window, none for any other."""
    return and_(_IS_TERM, Job.region == office.region) if office.role == WINDOW else false()


def recount(tx: Transaction, held: Calendars, root_ids: Iterable[str], which: ColumnElement[bool]) -> None:
    """Moves the timers of these locked cases to where their terms end now."""
    for job in tx.session.scalars(select(Job).where(Job.root_id.in_(list(root_ids)), which)):
        due_at = end(held, job.region, job.binding or "")
        if due_at != job.due_at:
            job.due_at = due_at
            job.revision += 1
