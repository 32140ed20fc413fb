"""What a typeRef makes of a value on its way into a column or out of it, as Camunda 7 converts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

import feel
from feel import FeelError, FeelFault


class Unfit(ValueError):
    """The value is none of the type."""


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Unfit
    number = float(value) if isinstance(value, str) else value
    if number != int(number):
        raise Unfit
    return int(value) if isinstance(value, int) else int(number)


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Unfit
    if isinstance(value, str):
        number = float(value)
        return int(number) if number.is_integer() else number
    return value


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise Unfit


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, date, time)):
        return str(value) if isinstance(value, (int, float)) else value.isoformat()
    raise Unfit


def _temporal(kinds: tuple[type, ...], function: str) -> Callable[[Any], object]:
    """A value of these kinds, or the text that the FEEL function reads as one."""

    def read(value: Any) -> object:
        if isinstance(value, kinds):
            return value
        found = feel.evaluate(f"{function}(text)", {"text": value}) if isinstance(value, str) else None
        if found is None:
            raise Unfit
        return found

    return read


def _date(value: Any) -> object:
    """Camunda's date is an instant or a day, and stays what it is."""
    if isinstance(value, str) and "T" in value:
        return DATE_TIME(value)
    return DAY(value)


DAY = _temporal((date, datetime), "date")
DATE_TIME = _temporal((datetime,), "date and time")
TYPES: Mapping[str, Callable[[Any], object]] = {
    "string": _text,
    "boolean": _truth,
    "integer": _whole,
    "long": _whole,
    "double": _number,
    "number": _number,
    "date": _date,
    "time": _temporal((time,), "time"),
    "dateTime": DATE_TIME,
    "dayTimeDuration": _temporal((timedelta,), "duration"),
    "yearMonthDuration": _temporal((relativedelta,), "duration"),
    "Any": lambda value: value,
}


def converted(value: object, kind: str | None) -> object:
    """The value as one of the type; null stays null. Raises Unfit."""
    if value is None or kind is None:
        return value
    try:
        return TYPES[kind](value)
    except (ValueError, OverflowError, FeelError, FeelFault):
        raise Unfit from None
