"""The board (监察看板): how many open tasks of each department and item show which light; which cards are undecided.

Live: reckoned when it is asked for. Whoever shows it says for every figure where the list is that makes it, so the two
take the same rows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from casework import names
from casework.clocks import Signal
from casework.inbox import OPEN
from casework.inbox_counts import TASKS, lit
from casework.ladders import Light
from casework.paging import Mark, Order, fetch
from casework.supervision.cards import UNDECIDED, visible
from casework.tables import Card, Case, Item
from casework.task_clocks import lights
from casework.visibility import in_sight
from engine.errors import Sentence
from engine.ports import Actor
from engine.queries.filters import Filters, narrowed
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

BATCH = 500
MOST_PRESSING = Order((UserTask.pressing_at, UserTask.id))
FILTERS: Filters = {
    "department": lambda code: UserTask.department == code,
    "item": lambda code: Item.code == code,
}
Rows = tuple[list[tuple[Any, Any]], Mark | None]


class Place(NamedTuple):
    """A department and an item, both codes."""

    department: str
    item: str


def counted(tx: Transaction) -> list[dict[str, Any]]:
    """One row for every department and item with open tasks or undecided cards; `tasks` by light, `cards` by signal."""
    tasks: dict[Place, Counter[Signal]] = {}
    chosen = TASKS.outerjoin(Case, Case.root_id == UserTask.root_id).outerjoin(Item, Item.id == Case.item_id)
    for row, signal in lit(tx, chosen.add_columns(Item.code.label("item")).where(*_watched(tx.actor))):
        tasks.setdefault(Place(row.department, row.item), Counter())[signal] += 1
    cards = _cards(tx)
    known, called = names.departments(tx), _items(tx)
    return [
        {
            "department": {"code": place.department, "name": known.get(place.department) or _code(place.department)},
            "item": {"code": place.item, "name": called.get(place.item) or _code(place.item)},
            "tasks": tasks.get(place, Counter()),
            "cards": cards.get(place, Counter()),
        }
        for place in sorted({*tasks, *cards})
    ]


def _code(code: str) -> Sentence:
    return Sentence(code, code)


def _watched(actor: Actor) -> Sequence[ColumnElement[bool]]:
    """Open tasks of cases that somebody other than the applicant has to do."""
    return (
        UserTask.state == TaskState.CREATED,
        UserTask.department.is_not(None),
        Item.id.is_not(None),
        in_sight(actor, UserTask.root_id),
    )


def _cards(tx: Transaction) -> Mapping[Place, Counter[Light]]:
    found: dict[Place, Counter[Light]] = {}
    rows = tx.session.execute(
        select(Card.department, Item.code, Card.signal, func.count())
        .join(Case, Case.root_id == Card.root_id)
        .join(Item, Item.id == Case.item_id)
        .where(Card.state.in_(UNDECIDED), visible(tx.actor))
        .group_by(Card.department, Item.code, Card.signal)
    )
    for department, item, signal, number in rows:
        found.setdefault(Place(department, item), Counter())[signal] = number
    return found


def _items(tx: Transaction) -> Mapping[str, Sentence]:
    """What each item is called, in its newest version."""
    rows = tx.session.execute(select(Item.code, Item.name).order_by(Item.version))
    return {code: Sentence(name, name) for code, name in rows}


def tasks(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Rows:
    """A page of the tasks that make the board, with their lights, the most pressing first; for one `signal` they are
    read in large batches until the page is full."""
    signal, gathered = wanted.get("signal"), list[tuple[Any, Any]]()
    statement = narrowed(OPEN, FILTERS, wanted).where(*_watched(tx.actor))
    while True:
        page = fetch(tx, statement, MOST_PRESSING, after=after, limit=limit if signal is None else BATCH)
        for row, light in zip(page.rows, lights(tx, page.rows), strict=True):
            if signal in (None, light.signal):
                gathered.append((row, light))
            if len(gathered) == limit:
                return gathered, page.after if row is page.rows[-1] else MOST_PRESSING.mark(row)
        after = page.after
        if after is None:
            return gathered, None
