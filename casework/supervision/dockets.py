"""What supervision knows of the cases whose clocks it looks at: read for many locked cases at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from casework import calendars, meaning, names
from casework.calendars import Calendars
from casework.clocks.reading import Measured, calendar_for, grouped, ladder_of
from casework.ladders import Ladder
from casework.supervision.holders import HANDED, Handed, Work, handed
from casework.tables import Case, Clock, ClockKind, ClockPause, Membership, Role, SupervisionOrder
from casework.workdays import Calendar
from engine import definitions
from engine.errors import Sentence
from engine.tables import Act, ProcessInstance, UserTask
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Office:
    """The departments as they are now: what they are called, and the logins of their heads."""

    calendars: Calendars
    names: Mapping[str, Sentence]
    heads: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Docket:
    """One locked process with its clocks and its tasks; `case` and `order` say whose it is."""

    root: ProcessInstance
    case: Case | None
    order: SupervisionOrder | None
    ladder: Ladder
    clocks: Sequence[Measured]
    work: Sequence[Work]
    office: Office

    def calendar(self, clock: Clock) -> Calendar:
        """The calendar that a clock counts on."""
        return calendar_for(self.office.calendars, clock)


def read(tx: Transaction, roots: Sequence[ProcessInstance]) -> list[Docket]:
    """The dockets of these processes, whose roots are locked; in the same number of statements however many."""
    tx.flush()
    ids = [root.id for root in roots]
    clocks = _clocks(tx, ids)
    cases = {case.root_id: case for case in tx.session.scalars(select(Case).where(Case.root_id.in_(ids)))}
    orders = _orders(tx, [root_id for root_id in ids if root_id not in cases])
    work, office = _work(tx, ids), _office(tx)
    return [
        Docket(
            root,
            cases.get(root.id),
            orders.get(root.id),
            ladder_of(tx, cases[root.id].item_id if root.id in cases else None),
            clocks[root.id],
            work[root.id],
            office,
        )
        for root in roots
    ]


def _clocks(tx: Transaction, ids: Sequence[str]) -> Mapping[str, list[Measured]]:
    found: defaultdict[str, list[Measured]] = defaultdict(list)
    rows = tx.session.execute(
        select(Clock, ClockPause)
        .outerjoin(ClockPause, ClockPause.clock_id == Clock.id)
        .where(Clock.root_id.in_(ids))
        .order_by(Clock.root_id, Clock.id, ClockPause.seq)
        .execution_options(populate_existing=True)
    )
    for measured in grouped((clock, pause) for clock, pause in rows):
        found[measured.clock.root_id].append(measured)
    return found


def _orders(tx: Transaction, ids: Sequence[str]) -> Mapping[str, SupervisionOrder]:
    if not ids:
        return {}
    found = tx.session.scalars(select(SupervisionOrder).where(SupervisionOrder.root_id.in_(ids)))
    return {order.root_id: order for order in found}


def _work(tx: Transaction, ids: Sequence[str]) -> Mapping[str, list[Work]]:
    found: defaultdict[str, list[Work]] = defaultdict(list)
    acts = _acts(tx, ids)
    rows = tx.session.execute(
        select(
            UserTask.root_id,
            UserTask.id,
            UserTask.act,
            UserTask.department,
            UserTask.assignee,
            UserTask.created_at,
            UserTask.ended_at,
            UserTask.outcome,
            UserTask.definition_id,
            UserTask.activity_id,
        )
        .where(UserTask.root_id.in_(ids), UserTask.department.is_not(None))
        .order_by(UserTask.id)
    )
    for row in rows:
        after = meaning.of(definitions.load(tx, row.definition_id).node(row.activity_id).properties).after
        found[row.root_id].append(
            Work(
                row.id,
                row.act,
                row.department or "",
                row.assignee,
                row.created_at,
                row.ended_at,
                row.outcome,
                after,
                acts.get(row.id, ()),
            )
        )
    return found


def _acts(tx: Transaction, ids: Sequence[str]) -> Mapping[str, list[Handed]]:
    return handed(
        tx.session.execute(
            select(Act.subject, Act.at, Act.property, Act.old, Act.new)
            .where(Act.root_id.in_(ids), Act.kind.in_(HANDED))
            .order_by(Act.root_id, Act.seq)
        )
    )


def _office(tx: Transaction) -> Office:
    heads: defaultdict[str, list[str]] = defaultdict(list)
    rows = tx.session.execute(
        select(Membership.department, Membership.login).where(Membership.role == Role.HEAD).order_by(Membership.login)
    )
    for department, login in rows:
        heads[department].append(login)
    return Office(calendars.current(tx), names.departments(tx), heads)


OF_THE_CASE = frozenset({ClockKind.PROMISED, ClockKind.STATUTORY})
"""Clocks that measure what all departments do together."""
