"""Evaluates FEEL expressions and unary tests, and says at deploy whether a text is FEEL at all."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feel import values
from feel.errors import FeelError, FeelFault, Sentence
from feel.machine import machine
from feel.refusing import not_feel, refusal, unknown_variable
from feel.values import Place

MOST_CHARACTERS = 10_000
MOST_TOGETHER = 500
ZONE = ZoneInfo("Asia/Shanghai")
NOBODY: Mapping[str, object] = {}


def evaluate(
    expression: str,
    context: Mapping[str, object] = NOBODY,
    *,
    now: datetime | None = None,
    zone: ZoneInfo = ZONE,
    strict: bool = False,
) -> Any:
    """The value of a FEEL expression, as a Python value of `feel.values`.

    What FEEL cannot do (1 + "a", a division by zero) is null. `now` is the present of now() and today(), without which
    they are refused; `zone` is whose local time a moment without offset has. `strict` refuses a name that is no
    variable, as Camunda 7 does in decisions; otherwise it is null, as in forms. Raises FeelFault where the text is no
    FEEL, FeelError where it took more than half a second or too much memory, or has no value that can be used.
    """
    return _only(evaluate_all([expression], context, now=now, zone=zone, strict=strict))


def evaluate_all(
    expressions: Sequence[str],
    context: Mapping[str, object] = NOBODY,
    *,
    now: datetime | None = None,
    zone: ZoneInfo = ZONE,
    strict: bool = False,
) -> list[Any]:
    """The values of expressions over the same variables, which share the bounds of one.

    In the place of one that has no value stands the FeelFault or FeelError that `evaluate` would raise.
    """
    return _asked("evaluate", expressions, Place(context, now, zone), strict)


def unary_test(
    tests: str,
    value: object,
    context: Mapping[str, object] = NOBODY,
    *,
    now: datetime | None = None,
    zone: ZoneInfo = ZONE,
    strict: bool = False,
) -> bool:
    """Whether the value passes unary tests such as `> 5`, `"a","b"`, `[1..5]`, `not(null)`.

    An empty text or `-` always passes. The rest is as for `evaluate`; `?` is the value.
    """
    return bool(_only(unary_tests([tests], value, context, now=now, zone=zone, strict=strict)))


def unary_tests(
    tests: Sequence[str],
    value: object,
    context: Mapping[str, object] = NOBODY,
    *,
    now: datetime | None = None,
    zone: ZoneInfo = ZONE,
    strict: bool = False,
) -> list[Any]:
    """Of each text of unary tests whether the value passes it, or what `unary_test` would raise."""
    passed = _asked("test", [text.strip() or "-" for text in tests], Place(context, now, zone), strict, value=value)
    return [one if isinstance(one, (FeelError, FeelFault)) else one is True for one in passed]


def expression_fault(text: str, names: Collection[str] = ()) -> FeelFault | None:
    """Why the text is no FEEL expression, or None. `names` are variables whose names have spaces or signs in them."""
    return expression_faults([text], names)[0]


def expression_faults(texts: Sequence[str], names: Collection[str] = ()) -> list[FeelFault | None]:
    """Of each text why it is no FEEL expression, or None."""
    return _faults("parse expression", texts, names)


def unary_tests_fault(text: str, names: Collection[str] = ()) -> FeelFault | None:
    """Why the text is no list of unary tests, or None; an empty text is one."""
    return unary_tests_faults([text], names)[0]


def unary_tests_faults(texts: Sequence[str], names: Collection[str] = ()) -> list[FeelFault | None]:
    """Of each text why it is no list of unary tests, or None."""
    return _faults("parse tests", [text.strip() or "-" for text in texts], names)


def _faults(kind: str, texts: Sequence[str], names: Collection[str]) -> list[FeelFault | None]:
    place = Place(dict.fromkeys(names), None, ZONE)
    found: list[FeelFault | None] = []
    for start in range(0, len(texts), MOST_TOGETHER):
        some = texts[start : start + MOST_TOGETHER]
        try:
            found += [_fault(text, one) for text, one in zip(some, _asked(kind, some, place, False), strict=True)]
        except FeelError as error:
            found += [FeelFault(error.sentence)] * len(some)
    return found


def _fault(text: str, found: object) -> FeelFault | None:
    if isinstance(found, FeelFault):
        return found
    if isinstance(found, FeelError):
        return FeelFault(found.sentence)
    return not_feel(text, found) if isinstance(found, int) else None


def _only(found: list[Any]) -> Any:
    (only,) = found
    if isinstance(only, (FeelError, FeelFault)):
        raise only
    return only


def _asked(kind: str, texts: Sequence[str], place: Place, strict: bool, **value: object) -> list[Any]:
    too_long = {text for text in texts if len(text) > MOST_CHARACTERS}
    short = list(dict.fromkeys(text for text in texts if text not in too_long))
    answers = _answers(machine().ask(values.question(kind, short, place, **value))) if short else []
    found = {text: _found(text, answer, strict) for text, answer in zip(short, answers, strict=True)}
    return [TOO_LONG if text in too_long else found[text] for text in texts]


def _answers(written: str) -> list[Any]:
    try:
        answers: list[Any] = json.loads(written)
    except RecursionError:
        raise FeelError(values.TOO_DEEP) from None
    return answers


def _found(text: str, answer: Mapping[str, Any], strict: bool) -> Any:
    if "fault" in answer:
        return refusal(text, answer)
    unknown = unknown_variable(text, answer["warnings"]) if strict else None
    if unknown is not None:
        return unknown
    try:
        return values.received(answer["value"])
    except FeelError as error:
        return error


TOO_LONG = FeelFault(
    Sentence(f"表达式超过 {MOST_CHARACTERS} 个字符。", f"The expression is longer than {MOST_CHARACTERS} characters.")
)
