"""Whether a person may do an act to a subject: the engine's port `may`, and the office's rules beside the matrix."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from casework import clock_authority, departments
from casework.logins import head_of
from casework.matrix import APPLICANTS, MATRIX, ROLE_NAMES, SIGNATURES, SIGNERS, Rule
from casework.meaning import Does
from casework.tables import SUPERVISION_ORDER, Bill, Case, Clock, Item, Material, Role
from casework.visibility import known, of_the_office, visible_case, visible_task, within_reach
from engine.errors import Forbidden, NotFound, Sentence
from engine.ports import ENGINE, Actor
from engine.tables import GROUP, Candidate, ExternalTask, ProcessDefinition, ProcessInstance, UserTask
from engine.transaction import Transaction

TASK_ACTS = "user_tasks."
SIGN = "user_tasks.sign"
ANSWERING = frozenset({"user_tasks.save_draft", "user_tasks.complete"})
NEVER_SIGNS = Sentence(
    "协调员只召集、催办，不签署意见；请由承办部门办理。",
    "The coordinator convenes and chases but never signs; the department in charge does.",
)
NOT_HEAD = Sentence(
    "只有任务所属部门的负责人可以分派该任务。", "Only the head of the department in charge may assign this task."
)
NOT_HOLDER = Sentence(
    "只有签收该任务的人或其部门负责人可以转办、委派；尚未签收的请先签收。",
    "Only whoever holds the task, or the head of the department, may hand it on; claim it first.",
)
WINDOW_NOTIFIES = Sentence(
    "受理前由综合窗口发出补正通知。", "Before acceptance the window sends the notice of corrections."
)
LEAD_NOTIFIES = Sentence(
    "受理后由联审联办协调员发出补正通知。", "After acceptance the coordinator sends the notice of corrections."
)

ANOTHER_WINDOW = Sentence(
    "该办件由其受理区划的综合窗口办理。", "The window of the division that the case was handed in to does this."
)
OF_ITS_WINDOW = frozenset(
    {
        "cases.defer",
        "cases.hand_in_deferred",
        "cases.supplement",
        "cases.withdraw",
        "corrections.send",
        "slips.serve",
    }
)
"""What a window does to a case by nothing but its role: the one of the case's division, or who handed the case in."""

OVERSEEING = ANSWERING | {"user_tasks.read", "user_tasks.claim", "user_tasks.release"}
SUPERVISORS_REVIEW = Sentence(
    "督办答复由监察人员审核。", "Supervisors review the answer to a supervision order, nobody else."
)

OF_AN_ITEM = Sentence(
    "有事项使用该流程，不能删除；请先部署改正后的版本。",
    "An item uses this process, so it is not deleted; deploy a corrected version instead.",
)
OF_SUPERVISION = Sentence(
    "督办单按该流程办理，不能删除；请先部署改正后的版本。",
    "Supervision orders run by this process, so it is not deleted; deploy a corrected version instead.",
)
BY_ACTS_OF_THE_OFFICE = Sentence(
    "这是办件或督办单的流程，不能直接终止或修改变量；请按办件的操作办理（撤件、补正、办结等）。",
    "This process is a case or a supervision order: it is not ended or changed from outside; use the acts on the case, "
    "such as withdrawing, supplementing, completing a task.",
)

BY_FORM_AND_OUTCOME = Sentence(
    "办件和督办单的任务按表单与结论办结，不能由接口抛出错误或改变变量；请办结、退回补正或转办。",
    "A task of a case or a supervision order is done by its form and outcomes: it throws no error, and no variable is "
    "set from outside. Complete it, request a correction or transfer it.",
)
OF_OTHER_PROCESSES = frozenset({"user_tasks.throw", "user_tasks.set_variables"})
"""What is done to tasks of processes that are neither cases nor supervision orders."""

OF_ADMINISTRATORS = frozenset({"user_tasks.hand_over"})
"""Acts of administrators on tasks for which they are no candidates."""

HEARING = frozenset({"user_tasks.claim", "user_tasks.complete", "user_tasks.sign"})
REVIEWER = Sentence(
    "听证由审查该申请的工作人员以外的人员主持（行政许可法第四十八条）。",
    "Whoever examines the application cannot preside over its hearing (行政许可法 art. 48).",
)

NOT_ASKING_HEAD = Sentence(
    "再次要求补正，须由提出部门的负责人说明理由。",
    "Only the head of the department that asks may ask the applicant a second time, with reasons.",
)

OF_HEADS: Mapping[str, tuple[bool, Sentence]] = {
    "user_tasks.assign": (False, NOT_HEAD),
    "user_tasks.transfer": (True, NOT_HOLDER),
    "user_tasks.delegate": (True, NOT_HOLDER),
    "corrections.request_again": (False, NOT_ASKING_HEAD),
}
"""Acts of the head of the department: whether the holder of the task may do them too, and the refusal."""


