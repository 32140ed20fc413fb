"""Consultations (征求意见): in the course of a task somebody else is asked, and the task stays where it is.

An answer is awaited by nothing: a task ends when its holder ends it, and what is still open then is closed with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from casework import names, parties, readers, task_notices
from casework.assignments import said
from casework.notices import NoticeKind
from casework.paging import Mark, Order, Page, fetch
from casework.tables import Case, Consultation, ConsultationState
from engine import evidence
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence
from engine.store import instance_rows
from engine.store.task_rows import lock_open
from engine.tables import USER, Party, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction
from engine.user_tasks import HELD

ONESELF = Sentence("不必征求自己的意见。", "There is no need to consult yourself.")
OVER: Mapping[ConsultationState, Sentence] = {
    ConsultationState.ANSWERED: Sentence("该意见已反馈。", "It is answered already."),
    ConsultationState.WITHDRAWN: Sentence("该征求意见已收回。", "The question was withdrawn."),
    ConsultationState.CLOSED: Sentence("该任务已办结，不再征求意见。", "The task is over; nobody waits for an answer."),
}

LISTED: Select[*tuple[Any, ...]] = (
    select(Consultation, UserTask.name.label("step"), UserTask.state, Case.number.label("case_number"), Case.title)
    .join(UserTask, UserTask.id == Consultation.task_id)
    .outerjoin(Case, Case.root_id == Consultation.root_id)
)
NEWEST = Order((Consultation.asked_at, Consultation.id), newest_first=True)
UNANSWERED = Consultation.answered_at.is_(None)
IS: Mapping[str, ColumnElement[bool]] = {
    "open": and_(UNANSWERED, UserTask.state == TaskState.CREATED),
    "answered": Consultation.answered_at.is_not(None),
}


def ask(tx: Transaction, task_id: str, to: Party, question: str) -> Consultation:
    """Puts a question to a person or a department, who may then see the case.

    Raises NotFound when the task is not the caller's, Conflict when it is closed or somebody else holds it, Invalid
    without a question or for an unknown receiver.
    """
    _, task = lock_open(tx, task_id, "user_tasks.consult")
    if task.assignee not in (None, tx.actor.login):
        raise Conflict(HELD)
    question = said(question, "question")
    parties.check(tx, to)
    if to.kind == USER and to.name == tx.actor.login:
        raise Invalid(faults=[Fault(ONESELF, "to")])
    asked = Consultation(
        id=tx.new_id(),
        region=task.region,
        root_id=task.root_id,
        task_id=task.id,
        kind=to.kind,
        name=to.name,
        question=question,
        asked_by=tx.actor.login,
        asked_at=tx.now,
        revision=1,
    )
    tx.add(asked)
    readers.admit(tx, task.root_id, asked.id, to)
    _record(tx, asked, "asked", to, question)
    case = tx.session.get(Case, task.root_id)
    task_notices.tell(tx, to, NoticeKind.TASK_CONSULTED, question, case=case, task=task)
    tx.flush()
    return asked


def answer(tx: Transaction, consultation_id: str, words: str) -> Consultation:
    """The one who was asked, or anybody of the department that was, says what they think.

    Raises NotFound when the caller was not asked, Conflict when it is answered, withdrawn, or the task is over.
    """
    asked = _locked(tx, consultation_id)
    if not parties.is_one(Party(asked.kind, asked.name), tx.actor):
        raise NotFound
    task = _still_open(tx, asked)
    asked.answer = said(words, "answer")
    asked.answered_by, asked.answered_at = tx.actor.login, tx.now
    asked.revision += 1
    asker = parties.person(asked.asked_by)
    _record(tx, asked, "answered", asker, asked.answer)
    case = tx.session.get(Case, asked.root_id)
    task_notices.tell(tx, asker, NoticeKind.TASK_ANSWERED, asked.answer, case=case, task=task)
    return asked


def withdraw(tx: Transaction, consultation_id: str) -> Consultation:
    """Who asked no longer wants to know, and the sight of the case that the question gave is gone.

    Raises NotFound for a question of somebody else, Conflict when it is answered or the task is over.
    """
    asked = _locked(tx, consultation_id)
    if asked.asked_by != tx.actor.login:
        raise NotFound
    _still_open(tx, asked)
    asked.withdrawn_at = tx.now
    asked.revision += 1
    readers.dismiss(tx, asked.root_id, asked.id)
    _record(tx, asked, "withdrawn", Party(asked.kind, asked.name), None)
    return asked


def _locked(tx: Transaction, consultation_id: str) -> Consultation:
    root_id = select(Consultation.root_id).where(Consultation.id == consultation_id).scalar_subquery()
    instance_rows.lock_tree_of(tx, root_id)
    return tx.session.get_one(Consultation, consultation_id, populate_existing=True)


def _still_open(tx: Transaction, asked: Consultation) -> UserTask:
    task = tx.session.get_one(UserTask, asked.task_id)
    state = state_of(asked, task.state)
    if state in OVER:
        raise Conflict(OVER[state])
    return task


def state_of(asked: Consultation, task: TaskState) -> ConsultationState:
    """How a question stands while its task stands so."""
    if asked.withdrawn_at is not None:
        return ConsultationState.WITHDRAWN
    if asked.answered_at is not None:
        return ConsultationState.ANSWERED
    return ConsultationState.OPEN if task == TaskState.CREATED else ConsultationState.CLOSED


def _record(tx: Transaction, asked: Consultation, what: str, to: Party, words: str | None) -> None:
    evidence.record(
        tx,
        tx.session.get_one(ProcessInstance, asked.root_id),
        f"consultation.{what}",
        subject=asked.task_id,
        property=parties.column_of(to),
        new=to.name,
        reason=words,
    )


def listed(
    tx: Transaction, *, state: str | None, asked_by_me: bool, after: Mark | None, limit: int
) -> tuple[Sequence[dict[str, Any]], Mark | None]:
    """A page of the questions put to the actor or the actor's departments, or of those the actor put, newest first."""
    whose = (
        Consultation.asked_by == tx.actor.login
        if asked_by_me
        else parties.includes(Consultation.kind, Consultation.name, tx.actor)
    )
    statement = LISTED.where(whose, Consultation.withdrawn_at.is_(None))
    if state is not None:
        statement = statement.where(IS[state])
    page: Page = fetch(tx, statement, NEWEST, after=after, limit=limit)
    return _rows(tx, page.rows), page.after


def of_task(tx: Transaction, task: UserTask) -> Sequence[dict[str, Any]]:
    """Every question put in the course of a task, oldest first."""
    statement = LISTED.where(Consultation.task_id == task.id).order_by(Consultation.asked_at, Consultation.id)
    return _rows(tx, tx.session.execute(statement).all())


def _rows(tx: Transaction, rows: Sequence[Any]) -> Sequence[dict[str, Any]]:
    if not rows:
        return []
    asked = [row.Consultation for row in rows]
    people = {one.name for one in asked if one.kind == USER}
    known = names.directory(tx, people.union(*((one.asked_by, one.answered_by) for one in asked)))
    return [
        {
            "id": one.id,
            "task_id": one.task_id,
            "case_number": row.case_number,
            "title": row.title,
            "step": names.step(row.step),
            "state": state_of(one, row.state),
            "to": parties.shown(known, Party(one.kind, one.name)),
            "question": one.question,
            "asked_by": known.person(one.asked_by),
            "asked_at": one.asked_at,
            "answer": one.answer,
            "answered_by": known.person(one.answered_by),
            "answered_at": one.answered_at,
        }
        for one, row in zip(asked, rows, strict=True)
    ]
