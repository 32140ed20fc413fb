"""Who works on a task within its department: the head assigns it (分派), its holder delegates it (委派)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select

from casework import meaning, parties, task_notices
from casework.notices import NoticeKind
from casework.reasons import is_said
from casework.tables import Case, Membership, Role, RoleGrant
from engine import definitions, user_tasks
from engine.errors import Conflict, Fault, Invalid, Sentence
from engine.store.task_rows import lock_open
from engine.tables import UserTask
from engine.transaction import Transaction

IN_PERSON = Sentence(
    "该环节须由多人分别签名，不能转给他人；请由签名人本人办理。",
    "Several people sign this step, each in person; it cannot be handed to somebody else.",
)
UNSAID = Sentence("请填写内容，不能为空。", "Say it in words; it cannot be empty.")


def assign(tx: Transaction, task_id: str, assignee: str, *, revision: int | None = None) -> UserTask:
    """Gives a task to a person of its department, also one that a colleague holds.

    Raises Invalid for somebody of elsewhere, besides what user_tasks.assign raises.
    """
    _, task = lock_open(tx, task_id, "user_tasks.assign", revision)
    check_colleague(tx, task, assignee, "assignee")
    return user_tasks.assign(tx, task_id, assignee, revision=revision)


def delegate(tx: Transaction, task_id: str, to: str, reason: str, *, revision: int | None = None) -> UserTask:
    """委派: a colleague of the department works on the task and gives it back; the owner answers for it.

    Raises Invalid without a reason and for somebody of elsewhere, Conflict where several have to sign in person.
    """
    _, task = lock_open(tx, task_id, "user_tasks.delegate", revision)
    reason = said(reason, "reason")
    check_signers(tx, task)
    check_colleague(tx, task, to, "to")
    user_tasks.delegate(tx, task_id, to, reason, revision=revision)
    case = tx.session.get(Case, task.root_id)
    task_notices.tell(tx, parties.person(to), NoticeKind.TASK_DELEGATED, reason, case=case, task=task)
    return task


def resolve(
    tx: Transaction,
    task_id: str,
    comment: str,
    values: Mapping[str, object] | None = None,
    *,
    revision: int | None = None,
) -> UserTask:
    """The delegate says what was found, and the task is its owner's again. Raises Invalid without a comment."""
    task = user_tasks.resolve(tx, task_id, said(comment, "comment"), values, revision=revision)
    if task.owner is not None:
        case = tx.session.get(Case, task.root_id)
        task_notices.tell(tx, parties.person(task.owner), NoticeKind.TASK_RESOLVED, comment, case=case, task=task)
    return task


def said(words: str, path: str) -> str:
    """What a person said, without the blanks around it. Raises Invalid for nothing."""
    if not is_said(words):
        raise Invalid(faults=[Fault(UNSAID, path)])
    return words.strip()


def check_signers(tx: Transaction, task: UserTask) -> None:
    """Raises Conflict where several people sign in person."""
    properties = definitions.load(tx, task.definition_id).node(task.activity_id).properties
    if meaning.of(properties).signers is not None:
        raise Conflict(IN_PERSON)


def check_colleague(tx: Transaction, task: UserTask, login: str, path: str, *, holder: str | None = None) -> None:
    """Raises Invalid for somebody who does not work in the task's department; for a task of none, in the holder's."""
    departments = [task.department] if task.department is not None else _departments_of(tx, holder)
    if not _works_in(tx, login, departments):
        elsewhere = Sentence(
            f"“{login}”不是承办部门的在岗人员。", f"{login} does not work in the department in charge."
        )
        raise Invalid(faults=[Fault(elsewhere, path)])


def _departments_of(tx: Transaction, login: str | None) -> Sequence[str]:
    return tx.session.scalars(select(Membership.department).where(Membership.login == login)).all()


def _works_in(tx: Transaction, login: str, departments: Sequence[str]) -> bool:
    """A role of the office that works on tasks (lead) counts as a department."""
    roles = {role for role in Role if role in departments}
    there = or_(Membership.department.in_(departments), RoleGrant.role.in_(roles))
    return parties.is_employed(tx, login, there)
