"""Reads `${execution.setVariable('name', value)}`: the one call of Camunda's API that changes something here."""

import re

from engine.diagram.compiling import STAND_IN
from engine.diagram.element import Element
from engine.diagram.model import ScriptLine
from engine.diagram.reading import Reading

SET_VARIABLE = re.compile(
    r"""[$#]\{\s*(?:execution|task)\.setVariable\(\s*(?P<quote>['"])(?P<name>[^'"]*)(?P=quote)\s*,(?P<value>.*)\)\s*\}""",
    re.DOTALL,
)


def read_assignment(text: str, element: Element, reading: Reading) -> ScriptLine:
    """The variable that an expression sets and the value it gets; an expression that sets none would do nothing."""
    call = SET_VARIABLE.fullmatch(text.strip())
    if call is None:
        if reading.compiler.text(text, element, "expression") is not STAND_IN:
            reading.findings.fault(
                element,
                "{it}的表达式（expression）不会改变任何内容。请填写结果变量（resultVariable），"
                "或写成 ${execution.setVariable('变量', 值)}。",
                "The expression of {it} changes nothing. Give it a resultVariable, or write "
                "${execution.setVariable('name', value)}.",
            )
        return ScriptLine("", STAND_IN)
    reading.compiler.variable(call["name"], element, "expression")
    return ScriptLine(call["name"], reading.compiler.text(f"${{{call['value']}}}", element, "expression"))
