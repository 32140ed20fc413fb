"""The ladder of an item (预警阶梯): at which moment of a clock which signal is given to whom, and what is done.

Pure: rows of `item.toml`, and the default for clocks of which the item says nothing; knows no storage and no case. The
thresholds differ by place (榆林: yellow from 90 % of the promise, red when it is over), so they are data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework.workdays import Course, Limit, Unit
from engine.errors import Sentence


class Light(StrEnum):
    """A signal, the mildest first."""

    REMINDER = "reminder"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"
    BLACK = "black"


LIGHT_NAMES: Mapping[Light, Sentence] = {
    Light.REMINDER: Sentence("提示", "reminder"),
    Light.BLUE: Sentence("蓝牌", "blue card"),
    Light.YELLOW: Sentence("黄牌", "yellow card"),
    Light.RED: Sentence("红牌", "red card"),
    Light.BLACK: Sentence("黑牌", "black card"),
}


class Against(StrEnum):
    """Which deadline of a clock a row measures: the promise, the law's limit, or the step's own, which has no other."""

    PROMISED = "promised"
    STATUTORY = "statutory"
    STEP = "step"


class Recipient(StrEnum):
    """Who is told. HOLDER: whoever held the task. HEAD and DEPARTMENT: of the department that had it."""

    HOLDER = "holder"
    HEAD = "head"
    DEPARTMENT = "department"
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    GOVERNMENT_LEADER = "government-leader"


class Action(StrEnum):
    """What is done besides: NOTIFY nothing, CARD a card is issued, ORDER a card is issued and a 督办 opened on it."""

    NOTIFY = "notify"
    CARD = "card"
    ORDER = "order"


CLOCKS = ("receipt", "promised", "statutory", "department", "task", "delivery")
"""The clocks of an item's cases that bind an office; the applicant's own time has no ladder."""
ORDER_CLOCK = "order"
MEASURED_BY: Mapping[Against, tuple[str, ...]] = {
    Against.PROMISED: CLOCKS,
    Against.STATUTORY: ("receipt", "promised", "statutory", "delivery"),
    Against.STEP: ("task",),
}
"""The clocks that have such a limit."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One row. Exactly one of `used` (percent), `before` and `after` is there; `after` 0WD is the deadline itself."""

    clock: str
    signal: Light
    recipients: frozenset[Recipient]
    action: Action
    against: Against = Against.PROMISED
    used: int | None = None
    before: Limit | None = None
    after: Limit | None = None

    @property
    def key(self) -> str:
        """What tells the rows for one clock apart, and is kept of a rung that has been reached: `yellow@90%`."""
        trigger = f"{self.used}%" if self.used is not None else f"-{self.before}" if self.before else f"+{self.after}"
        law = f"/{Against.STATUTORY}" if self.against == Against.STATUTORY else ""
        return f"{self.signal}@{trigger}{law}"

    def moment(self, course: Course) -> datetime | None:
        """When a clock comes to it: not while it stands still; None when that is not known."""
        if self.used is not None:
            at = course.reaches(self.used)
        else:
            at = course.before(self.before) if self.before else course.after(self.after or Limit(0, Unit.WD))
        return None if at is None else course.awake(at)


Ladder = Sequence[Rung]
HANDLERS = frozenset({Recipient.HOLDER, Recipient.HEAD})
ANSWERABLE = HANDLERS | {Recipient.DEPARTMENT}
OVERDUE = Limit(0, Unit.WD)
NINE_TENTHS = 90


def _default() -> Iterator[Rung]:
    """Yellow to the handler and the head at nine tenths of a promise, red to the supervisors too when it is over."""
    for clock in CLOCKS:
        if clock != "statutory":
            yield Rung(clock, Light.YELLOW, HANDLERS, Action.CARD, used=NINE_TENTHS)
        yield Rung(clock, Light.RED, ANSWERABLE | {Recipient.SUPERVISOR}, Action.CARD, after=OVERDUE)
    yield Rung(ORDER_CLOCK, Light.YELLOW, HANDLERS, Action.NOTIFY, used=NINE_TENTHS)
    yield Rung(ORDER_CLOCK, Light.RED, ANSWERABLE | {Recipient.SUPERVISOR}, Action.CARD, after=OVERDUE)


DEFAULT: Ladder = tuple(_default())


def read(said: Mapping[str, Any]) -> Rung:
    """A checked row of an item."""
    limits = {trigger: Limit.parse(said[trigger]) if said.get(trigger) else None for trigger in ("before", "after")}
    return Rung(
        clock=said["clock"],
        signal=Light(said["signal"]),
        recipients=frozenset(map(Recipient, said["recipients"])),
        action=Action(said["action"]),
        against=Against(said["against"]),
        used=said.get("used"),
        **limits,
    )


def warnings(ladder: Ladder, clock: str) -> tuple[Rung, ...]:
    """The rungs at which the light of a clock turns yellow; the applicant's own time has no ladder, and is
    warned of at the usual share."""
    of_clock = [rung for rung in ladder if rung.clock == clock]
    if not of_clock:
        return (Rung(clock, Light.YELLOW, HANDLERS, Action.NOTIFY, used=NINE_TENTHS),)
    return tuple(rung for rung in of_clock if rung.signal == Light.YELLOW)


def complete(rows: Ladder) -> Ladder:
    """An item's rows, and the default for every clock of which it says nothing."""
    own = {rung.clock for rung in rows}
    return (*rows, *(rung for rung in DEFAULT if rung.clock not in own))
