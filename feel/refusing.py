"""What the evaluator's complaints mean to a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from feel.errors import FeelError, FeelFault, Sentence

UNKNOWN = "NO_VARIABLE_FOUND"


def refusal(text: str, answer: Mapping[str, Any]) -> FeelError | FeelFault:
    """The refusal of a text that the evaluator could not read or evaluate."""
    if answer.get("bound"):
        return FeelError(
            Sentence("表达式的结果过大，已停止。", "The expression makes too much of it, and was stopped.")
        )
    if answer.get("position") is None:
        why = str(answer["fault"]).encode(errors="replace").decode()  # cut by JavaScript, maybe within a character
        return FeelError(
            Sentence(
                f"表达式“{shortened(text)}”无法计算：{why}。",
                f"The expression {shortened(text)} cannot be evaluated: {why}.",
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


def unknown_variable(text: str, warnings: Sequence[tuple[str, str, int]]) -> FeelError | None:
    """The refusal of a text that names a variable which is not there."""
    for kind, message, _position in warnings:
        if kind == UNKNOWN:
            name = message.partition("'")[2].rpartition("'")[0]
            return FeelError(
                Sentence(
                    f"表达式“{shortened(text)}”中的变量“{name}”不存在。",
                    f"The expression {shortened(text)} names “{name}”, and there is no such variable.",
                )
            )
    return None


def shortened(text: str) -> str:
    """Text short enough to be quoted in a sentence."""
    return text if len(text) <= 80 else text[:80] + "…"