def check_role(actor: Actor, act: str) -> None:
    """Raises Forbidden when none of the actor's roles may do the act. The engine itself may do everything."""
    if actor is not ENGINE and not actor.groups & MATRIX[act].roles:
        raise Forbidden(refusal(MATRIX[act]), act=act)


def refusal(rule: Rule) -> Sentence:
    """The rule in a sentence: who may, so that the reader knows whom to ask."""
    roles = [ROLE_NAMES[role] for role in Role if role in rule.roles]
    zh = "、".join(role.zh for role in roles)
    en = ", ".join(role.en for role in roles)
    return Sentence(f"{rule.name.zh}须由{zh}进行。", f"Only {en} may {rule.name.en}.")


def may(tx: Transaction, act: str, subject: object | None) -> None:
    """The engine's port. A task for which the caller is no candidate, or a case out of sight, is NotFound.

    What may not be known of is decided before what may be done, so that a refusal tells nothing.
    """
    if tx.actor is ENGINE:
        return
    _of_subject(tx, act, subject)
    if _is_step_of_applicant(tx.actor, act, subject) or _is_oversight(tx.actor, act, subject):
        return
    if subject is not None or not act.startswith(TASK_ACTS):
        check_role(tx.actor, act)


def _of_subject(tx: Transaction, act: str, subject: object | None) -> None:
    rule = OF_SUBJECTS.get(type(subject))
    if rule is not None:
        rule(tx, act, subject)


def _is_step_of_applicant(actor: Actor, act: str, subject: object | None) -> bool:
    """What the diagram assigns to who submitted the case, such as to agree to an appointment: an answer of theirs, no
    act of an office."""
    return (
        isinstance(subject, UserTask)
        and act in ANSWERING
        and subject.assignee == actor.login
        and subject.act is None
        and bool(actor.groups & APPLICANTS)
    )


def _is_oversight(actor: Actor, act: str, subject: object | None) -> bool:
    """Supervisors review the answers to their orders (督办审核); of all steps they complete these alone."""
    return (
        isinstance(subject, UserTask)
        and subject.act == Does.OVERSEE
        and act in OVERSEEING
        and Role.SUPERVISOR in actor.groups
    )


def _task(tx: Transaction, act: str, task: UserTask) -> None:
    if act == "user_tasks.remind":
        _seen(tx, Case.root_id == task.root_id, visible_case(tx.actor))
        return
    if act in OF_ADMINISTRATORS and Role.ADMIN in tx.actor.groups:
        _found(tx.session.scalar(select(1).where(UserTask.id == task.id, known(tx.actor, UserTask.root_id))))
        return
    if tx.actor.login not in (task.assignee, task.ended_by):
        seen = tx.session.scalar(_task_seen_by(tx.actor), {"task_id": task.id})
        _found(seen or (_sees_case_of(tx, task) if act == SIGN and tx.actor.groups & SIGNERS else None))
    if act == "user_tasks.complete" and task.act == Does.OVERSEE and Role.SUPERVISOR not in tx.actor.groups:
        raise Forbidden(SUPERVISORS_REVIEW)
    _by_its_meaning(tx, act, task)
    if act in OF_HEADS:
        check_role(tx.actor, act)
        _holds_or_heads(tx, act, task)


def _by_its_meaning(tx: Transaction, act: str, task: UserTask) -> None:
    """Who may sign, extend or preside over a hearing, whoever the diagram names as candidates; and what is done to no
    task of a case."""
    if act in OF_OTHER_PROCESSES and tx.session.scalar(select(1).where(_is_of_the_office(task))) is not None:
        raise Forbidden(BY_FORM_AND_OUTCOME)
    if act == "user_tasks.complete" and task.act in SIGNATURES and not tx.actor.groups & SIGNERS:
        check_role(tx.actor, act)
        raise Forbidden(NEVER_SIGNS)
    if act == "user_tasks.complete" and task.act == Does.EXTEND:
        _grants_extension(tx, task)
    if act in HEARING and task.act == Does.HEAR:
        _has_not_reviewed(tx, task)


def _is_of_the_office(task: UserTask) -> ColumnElement[bool]:
    return and_(UserTask.id == task.id, of_the_office(UserTask.root_id))


def _grants_extension(tx: Transaction, task: UserTask) -> None:
    """A diagram that somebody tries out without a case extends nothing."""
    case = tx.session.get(Case, task.root_id)
    if case is not None:
        clock_authority.check_approver(tx, case)


