"""The notice of corrections (一次性告知, 补正): departments add to one list, one notice tells everything.

行政许可法 art. 32: what is missing is told once, all of it. A second notice is irregular (art. 72), whoever allows it.
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select

from casework import cases, feed, items, materials, notices, slips
from casework.events import SlipServed
from casework.feed import ChangeKind
from casework.reasons import is_said
from casework.slips import SlipKind
from casework.tables import Case, Correction, CorrectionState
from engine import evidence
from engine.errors import Conflict, Invalid, Sentence
from engine.store.task_rows import lock_open
from engine.tables import UserTask
from engine.transaction import Transaction

NOTICED = "correction-noticed"
REQUESTED_AGAIN = "correction.requested_again"
LIABILITY = "行政许可法第七十二条"
ENDINGS: Mapping[CorrectionState, ChangeKind] = {
    CorrectionState.ANSWERED: ChangeKind.CORRECTION_ANSWERED,
    CorrectionState.LAPSED: ChangeKind.CORRECTION_LAPSED,
}
LONGEST_ITEM = 500
NOTHING_ASKED = Sentence("没有待告知的补正内容。", "There is nothing to tell the applicant.")
EMPTY = Sentence("请至少列出一项须补正的内容。", "List at least one thing to correct.")
OUT_ALREADY = Sentence(
    "补正通知已发出，尚待申请人补正；依法须一次性告知（行政许可法第三十二条）。",
    "A notice is already out and the applicant has not answered; the law wants everything told at once "
    "(Administrative Licensing Law, article 32).",
)


class SecondNotice(Conflict):
    """The applicant was told already, and all has to be told at once; the head of the department gives the reason."""

    code = "second-notice"
    title = Sentence(
        "已一次性告知过申请人（行政许可法第三十二条）；再次要求补正的，须由提出部门的负责人书面说明理由。",
        "The applicant was told already (Administrative Licensing Law, article 32): the head of the department that "
        "asks again has to give a reason in writing.",
    )


def request(
    tx: Transaction, task_id: str, asked: Sequence[str], *, reason: str | None = None, revision: int | None = None
) -> Correction:
    """A department, in the course of its task, adds what is missing to the case's single list; what it repeats
    is kept once.

    Once a notice went out, whatever else is asked for makes a second one: only the head of the department may ask,
    with a written reason, and it is marked as irregular all the same (行政许可法 art. 72). Supervision permits nothing.

    Raises NotFound when the task is not the caller's, Invalid for an empty list, Conflict when the task is closed,
    SecondNotice without a reason, Forbidden from anybody but the head, Stale when the task is no longer at `revision`.
    """
    root, task = lock_open(tx, task_id, "corrections.request", revision)
    wanted = [text.strip() for text in asked if is_said(text)]
    if not wanted:
        raise Invalid(faults=[materials.fault("items", EMPTY)])
    is_second = _was_told(tx, root.id)
    if is_second:
        if not is_said(reason):
            raise SecondNotice
        tx.ports.may(tx, "corrections.request_again", task)
    correction = _newest(tx, root.id, CorrectionState.COLLECTING) or _begin(tx, task)
    said = {"department": task.department, "by": tx.actor.login} | ({"reason": reason} if is_second else {})
    collected = json.loads(correction.items)
    of_department = {one["text"] for one in collected if one["department"] == task.department}
    fresh = [text for text in dict.fromkeys(wanted) if text not in of_department]
    listed = [*collected, *({"text": text, **said} for text in fresh)]
    correction.items = json.dumps(listed, ensure_ascii=False)
    correction.is_irregular = correction.is_irregular or is_second
    correction.revision += 1
    again = {"reason": reason, "basis": LIABILITY} if is_second else {}
    kind = REQUESTED_AGAIN if is_second else "correction.requested"
    evidence.record(tx, root, kind, subject=task.id, new="; ".join(wanted), **again)
    tx.flush()
    return correction


def _was_told(tx: Transaction, root_id: str) -> bool:
    """Whether a notice went out; one that the law took for nothing, because it was not served in time, told nobody."""
    told = or_(Correction.served_at.is_not(None), Correction.state == CorrectionState.SENT)
    return tx.session.scalar(select(Correction.id).where(Correction.root_id == root_id, told).limit(1)) is not None


def _newest(tx: Transaction, root_id: str, *states: CorrectionState) -> Correction | None:
    """The case's newest notice in one of these states."""
    found = select(Correction).where(Correction.root_id == root_id, Correction.state.in_(states))
    return tx.session.scalars(found.order_by(Correction.created_at.desc(), Correction.id.desc()).limit(1)).first()


