"""Whose decision an act on a clock is (时限操作权限): heads decide for their departments, art. 42 says who extends.

What the matrix says of roles comes before; supervision does none of these acts.
"""

from dataclasses import dataclass

from casework import departments, handling_modes, items
from casework.handling_modes import Term
from casework.logins import head_of
from casework.tables import Case, Clock, ClockKind, Role
from engine.errors import Forbidden, Sentence
from engine.tables import UserTask
from engine.transaction import Transaction

EXTEND, REVERSE = "clocks.extend", "clocks.reverse"
OF_THE_CASE = frozenset({ClockKind.PROMISED, ClockKind.STATUTORY})
NOT_HEAD = Sentence(
    "时限的中止、恢复和特别程序扣除由承办部门负责人决定，涉及全案的由牵头部门负责人决定。",
    "The head of the department in charge decides on its clocks, the head of the lead department on those of the case.",
)


@dataclass(frozen=True, slots=True)
class Approver:
    """Who grants an extension: the group that may, and the rule in a sentence."""

    group: str
    rule: Sentence


def approver(tx: Transaction, case: Case) -> Approver:
    """Who grants an extension of a case's term (行政许可法 art. 42): of one authority its head, of several the head of
    the government."""
    item = items.document(tx, case.item_id)
    term = handling_modes.TERMS[item.handling_mode]
    if term.by_government:
        return Approver(Role.GOVERNMENT_LEADER, _by(term, "须经本级人民政府负责人批准", "the head of the government"))
    head = head_of(lead_of(tx, case))
    return Approver(head, _by(term, "须经本行政机关负责人批准", "the head of the authority in charge"))


def _by(term: Term, zh: str, en: str) -> Sentence:
    return Sentence(f"延长办理期限{zh}（{term.basis}）。", f"Only {en} may extend the term ({term.basis}).")


def lead_of(tx: Transaction, case: Case) -> str:
    """The department that leads the case."""
    role = items.document(tx, case.item_id).lead.role
    return departments.codes_by_role(tx, case.region).get(role, role)


def department_of(tx: Transaction, case: Case, clock: Clock) -> str:
    """The department whose clock it is; the lead's where it is the whole case's."""
    if clock.kind == ClockKind.DEPARTMENT:
        return clock.subject
    if clock.kind == ClockKind.TASK:
        return tx.session.get_one(UserTask, clock.subject).department or lead_of(tx, case)
    return lead_of(tx, case)


def check(tx: Transaction, act: str, clock: Clock) -> None:
    """Raises Forbidden, naming who may, unless the actor decides on this clock. Whoever may do an act may reverse it:
    which one that is, is asked when it is known."""
    if act == REVERSE:
        return
    case = tx.session.get_one(Case, clock.root_id)
    if act == EXTEND:
        check_approver(tx, case)
    elif head_of(department_of(tx, case, clock)) not in tx.actor.groups:
        raise Forbidden(NOT_HEAD)


def check_approver(tx: Transaction, case: Case) -> None:
    """Raises Forbidden, naming who may, unless the actor grants extensions of this case."""
    who = approver(tx, case)
    if who.group not in tx.actor.groups:
        raise Forbidden(who.rule)
