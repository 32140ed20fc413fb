"""An expression of a diagram: compiled once, evaluated often, shared by all threads."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from engine.errors import Sentence
from engine.expressions.faults import ExpressionError, ExpressionFault
from engine.expressions.nodes import Closure, Functions, Literal, Node, Template, Variables
from engine.expressions.parser import Parser, too_deep
from engine.expressions.values import bounded

MAX_LENGTH = 4_000
_PIECE = re.compile(r"\\(?P<escaped>[$#]\{)|(?P<opening>[$#]\{)")


@dataclass(frozen=True, slots=True)
class Expression:
    """Text of a diagram with its `${…}` compiled. Two expressions are equal when their texts are.

    `names` are the variables it reads, `functions` the lent functions it calls.
    """

    text: str
    is_literal: bool = field(compare=False)
    names: frozenset[str] = field(compare=False)
    functions: frozenset[str] = field(compare=False)
    _closure: Closure = field(compare=False, repr=False)

    def evaluate(self, variables: Variables, functions: Functions) -> object:
        """The expression's value; ExpressionError, and nothing else, when it has none."""
        try:
            value = self._closure(variables, functions)
        except RecursionError:
            raise ExpressionError(Sentence("变量的内容嵌套过深。", "The variables are nested too deep.")) from None
        except ArithmeticError as cause:
            raise ExpressionError(Sentence("变量中的数字无法计算。", "A number cannot be calculated with.")) from cause
        if isinstance(value, (int, float)):
            return value if value is True or value is False else bounded(value)
        return value

    def evaluate_condition(self, variables: Variables, functions: Functions) -> bool:
        """The value of a condition, which must be a boolean as in Camunda 7; ExpressionError otherwise."""
        value = self.evaluate(variables, functions)
        if isinstance(value, bool):
            return value
        raise ExpressionError(
            Sentence(
                "条件的结果必须是“真”或“假”；请写成比较，例如 ${x > 0}。",
                "A condition must be true or false; write a comparison such as ${x > 0}.",
            )
        )


def compile_expression(text: str, functions: Collection[str] | None = None) -> Expression:
    """Compiles text of a diagram; as in Camunda 7, a lone `${…}` keeps its value's type, among text it is a template.

    Text without `${` is a literal: the stripped text itself. `#{` means the same, and `\\${` stands for the two
    characters. `functions` are the names that evaluation will lend; None allows any. ExpressionFault when the text is
    malformed, names an unknown function, is longer than 4,000 characters or nested deeper than 50 levels.
    """
    stripped = text.strip()
    if len(stripped) > MAX_LENGTH:
        raise ExpressionFault(
            Sentence(
                f"表达式超过 {MAX_LENGTH} 个字符，请拆分。",
                f"The expression is longer than {MAX_LENGTH} characters; split it.",
            ),
            MAX_LENGTH,
        )
    parser = Parser(stripped, functions)
    try:
        parts = _parts(stripped, parser)
        closure = _whole(parts).closure()
    except RecursionError:
        raise too_deep(0) from None
    is_literal = all(isinstance(part, str) for part in parts)
    return Expression(stripped, is_literal, frozenset(parser.names), frozenset(parser.functions), closure)


def _parts(text: str, parser: Parser) -> list[str | Node]:
    parts: list[str | Node] = []
    position = 0
    while match := _PIECE.search(text, position):
        parts.append(text[position : match.start()])
        if escaped := match["escaped"]:
            parts.append(escaped)
            position = match.end()
        else:
            node, position = parser.parse(match.end())
            parts.append(node)
    parts.append(text[position:])
    return [part for part in parts if part != ""]


def _whole(parts: list[str | Node]) -> Node:
    nodes = tuple(Literal(part) if isinstance(part, str) else part for part in parts)
    return nodes[0] if len(nodes) == 1 else Template(nodes)
