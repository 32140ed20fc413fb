"""What JUEL makes of a value where a number, a boolean or text is wanted, as Camunda 7 does (JUEL TypeConverterImpl).

A value is None, a bool, a number, text, a mapping, a list or an instant or day. Of no value is an attribute ever read.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeGuard

from engine.errors import Sentence
from engine.expressions.faults import ExpressionError

MAX_TEXT = 100_000
_LONG = 2**63
_NUMERAL = re.compile(r"[+-]?(?:[0-9]+(?P<point>\.[0-9]*)?|(?P<bare>\.[0-9]+))(?P<power>[eE][+-]?[0-9]+)?")
_MAX_NUMERAL = 400
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")


def number(value: object) -> int | float:
    """The value as a number: null and empty text are 0, a numeral counts as its number, anything else is refused."""
    if type(value) is int or type(value) is float:
        return bounded(value)
    if value is None or value == "":
        return 0
    if isinstance(value, str):
        return _numeral(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ExpressionError(
            Sentence(f"此处需要数字，但得到的是{kind(value).zh}。", f"A number is needed here, not {kind(value).en}.")
        )
    return _plain(value)


def whole(value: object) -> int:
    """The value as a whole number of at most nine digits, which every column holds; anything else is refused."""
    said = str(value).strip()
    if _WHOLE.fullmatch(said):
        return int(said)
    raise ExpressionError(
        Sentence(
            f"应为不超过 9 位的整数，而不是“{shortened(said)}”。",
            f"A whole number of at most 9 digits is needed, not “{shortened(said)}”.",
        )
    )


def bounded(value: int | float) -> int | float:
    """The number itself when it fits Camunda's Long or Double."""
    if isinstance(value, int):
        if -_LONG <= value < _LONG:
            return value
    elif math.isfinite(value):
        return value
    raise ExpressionError(Sentence("数字过大，无法计算。", "The number is too large to calculate with."))


def _plain(value: int | float | Decimal) -> int | float:
    if isinstance(value, Decimal):
        return bounded(math.inf if not value.is_finite() else float(value))
    return bounded(value)


def _numeral(text: str) -> int | float:
    match = _NUMERAL.fullmatch(text) if len(text) <= _MAX_NUMERAL else None
    if match is None:
        raise ExpressionError(
            Sentence(
                f"此处需要数字，但得到的是文本“{shortened(text)}”；拼接文本请写成“前文 ${{变量}} 后文”。",
                f'A number is needed here, not the text "{shortened(text)}"; join text as in: before ${{name}} after.',
            )
        )
    return bounded(float(text) if match["point"] or match["bare"] or match["power"] else int(text))


def truth(value: object) -> bool:
    """The value as a boolean: null and any text but "true" are false, a number or a list is refused."""
    if value is True or value is False:
        return value
    if value is None:
        return False
    if isinstance(value, str):
        return value.lower() == "true"
    raise ExpressionError(
        Sentence(
            f"此处需要“真”或“假”，但得到的是{kind(value).zh}；请写成比较，例如 x > 0。",
            f"True or false is needed here, not {kind(value).en}; write a comparison such as x > 0.",
        )
    )


def text(value: object) -> str:
    """The value as it stands in a template: null is nothing, an instant is ISO 8601, a list or a map is refused."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        _plain(value)
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise ExpressionError(
        Sentence(
            f"{kind(value).zh}不能写入文本；请取其中一个值。",
            f"{kind(value).en.capitalize()} cannot stand in text; take one value out of it.",
        )
    )


def joined(pieces: Sequence[str]) -> str:
    """The pieces as one text, when it is short enough to keep."""
    if sum(map(len, pieces)) <= MAX_TEXT:
        return "".join(pieces)
    raise ExpressionError(Sentence(f"文本超过 {MAX_TEXT} 个字符。", f"The text is longer than {MAX_TEXT} characters."))


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether the value is a list in Camunda's sense: text and bytes are none."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview))


def kind(value: object) -> Sentence:
    """The value's kind, for a sentence that refuses it."""
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return Sentence("其他类型的值", "a value of another type")


_KINDS: tuple[tuple[type | tuple[type, ...], Sentence], ...] = (
    (type(None), Sentence("空值", "null")),
    (bool, Sentence("“真”或“假”", "true or false")),
    ((int, float, Decimal), Sentence("数字", "a number")),
    (str, Sentence("文本", "text")),
    (date, Sentence("日期", "a date")),
    (Mapping, Sentence("映射", "a map")),
    ((bytes, bytearray, memoryview), Sentence("二进制内容", "bytes")),
    (Sequence, Sentence("列表", "a list")),
)


def shortened(content: str) -> str:
    """Text short enough to be quoted in a sentence."""
    return content if len(content) <= 40 else content[:40] + "…"
