"""What every act on a clock leaves behind: evidence with the deadline before and after, timers moved, lists sorted."""

from datetime import datetime

from casework.clocks import pressing, steps
from casework.clocks.bindings import deadlines, label
from casework.clocks.grounds import Ground
from casework.clocks.reading import OPEN, Reading
from casework.tables import Clock, ClockKind, ClockState
from engine import bound_timers, evidence
from engine.store import instance_rows
from engine.transaction import Transaction


def note(tx: Transaction, clock: Clock, act: str, old: datetime | None, ground: Ground) -> None:
    """The act as evidence: on which clock, its promised deadline before and after, the end foreseen of a pause."""
    if act != "started":
        clock.revision += 1
    foreseen = _text(ground.expected_end_at)
    evidence.record(
        tx,
        instance_rows.of(tx, clock.root_id),
        f"clock.{act}",
        subject=label(clock.kind, clock.subject),
        property=foreseen and f"expected_end={foreseen}",
        old=_text(old),
        new=_text(clock.due_at),
        reason=ground.reason,
        basis=ground.basis,
        document=ground.document,
    )


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def moved(tx: Transaction, reading: Reading, clocks: list[Clock]) -> list[Clock]:
    """Moves the timers bound to the clocks, in one query, and the steps that they measure in the lists of open work."""
    if any(clock.state in OPEN or reading.has_followers for clock in clocks if clock.kind in pressing.MEASURING):
        tx.lastly(pressing.sort_steps, reading.root_id)
    if reading.has_timers and clocks:
        moved = {name: _for_timers(tx, clock, at) for clock in clocks for name, at in deadlines(clock).items()}
        if any(clock.kind == ClockKind.TASK for clock in clocks):
            moved |= steps.deadlines(tx, reading.root_id)
        bound_timers.reschedule(tx, reading.root_id, moved)
    return clocks


def _for_timers(tx: Transaction, clock: Clock, due_at: datetime | None) -> datetime | None:
    """What was done in time has no deadline to come; one that has passed still reaches the timers, however late."""
    is_met = clock.state == ClockState.STOPPED and due_at is not None and due_at > tx.now
    return None if is_met else due_at
