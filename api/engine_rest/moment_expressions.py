"""Instants as stored filters say them: `${now()}`, `${dateTime().plusDays(2)}`, counted when the filter is asked.

Knows no task. Days begin at midnight in the zone of the wire.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import reduce
from typing import Any

import marshmallow as ma

from api.wire import ZONE, in_calendar
from engine.errors import Invalid, Sentence
from engine.expressions import ExpressionError
from engine.expressions.instants import METHODS

EXPRESSION = re.compile(r"\s*[$#]\{\s*(?:now|dateTime)\(\s*\)(?P<steps>(?:\.\w+\(\d{0,4}\))*)\s*\}\s*", re.ASCII)
STEP = re.compile(
    r"\.(?:(?P<move>(?:plus|minus)(?:Seconds|Minutes|Hours|Days|Weeks|Months|Years))\((?P<amount>\d+)\)"
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

Step = Callable[[datetime], Any]


class Expressed:
    """An instant in words."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = steps

    def at(self, now: datetime) -> datetime:
        """The instant that is meant now. Raises Invalid for one that no calendar has."""
        try:
            return in_calendar(reduce(lambda instant, step: step(instant), self._steps, now.astimezone(ZONE)))
        except (ExpressionError, ValueError) as error:
            raise Invalid(NO_DATE) from error


class ExpressedMoment(ma.fields.Field[Expressed]):
    """An instant in words."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Expressed:
        found = EXPRESSION.fullmatch(value) if isinstance(value, str) else None
        if found is None or STEP.sub("", found["steps"]):
            raise ma.ValidationError([NO_EXPRESSION])
        return Expressed([_step(one) for one in STEP.finditer(found["steps"])])


def _step(said: re.Match[str]) -> Step:
    method, amount = METHODS[said["move"] or said["start"]][1], said["amount"]
    return lambda instant: method(instant, *([amount] if amount else []))
