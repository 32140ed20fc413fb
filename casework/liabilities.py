"""Records of liability (责任记录): which department let a time pass, who held the work, by which law."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from casework.paging import Mark, Order, Page, fetch
from casework.tables import Case, Liability, Membership, Role
from casework.visibility import visible_case
from engine import evidence
from engine.queries.filters import Filters, narrowed
from engine.store import instance_rows
from engine.tables import UserTask
from engine.transaction import Transaction

RECORDED = "liability.recorded"
STEP = aliased(UserTask)
"""Who may see a case is asked of its tasks, too."""
LISTED: Select[*tuple[Any, ...]] = (
    select(
        Liability.id,
        Liability.at,
        Case.number.label("case_number"),
        Liability.department,
        STEP.name.label("step"),
        Liability.holder,
        Liability.heads,
        Liability.ground,
        Liability.basis,
    )
    .join(Case, Case.root_id == Liability.root_id)
    .join(STEP, STEP.id == Liability.task_id)
)
FILTERS: Filters = {
    "department": lambda code: Liability.department == code,
    "case_number": lambda number: Case.number == number,
    "since": lambda instant: Liability.at >= instant,
    "until": lambda instant: Liability.at < instant,
}
SORTED_BY = Order((Liability.at, Liability.id), newest_first=True)


def record(tx: Transaction, task: UserTask, ground: str, basis: str) -> Liability:
    """Whoever holds an open task of a locked case at this instant, and the heads of its department, let it pass."""
    heads = select(Membership.login).where(
        Membership.department == (task.department or ""), Membership.role == Role.HEAD
    )
    liability = Liability(
        id=tx.new_id(),
        region=task.region,
        root_id=task.root_id,
        task_id=task.id,
        department=task.department,
        holder=task.assignee,
        heads=" ".join(sorted(tx.session.scalars(heads))),
        ground=ground,
        basis=basis,
        at=tx.now,
    )
    tx.add(liability)
    root = instance_rows.of(tx, task.root_id)
    evidence.record(
        tx, root, RECORDED, subject=task.id, property="department", new=task.department, reason=ground, basis=basis
    )
    return liability


def listed(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Page:
    """A page of the records of cases that the actor may know of, newest first."""
    tx.ports.may(tx, "liabilities.read", None)
    seen = narrowed(LISTED, FILTERS, wanted).where(visible_case(tx.actor))
    return fetch(tx, seen, SORTED_BY, after=after, limit=limit)
