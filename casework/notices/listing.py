"""Notices as people read them: those of a case, those to the reader, and all of them with what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from casework import masking, names
from casework.names import Directory
from casework.paging import Mark, Order, fetch
from casework.sight import Sight
from casework.tables import Case, Notice, ReceiverKind
from casework.visibility import visible_case
from engine.errors import Sentence
from engine.ports import Actor
from engine.queries.filters import Filters, narrowed
from engine.tables import Job
from engine.transaction import Transaction


class NoticeState(StrEnum):
    """What became of a notice: kept for its receiver to read here, waiting to be sent, sent, or given up."""

    KEPT = "KEPT"
    WAITING = "WAITING"
    SENT = "SENT"
    FAILED = "FAILED"


NOTICE_STATES: Mapping[NoticeState, Sentence] = {
    NoticeState.KEPT: Sentence("在系统内查看", "to be read here"),
    NoticeState.WAITING: Sentence("待发送", "waiting to be sent"),
    NoticeState.SENT: Sentence("已发送", "sent"),
    NoticeState.FAILED: Sentence("发送失败", "could not be sent"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as a reader may see it. `phone` is masked; `failure` is what the last try met."""

    id: str
    kind: str
    state: NoticeState
    to: dict[str, Any]
    text: Sentence
    created_at: datetime
    sent_at: datetime | None
    sender: str | None
    case_number: str | None
    failures: int
    failure: str | None
    next_try_at: datetime | None


LISTED: Select[*tuple[Any, ...]] = (
    select(Notice, Case.number, Case.query_code, Job.retries, Job.failures, Job.failure, Job.due_at)
    .outerjoin(Case, Case.root_id == Notice.root_id)
    .outerjoin(Job, Job.id == Notice.id)
)
IS_UNSENT = and_(Notice.sender.is_not(None), Notice.sent_at.is_(None))
OF_STATE: Mapping[NoticeState, ColumnElement[bool]] = {
    NoticeState.KEPT: Notice.sender.is_(None),
    NoticeState.WAITING: and_(IS_UNSENT, Job.retries > 0),
    NoticeState.SENT: Notice.sent_at.is_not(None),
    NoticeState.FAILED: and_(IS_UNSENT, Job.retries <= 0),
}
FILTERS: Filters = {
    "state": lambda state: OF_STATE[state],
    "kind": lambda kind: Notice.kind == kind,
    "sender": lambda sender: Notice.sender == sender,
    "case_number": lambda number: Case.number == number,
}
NEWEST_FIRST = Order((Notice.created_at, Notice.id), newest_first=True)

Rows = tuple[list[Shown], Mark | None]


def listed(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Rows:
    """A page of all notices but those of cases that the actor may not know of."""
    known = or_(Notice.root_id.is_(None), visible_case(tx.actor))
    return _page(tx, narrowed(LISTED, FILTERS, wanted).where(known), after, limit)


def mine(tx: Transaction, *, after: Mark | None, limit: int) -> Rows:
    """A page of the notices to the actor and to the actor's departments."""
    return _page(tx, LISTED.where(_to(tx.actor)), after, limit)


def _page(tx: Transaction, statement: Select[Any], after: Mark | None, limit: int) -> Rows:
    page = fetch(tx, statement, NEWEST_FIRST, after=after, limit=limit)
    return _shown(tx, page.rows), page.after


def of_case(tx: Transaction, case: Case, sight: Sight) -> list[Shown]:
    """The notices of a case as far as the reader's sight goes, oldest first.

    The applicant reads what was sent to the applicant; a participant from outside what was sent to itself.
    """
    statement = LISTED.where(Notice.root_id == case.root_id, _open_to(tx.actor, sight))
    return _shown(tx, tx.session.execute(statement.order_by(Notice.created_at, Notice.id)).all())


def _open_to(actor: Actor, sight: Sight) -> ColumnElement[bool]:
    if not sight.is_official:
        return Notice.receiver_kind == ReceiverKind.APPLICANT
    return Notice.id.is_not(None) if sight.sees_opinions else _to(actor)


def _to(actor: Actor) -> ColumnElement[bool]:
    own = Notice.receiver_kind.in_((ReceiverKind.PERSON, ReceiverKind.APPLICANT))
    return or_(
        and_(own, Notice.receiver == actor.login),
        and_(Notice.receiver_kind == ReceiverKind.DEPARTMENT, Notice.receiver.in_(sorted(actor.groups))),
    )


def _shown(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Shown]:
    people = {row.Notice.receiver for row in rows if row.Notice.receiver_kind == ReceiverKind.PERSON}
    known = names.directory(tx, people)
    return [_one(tx.actor, row, known) for row in rows]


def _one(actor: Actor, row: Row[Any], known: Directory) -> Shown:
    notice: Notice = row.Notice
    return Shown(
        id=notice.id,
        kind=notice.kind,
        state=_state(row),
        to=_receiver(notice, known),
        text=_text(actor, row),
        created_at=notice.created_at,
        sent_at=notice.sent_at,
        sender=notice.sender,
        case_number=row.number,
        failures=row.failures or 0,
        failure=row.failure,
        next_try_at=row.due_at if row.retries else None,
    )


def _state(row: Row[Any]) -> NoticeState:
    if row.Notice.sent_at is not None:
        return NoticeState.SENT
    if row.Notice.sender is None:
        return NoticeState.KEPT
    return NoticeState.WAITING if row.retries else NoticeState.FAILED


def _receiver(notice: Notice, known: Directory) -> dict[str, Any]:
    """Whom it is for, by name; an applicant's telephone number as far as one needs it to recognise it."""
    person = known.person(notice.receiver) if notice.receiver_kind == ReceiverKind.PERSON else None
    department = known.department(notice.receiver) if notice.receiver_kind == ReceiverKind.DEPARTMENT else None
    return {
        "kind": notice.receiver_kind,
        "name": notice.name,
        "phone": notice.phone and masking.number(notice.phone),
        "person": person,
        "department": department,
    }


def _text(actor: Actor, row: Row[Any]) -> Sentence:
    """The words; the code that opens a case to whoever has it is for the applicant alone."""
    notice: Notice = row.Notice
    text = Sentence(notice.text_zh, notice.text_en)
    if row.query_code is None or notice.receiver == actor.login:
        return text
    hidden = masking.STAR * len(row.query_code)
    return Sentence(*(one.replace(row.query_code, hidden) for one in text))
