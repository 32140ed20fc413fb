"""What an expression may ask of an instant: Joda's everyday arithmetic, in the days of Asia/Shanghai.

Reads no clock: whoever evaluates lends `now()` and `dateTime()`.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from engine.errors import Sentence
from engine.expressions.faults import ExpressionError
from engine.expressions.values import whole

PRESENT = ("now", "dateTime")
"""The functions without arguments that say the present instant, as in Camunda 7."""

ZONE = ZoneInfo("Asia/Shanghai")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = {"Months": 1, "Years": 12}
_LENGTHS = {
    "Millis": timedelta(milliseconds=1),
    "Seconds": timedelta(seconds=1),
    "Minutes": timedelta(minutes=1),
    "Hours": timedelta(hours=1),
    "Days": timedelta(days=1),
    "Weeks": timedelta(weeks=1),
}


def start_of_day(instant: datetime) -> datetime:
    """Midnight before the instant, in Asia/Shanghai."""
    return instant.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _moved(unit: str, sign: int, instant: datetime, said: object) -> datetime:
    amount = sign * whole(said)
    try:
        there = instant.astimezone(ZONE)
        there = _months_later(there, amount * _MONTHS[unit]) if unit in _MONTHS else there + amount * _LENGTHS[unit]
        there.astimezone(UTC)
    except (OverflowError, ValueError) as cause:
        raise ExpressionError(
            Sentence("表达式所指的日期超出范围。", "The expression means a date that there is not.")
        ) from cause
    return there


def _months_later(instant: datetime, months: int) -> datetime:
    """The same day of another month, or its last."""
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    return instant.replace(year=year, month=month + 1, day=min(instant.day, monthrange(year, month + 1)[1]))


def _milliseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(milliseconds=1)


METHODS: Mapping[str, tuple[int, Callable[..., object]]] = {
    **{f"plus{unit}": (1, partial(_moved, unit, 1)) for unit in (*_LENGTHS, *_MONTHS)},
    **{f"minus{unit}": (1, partial(_moved, unit, -1)) for unit in (*_LENGTHS, *_MONTHS)},
    "withTimeAtStartOfDay": (0, start_of_day),
    "toDate": (0, lambda instant: instant),
    "getTime": (0, _milliseconds),
    "getMillis": (0, _milliseconds),
}
"""Each with the number of its arguments: those of org.joda.time.DateTime and java.util.Date that diagrams use."""
