"""The occasions of a case's course: listens to what its process does, and tells whom it concerns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from casework import clocks, items, meaning
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
    (Does.DECIDE, "refuse"): NoticeKind.CASE_REFUSED,
}
"""What a person's word on a step means for the applicant."""

RESULTLESS = frozenset({CaseState.DECLINED, CaseState.WITHDRAWN})
"""What is handed over then are the applicant's own papers, of which the applicant has been told."""

LONGEST_LIST = 2_000


def listen(tx: Transaction, event: Event) -> None:
    """Tells whom an event of a case concerns; heard after the case has moved on, and before its clocks do."""
    if not isinstance(event, Happened):
        return
    kinds = list(_kinds(tx, event))
    if not kinds or (case := tx.session.get(Case, event.root_id)) is None:
        return
    for kind in kinds:
        _tell(tx, case, kind, reason=_reason(event))


def _kinds(tx: Transaction, event: Event) -> Iterator[NoticeKind]:
    match event:
        case ProcessInstanceStarted(parent_id=None):
            yield from _started(tx, event)
        case UserTaskCompleted():
            yield from _completed(tx, event)
        case UserTaskCreated() if meaning.of(event.properties).act == Does.DELIVER:
            yield from _of_result(tx, event.root_id, NoticeKind.RESULT_READY)
        case ActivityStarted() if meaning.of(event.properties).act == Does.WITHDRAW:
            yield from (NoticeKind.CASE_WITHDRAWN, NoticeKind.TASKS_CLOSED)
        case ActivityEnded(cancelled=True) if meaning.of(event.properties).act == Does.CORRECT:
            yield from _lapsed(tx, event)
        case ProcessInstanceEnded(parent_id=None, cancelled=True):
            yield from (NoticeKind.CASE_CANCELLED, NoticeKind.TASKS_CLOSED)


def _started(tx: Transaction, event: ProcessInstanceStarted) -> Iterator[NoticeKind]:
    """A diagram without a step of acceptance is accepted on submission (即办件)."""
    yield NoticeKind.CASE_RECEIVED
    case = tx.session.get(Case, event.root_id)
    if case is not None and case.accepted_at is not None:
        yield NoticeKind.CASE_ACCEPTED


def _completed(tx: Transaction, event: UserTaskCompleted) -> Iterator[NoticeKind]:
    does = meaning.of(event.properties).act
    if does == Does.DELIVER:
        yield from _of_result(tx, event.root_id, NoticeKind.RESULT_DELIVERED)
    elif (does, event.outcome) in COMPLETED:
        yield COMPLETED[does, event.outcome]


def _of_result(tx: Transaction, root_id: str, kind: NoticeKind) -> Iterator[NoticeKind]:
    case = tx.session.get(Case, root_id)
    if case is not None and case.state not in RESULTLESS:
        yield kind


def _lapsed(tx: Transaction, event: ActivityEnded) -> Iterator[NoticeKind]:
    """A notice of corrections also ends when the case does; it lapses when its time has come."""
    until = _due_at(tx, event.root_id, ClockKind.CORRECTION)
    if until is not None and until <= tx.now:
        yield NoticeKind.CORRECTION_LAPSED


def correction_sent(tx: Transaction, case: Case, listed: Sequence[str]) -> None:
    """The applicant is told everything that has to be corrected, and till when (行政许可法 art. 32)."""
    text = "；".join(f"{place}. {one}" for place, one in enumerate(listed, 1))
    _tell(tx, case, NoticeKind.CORRECTION_SENT, listed=text[:LONGEST_LIST])


UNTIL: Mapping[NoticeKind, ClockKind] = {
    NoticeKind.CASE_ACCEPTED: ClockKind.PROMISED,
    NoticeKind.CORRECTION_SENT: ClockKind.CORRECTION,
}
"""The clock whose deadline a notice names."""


def _tell(tx: Transaction, case: Case, kind: NoticeKind, **said: str | None) -> list[Notice]:
    told = TOLD[kind]
    text = told.filled(_facts(tx, case, kind, said))
    if told.to == ReceiverKind.APPLICANT:
        return [tell(tx, applicant(case), kind, text, case=case)]
    return [tell(tx, department(code), kind, text, case=case) for code in _interrupted(tx, case)]


def _facts(tx: Transaction, case: Case, kind: NoticeKind, said: Mapping[str, str | None]) -> dict[str, Sentence]:
    """What is known of the case, in both languages."""
    item = items.document(tx, case.item_id).published
    words: dict[str, str | None] = {"number": case.number, "query_code": case.query_code, **said}
    if kind in UNTIL:
        words["until"] = _last_second(tx, _due_at(tx, case.root_id, UNTIL[kind]))
    facts = {name: Sentence(word, word) for name, word in words.items() if word}
    return {**facts, "item": Sentence(item["name"], item["name_en"] or item["name"])}


def _due_at(tx: Transaction, root_id: str, kind: ClockKind) -> datetime | None:
    """The deadline of the newest clock of a kind; null when none runs."""
    found = [one.clock.due_at for one in clocks.all_of(tx, root_id) if one.clock.kind == kind]
    return found[-1] if found else None


def _last_second(tx: Transaction, first_too_late: datetime | None) -> str | None:
    """A deadline as people read it, in the office's zone."""
    if first_too_late is None:
        return None
    return f"{(first_too_late - timedelta(seconds=1)).astimezone(tx.ports.zone):%Y-%m-%d %H:%M}"


def _interrupted(tx: Transaction, case: Case) -> list[str]:
    """The departments whose open tasks this command has closed."""
    closed = select(UserTask.department).where(
        UserTask.root_id == case.root_id, UserTask.state == TaskState.CANCELLED, UserTask.ended_at == tx.now
    )
    tx.flush()
    return sorted({code for code in tx.session.scalars(closed) if code is not None})


def _reason(event: Event) -> str | None:
    match event:
        case UserTaskCompleted():
            return event.comment
        case ProcessInstanceEnded():
            return event.reason
    return None
