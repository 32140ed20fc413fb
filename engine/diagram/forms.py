"""Reads which form a user task or start event shows. Knows nothing of what is in a form."""

from engine.diagram.element import Element
from engine.diagram.model import Binding, FormReference
from engine.diagram.reading import Reading

BINDINGS = (Binding.LATEST, Binding.DEPLOYMENT, Binding.VERSION)


def read_form(element: Element, reading: Reading) -> FormReference | None:
    """camunda:formRef with its binding, or camunda:formKey; Camunda refuses both at once, and a formRef unbound."""
    key = reading.compiler.attribute(element, "camunda:formKey")
    reference = reading.compiler.attribute(element, "camunda:formRef")
    if key is not None and reference is not None:
        reading.findings.fault(
            element,
            "{it}同时填写了 formRef 和 formKey，只能二选一。",
            "{it} has both formRef and formKey; keep one of them.",
        )
    if reference is None:
        return None if key is None else FormReference(key=key)
    binding = reading.binding(element, "camunda:formRefBinding", BINDINGS, required=True)
    version = reading.compiler.whole_number(element, "camunda:formRefVersion")
    reading.check_binding(element, binding, Binding.VERSION, "camunda:formRefVersion")
    return FormReference(reference, binding, version)
