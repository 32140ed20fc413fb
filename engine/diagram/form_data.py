"""Reads camunda:formData and camunda:formProperty: the fields of a form that is drawn with its task.

They become a Camunda Forms document, so that such a form is shown and checked like any `.form` file. What the
document's own rules say (a key, a range, a default that fits) is checked where forms are read.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.diagram.element import Element
from engine.diagram.model import FormDefault, FormReference
from engine.diagram.reading import Reading

SCHEMA_VERSION: Final = 19
ISO_DATE: Final = "yyyy-MM-dd"
TYPES: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "textfield"},
    "long": {"type": "number", "decimalDigits": 0},
    "boolean": {"type": "checkbox"},
    "date": {"type": "datetime", "subtype": "date", "dateLabel": ""},
    "enum": {"type": "select"},
}
BOUNDS: Mapping[str, Mapping[str, str]] = {
    "string": {"minlength": "minLength", "maxlength": "maxLength"},
    "long": {"min": "min", "max": "max"},
}
LONGEST_NUMBER: Final = 20

Component = dict[str, Any]


def read_form_data(element: Element, reading: Reading) -> FormReference | None:
    """The form whose fields stand in the diagram, None without any."""
    fields = [field for data in element.extensions("camunda:formData") for field in data.all("camunda:formField")]
    fields += element.extensions("camunda:formProperty")
    if not fields:
        return None
    components = [READERS[field.name](field, reading) for field in fields]
    defaults = [read_default(field, component, reading) for field, component in zip(fields, components, strict=True)]
    head = {"type": "default", "id": element.attributes["id"], "schemaVersion": SCHEMA_VERSION}
    document = json.dumps(head | {"components": components}, ensure_ascii=False).encode()
    return FormReference(document=document, defaults=tuple(default for default in defaults if default))


def read_field(field: Element, reading: Reading) -> Component:
    """camunda:formField with its constraints, choices and properties."""
    component = begin(field, field.get("id"), field.get("label"), reading)
    for constraint in (one for holder in field.all("camunda:validation") for one in holder.all("camunda:constraint")):
        read_constraint(constraint, field, component, reading)
    pairs = {
        pair.get("id") or pair.get("name") or "": pair.get("value") or ""
        for holder in field.all("camunda:properties")
        for pair in holder.all("camunda:property")
    }
    return component | ({"properties": pairs} if pairs else {})


def read_property(field: Element, reading: Reading) -> Component:
    """camunda:formProperty, which came before formField: kept in `variable`, else under its id."""
    component = begin(field, field.get("variable") or field.get("id"), field.get("name"), reading)
    require(component, field, field.holds("required"))
    if not field.holds("writable", default=True):
        component["readonly"] = True
    return component


def begin(field: Element, key: str | None, label: str | None, reading: Reading) -> Component:
    """What every field has: a key that is a variable, a type, a label, the choices of an enum."""
    if key is None:
        reading.findings.fault(field, "{it}的一个表单字段没有 id。", "A form field of {it} has no id.")
    else:
        reading.compiler.variable(key, field, "id")
    type = field.get("type") or ("string" if field.name == "camunda:formProperty" else "")
    if type not in TYPES:
        known = ", ".join(TYPES)
        reading.findings.fault(
            field,
            f"{{it}}的表单字段“{key}”类型须为以下之一：{known}。",
            f"The form field “{key}” of {{it}} needs a type out of {known}.",
        )
    if field.get("datePattern") not in (None, ISO_DATE):
        reading.findings.fault(
            field,
            f"{{it}}的表单字段“{key}”：日期一律为 {ISO_DATE}，请删除 datePattern。",
            f"The form field “{key}” of {{it}}: dates are always {ISO_DATE}. Remove the datePattern.",
        )
    component = {**TYPES.get(type, {}), "id": key, "key": key, "label": fixed(label, key, field, reading)}
    choices = [
        {"label": one.get("name") or one.get("id"), "value": one.get("id")} for one in field.all("camunda:value")
    ]
    return component | ({"values": choices} if type == "enum" else {})


def fixed(label: str | None, key: str | None, field: Element, reading: Reading) -> str:
    """A label is the same for every task of the definition."""
    if label is not None and not reading.compiler.text(label, field, "label").is_literal:
        reading.findings.fault(
            field,
            f"{{it}}的表单字段“{key}”的标签不能含表达式。",
            f"The label of the form field “{key}” of {{it}} cannot hold an expression.",
        )
    return label or key or ""


def read_constraint(constraint: Element, field: Element, component: Component, reading: Reading) -> None:
    """required, readonly, and the bounds that fit the field's type."""
    name, config = constraint.get("name") or "", constraint.get("config")
    bounds = BOUNDS.get(field.get("type") or "", {})
    if name == "readonly":
        component["readonly"] = config != "false"
    elif name == "required":
        require(component, field, config != "false")
    elif name in bounds:
        reading.compiler.check_whole_number(config or "", constraint, name)
        component.setdefault("validate", {})[bounds[name]] = number(config or "")
    else:
        known = ", ".join(("required", "readonly", *bounds))
        reading.findings.fault(
            constraint,
            f"{{it}}的表单字段“{field.get('id')}”不能有约束“{name}”，只能是：{known}。",
            f"The form field “{field.get('id')}” of {{it}} cannot have the constraint “{name}”, only {known}.",
        )


def require(component: Component, field: Element, is_required: bool) -> None:
    """A boolean is never missing, and what has a default neither (Camunda 7)."""
    if is_required and component.get("type") != "checkbox" and default_of(field) is None:
        component.setdefault("validate", {})["required"] = True


def default_of(field: Element) -> str | None:
    return field.get("defaultValue" if field.name == "camunda:formField" else "default")


def read_default(field: Element, component: Component, reading: Reading) -> FormDefault | None:
    """A fixed default is the document's too; an expression is evaluated when the task is created."""
    text = default_of(field)
    if text is None:
        return None
    value = reading.compiler.text(text, field, "defaultValue")
    if value.is_literal:
        component["defaultValue"] = LITERALS.get(component.get("type", ""), str)(value.text)
    return FormDefault(str(component["key"]), component.get("type", ""), value)


def number(text: str) -> int | str:
    """A whole number; what is none is refused where the form is read."""
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < LONGEST_NUMBER else text


LITERALS: Mapping[str, Callable[[str], object]] = {"number": number, "checkbox": lambda text: text == "true"}
READERS: Mapping[str, Callable[[Element, Reading], Component]] = {
    "camunda:formField": read_field,
    "camunda:formProperty": read_property,
}
