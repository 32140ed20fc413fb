"""Reads which form a user task or start event shows. Knows nothing of what is in a form."""

from engine.diagram.element import Element
from engine.diagram.form_data import read_form_data
from engine.diagram.model import Binding, FormReference
from engine.diagram.reading import Reading

BINDINGS = (Binding.LATEST, Binding.DEPLOYMENT, Binding.VERSION)


def read_form(element: Element, reading: Reading) -> FormReference | None:
    """camunda:formRef with its binding, camunda:formKey or camunda:formData; only one, and no formRef unbound."""
    fields = read_form_data(element, reading)
    key = reading.compiler.attribute(element, "camunda:formKey")
    reference = reading.compiler.attribute(element, "camunda:formRef")
    if sum(one is not None for one in (key, reference, fields)) > 1:
        reading.findings.fault(
            element,
            "{it}同时填写了 formRef、formKey、表单字段（formData）中的几种，只能保留一种。",
            "{it} has both: of formRef, formKey and form fields (formData) keep one.",
        )
    if fields is not None:
        return fields
    if reference is None:
        return None if key is None else FormReference(key=key)
    binding = reading.binding(element, "camunda:formRefBinding", BINDINGS, required=True)
    version = reading.compiler.whole_number(element, "camunda:formRefVersion")
    reading.check_binding(element, binding, Binding.VERSION, "camunda:formRefVersion")
    return FormReference(reference, binding, version)
