"""What the operators of an expression do with two values, as JUEL does (NumberOperations, BooleanOperations)."""

import math
import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from engine.errors import Sentence
from engine.expressions.faults import ExpressionError
from engine.expressions.values import bounded, is_list, kind, number, text, truth

Operator = Callable[[object, object], object]


def _exact(left: object, right: object) -> bool:
    return type(left) is type(right) and type(left) in (int, str)


def equal(left: object, right: object) -> bool:
    """`==`: a number makes the other side a number, then a boolean a boolean, then text text; null equals only null."""
    if _exact(left, right):
        return left == right
    if left is None or right is None:
        return left is right
    for is_wanted, wanted in _COERCIONS:
        if is_wanted(left) or is_wanted(right):
            return wanted(left) == wanted(right)
    return same(left, right)


def same(left: object, right: object) -> bool:
    """Whether two values are the same without any coercion, as Java's `equals`, save that 1 is 1.0."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if _is_number(left) and _is_number(right):
        return number(left) == number(right)
    if is_list(left) and is_list(right):
        return list(left) == list(right)
    return bool(left == right)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _text_or_itself(value: object) -> object:
    return text(value) if isinstance(value, date) else value


_COERCIONS: tuple[tuple[Callable[[object], bool], Callable[[object], object]], ...] = (
    (_is_number, number),
    (lambda value: isinstance(value, bool), truth),
    (_is_text, _text_or_itself),
)


def _ordering(compare: Callable[..., bool], equal_nulls: bool) -> Operator:
    def ordered(left: object, right: object) -> bool:
        if _exact(left, right):
            return compare(left, right)
        if left is None or right is None:
            return equal_nulls and left is right
        if _is_number(left) or _is_number(right):
            return compare(number(left), number(right))
        return _ordered_alike(compare, left, right)

    return ordered


def _ordered_alike(compare: Callable[..., bool], left: object, right: object) -> bool:
    if _is_text(left) or _is_text(right):
        return compare(text(left), text(right))
    if isinstance(left, date) and isinstance(right, date):
        try:
            return compare(left, right)
        except TypeError:
            raise _incomparable(left, right) from None
    raise _incomparable(left, right)


def _incomparable(left: object, right: object) -> ExpressionError:
    if isinstance(left, date) and isinstance(right, date):
        return ExpressionError(
            Sentence(
                "日期与时刻、带时区与不带时区的时刻不能比较先后。",
                "A day and an instant, or instants with and without a time zone, cannot be compared.",
            )
        )
    return ExpressionError(
        Sentence(
            f"{kind(left).zh}与{kind(right).zh}不能比较大小。",
            f"{kind(left).en.capitalize()} and {kind(right).en} cannot be compared.",
        )
    )


def _arithmetic(calculate: Callable[..., int | float]) -> Operator:
    def calculated(left: object, right: object) -> int | float:
        return bounded(calculate(number(left), number(right)))

    return calculated


def _quotient(left: float, right: float) -> float:
    if right == 0:
        raise _division_by_zero()
    return left / right


def _remainder(left: int | float, right: int | float) -> int | float:
    """Java's remainder: it has the sign of the dividend."""
    if right == 0:
        raise _division_by_zero()
    if isinstance(left, int) and isinstance(right, int):
        return int(math.copysign(1, left)) * (abs(left) % abs(right))
    return math.fmod(left, right)


def _division_by_zero() -> ExpressionError:
    return ExpressionError(Sentence("不能除以零。", "Division by zero is not possible."))


def negative(value: object) -> int | float:
    """Unary minus."""
    return bounded(-number(value))


def is_empty(value: object) -> bool:
    """`empty`: null, empty text, an empty list or an empty map."""
    if value is None or isinstance(value, (str, Mapping)) or is_list(value):
        return not value
    return False


BINARY: Mapping[str, Operator] = {
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": _ordering(operator.lt, equal_nulls=False),
    ">": _ordering(operator.gt, equal_nulls=False),
    "<=": _ordering(operator.le, equal_nulls=True),
    ">=": _ordering(operator.ge, equal_nulls=True),
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(_quotient),
    "%": _arithmetic(_remainder),
}
