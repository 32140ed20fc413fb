"""Compiles the texts of a diagram, in the wording that the attribute asks for: a condition, a whole number, a list,
a variable's name. A text that fails becomes a fault and a stand-in, so that reading goes on to the next fault.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from engine.diagram.element import Element
from engine.diagram.findings import Findings
from engine.diagram.gate import refused
from engine.diagram.labels import shortened
from engine.expressions import Expression, ExpressionError, ExpressionFault, compile_expression
from engine.expressions.values import whole
from engine.timers import TimerFault, check_literal

MAX_TEXTS: Final = 20_000
MAX_LENGTH: Final = 80_000
LONG: Final = 1_000  # recurring texts are short
STAND_IN = compile_expression("")
ITEM = re.compile(r"(?:[#$]\{[^}]*(?:\}|\Z)|[^,])+")  # Camunda splits at commas outside ${…} only


@dataclass(slots=True)
class Compiler:
    """`functions` are the names that expressions may call. A text that recurs is compiled once; how many texts there
    may be, and how long all expressions together, is bounded, because compiling is the dearest part of reading."""

    findings: Findings
    functions: Collection[str]
    compiled: dict[str, Expression] = field(default_factory=dict)
    texts: int = 0
    length: int = 0

    def compile(self, text: str) -> Expression:
        """The expression of a text; ExpressionFault when it is none, DiagramRefused when there are too many."""
        self.count(1)
        known = self.compiled.get(text) if len(text) < LONG else None
        if known is not None:
            return known
        self.length += len(text) if "{" in text else 0
        self.compiled[text] = compile_expression(text, self.functions)
        return self.compiled[text]

    def count(self, texts: int) -> None:
        """Refuses the file when it holds more texts to read than any drawn diagram."""
        self.texts += texts
        if self.texts > MAX_TEXTS or self.length > MAX_LENGTH:
            raise refused(
                f"文件中的表达式过多（最多 {MAX_TEXTS} 处，合计 {MAX_LENGTH} 个字符），请拆分流程图。",
                f"The file has too many expressions (at most {MAX_TEXTS}, {MAX_LENGTH} characters together); split it.",
            )

    def text(self, text: str, element: Element, field: str) -> Expression:
        """Any text: plain, an expression, or a mixture."""
        try:
            return self.compile(text)
        except ExpressionFault as fault:
            position = fault.position + 1
            self.findings.fault(
                element,
                f"{{it}}的 {field} 表达式“{shortened(text)}”有误（第 {position} 个字符）：{fault.sentence.zh}",
                f"{{it}} has the {field} “{shortened(text)}”, wrong at character {position}: {fault.sentence.en}",
            )
            return STAND_IN

    def attribute(self, element: Element, name: str) -> Expression | None:
        """An attribute's text, None when it is absent or empty."""
        text = element.get(name)
        return None if text is None else self.text(text, element, plain(name))

    def condition(self, text: str, element: Element, field: str) -> Expression:
        """A text that yields true or false: Camunda takes a text without ${…} for a literal, which is neither."""
        expression = self.text(text, element, field)
        if expression.is_literal and expression is not STAND_IN:
            self.findings.fault(
                element,
                f"{{it}}的 {field}“{shortened(text)}”不是条件，请写成 ${{…}} 形式。",
                f"{{it}} has the {field} “{shortened(text)}”, which is no condition; write it as ${{…}}.",
            )
        return expression

    def whole_number(self, element: Element, name: str) -> Expression | None:
        """An attribute that is a whole number, or an expression that yields one."""
        expression = self.attribute(element, name)
        if expression and expression.is_literal and expression is not STAND_IN:
            self.check_whole_number(expression.text, element, plain(name))
        return expression

    def check_whole_number(self, text: str, element: Element, field: str) -> None:
        """A literal that must be a whole number."""
        try:
            whole(text)
        except ExpressionError:
            self.findings.fault(
                element,
                f"{{it}}的 {field}“{shortened(text)}”不是整数。",
                f"{{it}} has the {field} “{shortened(text)}”, which is no whole number.",
            )

    def items(self, element: Element, name: str) -> tuple[Expression, ...]:
        """A list separated by commas, each item a text of its own."""
        texts = (match[0].strip() for match in ITEM.finditer(element.get(name) or ""))
        return tuple(self.text(item, element, plain(name)) for item in texts if item)

    def time(self, kind: str, text: str, element: Element, field: str) -> Expression:
        """A date, duration or cycle: a literal is checked now, an expression when it is evaluated."""
        expression = self.text(text, element, field)
        if expression.is_literal and expression is not STAND_IN:
            self.check_time(kind, text, element, field)
        return expression

    def check_time(self, kind: str, text: str, element: Element, field: str) -> None:
        """A literal date, duration or cycle."""
        self.count(1)
        try:
            check_literal(kind, text)
        except TimerFault as fault:
            self.findings.fault(
                element,
                f"{{it}}的 {field}“{shortened(text)}”有误：{fault.sentence.zh}",
                f"{{it}} has the {field} “{shortened(text)}”, which is wrong: {fault.sentence.en}",
            )

    def moment(self, element: Element, name: str) -> Expression | None:
        """A due date: an instant, or a duration from the task's creation, which starts with P."""
        text = element.get(name)
        if text is None:
            return None
        return self.time("duration" if text.startswith("P") else "date", text, element, plain(name))

    def variable(self, text: str, element: Element, field: str) -> Expression:
        """A variable named by its bare name, as an expression that reads it."""
        expression = self.compile_name(text)
        if expression is None:
            self.findings.fault(
                element,
                f"{{it}}的 {field}“{shortened(text)}”不是变量名。",
                f"{{it}} has the {field} “{shortened(text)}”, which is no variable's name.",
            )
            return STAND_IN
        return expression

    def compile_name(self, text: str) -> Expression | None:
        """An expression that reads the variable of this name, None when no expression could read it."""
        try:
            expression = self.compile(f"${{{text}}}") if text.isidentifier() else None
        except ExpressionFault:
            return None
        return expression if expression and expression.names == {text} else None


def plain(attribute: str) -> str:
    """The attribute as the Modeler labels it, without namespace."""
    return attribute.rpartition(":")[2]
