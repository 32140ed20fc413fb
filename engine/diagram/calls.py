"""Reads what a call activity calls and what it hands over. Knows nothing of the called process."""

from collections.abc import Callable

from engine.diagram.compiling import STAND_IN
from engine.diagram.element import Element
from engine.diagram.model import Binding, Call, Mapped
from engine.diagram.reading import Reading
from engine.expressions import Expression


def read_call(element: Element, reading: Reading) -> Call:
    """The key of the called process, bound to one of its versions, with camunda:in and camunda:out."""
    called = reading.compiler.attribute(element, "calledElement")
    if called is None and not reading.is_refused(element):
        reading.findings.fault(
            element, "{it}没有填写被调用流程的 key（calledElement）。", "{it} names no process to call (calledElement)."
        )
    binding = reading.binding(element, "camunda:calledElementBinding", tuple(Binding))
    return Call(
        called_element=called or STAND_IN,
        binding=binding,
        version=read_version(element, binding, reading),
        ins=tuple(read_mapped(mapped, reading) for mapped in element.extensions("camunda:in")),
        outs=tuple(read_mapped(mapped, reading) for mapped in element.extensions("camunda:out")),
    )


VERSIONS = {
    Binding.VERSION: "camunda:calledElementVersion",
    Binding.VERSION_TAG: "camunda:calledElementVersionTag",
}


def read_version(element: Element, binding: Binding, reading: Reading) -> Expression | None:
    """The version number or the version tag that the binding asks for."""
    for needed, attribute in VERSIONS.items():
        reading.check_binding(element, binding, needed, attribute)
    if binding is Binding.VERSION:
        return reading.compiler.whole_number(element, VERSIONS[binding])
    return reading.compiler.attribute(element, VERSIONS[binding]) if binding in VERSIONS else None


def read_mapped(mapped: Element, reading: Reading) -> Mapped:
    """One of Camunda's four forms: a source variable, a source expression, all variables, or the business key."""
    given = [name for name in ("source", "sourceExpression", "variables", "businessKey") if mapped.get(name)]
    if len(given) != 1:
        reading.findings.fault(
            mapped,
            "{it}的变量映射必须且只能填写 source、sourceExpression、variables、businessKey 之一。",
            "A mapping of {it} needs exactly one of source, sourceExpression, variables and businessKey.",
        )
        return Mapped()
    return FORMS[given[0]](mapped, reading)


def read_variable(mapped: Element, reading: Reading) -> Mapped:
    source = mapped.attributes["source"].strip()
    expression = reading.compiler.variable(source, mapped, "source")
    return Mapped(source=expression, source_name=source, target=target_of(mapped, reading), local=mapped.holds("local"))


def read_expression(mapped: Element, reading: Reading) -> Mapped:
    expression = reading.compiler.text(mapped.attributes["sourceExpression"], mapped, "sourceExpression")
    return Mapped(source=expression, target=target_of(mapped, reading), local=mapped.holds("local"))


def read_all_variables(mapped: Element, reading: Reading) -> Mapped:
    if mapped.get("variables") != "all" or mapped.get("target"):
        reading.findings.fault(
            mapped,
            "{it}的变量映射 variables 只能是 all，且不能再填写 target。",
            'variables in a mapping of {it} can only be "all", and takes no target.',
        )
    return Mapped(all_variables=True, local=mapped.holds("local"))


def read_business_key(mapped: Element, reading: Reading) -> Mapped:
    return Mapped(business_key=reading.compiler.text(mapped.attributes["businessKey"], mapped, "businessKey"))


def target_of(mapped: Element, reading: Reading) -> str | None:
    target = reading.variable_name(mapped, "target")
    if target is None:
        reading.findings.fault(
            mapped, "{it}的变量映射没有填写目标变量（target）。", "A mapping of {it} names no target variable."
        )
    return target


FORMS: dict[str, Callable[[Element, Reading], Mapped]] = {
    "source": read_variable,
    "sourceExpression": read_expression,
    "variables": read_all_variables,
    "businessKey": read_business_key,
}