def _has_not_reviewed(tx: Transaction, task: UserTask) -> None:
    """Who presides over a hearing is nobody who examines the application (行政许可法 art. 48)."""
    login = tx.actor.login
    examined = select(1).where(
        UserTask.root_id == task.root_id,
        UserTask.act.in_((Does.REVIEW, Does.DECIDE)),
        or_(UserTask.assignee == login, UserTask.ended_by == login),
    )
    if tx.session.scalar(examined.limit(1)) is not None:
        raise Forbidden(REVIEWER)


def _sees_case_of(tx: Transaction, task: UserTask) -> int | None:
    """Officers of other departments in the case know that there is a record to sign; they are told why not by them."""
    return tx.session.scalar(select(1).where(Case.root_id == task.root_id, visible_case(tx.actor)))


def _holds_or_heads(tx: Transaction, act: str, task: UserTask) -> None:
    is_holders_too, told = OF_HEADS[act]
    if is_holders_too and task.assignee == tx.actor.login:
        return
    groups = tx.session.scalars(
        select(Candidate.name).where(Candidate.task_id == task.id, Candidate.kind == GROUP)
    ).all()
    if not any(head_of(group) in tx.actor.groups for group in (*groups, task.department or "")):
        raise Forbidden(told)


def _case(tx: Transaction, act: str, case: Case) -> None:
    _seen(tx, Case.root_id == case.root_id, visible_case(tx.actor))
    if act in OF_ITS_WINDOW and tx.actor.groups & MATRIX[act].roles == {Role.WINDOW}:
        _is_of_its_window(tx, case)
    if act == "corrections.send":
        sender, rule = (Role.WINDOW, WINDOW_NOTIFIES) if case.accepted_at is None else (Role.LEAD, LEAD_NOTIFIES)
        if sender not in tx.actor.groups:
            raise Forbidden(rule)


def _is_of_its_window(tx: Transaction, case: Case) -> None:
    window = departments.codes_by_role(tx, case.region).get(Role.WINDOW)
    if window is not None and window not in tx.actor.groups and case.submitted_by != tx.actor.login:
        raise Forbidden(ANOTHER_WINDOW)


def _clock(tx: Transaction, act: str, clock: Clock) -> None:
    check_role(tx.actor, act)
    clock_authority.check(tx, act, clock)


def _material(tx: Transaction, act: str, material: Material) -> None:
    if material.root_id is not None:
        _seen(tx, Case.root_id == material.root_id, visible_case(tx.actor))
    elif material.uploaded_by != tx.actor.login:
        raise NotFound


def _definition(tx: Transaction, act: str, definition: ProcessDefinition) -> None:
    """A process by which an item's cases run stays, and that of supervision orders."""
    if definition.key == SUPERVISION_ORDER:
        raise Forbidden(OF_SUPERVISION)
    if tx.session.scalar(select(1).where(Item.definition_key == definition.key).limit(1)) is not None:
        raise Forbidden(OF_AN_ITEM)


def _bill(tx: Transaction, act: str, bill: Bill) -> None:
    """The systems that collect and settle know a bill by its number alone."""
    if Role.WORKER not in tx.actor.groups:
        _seen(tx, Case.root_id == bill.root_id, visible_case(tx.actor))


def _process(tx: Transaction, act: str, instance: ProcessInstance) -> None:
    """Nobody ends the process of a case or sets its variables behind the back of the law's acts and their evidence."""
    mine = select(1).where(ProcessInstance.id == instance.id, of_the_office(ProcessInstance.root_id))
    if tx.session.scalar(mine) is not None:
        raise Forbidden(BY_ACTS_OF_THE_OFFICE)


def _work(tx: Transaction, act: str, work: ExternalTask) -> None:
    """Work for a confidential case out of sight is a connected system's alone."""
    if Role.WORKER not in tx.actor.groups:
        _seen(tx, ExternalTask.id == work.id, within_reach(tx.actor, ExternalTask.root_id))


def _seen(tx: Transaction, one: ColumnElement[bool], visible: ColumnElement[bool]) -> None:
    _found(tx.session.scalar(select(1).where(one, visible)))


def _found(one: int | None) -> None:
    if one is None:
        raise NotFound


@lru_cache(maxsize=1024)
def _task_seen_by(actor: Actor) -> Select[int]:
    """Built once a person: building costs more than asking, and this is asked at every signature."""
    return select(1).where(UserTask.id == bindparam("task_id"), visible_task(actor))


OF_SUBJECTS: Mapping[type[Any], Callable[[Transaction, str, Any], None]] = {
    UserTask: _task,
    Case: _case,
    Material: _material,
    Clock: _clock,
    Bill: _bill,
    ProcessDefinition: _definition,
    ProcessInstance: _process,
    ExternalTask: _work,
}
"""What is asked of each kind of subject, whatever the role."""
