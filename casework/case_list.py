"""The cases a person may see, as lists show them: filters as data, one statement a page."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, exists, or_, select

from casework.paging import Mark, Order, Page, fetch
from casework.tables import Case, Item
from casework.visibility import visible_case
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
SORTED_BY = Order((Case.submitted_at, Case.root_id), newest_first=True)


def listed(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Page:
    """A page of the cases the actor may see, newest first; `mine`: only those the actor handed in."""
    statement = narrowed(LISTED, FILTERS, wanted).where(visible_case(tx.actor))
    if wanted.get("mine"):
        statement = statement.where(Case.submitted_by == tx.actor.login)
    return fetch(tx, statement, SORTED_BY, after=after, limit=limit)
