"""Reads how many days something is kept: a number, or ISO 8601 in days alone (Camunda's historyTimeToLive)."""

import re

from engine.errors import Sentence
from engine.timers.faults import TimerFault

DAYS = re.compile(r"(?P<iso>P)?(?P<days>[0-9]{1,5})(?(iso)D)")


def parse_days(text: str) -> int:
    """The number of days that `180` or `P180D` means. Raises TimerFault for anything else."""
    match = DAYS.fullmatch(text.strip())
    if match is None:
        raise TimerFault(
            Sentence("应为天数，例如 180 或 P180D。", "It is a number of days, such as 180 or P180D."),
        )
    return int(match["days"])
