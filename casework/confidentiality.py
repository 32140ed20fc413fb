"""Confidential cases (涉密办件): a case that exists for those who take part in it and for nobody else.

Set on submission by the item or the window, later by the lead, and lifted the same way. Who takes part is
casework.visibility's question.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from casework import cases, departments, items
from casework.logins import head_of
from casework.reasons import is_said
from casework.tables import Case, Role
from casework.visibility import visible_case
from engine.errors import Fault, Forbidden, Invalid, Sentence
from engine.transaction import Transaction

DECLASSIFIED = "case.declassified"
NOT_LEADING = Sentence(
    "只有联审联办协调员或牵头部门的负责人可以定密、解密。",
    "Only the coordinator or the head of the lead department may make a case confidential or lift it.",
)
NO_REASON = Sentence("请说明理由。", "Say why.")


def change(tx: Transaction, number: str, *, is_confidential: bool, reason: str) -> Case:
    """Makes a case confidential, or lifts it, with a reason; what it is already stays without an act.

    Raises NotFound for a case out of sight, Forbidden for a head of another department, Invalid without a reason.
    """
    case = cases.locked(tx, number, "cases.classify")
    _check_leads(tx, case)
    if not is_said(reason):
        raise Invalid(faults=[Fault(NO_REASON, element_id="reason")])
    if case.is_confidential != is_confidential:
        case.is_confidential = is_confidential
        case.revision += 1
        cases.record(tx, case, cases.CLASSIFIED if is_confidential else DECLASSIFIED, reason=reason.strip())
    return case


def _check_leads(tx: Transaction, case: Case) -> None:
    role = items.document(tx, case.item_id).lead.role
    lead = departments.codes_by_role(tx, case.region).get(role, role)
    if not tx.actor.groups & {Role.LEAD, head_of(lead)}:
        raise Forbidden(NOT_LEADING)


def without_numbers(tx: Transaction, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Rows of the engine for those who repair it: without the numbers of cases the actor may not know of."""
    numbers = {row.business_key for row in rows} - {None}
    hidden = select(Case.number).where(Case.number.in_(numbers), Case.is_confidential, ~visible_case(tx.actor))
    unknown = set(tx.session.scalars(hidden)) if numbers else set()
    return [row._asdict() | ({"business_key": None} if row.business_key in unknown else {}) for row in rows]
