"""The deadline of a case as a whole, for lists of cases and of what is open in them: one statement a page.

Which clock that is goes with the course of the case: acceptance is due first, then the decision, then the delivery.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from casework import calendars
from casework.clocks import Measured, describe
from casework.clocks.reading import OPEN, calendar_for, grouped, ladder_of
from casework.tables import Case, Clock, ClockKind, ClockPause, ClockState
from engine.transaction import Transaction

OF_A_CASE = (ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.RECEIPT, ClockKind.DELIVERY)
"""Of several that run, or that are all over, what the applicant was promised counts first."""


def of(tx: Transaction, root_ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """By case, the clock its deadline is read from, as described now; of a case that is over, as it stood then.

    A case that no clock measures has none, nor has one whose clocks count for nothing.
    """
    if not root_ids:
        return {}
    rows = tx.session.execute(
        select(Clock, ClockPause, Case.item_id)
        .outerjoin(ClockPause, ClockPause.clock_id == Clock.id)
        .outerjoin(Case, Case.root_id == Clock.root_id)
        .where(Clock.root_id.in_(root_ids), Clock.kind.in_(OF_A_CASE))
        .order_by(Clock.id, ClockPause.seq)
    ).all()
    item_of = {row.Clock.root_id: row.item_id for row in rows}
    of_case: defaultdict[str, list[Measured]] = defaultdict(list)
    for one in grouped((row.Clock, row.ClockPause) for row in rows):
        of_case[one.clock.root_id].append(one)
    found = calendars.current(tx)
    leading = [min(each, key=_precedence) for each in of_case.values()]
    return {
        one.clock.root_id: describe(
            one, tx.now, calendar_for(found, one.clock), ladder_of(tx, item_of[one.clock.root_id])
        )
        for one in leading
        if one.clock.state != ClockState.VOID
    }


def leads(clock: type[Clock]) -> ColumnElement[bool]:
    """Whether it is the open clock that the deadline of its case is read from."""
    other = aliased(Clock)
    of_same_case = select(other.id).where(other.root_id == clock.root_id, other.state.in_(OPEN)).correlate(clock)
    return and_(
        clock.state.in_(OPEN),
        or_(
            *(
                and_(clock.kind == kind, ~of_same_case.where(other.kind.in_(OF_A_CASE[:place])).exists())
                for place, kind in enumerate(OF_A_CASE)
            )
        ),
    )


def _precedence(measured: Measured) -> tuple[bool, int]:
    return measured.clock.state not in OPEN, OF_A_CASE.index(measured.clock.kind)
