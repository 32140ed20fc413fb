"""Reads which decision a business rule task has made. Knows nothing of the decision itself."""

from engine.diagram.compiling import STAND_IN
from engine.diagram.element import Element
from engine.diagram.model import Binding, Ruling, Work
from engine.diagram.reading import Reading
from engine.expressions import Expression

MAPPINGS = ("resultList", "singleEntry", "singleResult", "collectEntries")
VERSIONS = {
    Binding.VERSION: "camunda:decisionRefVersion",
    Binding.VERSION_TAG: "camunda:decisionRefVersionTag",
}


def decided_by_table(element: Element, reading: Reading) -> Work:
    """camunda:decisionRef, bound to one of its versions; the mapped result goes under the result variable."""
    binding = reading.binding(element, "camunda:decisionRefBinding", tuple(Binding))
    result = reading.variable_name(element, "camunda:resultVariable")
    if result is None:
        reading.findings.fault(
            element,
            "{it}没有结果变量（resultVariable），决策结果无处存放。请填写。",
            "{it} has no resultVariable, so the decision would be lost. Name one.",
        )
    return Work(
        decided=Ruling(
            reference=reading.compiler.attribute(element, "camunda:decisionRef") or STAND_IN,
            result_variable=result or "",
            mapping=_mapping(element, reading),
            binding=binding,
            version=_version(element, binding, reading),
        )
    )


def _mapping(element: Element, reading: Reading) -> str:
    said = element.get("camunda:mapDecisionResult") or MAPPINGS[0]
    if said not in MAPPINGS:
        choices = ", ".join(MAPPINGS)
        reading.findings.fault(
            element,
            f"{{it}}的 mapDecisionResult 必须是以下之一：{choices}。",
            f"{{it}} needs a mapDecisionResult out of {choices}.",
        )
    return said


def _version(element: Element, binding: Binding, reading: Reading) -> Expression | None:
    for needed, attribute in VERSIONS.items():
        reading.check_binding(element, binding, needed, attribute)
    if binding is Binding.VERSION:
        return reading.compiler.whole_number(element, VERSIONS[binding])
    return reading.compiler.attribute(element, VERSIONS[binding]) if binding in VERSIONS else None
