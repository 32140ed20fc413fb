"""The occasions of a case's course: listens to what its process does, and tells whom it concerns."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from casework import clocks, items, meaning, names
from casework.meaning import Does
from casework.notices.kinds import NoticeKind
from casework.notices.telling import applicant, department, tell
from casework.notices.texts import TOLD
from casework.tables import Case, CaseState, ClockKind, Notice, ReceiverKind
from engine.errors import Sentence
from engine.events import (
    ActivityEnded,
    ActivityStarted,
    Event,
    Happened,
    ProcessInstanceEnded,
    ProcessInstanceStarted,
    UserTaskCompleted,
    UserTaskCreated,
)
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

COMPLETED: Mapping[tuple[Does | None, str | None], NoticeKind] = {
    (Does.ACCEPT, "accept"): NoticeKind.CASE_ACCEPTED,
    (Does.ACCEPT, "decline"): NoticeKind.CASE_DECLINED,
    (Does.DECIDE, "approve"): NoticeKind.CASE_APPROVED,
    (Does.DECIDE, "deemed_approved"): NoticeKind.CASE_APPROVED,
    (Does.DECIDE, "refuse"): NoticeKind.CASE_REFUSED,
    (Does.VERIFY, "revoke"): NoticeKind.CASE_REVOKED,
}
"""What a person's word on a step means for the applicant."""

STEPS: Mapping[tuple[type[Happened], Does | None], tuple[NoticeKind, ...]] = {
    (UserTaskCreated, Does.DELIVER): (NoticeKind.RESULT_READY,),
    (ActivityStarted, Does.WITHDRAW): (NoticeKind.CASE_WITHDRAWN, NoticeKind.TASKS_CLOSED),
    (ActivityStarted, Does.DEEM_ACCEPT): (NoticeKind.CASE_ACCEPTED,),
    (ActivityEnded, Does.CORRECT): (NoticeKind.CORRECTION_LAPSED,),
}
"""What the arrival at a step, its beginning or its end unfinished, means for whom it concerns."""

RESULTLESS = frozenset({CaseState.DECLINED, CaseState.WITHDRAWN})
"""What is handed over then are the applicant's own papers, of which the applicant has been told."""

LONGEST_LIST = 2_000


def listen(tx: Transaction, event: Event) -> None:
    """Tells whom an event of a case concerns; heard after the case has moved on, and before its clocks do."""
    kinds = _kinds(event)
    if not kinds or not isinstance(event, Happened) or (case := tx.session.get(Case, event.root_id)) is None:
        return
    for kind in kinds:
        if kind not in ONLY_IF or ONLY_IF[kind](tx, case, event):
            _tell(tx, case, kind, _said(tx, event))


def _kinds(event: Event) -> tuple[NoticeKind, ...]:
    """What an event gives occasion for."""
    match event:
        case ProcessInstanceStarted(parent_id=None):
            return NoticeKind.CASE_RECEIVED, NoticeKind.CASE_ACCEPTED
        case ProcessInstanceEnded(parent_id=None, cancelled=True):
            return NoticeKind.CASE_CANCELLED, NoticeKind.TASKS_CLOSED
        case UserTaskCompleted():
            return _completed(meaning.of(event.properties).act, event.outcome)
        case UserTaskCreated(assignee=str()):
            return (NoticeKind.APPLICANT_ASKED,)
        case UserTaskCreated() | ActivityStarted() | ActivityEnded(cancelled=True):
            return STEPS.get((type(event), meaning.of(event.properties).act), ())
    return ()


def _completed(does: Does | None, outcome: str | None) -> tuple[NoticeKind, ...]:
    if does == Does.DELIVER:
        return (NoticeKind.RESULT_DELIVERED,)
    return (COMPLETED[does, outcome],) if (does, outcome) in COMPLETED else ()


def _is_accepted(tx: Transaction, case: Case, event: Event) -> bool:
    """On submission only a diagram without a step of acceptance is (即办件)."""
    return case.accepted_at is not None


def _has_result(tx: Transaction, case: Case, event: Event) -> bool:
    return case.state not in RESULTLESS


def _has_lapsed(tx: Transaction, case: Case, event: Event) -> bool:
    """A notice of corrections also ends when the case does; it lapses when its time has come."""
    until = _due_at(tx, case.root_id, ClockKind.CORRECTION)
    return until is not None and until <= tx.now


def _is_applicants(tx: Transaction, case: Case, event: Event) -> bool:
    """A step that the diagram gives to whoever submitted the case; a clerk who did so looks after it with them."""
    return isinstance(event, UserTaskCreated) and event.assignee == case.submitted_by


ONLY_IF: Mapping[NoticeKind, Callable[[Transaction, Case, Event], bool]] = {
    NoticeKind.CASE_ACCEPTED: _is_accepted,
    NoticeKind.RESULT_READY: _has_result,
    NoticeKind.RESULT_DELIVERED: _has_result,
    NoticeKind.CORRECTION_LAPSED: _has_lapsed,
    NoticeKind.APPLICANT_ASKED: _is_applicants,
}


def correction_sent(tx: Transaction, case: Case, listed: Sequence[str]) -> None:
    """The applicant is told everything that has to be corrected, and till when (行政许可法 art. 32)."""
    text = "；".join(f"{place}. {one}" for place, one in enumerate(listed, 1))
    _tell(tx, case, NoticeKind.CORRECTION_SENT, {"listed": Sentence(text[:LONGEST_LIST], text[:LONGEST_LIST])})


