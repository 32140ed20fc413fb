"""Instants as stored filters say them: `${now()}`, `${dateTime().plusDays(2)}`, counted when the filter is asked.

Knows no task. Days begin at midnight in the zone of the wire.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

import marshmallow as ma

from api.wire import ZONE, in_calendar
from engine.errors import Invalid, Sentence

EXPRESSION = re.compile(r"\s*[$#]\{\s*(?:now|dateTime)\(\s*\)(?P<steps>(?:\.\w+\(\d{0,4}\))*)\s*\}\s*", re.ASCII)
STEP = re.compile(
    r"\.(?:(?P<sign>plus|minus)(?P<unit>Seconds|Minutes|Hours|Days|Weeks|Months|Years)\((?P<amount>\d+)\)"
    r"|(?P<start>withTimeAtStartOfDay)\(\))",
    re.ASCII,
)
NO_EXPRESSION = Sentence(
    "此处的表达式应写作 ${now()} 或 ${dateTime().plusDays(2)}，可用 plus、minus 加 Seconds、Minutes、Hours、Days、"
    "Weeks、Months、Years，以及 withTimeAtStartOfDay()。",
    "Such an expression is ${now()} or ${dateTime().plusDays(2)}, with plus or minus Seconds, Minutes, Hours, Days, "
    "Weeks, Months or Years, and withTimeAtStartOfDay().",
)
NO_DATE = Sentence("表达式所指的日期超出范围。", "The expression means a date that there is not.")
MONTHS = {"Months": 1, "Years": 12}

Step = Callable[[datetime], datetime]


class Expressed:
    """An instant in words."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = steps

    def at(self, now: datetime) -> datetime:
        """The instant that is meant now. Raises Invalid for one that no calendar has."""
        try:
            return in_calendar(reduce(lambda instant, step: step(instant), self._steps, now.astimezone(ZONE)))
        except (OverflowError, ValueError) as error:
            raise Invalid(NO_DATE) from error


class ExpressedMoment(ma.fields.Field[Expressed]):
    """An instant in words."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Expressed:
        found = EXPRESSION.fullmatch(value) if isinstance(value, str) else None
        if found is None or STEP.sub("", found["steps"]):
            raise ma.ValidationError([NO_EXPRESSION])
        return Expressed([_step(one) for one in STEP.finditer(found["steps"])])


def _step(said: re.Match[str]) -> Step:
    if said["start"]:
        return lambda instant: instant.replace(hour=0, minute=0, second=0, microsecond=0)
    amount = int(said["amount"]) * (1 if said["sign"] == "plus" else -1)
    if said["unit"] in MONTHS:
        return lambda instant: _months_later(instant, amount * MONTHS[said["unit"]])
    return lambda instant: instant + timedelta(**{said["unit"].lower(): amount})


def _months_later(instant: datetime, months: int) -> datetime:
    """The same day of another month, or its last."""
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    return instant.replace(year=year, month=month + 1, day=min(instant.day, monthrange(year, month + 1)[1]))
