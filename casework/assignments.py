"""Assigning a task (分派): the head of the department gives it to one of the department's people."""

from sqlalchemy import or_, select

from casework.tables import Membership, Person, Role, RoleGrant
from engine import user_tasks
from engine.errors import Fault, Invalid, NotFound, Sentence
from engine.store import instance_rows
from engine.tables import UserTask
from engine.transaction import Transaction


def assign(tx: Transaction, task_id: str, assignee: str, *, revision: int | None = None) -> UserTask:
    """Gives a task to a person of its department, also one that a colleague holds.

    Raises Invalid for somebody of elsewhere, besides what user_tasks.assign raises.
    """
    instance_rows.lock_tree_of_task(tx, task_id)
    task = tx.session.get(UserTask, task_id)
    if task is None:
        raise NotFound
    tx.ports.may(tx, "user_tasks.assign", task)
    if not _works_in(tx, assignee, task.department):
        elsewhere = Sentence(
            f"“{assignee}”不是承办部门的在岗人员。", f"{assignee} is nobody of the department in charge."
        )
        raise Invalid(faults=[Fault(elsewhere, "assignee")])
    return user_tasks.assign(tx, task_id, assignee, revision=revision)


def _works_in(tx: Transaction, login: str, department: str | None) -> bool:
    """A role of the office that works on tasks (lead) counts as a department."""
    roles = {role for role in Role if role == department}
    found = tx.session.scalar(
        select(Person.login)
        .outerjoin(Membership, Membership.login == Person.login)
        .outerjoin(RoleGrant, RoleGrant.login == Person.login)
        .where(
            Person.login == login,
            Person.disabled_at.is_(None),
            or_(Membership.department == department, RoleGrant.role.in_(roles)),
        )
        .limit(1)
    )
    return found is not None