def out(tx: Transaction, root_id: str) -> Correction | None:
    """The notice that waits for the applicant."""
    return _newest(tx, root_id, CorrectionState.SENT)


def of_case(tx: Transaction, case: Case) -> Sequence[Correction]:
    """All notices of a case, oldest first."""
    return tx.session.scalars(
        select(Correction).where(Correction.root_id == case.root_id).order_by(Correction.created_at)
    ).all()


def _begin(tx: Transaction, task: UserTask) -> Correction:
    correction = Correction(
        id=tx.new_id(),
        region=task.region,
        root_id=task.root_id,
        state=CorrectionState.COLLECTING,
        items="[]",
        created_at=tx.now,
        revision=1,
    )
    tx.add(correction)
    return correction


def send(tx: Transaction, number: str) -> Correction:
    """Tells the applicant everything at once: before acceptance the window does, after it the lead.

    The notice gets its number; the clocks pause when it is served, at once where the case came online. Raises Conflict
    when nothing was asked for, when a notice is out already, or when nothing in the diagram waits for it.
    """
    case = cases.locked(tx, number, "corrections.send")
    if out(tx, case.root_id) is not None:
        raise Conflict(OUT_ALREADY)
    correction = _newest(tx, case.root_id, CorrectionState.COLLECTING)
    if correction is None:
        raise Conflict(NOTHING_ASKED)
    listed = [one["text"] for one in json.loads(correction.items)]
    correction.state, correction.sent_at, correction.sent_by = CorrectionState.SENT, tx.now, tx.actor.login
    slip = slips.issue(tx, case, SlipKind.CORRECTION, _told(tx, case, listed))
    correction.number, correction.served_at = slip.number, slip.served_at
    correction.revision += 1
    tx.flush()
    cases.record(tx, case, "correction.noticed", new="; ".join(listed), document=correction.number)
    cases.tell(tx, case, NOTICED, {"corrections": listed})
    notices.correction_sent(tx, case, listed)
    feed.note(tx, ChangeKind.CORRECTION_SENT, case.region, case.root_id, value=correction.number)
    return correction


def _told(tx: Transaction, case: Case, listed: list[str]) -> dict[str, object]:
    """What the slip says: everything at once, and how long the applicant has."""
    limit = items.document(tx, case.item_id).limits.get("correction")
    return {"listed": listed, "time": limit and limit.text}


def served(tx: Transaction, event: SlipServed) -> None:
    """The notice has reached the applicant, as a clerk records later than it was sent."""
    sent = out(tx, event.root_id)
    if sent is not None and sent.number == event.number:
        sent.served_at = event.served_at
        sent.revision += 1


def lapse_unserved(tx: Transaction, root_id: str) -> None:
    """A notice that has not been served by now asks for nothing: the law has accepted the application as it is."""
    sent = out(tx, root_id)
    if sent is not None and sent.served_at is None:
        answered(tx, root_id, CorrectionState.LAPSED)


def lapsed_unserved(tx: Transaction, root_id: str) -> bool:
    """Whether the newest notice is one that was never served."""
    over = _newest(tx, root_id, CorrectionState.LAPSED, CorrectionState.ANSWERED, CorrectionState.SENT)
    return over is not None and over.state == CorrectionState.LAPSED and over.served_at is None


def answered(tx: Transaction, root_id: str, state: CorrectionState) -> None:
    """The notice that is out is over: the applicant supplemented, or let the time pass."""
    sent = out(tx, root_id)
    if sent is not None:
        sent.state, sent.answered_at = state, tx.now
        sent.revision += 1
        feed.note(tx, ENDINGS[state], sent.region, root_id, value=sent.number)
