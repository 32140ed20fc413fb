"""Values of FEEL as a variable keeps them."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from feel import Range

SECONDS_AN_HOUR: Final = 3600


def plain(value: object) -> object:
    """A FEEL value as a variable keeps it: times and durations are ISO 8601 texts, a range its two ends."""
    if isinstance(value, Mapping):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _days_and_time(value)
    if isinstance(value, relativedelta):
        return f"P{value.years}Y{value.months}M"
    return [plain(value.start), plain(value.end)] if isinstance(value, Range) else value


def _days_and_time(value: timedelta) -> str:
    sign, whole = ("-", -value) if value < timedelta(0) else ("", value)
    hours, rest = divmod(whole.seconds, SECONDS_AN_HOUR)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{whole.microseconds:06d}".rstrip("0") if whole.microseconds else ""
    return f"{sign}P{whole.days}DT{hours}H{minutes}M{seconds}{fraction}S"
