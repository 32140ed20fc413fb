"""Time excluded for a special procedure (扣除): of which clocks, and from when. Its life is casework's own business."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select

from casework.clock_reasons import PROCEDURES
from casework.clocks.extensions import by_id
from casework.clocks.grounds import Ground, Standstill
from casework.clocks.reading import Reading
from casework.clocks.standstills import hold, share_and_case
from casework.tables import Clock, ClockKind, SpecialProcedure
from engine.transaction import Transaction


def holds(root_id: ColumnElement[str] | str) -> ColumnElement[bool]:
    """The special procedures of a case for which time is not counted now."""
    return and_(
        SpecialProcedure.root_id == root_id,
        SpecialProcedure.held_from.is_not(None),
        SpecialProcedure.ended_at.is_(None),
    )


def exclude(tx: Transaction, procedure: SpecialProcedure) -> list[Clock]:
    """The department's share, its open steps and the clocks of the case stand still from the service of its slip on,
    and up to its end where that has come already."""
    return _hold(tx, share_and_case(tx, procedure.root_id, procedure.department), procedure)


def exclude_begun(tx: Transaction, root_id: str, begun: Sequence[Clock]) -> None:
    """A share that begins while a special procedure of its department goes on stands still from its beginning."""
    shares = {clock.subject: clock.id for clock in begun if clock.kind == ClockKind.DEPARTMENT}
    going_on = select(SpecialProcedure).where(holds(root_id), SpecialProcedure.department.in_(shares))
    for procedure in tx.session.scalars(going_on.order_by(SpecialProcedure.id)).all():
        _hold(tx, by_id(tx, root_id, [shares[procedure.department]]), procedure)


def _hold(tx: Transaction, reading: Reading, procedure: SpecialProcedure) -> list[Clock]:
    paper = procedure.paper or procedure.document
    standstill = Standstill(
        ground=Ground(procedure.kind, procedure.basis, paper, procedure.expected_end_at),
        occasion_id=procedure.id,
        begins_at=procedure.held_from or tx.now,
        ends_at=procedure.ended_at,
        asked_by=procedure.asked_by,
        department=procedure.department,
        is_exclusion=True,
        is_by_law=PROCEDURES[procedure.kind].is_by_law,
    )
    return hold(tx, reading, standstill)
