"""The open tasks of a person, the most pressing first, found by index however many are open.

Every group of the person is asked for its next few, from an index that stands in that order; what comes first among
all of them is the page. When a task presses is kept by casework.clocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select, union

from casework.paging import Mark, Order, after_mark
from casework.tables import Case, Item
from casework.visibility import named_candidate
from engine.ports import Actor
from engine.tables import GROUP, USER, Candidate, UserTask

ORDER = Order((UserTask.pressing_at, UserTask.id))
OFFERS = Order((Candidate.pressing_at, Candidate.task_id))
"""The same order of what the database copies to the candidates."""

Found = Select[*tuple[object, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where tasks of a person stand in order."""

    tasks: Found
    order: Order
    is_offered: bool = False
    """Whether it is read from the candidates, to which the database copies the order."""

    def backwards(self) -> "Place":
        """The same from its end: what has the most time left comes first."""
        return replace(self, order=self.order.backwards())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the tasks: those that press from an instant on, before another, and that all conditions are true of."""

    since: datetime | None = None
    before: datetime | None = None
    conditions: Sequence[ColumnElement[bool]] = ()


EVERYTHING = Wanted()


HELD = select(UserTask.pressing_at, UserTask.id.label("task_id"))
OFFERED = select(Candidate.pressing_at, Candidate.task_id)


def held(actor: Actor) -> list[Place]:
    """What the person has claimed or was given."""
    return [Place(HELD.where(UserTask.assignee == actor.login), ORDER)]


def held_or_offered(actor: Actor) -> list[Place]:
    """That, and what each group and the person may claim."""
    offers = [(GROUP, name) for name in sorted(actor.groups)] + [(USER, actor.login)]
    named = [OFFERED.where(Candidate.kind == kind, Candidate.name == name) for kind, name in offers]
    return [*held(actor), *(Place(tasks, OFFERS, is_offered=True) for tasks in named)]


def in_cases(actor: Actor, numbered: str) -> list[Place]:
    """The same within the few cases of one number."""
    cases = select(Case.root_id).where(Case.number == numbered)
    offered = exists().where(Candidate.task_id == UserTask.id, named_candidate(actor))
    return [Place(HELD.where(UserTask.root_id.in_(cases), or_(UserTask.assignee == actor.login, offered)), ORDER)]


def ids(places: Sequence[Place], wanted: Wanted, after: Mark | None = None, most: int | None = None) -> Select[str]:
    """The first `most` of the wanted tasks after a mark, in the one order of all places; without `most` all of them, in
    no order."""
    each = [select(_next_in(place, wanted, after, most).subquery()) for place in places]
    found = union(*each).subquery()
    chosen = select(found.c.task_id)
    if most is None:
        return chosen
    order = replace(places[0].order, columns=(found.c.pressing_at, found.c.task_id))
    return chosen.order_by(*order.sorting()).limit(most)


def _next_in(place: Place, wanted: Wanted, after: Mark | None, most: int | None) -> Found:
    tasks, (presses, id) = place.tasks, place.order.columns
    if wanted.conditions and place.is_offered:
        tasks = tasks.join(UserTask, UserTask.id == id)
    if wanted.conditions:
        tasks = tasks.outerjoin(Case, Case.root_id == UserTask.root_id).outerjoin(Item, Item.id == Case.item_id)
    bounds: list[ColumnElement[bool]] = [presses.is_not(None)]
    bounds += [presses >= wanted.since] if wanted.since else []
    bounds += [presses < wanted.before] if wanted.before else []
    found = after_mark(tasks.where(*bounds, *wanted.conditions), place.order, after)
    return found if most is None else found.order_by(*place.order.sorting()).limit(most)
