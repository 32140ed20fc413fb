"""When a clock stood still: paused for the applicant (中止) or excluded for a special procedure (特别程序扣除).
Knows no calendar and no limit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import Invalid, Sentence

LONGEST = timedelta(days=3 * 366)
"""Three years: what nobody foresees to stand still for longer, nor asks to be counted."""


@dataclass(frozen=True, slots=True)
class Pause:
    """From one instant to another, or still open when `ends_at` is None.

    Counted in days, the day it begins still counts and the day it ends does not (行政许可法 art. 45, 民法典 art. 201).
    """

    begins_at: datetime
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        instants = [self.begins_at] if self.ends_at is None else [self.begins_at, self.ends_at]
        for instant in instants:
            require_zone(instant)
        if instants[-1] < self.begins_at:
            raise Invalid(Sentence("中止的结束时间不能早于开始时间。", "A pause cannot end before it begins."))

    def covers(self, instant: datetime) -> bool:
        """Whether the clock stands still when this instant comes, and has not gone on before it."""
        return self.begins_at < instant and (self.ends_at is None or instant <= self.ends_at)


def require_zone(instant: datetime) -> None:
    """An instant without a zone would be read in the zone of the machine: a fault of the caller, ValueError."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")


def union(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same standstill as pauses in order that neither overlap nor touch: time paused twice is paused once."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.begins_at):
        before = merged[-1] if merged else None
        if before is None or (before.ends_at is not None and before.ends_at < pause.begins_at):
            merged.append(pause)
        elif before.ends_at is not None and (pause.ends_at is None or pause.ends_at > before.ends_at):
            merged[-1] = Pause(before.begins_at, pause.ends_at)
    return tuple(merged)


def known_at(pauses: Iterable[Pause], now: datetime) -> tuple[Pause, ...]:
    """The pauses as they were known at an instant: later ones not yet begun, a running one without its end."""
    return tuple(
        pause if pause.ends_at is not None and pause.ends_at <= now else Pause(pause.begins_at)
        for pause in pauses
        if pause.begins_at <= now
    )
