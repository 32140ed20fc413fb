"""Handing over (移交) what somebody who leaves (离职、调岗) holds: to a colleague, or back to the department's inbox.

The doors carry out one thing after another, each in a transaction of its own; here is what each of them does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from casework import assignments, names, notices, parties, people, readers, visibility
from casework.matrix import APPLICANTS
from casework.notices import NoticeKind
from casework.tables import Case, Consultation, Membership, Person, RoleGrant
from engine import evidence, user_tasks
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence
from engine.store import instance_rows
from engine.store.dialect import skip_locked
from engine.store.task_rows import lock_open
from engine.tables import GROUP, USER, Candidate, DelegationState, Party, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

BUSY = Sentence("该办件正由他人办理，请稍后再移交。", "Somebody is at work on the case; hand it over again later.")
ONLY_THEIRS = Sentence(
    "该任务只指派给本人，没有可退回的待办箱；请指定同一部门的接收人。",
    "It was given to this person alone, so there is no inbox it could go back to: name a colleague of the same "
    "department.",
)
THE_APPLICANTS = Sentence(
    "该环节须由申请人本人办理，不能移交；请联系申请人办理，或由其撤件。",
    "This step is the applicant's own and goes to nobody else: ask the applicant to complete it, or to withdraw.",
)
TO_ONESELF = Sentence("不能移交给本人。", "Nothing is handed over to the one who leaves.")
NOT_AT_WORK = Sentence("没有这位在岗人员。", "Nobody with that login is at work.")
ANSWERED = Sentence("该意见已反馈或已收回。", "The question is answered or withdrawn already.")

# `known` asks of Case in a query of its own.
Numbered = aliased(Case)


class Held(StrEnum):
    """What somebody can hold."""

    TASK = "task"
    CONSULTATION = "consultation"


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that somebody holds. `case_number` and `step` are null where the case is not the asker's to know."""

    kind: Held
    id: str
    root_id: str
    case_number: str | None
    step: Sentence | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Who leaves, to whom everything goes (null: back to the department), and why."""

    leaver: str
    to: str | None
    reason: str


def begin(tx: Transaction, said: HandOver, *, disable: bool) -> Sequence[Holding]:
    """What there is to hand over, oldest first; the leaver is shut out first if asked, so that nothing is added.

    Raises NotFound for an unknown leaver, Invalid without a reason or for somebody who is not at work, Conflict for the
    last administrator.
    """
    tx.ports.may(tx, "people.hand_over", said.leaver)
    people.one(tx, said.leaver)
    assignments.said(said.reason, "reason")
    _check_receiver(tx, said)
    if disable:
        people.disable(tx, said.leaver)
    return holdings(tx, said.leaver)


def _check_receiver(tx: Transaction, said: HandOver) -> None:
    if said.to is None:
        return
    if said.to == said.leaver:
        raise Invalid(faults=[Fault(TO_ONESELF, "to")])
    receiver = tx.session.get(Person, said.to)
    if receiver is None or receiver.disabled_at is not None:
        raise Invalid(faults=[Fault(NOT_AT_WORK, "to")])


def holdings(tx: Transaction, login: str) -> list[Holding]:
    """Everything somebody holds: tasks claimed, delegated by or to them, open to them alone; questions to them."""
    tx.ports.may(tx, "people.hand_over", login)
    tasks = (
        select(
            UserTask.id, UserTask.root_id, UserTask.name, Numbered.number, visibility.known(tx.actor, UserTask.root_id)
        )
        .outerjoin(Numbered, Numbered.root_id == UserTask.root_id)
        .where(UserTask.state == TaskState.CREATED, _is_of(login))
        .order_by(UserTask.created_at, UserTask.id)
    )
    asked = (
        select(Consultation.id, Consultation.root_id, UserTask.name, Numbered.number)
        .add_columns(visibility.known(tx.actor, Consultation.root_id))
        .join(UserTask, UserTask.id == Consultation.task_id)
        .outerjoin(Numbered, Numbered.root_id == Consultation.root_id)
        .where(UserTask.state == TaskState.CREATED, *_open_questions_to(login))
        .order_by(Consultation.asked_at, Consultation.id)
    )
    return [*_listed(tx, Held.TASK, tasks), *_listed(tx, Held.CONSULTATION, asked)]


def _is_of(login: str) -> ColumnElement[bool]:
    alone = exists().where(Candidate.task_id == UserTask.id, Candidate.kind == USER, Candidate.name == login)
    return or_(
        UserTask.assignee == login,
        and_(UserTask.owner == login, UserTask.delegation_state == DelegationState.PENDING),
        and_(UserTask.assignee.is_(None), alone, ~_has_group()),
    )


def _has_group() -> ColumnElement[bool]:
    return exists().where(Candidate.task_id == UserTask.id, Candidate.kind == GROUP)


def _open_questions_to(login: str) -> tuple[ColumnElement[bool], ...]:
    asked_of = (Consultation.kind == USER, Consultation.name == login)
    return (*asked_of, Consultation.answered_at.is_(None), Consultation.withdrawn_at.is_(None))


def _listed(tx: Transaction, kind: Held, query: Select[*tuple[Any, ...]]) -> list[Holding]:
    found = []
    for id_, root_id, step, number, is_known in tx.session.execute(query):
        shown = (number, names.step(step)) if is_known else (None, None)
        found.append(Holding(kind, id_, root_id, *shown))
    return found


def carry_out(tx: Transaction, said: HandOver, holding: Holding) -> None:
    """Hands one thing over, with the reason in the case's evidence.

    Raises Conflict when somebody is at work on the case at this moment, or when it is no longer the leaver's; Invalid
    when the receiver does not work in the department in charge; NotFound in a case that is not the actor's to know.
    """
    tx.ports.may(tx, "people.hand_over", said.leaver)
    free = skip_locked(select(ProcessInstance.id).where(ProcessInstance.id == holding.root_id))
    if tx.session.scalar(free) is None:
        raise Conflict(BUSY)
    if holding.kind == Held.TASK:
        _hand_task_over(tx, said, holding.id)
    else:
        _readdress(tx, said, holding)


def _hand_task_over(tx: Transaction, said: HandOver, task_id: str) -> None:
    _, task = lock_open(tx, task_id, "user_tasks.hand_over")
    if task.department is None and _is_applicant(tx, said.leaver):
        raise Conflict(THE_APPLICANTS)
    if said.to is not None:
        assignments.check_colleague(tx, task, said.to, "to", holder=said.leaver)
    elif task.delegation_state != DelegationState.PENDING and not tx.session.scalar(
        select(_has_group()).where(UserTask.id == task_id)
    ):
        raise Conflict(ONLY_THEIRS)
    user_tasks.hand_over(tx, task_id, said.leaver, said.to, said.reason)


def _readdress(tx: Transaction, said: HandOver, holding: Holding) -> None:
    """A question to the leaver is from now on one to the colleague, or to the department."""
    root = instance_rows.lock_tree_of(tx, holding.root_id)
    is_known = select(visibility.known(tx.actor, ProcessInstance.id)).where(ProcessInstance.id == root.id)
    if not tx.session.scalar(is_known):
        raise NotFound
    asked = tx.session.scalar(
        select(Consultation).where(Consultation.id == holding.id, *_open_questions_to(said.leaver)).limit(1)
    )
    if asked is None:
        raise Conflict(ANSWERED)
    to = _party(tx, said)
    asked.kind, asked.name = to.kind, to.name
    asked.revision += 1
    readers.admit(tx, root.id, asked.id, to)
    changed = {"property": parties.column_of(to), "old": said.leaver, "new": to.name}
    evidence.record(tx, root, "consultation.handed_over", subject=asked.task_id, reason=said.reason, **changed)
    tx.flush()


def _party(tx: Transaction, said: HandOver) -> Party:
    if said.to is not None:
        return parties.person(said.to)
    department = tx.session.scalar(
        select(Membership.department).where(Membership.login == said.leaver).order_by(Membership.department).limit(1)
    )
    if department is None:
        raise Conflict(ONLY_THEIRS)
    return parties.department(department)


def _is_applicant(tx: Transaction, login: str) -> bool:
    held = exists().where(RoleGrant.login == login, RoleGrant.role.in_(APPLICANTS))
    return bool(tx.session.scalar(select(held)))


def tell(tx: Transaction, said: HandOver, moved: int) -> None:
    """The colleague learns once how much has come."""
    tx.ports.may(tx, "people.hand_over", said.leaver)
    if said.to is None or not moved:
        return
    leaver = names.people(tx, [said.leaver])[said.leaver].name
    text = Sentence(
        f"{leaver}的 {moved} 项工作移交给您：{said.reason}",
        f"Work of {leaver} was handed over to you ({moved}): {said.reason}",
    )
    notices.tell(tx, notices.person(said.to), NoticeKind.TASKS_HANDED_OVER, text)
