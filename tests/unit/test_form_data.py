"""camunda:formData as a Camunda Forms document, which the forms' own rules then hold submissions against."""

import json
from typing import Any

import pytest

from engine.diagram.model import FormReference
from forms import Form, FormRejected, compile_form
from tests.diagrams import Element, element, form_data, form_field, only_process, straight, user_task


def drawn(*fields: Element) -> FormReference:
    """The form of a user task with these fields."""
    assignment = only_process(straight(user_task("review", *fields))).nodes["review"].assignment
    assert assignment is not None
    assert assignment.form is not None
    return assignment.form


def compiled(*fields: Element) -> Form:
    document = drawn(form_data(*fields)).document
    assert document is not None
    return compile_form(document)


def test_a_form_has_its_fields_in_the_order_of_the_diagram_under_the_tasks_id() -> None:
    form = compiled(form_field("company", "string", label="企业名称"), form_field("staff", "long"))

    assert form.id == "review"
    assert [(field.path, field.label, field.type) for field in form.fields] == [
        ("company", "企业名称", "textfield"),
        ("staff", "staff", "number"),
    ]


FIELDS: dict[str, tuple[Element, object, str | None]] = {
    "a text is required": (form_field("it", "string", required="true"), "", "required"),
    "a text has a least length": (form_field("it", "string", minlength=3), "ab", "too-short"),
    "a text has a greatest length": (form_field("it", "string", maxlength=3), "abcd", "too-long"),
    "a text that fits": (form_field("it", "string", minlength=3, maxlength=3), "abc", None),
    "a number is no text": (form_field("it", "long"), "5", "wrong-type"),
    "a number is whole": (form_field("it", "long"), 1.5, "too-many-decimals"),
    "a number has a least value": (form_field("it", "long", min=2), 1, "too-small"),
    "a number has a greatest value": (form_field("it", "long", max=2), 3, "too-large"),
    "a date is ISO 8601": (form_field("it", "date"), "31/01/2026", "wrong-type"),
    "a date that fits": (form_field("it", "date"), "2026-01-31", None),
    "a boolean is never missing": (form_field("it", "boolean", required="true"), False, None),
    "a choice is one of the drawn": (form_field("it", "enum", "a", "b"), "c", "not-an-option"),
    "a choice that fits": (form_field("it", "enum", "a", "b"), "b", None),
    "what has a default is not missing": (form_field("it", "string", required="true", defaultValue="x"), "", None),
}


@pytest.mark.parametrize("rule", FIELDS)
def test_what_is_handed_in_is_held_against_the_field(rule: str) -> None:
    field, value, code = FIELDS[rule]

    assert faults(compiled(field), {"it": value}) == ([] if code is None else [code])


def faults(form: Form, values: dict[str, Any]) -> list[str]:
    try:
        form.check(values)
    except FormRejected as rejected:
        return [fault.code for fault in rejected.faults]
    return []


def test_a_readonly_field_is_shown_and_never_taken() -> None:
    form = compiled(form_field("it", "string", readonly="true"), form_field("other", "string"))

    assert form.check({"it": "forged", "other": "x"}) == {"other": "x"}


def test_choices_bear_their_names_and_properties_go_to_the_form() -> None:
    document = json.loads(
        drawn(form_data(form_field("it", "enum", "a", properties={"hint": "选一项"}))).document or b""
    )

    [component] = document["components"]
    assert component["values"] == [{"label": "A", "value": "a"}]
    assert component["properties"] == {"hint": "选一项"}


def test_a_fixed_default_has_the_type_of_its_field() -> None:
    form = compiled(form_field("n", "long", defaultValue="5"), form_field("b", "boolean", defaultValue="true"))

    assert form.defaults() == {"n": 5, "b": True}


def test_a_form_property_is_a_field_of_the_older_notation() -> None:
    form = drawn(
        element("camunda:formProperty", id="f1", name="人数", type="long", variable="staff", required=True),
        element("camunda:formProperty", id="f2", writable=False),
    )
    assert form.document is not None

    fields = compile_form(form.document).fields

    assert [(one.path, one.label, one.type, one.is_required, one.is_readonly) for one in fields] == [
        ("staff", "人数", "number", True, False),
        ("f2", "f2", "textfield", False, True),
    ]
