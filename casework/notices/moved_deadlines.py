"""Who is told that a change of the calendar has moved a deadline: each applicant of theirs, each department once of how
many."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from casework import items
from casework.notices.kinds import NoticeKind
from casework.notices.telling import applicant, department, tell
from casework.tables import Case, Clock, ClockKind
from engine.errors import Sentence
from engine.transaction import Transaction

TOLD_OF: Mapping[ClockKind, Sentence] = {
    ClockKind.PROMISED: Sentence("承诺办结期限", "the promised deadline"),
    ClockKind.CORRECTION: Sentence("您的补正期限", "your time for corrections"),
    ClockKind.DEFERRAL: Sentence("您补交材料的期限", "your time to hand in what was deferred"),
}
"""The clocks that an applicant knows of."""


def tell_applicant(tx: Transaction, case: Case, clock: Clock, old: datetime | None, source: str) -> None:
    """The applicant is told of the new deadline and why it is another, if it is one that an applicant knows of."""
    if clock.kind not in TOLD_OF or old is None or clock.due_at is None or old == clock.due_at:
        return
    item = items.document(tx, case.item_id).published
    what, was, now = TOLD_OF[clock.kind], _last_second(tx, old), _last_second(tx, clock.due_at)
    text = Sentence(
        f"因工作日历调整（{source}），“{item['name']}”（{case.number}）{what.zh}由 {was} 调整为 {now}。",
        f"The working calendar changed ({source}): for “{item['name_en'] or item['name']}” ({case.number}) {what.en} "
        f"moved from {was} to {now}.",
    )
    tell(tx, applicant(case), NoticeKind.DEADLINE_MOVED, text, case=case)


def tell_departments(tx: Transaction, cases: Mapping[str, int], source: str, address: str) -> None:
    """Every department with open tasks in such cases is told of how many, and where the list is."""
    for code, number in cases.items():
        text = Sentence(
            f"因工作日历调整（{source}），贵部门在办的 {number} 件办件时限有变动，明细见 {address}。",
            f"The working calendar changed ({source}): deadlines of {number} of your department's open cases moved. "
            f"The list: {address}.",
        )
        tell(tx, department(code), NoticeKind.DEADLINES_MOVED, text)


def _last_second(tx: Transaction, first_too_late: datetime) -> str:
    return f"{(first_too_late - timedelta(seconds=1)).astimezone(tx.ports.zone):%Y-%m-%d %H:%M}"
