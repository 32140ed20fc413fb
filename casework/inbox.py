"""The inbox (待办箱): the open tasks a person may work on, and those done (已办).

The inbox is a query, not a table: what a candidate group may claim, a member of the group sees.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from casework import most_pressing
from casework.clocks import Signal
from casework.most_pressing import Place, Wanted
from casework.paging import Mark, Order, fetch
from casework.tables import Case, Item, Person, Role
from casework.task_clocks import Lit, lights, with_cases, with_clocks
from casework.visibility import visible_task
from engine.columns import MILLISECOND, NEVER
from engine.ports import Actor
from engine.queries.filters import Filters, conditions, narrowed
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

Holder = aliased(Person, name="holder")
BATCH = 500
LEAST_LEFT, MOST_LEFT = "remaining", "-remaining"
"""How the inbox is sorted."""
IN_EVERY_DEPARTMENT = frozenset({Role.OFFICER, Role.HEAD})

LISTED: Select[*tuple[Any, ...]] = (
    select(
        UserTask,
        Case.number.label("case_number"),
        Case.title,
        Case.item_id,
        Item.code.label("item"),
        Item.name.label("item_name"),
        Holder.name.label("holder_name"),
    )
    .outerjoin(Case, Case.root_id == UserTask.root_id)
    .outerjoin(Item, Item.id == Case.item_id)
)
FILTERS: Filters = {
    "item": lambda code: Item.code == code,
    "case_number": lambda number: Case.number == number,
    "department": lambda code: UserTask.department == code,
    "activity_id": lambda activity_id: UserTask.activity_id == activity_id,
    "q": lambda text: or_(
        Case.number.startswith(text, autoescape=True),
        Case.title.icontains(text, autoescape=True),
        Case.applicant_name.icontains(text, autoescape=True),
    ),
}
DONE_FILTERS: Filters = {
    **FILTERS,
    "outcome": lambda outcome: UserTask.outcome == outcome,
    "done_from": lambda instant: UserTask.ended_at >= instant,
    "done_to": lambda instant: UserTask.ended_at < instant,
}
HOLDERS: Mapping[str, Callable[[str], ColumnElement[bool]]] = {
    "mine": lambda login: UserTask.assignee == login,
    "nobody": lambda login: UserTask.assignee.is_(None),
}
OPEN = with_clocks(LISTED.outerjoin(Holder, Holder.login == UserTask.assignee))
BY_END = Order((UserTask.ended_at, UserTask.id), newest_first=True)


def listed(
    tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int
) -> tuple[list[Lit], Mark | None]:
    """A page of the actor's open tasks with their lights, by remaining time: the soonest due first, those that stand
    still or have no limit last; of equals those that somebody reminded of (催办) come first. Backwards when the
    `MOST_LEFT` is wanted first.
    """
    gathered, after = _gathered(tx, wanted, after, limit)
    return with_cases(tx, gathered), after


def _gathered(
    tx: Transaction, wanted: Mapping[str, Any], after: Mark | None, limit: int
) -> tuple[list[Lit], Mark | None]:
    """A light is computed from the calendar: for one `signal` the tasks are read in large batches until the page is
    full."""
    signal, gathered = wanted.get("signal"), list[Lit]()
    places, order = _places(tx.actor, wanted), most_pressing.ORDER
    if wanted.get("sort") == MOST_LEFT:
        places, order = [place.backwards() for place in places], order.backwards()
    chosen = _wanted(tx, wanted)
    while True:
        most = limit if signal is None else BATCH
        ids = most_pressing.ids(places, chosen, after, most + 1)
        page = fetch(tx, OPEN.where(UserTask.id.in_(ids)), order, after=None, limit=most)
        for row, light in zip(page.rows, lights(tx, page.rows), strict=True):
            if signal in (None, light.signal):
                gathered.append((row, light))
            if len(gathered) == limit:
                return gathered, page.after if row is page.rows[-1] else order.mark(row)
        after = page.after
        if after is None:
            return gathered, None


def _places(actor: Actor, asked: Mapping[str, Any]) -> list[Place]:
    """Where few tasks stand, if something asked for says so."""
    if asked.get("case_number") is not None:
        return most_pressing.in_cases(actor, asked["case_number"])
    return most_pressing.held(actor) if asked.get("claimed") == "mine" else most_pressing.held_or_offered(actor)


def _wanted(tx: Transaction, asked: Mapping[str, Any]) -> Wanted:
    """A red light shows on what pressed already, any other on what is still to press."""
    narrowing = conditions(FILTERS, asked)
    if asked.get("claimed") in HOLDERS:
        narrowing.append(HOLDERS[asked["claimed"]](tx.actor.login))
    before, signal = asked.get("due_before"), asked.get("signal")
    if before is not None:
        narrowing.append(or_(UserTask.reminders == 0, UserTask.pressing_at < before - MILLISECOND))
    if signal == Signal.RED:
        before = min(tx.now + MILLISECOND, before or NEVER)
    return Wanted(tx.now if signal not in (None, Signal.RED) else None, before, narrowing)


def done(
    tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int
) -> tuple[Sequence[Any], Mark | None]:
    """A page of finished tasks (已办), newest first: those of the actor's departments, or the actor's own if `mine`."""
    statement = LISTED.outerjoin(Holder, Holder.login == UserTask.ended_by).where(
        UserTask.state == TaskState.COMPLETED, _whose(tx, mine=bool(wanted.get("mine")))
    )
    page = fetch(tx, narrowed(statement, DONE_FILTERS, wanted), BY_END, after=after, limit=limit)
    return page.rows, page.after


def _whose(tx: Transaction, *, mine: bool) -> ColumnElement[bool]:
    if mine:
        return UserTask.ended_by == tx.actor.login
    of_department = UserTask.department.in_(sorted(group for group in tx.actor.groups if _is_workplace(group)))
    return and_(of_department, or_(Case.is_confidential.is_not(True), visible_task(tx.actor)))


def _is_workplace(group: str) -> bool:
    """Whether a group may be a task's department: a department's code, or a role that works like one (window, lead)."""
    return "/" not in group and group not in IN_EVERY_DEPARTMENT
