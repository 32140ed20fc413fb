"""An expression of a diagram: compiled once, evaluated often, shared by all threads."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from engine.errors import Sentence
from engine.expressions.faults import ExpressionError, ExpressionFault

Variables = Mapping[str, object]
Functions = Mapping[str, Callable[..., object]]


@dataclass(frozen=True, slots=True)
class Expression:
    """Text of a diagram with its `${…}` compiled. Two expressions are equal when their texts are.

    `names` are the variables it reads, `functions` the lent functions it calls.
    """

    text: str
    is_literal: bool = field(compare=False)
    names: frozenset[str] = field(compare=False)
    functions: frozenset[str] = field(compare=False)

    def evaluate(self, variables: Variables, functions: Functions) -> object:
        """The expression's value; ExpressionError, and nothing else, when it has none."""
        return self.text

    def evaluate_condition(self, variables: Variables, functions: Functions) -> bool:
        """The value of a condition, which must be a boolean as in Camunda 7; ExpressionError otherwise."""
        value = self.evaluate(variables, functions)
        if isinstance(value, bool):
            return value
        raise ExpressionError(Sentence("条件表达式的结果不是“真”或“假”。", "The condition is neither true nor false."))


def compile_expression(text: str, functions: Collection[str] | None = None) -> Expression:
    """Text of a diagram as an Expression; ExpressionFault when it is malformed."""
    stripped = text.strip()
    if "${" in stripped or "#{" in stripped:
        raise ExpressionFault(Sentence("暂不支持表达式。", "Expressions cannot be evaluated yet."))
    return Expression(stripped, is_literal=True, names=frozenset(), functions=frozenset())