def procedure_begun(tx: Transaction, case: Case, procedure: Sentence, expected_end_at: datetime) -> None:
    """The applicant is told that time is not counted, for what, and how long it takes (行政许可法 art. 45)."""
    _tell(tx, case, NoticeKind.PROCEDURE_BEGUN, {"procedure": procedure, "until": _foreseen(tx, expected_end_at)})


def term_extended(tx: Transaction, case: Case, amount: Sentence, reason: Sentence) -> None:
    """The applicant is told by how much the case takes longer, and why (行政许可法 art. 42)."""
    _tell(tx, case, NoticeKind.TERM_EXTENDED, {"amount": amount, "reason": reason})


def case_paused(tx: Transaction, case: Case, reason: Sentence, expected_end_at: datetime) -> None:
    """The applicant is told that the case stands still, why, and until when that is foreseen."""
    _tell(tx, case, NoticeKind.CASE_PAUSED, {"reason": reason, "until": _foreseen(tx, expected_end_at)})


def act_reversed(tx: Transaction, case: Case, act: Sentence) -> None:
    """The applicant is told that an extension, a special procedure or a pause they were told of is reversed."""
    _tell(tx, case, NoticeKind.ACT_REVERSED, {"act": act})


def material_deferred(tx: Transaction, case: Case, listed: Sequence[str]) -> None:
    """The applicant is told what is outstanding on the promise, and till when (容缺受理)."""
    text = "、".join(listed)[:LONGEST_LIST]
    _tell(tx, case, NoticeKind.MATERIAL_DEFERRED, {"listed": Sentence(text, text)})


def fees_due(tx: Transaction, case: Case, bill: str, total: str) -> None:
    """The applicant is told what to pay (行政许可法 art. 59)."""
    _tell(tx, case, NoticeKind.FEES_DUE, {"bill": Sentence(bill, bill), "total": Sentence(total, total)})


def granted(tx: Transaction, case: Case) -> None:
    """The applicant is told of what the law has granted."""
    _tell(tx, case, NoticeKind.CASE_APPROVED, {})


UNTIL: Mapping[NoticeKind, ClockKind] = {
    NoticeKind.MATERIAL_DEFERRED: ClockKind.DEFERRAL,
    NoticeKind.CASE_ACCEPTED: ClockKind.PROMISED,
    NoticeKind.ACT_REVERSED: ClockKind.PROMISED,
    NoticeKind.CORRECTION_SENT: ClockKind.CORRECTION,
}
"""The clock whose deadline a notice names."""


def _tell(tx: Transaction, case: Case, kind: NoticeKind, said: Mapping[str, Sentence]) -> list[Notice]:
    told = TOLD[kind]
    text = told.filled(_facts(tx, case, kind, said))
    if told.to == ReceiverKind.APPLICANT:
        return [tell(tx, applicant(case), kind, text, case=case)]
    return [tell(tx, department(code), kind, text, case=case) for code in _interrupted(tx, case)]


def _facts(tx: Transaction, case: Case, kind: NoticeKind, said: Mapping[str, Sentence]) -> dict[str, Sentence]:
    """What is known of the case, in both languages."""
    item = items.document(tx, case.item_id).published
    until = _last_second(tx, _due_at(tx, case.root_id, UNTIL[kind])) if kind in UNTIL else None
    words = {"number": case.number, "query_code": case.query_code, "until": until}
    facts = {name: Sentence(word, word) for name, word in words.items() if word}
    return {**facts, "item": Sentence(item["name"], item["name_en"] or item["name"]), **said}


def _due_at(tx: Transaction, root_id: str, kind: ClockKind) -> datetime | None:
    """The deadline of the newest clock of a kind; null when none runs."""
    found = [one.clock.due_at for one in clocks.all_of(tx, root_id) if one.clock.kind == kind]
    return found[-1] if found else None


def _last_second(tx: Transaction, first_too_late: datetime | None) -> str | None:
    """A deadline as people read it, in the office's zone."""
    if first_too_late is None:
        return None
    return f"{(first_too_late - timedelta(seconds=1)).astimezone(tx.ports.zone):%Y-%m-%d %H:%M}"


def _foreseen(tx: Transaction, end: datetime) -> Sentence:
    """An end as it was said, in the office's zone; that of a whole day is 24:00 of that day."""
    local = end.astimezone(tx.ports.zone)
    is_midnight = local.time() == time.min
    text = f"{local - timedelta(days=1):%Y-%m-%d} 24:00" if is_midnight else f"{local:%Y-%m-%d %H:%M}"
    return Sentence(text, text)


def _interrupted(tx: Transaction, case: Case) -> list[str]:
    """The departments whose open tasks this command has closed."""
    closed = select(UserTask.department).where(
        UserTask.root_id == case.root_id, UserTask.state == TaskState.CANCELLED, UserTask.ended_at == tx.now
    )
    tx.flush()
    return sorted({code for code in tx.session.scalars(closed) if code is not None})


def _said(tx: Transaction, event: Event) -> dict[str, Sentence]:
    """What the event itself tells: the reasons that a person gave, the step that waits."""
    match event:
        case UserTaskCompleted(comment=str(reason)) | ProcessInstanceEnded(reason=str(reason)):
            return {"reason": Sentence(reason, reason)}
        case UserTaskCreated():
            tx.flush()
            step = names.step(tx.session.get_one(UserTask, event.task_id).name)
            return {"step": step} if step else {}
    return {}
