"""Compiles the texts of a diagram, in the wording that the attribute asks for: a condition, a whole number, a list,
a variable's name. A text that fails becomes a fault and a stand-in, so that reading goes on to the next fault.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from engine.diagram.element import Element
from engine.diagram.findings import Findings
from engine.expressions import Expression, ExpressionFault, compile_expression
from engine.timers import TimerFault, check_literal

STAND_IN = compile_expression("")
ITEM = re.compile(r"(?:[#$]\{[^}]*\}|[^,])+")  # Camunda splits at commas outside ${…} only


@dataclass(frozen=True, slots=True)
class Compiler:
    """`functions` are the names that expressions may call."""

    findings: Findings
    functions: Collection[str]

    def text(self, text: str, element: Element, field: str) -> Expression:
        """Any text: plain, an expression, or a mixture."""
        try:
            return compile_expression(text, self.functions)
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
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
            self.findings.fault(
                element,
                f"{{it}}的 {field}“{shortened(text)}”不是整数。",
                f"{{it}} has the {field} “{shortened(text)}”, which is no whole number.",
            )

    def items(self, element: Element, name: str) -> tuple[Expression, ...]:
        """A list separated by commas, each item a text of its own."""
        texts = [item.strip() for item in ITEM.findall(element.get(name) or "")]
        return tuple(self.text(item, element, plain(name)) for item in texts if item)

    def time(self, kind: str, text: str, element: Element, field: str) -> Expression:
        """A date, duration or cycle: a literal is checked now, an expression when it is evaluated."""
        expression = self.text(text, element, field)
        if expression.is_literal and expression is not STAND_IN:
            self.check_time(kind, text, element, field)
        return expression

    def check_time(self, kind: str, text: str, element: Element, field: str) -> None:
        """A literal date, duration or cycle."""
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
        if not is_variable_name(text):
            self.findings.fault(
                element,
                f"{{it}}的 {field}“{shortened(text)}”不是变量名。",
                f"{{it}} has the {field} “{shortened(text)}”, which is no variable's name.",
            )
            return STAND_IN
        return compile_expression(f"${{{text}}}")


def is_variable_name(text: str) -> bool:
    """Whether an expression can read a variable of this name."""
    try:
        return text.isidentifier() and compile_expression(f"${{{text}}}").names == {text}
    except ExpressionFault:
        return False


def plain(attribute: str) -> str:
    """The attribute as the Modeler labels it, without namespace."""
    return attribute.rpartition(":")[2]


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
