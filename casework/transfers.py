"""Transferring a task (转办) for good, to a colleague or another department, unless that changes who has to sign."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from casework import departments, meaning, parties, readers, task_notices
from casework.assignments import check_colleague, check_signers, said
from casework.matrix import APPLICANTS
from casework.meaning import Does
from casework.notices import NoticeKind
from casework.tables import Case, Department
from engine import definitions, user_tasks
from engine.errors import Conflict, Fault, Invalid, Sentence
from engine.store.task_rows import lock_open
from engine.tables import GROUP, Candidate, Party, UserTask
from engine.transaction import Transaction

ELSEWHERE = Sentence("该部门不属于办件所在区划。", "The department is not of the division that received the case.")
APPLICANTS_STEP = Sentence(
    "该环节由申请人办理，不能转给他人。", "This step is the applicant's; nobody else can take it."
)
WINDOWS_STEP = Sentence(
    "受理由综合窗口办理，不能转给其他部门。", "Acceptance is the window's; it cannot go to another department."
)
COORDINATORS_STEP = Sentence(
    "协调由牵头人在各部门意见之上作出，不能转给其他部门；可以征求其意见。",
    "Coordination weighs the departments' opinions; it cannot go to one of them. Consult them instead.",
)
STAYS: Mapping[str | None, Sentence] = {Does.ACCEPT: WINDOWS_STEP, Does.COORDINATE: COORDINATORS_STEP}
OTHERS_AWAIT_IT = Sentence(
    "其他环节须待本部门就此作出决定，不能转给其他部门。",
    "Other steps await this department's decision; it cannot go to another department.",
)


def transfer(tx: Transaction, task_id: str, to: Party, reason: str, *, revision: int | None = None) -> UserTask:
    """Hands a task on with its draft: to a person of its department, or into the inbox of another department.

    Whoever had it keeps seeing the case. Raises Invalid without a reason and for an unknown receiver, Conflict where
    handing it on would change who has to sign, besides what user_tasks.transfer raises.
    """
    _, task = lock_open(tx, task_id, "user_tasks.transfer", revision)
    reason = said(reason, "reason")
    case = tx.session.get(Case, task.root_id)
    check_signers(tx, task)
    _check_applicant(tx, task, case)
    if to.kind == GROUP:
        _check_department(tx, task, to.name)
    else:
        check_colleague(tx, task, to.name, "to", holder=task.assignee)
    former = list(_had_by(task, to))
    user_tasks.transfer(tx, task_id, to, reason, revision=revision)
    readers.admit(tx, task.root_id, task.id, *former)
    task_notices.tell(tx, to, NoticeKind.TASK_TRANSFERRED, reason, case=case, task=task)
    return task


def _had_by(task: UserTask, to: Party) -> Iterable[Party]:
    if task.assignee is not None:
        yield parties.person(task.assignee)
    if to.kind == GROUP and task.department is not None:
        yield parties.department(task.department)


def _check_applicant(tx: Transaction, task: UserTask, case: Case | None) -> None:
    """What the diagram gives to applicants, or to who submitted the case and to no department, nobody else can do."""
    is_submitters = case is not None and task.department is None and task.assignee == case.submitted_by
    applicants = select(Candidate.name).where(Candidate.task_id == task.id, Candidate.name.in_(APPLICANTS))
    if is_submitters or tx.session.scalar(applicants.limit(1)) is not None:
        raise Conflict(APPLICANTS_STEP)


def _check_department(tx: Transaction, task: UserTask, code: str) -> None:
    """Another department of the same division, for a step that is not bound to the present one."""
    parties.check(tx, parties.department(code))
    if tx.session.get_one(Department, code).region != task.region:
        raise Invalid(faults=[Fault(ELSEWHERE, "to")])
    if task.act in STAYS:
        raise Conflict(STAYS[task.act])
    if task.act == Does.DECIDE and task.department in _awaited(tx, task):
        raise Conflict(OTHERS_AWAIT_IT)


def _awaited(tx: Transaction, task: UserTask) -> set[str]:
    """The departments whose decision other steps of the diagram await (默认前置)."""
    nodes = definitions.load(tx, task.definition_id).process.nodes.values()
    roles = {said.after for said in (meaning.of(node.properties) for node in nodes) if said.after}
    codes = departments.codes_by_role(tx, task.region)
    return {codes.get(role, role) for role in roles}
