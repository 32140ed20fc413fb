"""How values cross between Python and FEEL: an object in JSON is one FEEL type by name, and its content.

| FEEL | Python |
|---|---|
| number | int where it is whole, else float; a Decimal goes in as the nearest binary number |
| date and time | an aware datetime; a naive one is local time of the zone in which is evaluated |
| time | time, naive where it is local |
| days and time duration | timedelta |
| years and months duration | dateutil's relativedelta |
| list, context, range | list, dict, Range |
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from feel.errors import FeelError, Sentence

MOST_DEPTH = 100
MOST_TEXT = 1_000_000
TOO_DEEP = Sentence(f"值的嵌套超过 {MOST_DEPTH} 层。", f"A value is nested deeper than {MOST_DEPTH}.")
NO_SUCH_TIME = Sentence(
    "表达式的结果是公元 1 年至 9999 年以外的日期，或过长的时长。",
    "The expression results in a date outside the years 1 to 9999, or in too long a duration.",
)
_MONTHS = {"years", "months"}
_HALF = re.compile("[\ud800-\udfff]")
_FARTHEST = timedelta(days=2)  # between the local times of two zones


@dataclass(frozen=True, slots=True)
class Range:
    """FEEL's range; an end that is None is open."""

    start: object
    end: object
    start_included: bool = True
    end_included: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """What is the same for everything that is asked together: the variables, the present, whose local time it is."""

    context: Mapping[str, object]
    now: datetime | None
    zone: ZoneInfo


def question(kind: str, texts: Sequence[str], place: Place, **value: object) -> str:
    """What is asked of the evaluator, as JSON; FeelError where a value has no FEEL type or all of it is too large.

    A `value` is what unary tests are held against.
    """
    tested = {name: _crossing(one, place.zone, 0) for name, one in value.items()}
    asked = json.dumps(
        {
            "asked": [{"kind": kind, "text": text, **tested} for text in texts],
            "context": _context(place.context, place.zone, 0),
            "now": place.now and round(place.now.timestamp() * 1000),
            "zone": place.zone.key,
        },
        ensure_ascii=False,
    )
    if len(asked) > MOST_TEXT:
        raise FeelError(
            Sentence(
                f"表达式及其变量合计超过 {MOST_TEXT} 个字符。",
                f"The expressions and their variables are longer than {MOST_TEXT} characters.",
            )
        )
    return asked


def _crossing(value: object, zone: ZoneInfo, depth: int) -> object:
    if value is None or isinstance(value, (bool, str)):
        return value
    if depth > MOST_DEPTH:
        raise FeelError(TOO_DEEP)
    for types, cross in _WAYS_IN:
        if isinstance(value, types):
            return cross(value, zone, depth)
    raise FeelError(
        Sentence(
            f"FEEL 不能使用类型为 {type(value).__name__} 的变量。",
            f"FEEL cannot use a variable of type {type(value).__name__}.",
        )
    )


def _number(value: Any, zone: ZoneInfo, depth: int) -> object:
    try:
        number = float(value)
    except OverflowError:
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number.is_integer() else number


def _date_time(value: datetime, zone: ZoneInfo, depth: int) -> object:
    local = value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)
    return {"date time": local.isoformat(timespec="milliseconds")}


def _relative(value: relativedelta, zone: ZoneInfo, depth: int) -> object:
    units = ("years", "months", "days", "hours", "minutes", "seconds")
    return {"duration": {unit: getattr(value, unit) for unit in units if getattr(value, unit)}}


def _range(value: Range, zone: ZoneInfo, depth: int) -> object:
    ends = [_crossing(end, zone, depth + 1) for end in (value.start, value.end)]
    return {"range": [*ends, value.start_included, value.end_included]}


def _context(value: Mapping[str, object], zone: ZoneInfo, depth: int) -> object:
    return {"context": {str(name): _crossing(entry, zone, depth + 1) for name, entry in value.items()}}


_WAYS_IN: tuple[tuple[type | tuple[type, ...], Callable[[Any, ZoneInfo, int], object]], ...] = (
    ((int, float, Decimal), _number),
    (datetime, _date_time),
    (date, lambda value, zone, depth: {"date": value.isoformat()}),
    (time, lambda value, zone, depth: {"time": value.isoformat(timespec="milliseconds")}),
    (timedelta, lambda value, zone, depth: {"duration": {"milliseconds": round(value / timedelta(milliseconds=1))}}),
    (relativedelta, _relative),
    (Range, _range),
    (Mapping, _context),
    ((list, tuple), lambda value, zone, depth: [_crossing(entry, zone, depth + 1) for entry in value]),
)


def received(value: Any, depth: int = 0) -> Any:
    """The value that came back. Raises FeelError for one that Python has no value for, or that nobody could keep."""
    if depth > MOST_DEPTH:
        raise FeelError(TOO_DEEP)
    if isinstance(value, list):
        return [received(entry, depth + 1) for entry in value]
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    try:
        return _WAYS_OUT[kind](content, depth)
    except (ValueError, OverflowError):
        raise FeelError(NO_SUCH_TIME) from None


def _text(text: str) -> str:
    """JavaScript counts a sign beyond the first 65,536 as two, and its functions may cut between them."""
    if _HALF.search(text):
        raise FeelError(Sentence("表达式的结果含有半个字符。", "The expression results in half a character."))
    return text


def _entries(entries: Mapping[str, Any], depth: int) -> object:
    return {_text(name): received(entry, depth + 1) for name, entry in entries.items()}


def _moment(text: str, depth: int) -> datetime:
    """An instant that every zone has a local time for."""
    moment = datetime.fromisoformat(text)
    for away in (-_FARTHEST, _FARTHEST):
        moment + away
    return moment


def _duration(parts: dict[str, float], depth: int) -> timedelta | relativedelta:
    if _MONTHS & parts.keys():
        whole: dict[str, Any] = {unit: int(amount) for unit, amount in parts.items() if unit != "milliseconds"}
        return relativedelta(**whole)
    return timedelta(**parts)


def _function(content: object, depth: int) -> None:
    raise FeelError(Sentence("表达式的结果是函数，不是值。", "The expression results in a function, not in a value."))


_WAYS_OUT: dict[str, Callable[[Any, int], object]] = {
    "context": _entries,
    "date": lambda text, depth: date.fromisoformat(text),
    "date time": _moment,
    "time": lambda text, depth: time.fromisoformat(text),
    "duration": _duration,
    "range": lambda ends, depth: Range(received(ends[0], depth + 1), received(ends[1], depth + 1), ends[2], ends[3]),
    "function": _function,
}
