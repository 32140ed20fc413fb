"""Clocks extended (延期), and the extension taken back. Whether the law allows it is asked by casework.extensions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam

from casework.clocks.grounds import Ground
from casework.clocks.reading import Measured, Reading, read, which
from casework.clocks.traces import moved, note
from casework.tables import Clock, ClockKind
from casework.workdays import Limit
from engine.columns import Id
from engine.transaction import Transaction

EXTENDABLE = frozenset({ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.DEPARTMENT})
"""The limits of the decision; receipt, correction and delivery have terms of their own that nobody extends."""
BY_ID = which(Clock.id.in_(bindparam("clock_ids", type_=Id(), expanding=True)))


def by_id(tx: Transaction, root_id: str, clock_ids: Sequence[str]) -> Reading:
    """The open clocks of a case that bear these ids."""
    return read(tx, root_id, BY_ID, clock_ids=clock_ids)


def promise_takes(measured: Measured, amount: Limit, at: datetime) -> bool:
    """Whether the promise can be extended: for the first time, before it has passed, in its own unit."""
    clock = measured.clock
    return clock.extension is None and measured.limit.unit is amount.unit and not _passed(clock.due_at, at)


def law_takes(measured: Measured, amount: Limit, at: datetime) -> bool:
    """Whether the limit of the law beside the promise can be extended."""
    clock = measured.clock
    if clock.statutory_limit is None or clock.statutory_extension is not None:
        return False
    return Limit.parse(clock.statutory_limit).unit is amount.unit and not _passed(clock.statutory_due_at, at)


def _passed(due_at: datetime | None, at: datetime) -> bool:
    return due_at is not None and at >= due_at


def extend(tx: Transaction, reading: Reading, amount: Limit, at: datetime, ground: Ground) -> list[Clock]:
    """The clocks that were read run longer by `amount`, as far as each still can at the instant `at`."""
    extended = []
    for measured in reading.measured:
        clock, old = measured.clock, measured.clock.due_at
        promise, law = promise_takes(measured, amount, at), law_takes(measured, amount, at)
        clock.extension = str(amount) if promise else clock.extension
        clock.statutory_extension = str(amount) if law else clock.statutory_extension
        if promise or law:
            reading.count(measured)
            note(tx, clock, "extended", old, ground)
            extended.append(clock)
    return moved(tx, reading, extended)


def shorten(tx: Transaction, reading: Reading, ground: Ground) -> list[Clock]:
    """The clocks that were read lose their extension, which was granted wrongly."""
    for measured in reading.measured:
        clock, old = measured.clock, measured.clock.due_at
        clock.extension = clock.statutory_extension = None
        reading.count(measured)
        note(tx, clock, "reversed", old, ground)
    return moved(tx, reading, [measured.clock for measured in reading.measured])
