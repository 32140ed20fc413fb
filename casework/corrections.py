"""The notice of corrections (一次性告知, 补正): departments add to one list, one notice tells everything.

行政许可法 art. 32: what is missing is told once, all of it.
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from casework import cases, feed, items, materials, notices, slips
from casework.events import SlipServed
from casework.feed import ChangeKind
from casework.reasons import is_said
from casework.slips import SlipKind
from casework.tables import Case, Correction, CorrectionState
from engine import evidence
from engine.errors import Conflict, Invalid, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.store.task_rows import lock_open
from engine.tables import UserTask
from engine.transaction import Transaction

NOTICED = "correction-noticed"
ENDINGS: Mapping[CorrectionState, ChangeKind] = {
    CorrectionState.ANSWERED: ChangeKind.CORRECTION_ANSWERED,
    CorrectionState.LAPSED: ChangeKind.CORRECTION_LAPSED,
}
LONGEST_ITEM = 500
NOTHING_ASKED = Sentence("没有待告知的补正内容。", "There is nothing to tell the applicant.")
EMPTY = Sentence("请至少列出一项须补正的内容。", "List at least one thing to correct.")
OUT_ALREADY = Sentence(
    "补正通知已发出，尚待申请人补正；依法须一次性告知。",
    "A notice is already out and the applicant has not answered; the law wants everything told at once.",
)


def request(tx: Transaction, task_id: str, asked: Sequence[str], *, revision: int | None = None) -> Correction:
    """A department, in the course of its task, adds what is missing to the case's single list.

    Raises NotFound when the task is not the caller's, Invalid for an empty list, Conflict when the task is closed or
    a notice is out already, Stale when the task is no longer at `revision`.
    """
    root, task = lock_open(tx, task_id, "corrections.request", revision)
    wanted = [text.strip() for text in asked if is_said(text)]
    if not wanted:
        raise Invalid(faults=[materials.fault("items", EMPTY)])
    correction = _collecting(tx, root.id) or _begin(tx, task)
    listed = json.loads(correction.items)
    listed += [{"department": task.department, "text": text, "by": tx.actor.login} for text in wanted]
    correction.items = json.dumps(listed, ensure_ascii=False)
    correction.revision += 1
    evidence.record(tx, root, "correction.requested", subject=task.id, new="; ".join(wanted))
    tx.flush()
    return correction


def _collecting(tx: Transaction, root_id: str) -> Correction | None:
    unsent = latest(tx, root_id)
    if unsent is not None and unsent.state == CorrectionState.SENT:
        raise Conflict(OUT_ALREADY)
    return unsent if unsent is not None and unsent.state == CorrectionState.COLLECTING else None


def latest(tx: Transaction, root_id: str) -> Correction | None:
    """The case's newest notice, sent or not."""
    return tx.session.scalars(
        select(Correction).where(Correction.root_id == root_id).order_by(Correction.created_at.desc()).limit(1)
    ).first()


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


def send(tx: Transaction, number: str, region: str = EVERYWHERE) -> Correction:
    """Tells the applicant everything at once: before acceptance the window does, after it the lead.

    The notice gets its number; the clocks pause when it is served, at once where the case came online. Raises Conflict
    when nothing was asked for, when a notice is out already, or when nothing in the diagram waits for it.
    """
    case = cases.locked(tx, number, "corrections.send", region)
    correction = _collecting(tx, case.root_id)
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
    out = latest(tx, event.root_id)
    if out is not None and out.number == event.number:
        out.served_at = event.served_at
        out.revision += 1


def lapse_unserved(tx: Transaction, root_id: str) -> None:
    """A notice that has not been served by now asks for nothing: the law has accepted the application as it is."""
    out = latest(tx, root_id)
    if out is not None and out.served_at is None:
        answered(tx, root_id, CorrectionState.LAPSED)


def lapsed_unserved(tx: Transaction, root_id: str) -> bool:
    """Whether the newest notice is one that was never served."""
    out = latest(tx, root_id)
    return out is not None and out.state == CorrectionState.LAPSED and out.served_at is None


def answered(tx: Transaction, root_id: str, state: CorrectionState) -> None:
    """The notice that is out is over: the applicant supplemented, or let the time pass."""
    out = latest(tx, root_id)
    if out is not None and out.state == CorrectionState.SENT:
        out.state, out.answered_at = state, tx.now
        out.revision += 1
        feed.note(tx, ENDINGS[state], out.region, root_id, value=out.number)
