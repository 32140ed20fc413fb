"""What a transfer (转办) does to clocks: the time a department has used is not given back by handing its task on.

The receiving department's clock takes over as the other stands: the same limit, start and standstills, so that the
deadline stays. The former's stops, and the timers that followed it follow the other. A department that still has a
share open keeps its clock; one that has a clock running gets no second one. A step's own clock is the step's.
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import bindparam, exists

from casework import meaning
from casework.clocks.acts import stop, take_over
from casework.clocks.bindings import deadlines
from casework.clocks.grounds import Ground
from casework.clocks.reading import SHARES, Measured, Reading, read, which
from casework.clocks.shares import OPEN_SHARES
from casework.tables import Clock, ClockKind
from engine import bound_timers
from engine.events import UserTaskTransferred
from engine.tables import UserTask
from engine.transaction import Transaction

TRANSFERRED = Ground("task-transferred")
OF_BOTH = which((Clock.kind == ClockKind.DEPARTMENT) & Clock.subject.in_(bindparam("departments", expanding=True)))


def transferred(tx: Transaction, event: UserTaskTransferred) -> None:
    """The share of the department that had the task goes with it, if it left the department and is a share."""
    former, latter = event.previous_department, event.department
    if former == latter or former is None or latter is None or meaning.of(event.properties).act not in SHARES:
        return
    reading = read(tx, event.root_id, OF_BOTH, departments=[former, latter])
    clocks = {one.clock.subject: one for one in reading.measured}
    if former in clocks:
        _hand_on(tx, reading, clocks, former, latter)


def _hand_on(tx: Transaction, reading: Reading, clocks: Mapping[str, Measured], former: str, latter: str) -> None:
    clock = clocks[former].clock
    successor = (
        clocks[latter].clock if latter in clocks else take_over(tx, reading, clocks[former], latter, TRANSFERRED)
    )
    if _has_share(tx, reading.root_id, former):
        return
    if reading.has_timers:
        bound_timers.rebind(tx, reading.root_id, dict(zip(deadlines(clock), deadlines(successor), strict=True)))
        bound_timers.reschedule(tx, reading.root_id, deadlines(successor))
    stop(tx, replace(reading, measured=[clocks[former]]), TRANSFERRED)


def _has_share(tx: Transaction, root_id: str, department: str) -> bool:
    found = exists().where(OPEN_SHARES, UserTask.department == department).select()
    return bool(tx.session.scalar(found, {"root_id": root_id}))
