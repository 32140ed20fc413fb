"""The cases a person may see, as lists show them: filters as data, one statement a page."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, exists, literal, or_, select

from casework import case_deadlines
from casework.paging import Mark, Order, Page, fetch
from casework.tables import Case, Clock, ClockState, Item
from casework.visibility import visible_case
from engine.columns import NEVER, Instant
from engine.queries.filters import Filters, narrowed
from engine.tables import UserTask
from engine.transaction import Transaction

LISTED: Select[*tuple[Any, ...]] = select(
    Case.root_id,
    Case.number,
    Case.title,
    Case.state,
    Case.decision,
    Case.applicant_kind,
    Case.applicant_name,
    Case.channel,
    Case.submitted_by,
    Case.submitted_at,
    Case.received_at,
    Case.is_backdated,
    Case.is_confidential,
    Case.accepted_at,
    Case.is_accepted_by_law,
    Case.decided_at,
    Case.is_decided_by_law,
    Case.ended_at,
    Case.item_id,
    Item.code.label("item"),
    Item.version.label("item_version"),
    Item.name.label("item_name"),
).join(Item, Item.id == Case.item_id)
FILTERS: Filters = {
    "item": lambda code: Item.code == code,
    "state": lambda state: Case.state == state,
    "decision": lambda decision: Case.decision == decision,
    "department": lambda code: exists().where(UserTask.root_id == Case.root_id, UserTask.department == code),
    "submitted_from": lambda instant: Case.submitted_at >= instant,
    "submitted_to": lambda instant: Case.submitted_at < instant,
    "received_from": lambda instant: Case.received_at >= instant,
    "received_to": lambda instant: Case.received_at < instant,
    "q": lambda text: or_(
        Case.number.startswith(text, autoescape=True),
        Case.title.icontains(text, autoescape=True),
        Case.applicant_name.icontains(text, autoescape=True),
    ),
}
NEWEST, LEAST_LEFT, MOST_LEFT = "newest", "remaining", "-remaining"
"""How the list is sorted."""
BY_SUBMISSION = Order((Case.submitted_at, Case.root_id), newest_first=True)
RUNNING = Clock.state == ClockState.RUNNING, Order((Clock.due_at, Case.root_id))
STANDING_STILL = Clock.state == ClockState.PAUSED, Order((literal(NEVER, Instant()), Case.root_id))
"""The deadlines with an end, by an index that stands in this order; and those without one."""


def listed(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Page:
    """A page of the cases the actor may see, newest first; `mine`: only those the actor handed in.

    By remaining time the soonest due come first, and last those whose deadline stands still; backwards when the
    `MOST_LEFT` is wanted first. Cases that are over have no time left and are not among them.
    """
    statement = narrowed(LISTED, FILTERS, wanted).where(visible_case(tx.actor))
    if wanted.get("mine"):
        statement = statement.where(Case.submitted_by == tx.actor.login)
    if wanted.get("sort", NEWEST) == NEWEST:
        return fetch(tx, statement, BY_SUBMISSION, after=after, limit=limit)
    return _by_remaining_time(tx, statement, after, limit, is_backwards=wanted["sort"] == MOST_LEFT)


def _by_remaining_time(
    tx: Transaction, statement: Select[*tuple[Any, ...]], after: Mark | None, limit: int, *, is_backwards: bool
) -> Page:
    """A mark of the one part stands before, or behind, everything of the other."""
    rows: list[Row[Any]] = []
    leading = statement.join(Clock, Clock.root_id == Case.root_id).where(case_deadlines.leads(Clock))
    for state, order in (STANDING_STILL, RUNNING) if is_backwards else (RUNNING, STANDING_STILL):
        order = order.backwards() if is_backwards else order
        page = fetch(tx, leading.where(state), order, after=after, limit=limit - len(rows))
        rows += page.rows
        if len(rows) == limit:
            return Page(rows, order.mark(rows[-1]))
    return Page(rows, None)
