"""The fields that a diagram draws (camunda:formData) as XHTML, for tasklists that show no Camunda Forms.

What stands in it is whatever designers and applicants wrote: it goes through the writer of XML, which escapes it. Knows
no task and no database.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Response

XHTML = "application/xhtml+xml"
UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""No character of XML 1.0."""
TEMPLATED = "{{"
"""By this AngularJS, in which Camunda's tasklist is written, knows what it evaluates."""
BOUNDS = {"minLength": "minlength", "maxLength": "maxlength", "min": "min", "max": "max"}

Component = Mapping[str, Any]


class Control(NamedTuple):
    """How a field is shown: as which element, and as a variable of which type it is sent back."""

    tag: str
    type: str
    attributes: Mapping[str, str]
    fill: Callable[[Element, Component, object], None]


def rendered(document: bytes, values: Mapping[str, object]) -> Response:
    """A form of drawn fields, filled with values."""
    form = Element("form", {"class": "form-horizontal", "name": "generatedForm", "role": "form"})
    for component in json.loads(document)["components"]:
        row = SubElement(form, "div", {"class": "form-group"})
        SubElement(row, "label", {"for": component["key"]}).text = component["label"]
        _field(row, component, values.get(component["key"]))
    for written in form.iter():
        _keep_writable(written)
    return Response(tostring(form, encoding="utf-8"), mimetype=XHTML)


def _field(row: Element, component: Component, value: object) -> None:
    control = CONTROLS[component["type"]]
    key, rules = component["key"], component.get("validate", {})
    named = {"id": key, "name": key, "cam-variable-name": key, "cam-variable-type": control.type}
    field = SubElement(row, control.tag, {"class": "form-control", **named, **control.attributes})
    if rules.get("required"):
        field.set("required", "required")
    if component.get("readonly"):
        field.set("readonly", "readonly")
    for rule, attribute in BOUNDS.items():
        if rule in rules:
            field.set(attribute, str(rules[rule]))
    control.fill(field, component, value)


def _written(field: Element, component: Component, value: object) -> None:
    if value is not None:
        field.set("value", str(value))


def _ticked(field: Element, component: Component, value: object) -> None:
    if value is True:
        field.set("checked", "checked")


def _chosen(field: Element, component: Component, value: object) -> None:
    """Nothing is chosen before somebody chooses."""
    choices = [{"label": "–", "value": ""}, *component["values"]]
    for choice in choices:
        option = SubElement(field, "option", {"value": choice["value"]})
        option.text = choice["label"]
        if choice["value"] == value:
            option.set("selected", "selected")


CONTROLS: Mapping[str, Control] = {
    "textfield": Control("input", "String", {"type": "text"}, _written),
    "number": Control("input", "Long", {"type": "number", "step": "1"}, _written),
    "checkbox": Control("input", "Boolean", {"type": "checkbox"}, _ticked),
    "datetime": Control("input", "String", {"type": "date"}, _written),
    "select": Control("select", "String", {}, _chosen),
}
"""The components that drawn fields become; a day is kept as text, 2026-03-01."""


def _keep_writable(element: Element) -> None:
    """What cannot be written in XML is shown as such, and no page takes a text for a template of its own."""
    element.text = None if element.text is None else UNWRITABLE.sub("\ufffd", element.text)
    for name, said in element.items():
        element.set(name, UNWRITABLE.sub("\ufffd", said))
    if TEMPLATED in " ".join([element.text or "", *element.attrib.values()]):
        element.set("ng-non-bindable", "ng-non-bindable")
