"""Telling somebody something: a row for each receiver, written with the command that gives the occasion."""

from collections.abc import Mapping
from dataclasses import dataclass

from casework import feed
from casework.feed import ChangeKind
from casework.notices import post_room
from casework.notices.kinds import NoticeKind
from casework.tables import Case, Notice, ReceiverKind
from engine.errors import Sentence
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Transaction

FOLLOWED: Mapping[NoticeKind, ChangeKind] = {
    NoticeKind.TASK_REMINDED: ChangeKind.TASK_REMINDED,
    NoticeKind.TASK_CONSULTED: ChangeKind.TASK_CONSULTED,
    NoticeKind.TASK_ANSWERED: ChangeKind.TASK_ANSWERED,
    NoticeKind.CASE_COPIED: ChangeKind.CASE_COPIED,
}
"""What a department's own system hears of, too; of tasks and cases themselves it hears as they change."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a notice is for. `code` is a login or a department's code; `phone` as the receiver gave it."""

    kind: ReceiverKind
    code: str | None = None
    name: str | None = None
    phone: str | None = None


def person(login: str) -> Receiver:
    """Somebody with a login."""
    return Receiver(ReceiverKind.PERSON, login)


def department(code: str) -> Receiver:
    """Everybody in a department."""
    return Receiver(ReceiverKind.DEPARTMENT, code)


def applicant(case: Case) -> Receiver:
    """Whoever acts for the applicant of a case (代办人), or the applicant; with a login when they handed it in."""
    agent = bool(case.agent_name and case.agent_phone)
    name, phone = (case.agent_name, case.agent_phone) if agent else (case.applicant_name, case.applicant_phone)
    login = case.submitted_by if case.is_online else None
    return Receiver(ReceiverKind.APPLICANT, login, name, phone)


def tell(tx: Transaction, to: Receiver, kind: NoticeKind, text: Sentence, *, case: Case | None = None) -> Notice:
    """Tells a receiver something, in words that stand by themselves. Written with the command's other rows.

    Nothing is read and nothing is sent here: the sender that carries this kind does so after the commit.
    """
    notice = Notice(
        id=tx.new_id(),
        region=case.region if case else EVERYWHERE,
        root_id=case.root_id if case else None,
        kind=kind.value,
        receiver_kind=to.kind,
        receiver=to.code,
        name=to.name,
        phone=to.phone,
        text_zh=text.zh,
        text_en=text.en,
        created_at=tx.now,
        created_by=tx.actor.login,
        revision=1,
    )
    tx.add(notice)
    post_room.hand_in(tx, notice)
    if case and to.kind == ReceiverKind.DEPARTMENT and kind in FOLLOWED:
        feed.note(tx, FOLLOWED[kind], case.region, case.root_id, department=to.code)
    return notice
