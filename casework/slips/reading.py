"""Slips as people read them: those of a case, one to be printed, and one that a stranger holds in hand and checks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from casework import items, public_progress, sight
from casework.sight import Sight
from casework.slips.printing import Printed, taken
from casework.tables import Case, Role, Slip
from engine.errors import NotFound
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """A slip to be printed. `is_own`: for the applicant, whose code opens the case; for anybody else a copy."""

    slip: Printed
    is_own: bool


def of_case(tx: Transaction, case: Case) -> tuple[Sequence[Slip], Sight]:
    """The slips of a case, oldest first, and how much of the case the actor sees. Who takes part from outside, or sees
    only a step of their own, sees none."""
    seen = sight.of(tx, case, items.document(tx, case.item_id))
    if not seen.sees_opinions:
        return [], seen
    return tx.session.scalars(select(Slip).where(Slip.root_id == case.root_id).order_by(Slip.id)).all(), seen


def one(tx: Transaction, case: Case, number: str) -> Slip:
    """A slip of a case. Raises NotFound, also when it is out of the actor's sight."""
    slips, _ = of_case(tx, case)
    found = next((slip for slip in slips if slip.number == number), None)
    if found is None:
        raise NotFound
    return found


def wanted(tx: Transaction, case: Case, number: str) -> Wanted:
    """A slip as the actor gets it printed: who handed the case in, and the window that hands slips over, get the
    applicant's own. Raises NotFound."""
    is_own = tx.actor.login == case.submitted_by or Role.WINDOW in tx.actor.groups
    return Wanted(taken(one(tx, case, number)), is_own)


def checked(tx: Transaction, number: str, query_code: str) -> tuple[Slip, Case]:
    """The slip of a number, for whoever has the case's query code too. Raises NotFound alike for a wrong number, a
    wrong code and a confidential case."""
    slip = tx.session.scalar(select(Slip).where(Slip.number == number))
    case = None if slip is None else tx.session.get(Case, slip.root_id)
    if slip is None or case is None:
        public_progress.opened(tx, "", query_code)
        raise NotFound
    return slip, public_progress.opened(tx, case.number, query_code)
