"""Evaluates FEEL expressions and unary tests, and says at deploy whether a text is FEEL at all."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feel import values
from feel.errors import FeelError, FeelFault, Sentence
from feel.machine import machine

MOST_CHARACTERS = 10_000
ZONE = ZoneInfo("Asia/Shanghai")
_UNKNOWN = "NO_VARIABLE_FOUND"


def evaluate(
    expression: str,
    context: Mapping[str, object] | None = None,
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
    return _asked("evaluate", expression, context or {}, now, zone, strict)


def unary_test(
    tests: str,
    value: object,
    context: Mapping[str, object] | None = None,
    *,
    now: datetime | None = None,
    zone: ZoneInfo = ZONE,
    strict: bool = False,
) -> bool:
    """Whether the value passes unary tests such as `> 5`, `"a","b"`, `[1..5]`, `not(null)`.

    An empty text or `-` always passes. The rest is as for `evaluate`; `?` is the value.
    """
    if not tests.strip():
        return True
    return _asked("test", tests, {**(context or {}), "?": value}, now, zone, strict) is True


def expression_fault(text: str, names: Collection[str] = ()) -> FeelFault | None:
    """Why the text is no FEEL expression, or None. `names` are variables whose names have spaces or signs in them."""
    return _fault("parse expression", text, names)


def unary_tests_fault(text: str, names: Collection[str] = ()) -> FeelFault | None:
    """Why the text is no list of unary tests, or None; an empty text is one."""
    return _fault("parse tests", text, names) if text.strip() else None


def _fault(kind: str, text: str, names: Collection[str]) -> FeelFault | None:
    try:
        position = _asked(kind, text, dict.fromkeys(names), None, ZONE, False)
    except FeelFault as fault:
        return fault
    except FeelError as error:
        return FeelFault(error.sentence)
    return None if position is None else not_feel(text, position)


def _asked(
    kind: str, text: str, context: Mapping[str, object], now: datetime | None, zone: ZoneInfo, strict: bool
) -> Any:
    if len(text) > MOST_CHARACTERS:
        raise FeelFault(
            Sentence(
                f"表达式超过 {MOST_CHARACTERS} 个字符。", f"The expression is longer than {MOST_CHARACTERS} characters."
            )
        )
    answer = json.loads(machine().ask(values.question(kind, text, context, now, zone)))
    if "fault" in answer:
        raise refusal(text, answer)
    if strict:
        _refuse_unknown(text, answer["warnings"])
    return values.received(answer["value"])


def refusal(text: str, answer: Mapping[str, Any]) -> Exception:
    """What the evaluator's complaint means to a person."""
    if answer.get("bound"):
        return FeelError(
            Sentence("表达式的结果过大，已停止。", "The expression makes too much of it, and was stopped.")
        )
    if answer.get("position") is None:
        return FeelError(
            Sentence(
                f"表达式“{shortened(text)}”无法计算：{answer['fault']}。",
                f"The expression {shortened(text)} cannot be evaluated: {answer['fault']}.",
            )
        )
    return not_feel(text, answer["position"])


def not_feel(text: str, position: int) -> FeelFault:
    """The refusal of a text, with the place where it stops being FEEL."""
    rest = shortened(text[position:].strip())
    if not rest:
        return FeelFault(
            Sentence(
                f"“{shortened(text)}”不是完整的 FEEL 表达式。",
                f"“{shortened(text)}” is not a complete FEEL expression.",
            ),
            position,
        )
    return FeelFault(
        Sentence(
            f"“{shortened(text)}”不是 FEEL 表达式，从第 {position + 1} 个字符起无法读取：“{rest}”。",
            f"“{shortened(text)}” is no FEEL expression; it cannot be read from character {position + 1}: “{rest}”.",
        ),
        position,
    )


def _refuse_unknown(text: str, warnings: list[tuple[str, str, int]]) -> None:
    for kind, message, _position in warnings:
        if kind == _UNKNOWN:
            name = message.partition("'")[2].rpartition("'")[0]
            raise FeelError(
                Sentence(
                    f"表达式“{shortened(text)}”中的变量“{name}”不存在。",
                    f"The expression {shortened(text)} names “{name}”, and there is no such variable.",
                )
            )


def shortened(text: str) -> str:
    """Text short enough to be quoted in a sentence."""
    return text if len(text) <= 80 else text[:80] + "…"
