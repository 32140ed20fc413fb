"""Suspending 暂停, resuming 恢复 and repealing 取消 items, each from a day on and on a paper. Running cases go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework import item_versions, items
from casework.tables import ItemChange, ItemState
from engine.errors import Conflict, Fault, Invalid, Sentence, Stale
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Transaction

COMES_AFTER = {
    ItemState.SUSPENDED: frozenset({ItemState.IN_FORCE}),
    ItemState.IN_FORCE: frozenset({ItemState.SUSPENDED}),
    ItemState.REPEALED: frozenset({ItemState.IN_FORCE, ItemState.SUSPENDED}),
}
NOT_SUSPENDED = Sentence("事项未被暂停。", "The item is not suspended.")
IS_SUSPENDED = Sentence("事项已经暂停。", "The item is suspended already.")
REFUSALS = {ItemState.IN_FORCE: NOT_SUSPENDED, ItemState.SUSPENDED: IS_SUSPENDED}
REPEALED = Sentence("事项已经取消，不能再变更。", "The item is repealed; nothing of it changes any more.")


@dataclass(frozen=True, slots=True)
class Ground:
    """From which day a change counts, why, and the number of the paper that says so (文号)."""

    on: date
    reason: str
    document_number: str


def suspend(tx: Transaction, code: str, ground: Ground, *, revision: int | None = None) -> ItemChange:
    """暂停: from that day on no case starts. Raises NotFound, Conflict, Invalid, Stale."""
    return _change(tx, code, ItemState.SUSPENDED, ground, revision)


def resume(tx: Transaction, code: str, ground: Ground, *, revision: int | None = None) -> ItemChange:
    """恢复: from that day on cases start again. Raises NotFound, Conflict, Invalid, Stale."""
    return _change(tx, code, ItemState.IN_FORCE, ground, revision)


def repeal(tx: Transaction, code: str, ground: Ground, *, revision: int | None = None) -> ItemChange:
    """取消: from that day on no case starts any more, for ever. Raises NotFound, Conflict, Invalid, Stale."""
    return _change(tx, code, ItemState.REPEALED, ground, revision)


def listed(tx: Transaction, code: str) -> Sequence[ItemChange]:
    """Every change of an item's state, newest first. Raises NotFound."""
    items.current(tx, code)
    return _changes(tx, code)


def _changes(tx: Transaction, code: str) -> Sequence[ItemChange]:
    ours = select(ItemChange).where(ItemChange.region == EVERYWHERE, ItemChange.code == code)
    return tx.session.scalars(ours.order_by(ItemChange.seq.desc())).all()


def _change(tx: Transaction, code: str, state: ItemState, ground: Ground, revision: int | None) -> ItemChange:
    tx.ports.may(tx, "items.administer", code)
    item_versions.take_turn(tx, EVERYWHERE)
    items.current(tx, code)
    if revision not in (None, item_versions.revision_of(tx, code)):
        raise Stale
    before = _changes(tx, code)
    _check_order(before, state, ground)
    change = ItemChange(
        region=EVERYWHERE,
        code=code,
        seq=len(before) + 1,
        state=state,
        counts_from=max(ground.on, items.local_day(tx)),
        reason=ground.reason,
        document_number=ground.document_number,
        changed_at=tx.now,
        changed_by=tx.actor.login,
    )
    tx.add(change)
    tx.flush()
    return change


def _check_order(before: Sequence[ItemChange], state: ItemState, ground: Ground) -> None:
    """A change follows the one recorded last, also when that counts only from a day to come."""
    last = before[0].state if before else ItemState.IN_FORCE
    if last == ItemState.REPEALED:
        raise Conflict(REPEALED)
    if last not in COMES_AFTER[state]:
        raise Conflict(REFUSALS[state])
    if before and ground.on < before[0].counts_from:
        day = before[0].counts_from.isoformat()
        said = Sentence(f"不能早于上一次变更的日期 {day}。", f"Not before the day of the last change, {day}.")
        raise Invalid(faults=[Fault(said, "on")])
