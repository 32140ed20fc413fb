"""Irregular notices of corrections (二次告知): what was asked for after the applicant had been told everything at once.

Supervision lists them and permits none (行政许可法 arts. 32, 72).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select

from casework import names
from casework.corrections import LIABILITY
from casework.names import Directory
from casework.paging import Mark, Order, fetch
from casework.tables import Case, Correction, Item
from casework.visibility import in_sight
from engine.ports import Actor
from engine.queries.filters import Filters, narrowed
from engine.transaction import Transaction

NOTICES: Select[*tuple[Any, ...]] = (
    select(Correction, Case.number.label("case_number"), Case.title, Item.code.label("item"))
    .join(Case, Case.root_id == Correction.root_id)
    .join(Item, Item.id == Case.item_id)
)
FILTERS: Filters = {
    "item": lambda code: Item.code == code,
    "case_number": lambda number: Case.number == number,
    "asked_from": lambda instant: Correction.created_at >= instant,
    "asked_to": lambda instant: Correction.created_at < instant,
}
NEWEST = Order((Correction.created_at, Correction.id), newest_first=True)


def listed(
    tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int
) -> tuple[Sequence[dict[str, Any]], Mark | None]:
    """A page of them in cases that the actor may know of, newest first; of each, what came after the first notice."""
    page = fetch(tx, _irregular(narrowed(NOTICES, FILTERS, wanted), tx.actor), NEWEST, after=after, limit=limit)
    asked = {row.Correction.id: _asked_again(row.Correction) for row in page.rows}
    askers = {one["by"] for each in asked.values() for one in each}
    known = names.directory(tx, askers | {row.Correction.sent_by for row in page.rows})
    return [_row(row, asked[row.Correction.id], known) for row in page.rows], page.after


def counted(tx: Transaction) -> int:
    """How many there are in cases that the actor may know of."""
    number: int = tx.session.scalars(_irregular(select(func.count()).select_from(Correction), tx.actor)).one()
    return number


def _irregular(statement: Select[Any], actor: Actor) -> Select[Any]:
    return statement.where(Correction.is_irregular, in_sight(actor, Correction.root_id))


def _asked_again(notice: Correction) -> list[dict[str, Any]]:
    """What nobody had told the applicant before: each with the reason that the head gave."""
    return [one for one in json.loads(notice.items) if "reason" in one]


def _row(row: Any, asked: Sequence[Mapping[str, Any]], known: Directory) -> dict[str, Any]:
    notice: Correction = row.Correction
    return {
        "case_number": row.case_number,
        "title": row.title,
        "item": row.item,
        "number": notice.number,
        "state": notice.state,
        "basis": LIABILITY,
        "asked": [
            {**one, "department": known.department(one["department"]), "by": known.person(one["by"])} for one in asked
        ],
        "asked_at": notice.created_at,
        "sent_at": notice.sent_at,
        "sent_by": known.person(notice.sent_by),
        "served_at": notice.served_at,
    }
