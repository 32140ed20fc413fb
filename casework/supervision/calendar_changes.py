"""What a change of the calendar means to supervision: it makes nobody late, and it takes back what it has undone.

A deadline that the change alone moves into the past brings no card and is listed (`into_past` of the moved deadlines);
one that it moves from the past beyond the present cancels the cards for it, with the calendar as the reason.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from casework.calendars import Calendars
from casework.clocks.reading import calendar_for
from casework.clocks.recounting import Recounted
from casework.ladders import Against, Rung
from casework.notices import NoticeKind, department, tell
from casework.supervision.cards import CANCELLED, decide
from casework.tables import Card, CardState, Role
from engine.errors import Sentence
from engine.transaction import Transaction


def calendar_moved(tx: Transaction, held: Calendars, recounted: Sequence[Recounted], source: str) -> None:
    """After clocks of locked cases were counted again on a changed calendar; one statement where a card may fall."""
    undone: dict[str, set[str]] = {}
    for one in recounted:
        if one.clock.moment_at is not None and one.clock.moment_at <= tx.now and not _was_waited_for(tx, one):
            _pass_over(tx, held, one)
        keys = _undone(tx, held, one)
        if keys:
            undone[one.clock.id] = keys
            _take_back(held, one, keys)
    if undone:
        _cancel(tx, undone, source)


def _was_waited_for(tx: Transaction, one: Recounted) -> bool:
    """Whether the clock had come to a rung before the change, and the watch is only late."""
    return one.moment_at is not None and one.moment_at <= tx.now


def _pass_over(tx: Transaction, held: Calendars, one: Recounted) -> None:
    """What it has come to by the change alone counts as dealt with."""
    courses = one.measured.courses(calendar_for(held, one.clock))
    moments = sorted(one.measured.moments(courses, one.ladder), key=lambda come: come[0])
    passed = [rung.key for at, rung in moments if at <= tx.now]
    one.clock.rungs = " ".join([*one.clock.rungs.split(), *passed])
    one.clock.moment_at = next((at for at, _ in moments if at > tx.now), None)


def _undone(tx: Transaction, held: Calendars, one: Recounted) -> set[str]:
    """The rungs at or behind a deadline that had passed and has not passed any more."""
    dealt_with = set(one.clock.rungs.split())
    return {
        rung.key
        for rung in one.ladder
        if rung.clock == one.clock.kind.lower() and rung.key in dealt_with and _has_revived(one, rung, tx.now)
    }


def _has_revived(one: Recounted, rung: Rung, now: datetime) -> bool:
    if rung.after is None:
        return False
    by_law = rung.against == Against.STATUTORY and one.clock.statutory_limit is not None
    before = one.statutory_due_at if by_law else one.due_at
    after = one.clock.statutory_due_at if by_law else one.clock.due_at
    return before is not None and before <= now and (after is None or after > now)


def _take_back(held: Calendars, one: Recounted, keys: set[str]) -> None:
    one.clock.rungs = " ".join(key for key in one.clock.rungs.split() if key not in keys)
    one.measured.count(calendar_for(held, one.clock), one.ladder)


def _cancel(tx: Transaction, undone: dict[str, set[str]], source: str) -> None:
    reason = f"工作日历调整（{source}），该时限未届满 The calendar changed: the limit has not passed"
    standing = select(Card).where(Card.clock_id.in_(undone), Card.state != CardState.CANCELLED).order_by(Card.id)
    for card in tx.session.scalars(standing):
        if card.rung in undone[card.clock_id or ""]:
            decide(tx, card, CardState.CANCELLED, CANCELLED, reason)


def tell_supervision(tx: Transaction, number: int, source: str, address: str) -> None:
    """Supervisors learn how many deadlines have passed by the change alone, and where the list is."""
    text = Sentence(
        f"因工作日历调整（{source}），{number} 项时限已成为过去，未发牌，请查看 {address}?into_past=true。",
        f"The working calendar changed ({source}): {number} deadlines have passed by that alone and brought no card. "
        f"The list: {address}?into_past=true.",
    )
    tell(tx, department(Role.SUPERVISOR), NoticeKind.DEADLINES_MOVED, text)
