"""How often a failing job is tried again, and after how long: camunda:failedJobRetryTimeCycle, else a growing delay."""

import re
from datetime import timedelta

from engine.errors import Sentence
from engine.timers import TimerFault, parse_duration

GROWING = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
REPEATED = re.compile(r"R(\d{1,3})/(.+)")
MOST = 100


def delays(cycle: str | None) -> tuple[timedelta, ...]:
    """The delay before each repetition. Camunda's forms: `R5/PT10M`, or a list such as `PT1M,PT5M,PT1H`.

    Raises TimerFault for anything else.
    """
    if not cycle:
        return GROWING
    repeated = REPEATED.fullmatch(cycle.strip())
    if repeated:
        return (parse_duration(repeated.group(2)),) * min(int(repeated.group(1)), MOST)
    parts = [part.strip() for part in cycle.split(",")]
    if len(parts) > MOST:
        raise TimerFault(Sentence("重试次数过多。", "There are too many retries."))
    return tuple(parse_duration(part) for part in parts)


def tries(cycle: str | None) -> int:
    """How often a job may run in all: `Rn` times, with a list once more than it has delays. Raises TimerFault."""
    waits = delays(cycle)
    return len(waits) if cycle and REPEATED.fullmatch(cycle.strip()) else len(waits) + 1
