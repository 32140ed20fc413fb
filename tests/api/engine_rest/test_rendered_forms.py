"""The fields that a diagram draws, as XHTML for the tasklists of Camunda's that show no Camunda Forms."""

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.diagrams import definitions as file_of
from tests.diagrams import end, flows, form_data, form_field, process, start, straight, user_task
from tests.served import Person, Served

FIELDS = form_data(
    form_field("company", "string", label="企业名称", required="true", maxlength=20),
    form_field("staff", "long", min=1, max=500, defaultValue="1"),
    form_field("resident", "boolean", defaultValue="true"),
    form_field("opened_on", "date"),
    form_field("kind", "enum", "limited", "partnership", defaultValue="${usual}"),
    form_field("number", "string", readonly="true", defaultValue="N-1"),
)
HOSTILE = "</option><script>alert(1)</script>\" onfocus='x' {{constructor}} & \x01"
KEY = "embedded:engine://engine/:engine/{}/rendered-form"


def begun(served: Served, *drawn: Any, **variables: Any) -> str:
    """The address of the window's only task, with these fields."""
    served.deploy(tried_bpmn=straight(user_task("fill", *drawn, candidateGroups="window"), key="tried"))
    body = {"variables": {name: {"value": value} for name, value in variables.items()}}
    started = served.person("designer").post("/engine-rest/process-definition/key/tried/start", body)
    assert started.status_code == 200, started.text
    [task] = served.person("window").json("/engine-rest/task")
    return f"/engine-rest/task/{task['id']}"


def fields(person: Person, address: str) -> dict[str, ElementTree.Element]:
    """The fields of a rendered form, by variable."""
    answer = person.get(f"{address}/rendered-form")
    assert (answer.status_code, answer.mimetype) == (200, "application/xhtml+xml"), answer.text
    found = ElementTree.fromstring(answer.text)
    assert {label.get("for") for label in found.iter("label")} == {
        one.get("id") for one in found.iter() if one.get("cam-variable-name")
    }
    return {one.attrib["cam-variable-name"]: one for one in found.iter() if one.get("cam-variable-name")}


def test_each_field_says_its_variable_and_what_holds_for_it(served: Served) -> None:
    drawn = fields(served.person("window"), begun(served, FIELDS, usual="partnership"))

    assert {name: one.get("cam-variable-type") for name, one in drawn.items()} == {
        "company": "String",
        "staff": "Long",
        "resident": "Boolean",
        "opened_on": "String",
        "kind": "String",
        "number": "String",
    }
    assert [drawn["company"].get(name) for name in ("required", "maxlength", "value")] == ["required", "20", None]
    assert [drawn["staff"].get(name) for name in ("min", "max", "value")] == ["1", "500", "1"]
    assert [drawn["resident"].get(name) for name in ("type", "checked")] == ["checkbox", "checked"]
    assert drawn["opened_on"].get("type") == "date"
    assert [drawn["number"].get(name) for name in ("readonly", "value")] == ["readonly", "N-1"]
    chosen = [(one.get("value"), one.text, one.get("selected")) for one in drawn["kind"].iter("option")]
    assert chosen[1:] == [("limited", "LIMITED", None), ("partnership", "PARTNERSHIP", "selected")]


def test_a_value_is_a_text_whatever_is_written_in_it(served: Served) -> None:
    person = served.person("window")
    address = begun(served, form_data(form_field("said", "string", label=HOSTILE.strip("\x01"))), said=HOSTILE)

    drawn = fields(person, address)
    page = person.get(f"{address}/rendered-form").text

    assert drawn["said"].get("value") == HOSTILE.replace("\x01", "\ufffd")
    assert "<script" not in page
    assert page.count("{{constructor}}") == page.count("ng-non-bindable=") == 2


def test_a_form_of_drawn_fields_is_found_by_its_key(served: Served) -> None:
    person, address = served.person("window"), begun(served, FIELDS, usual="limited")

    assert person.json(f"{address}/form")["key"] == KEY.format(address.removeprefix("/engine-rest/"))
    assert person.json(address)["formKey"] is None


def test_a_task_without_drawn_fields_has_no_rendered_form(served: Served) -> None:
    person, address = served.person("window"), begun(served)

    assert person.get(f"{address}/rendered-form").status_code == 404
    assert person.json(f"{address}/form")["key"] is None
    assert served.person("taxation").get(f"{address}/rendered-form").status_code == 404


def starting(*inside: Any, **attributes: Any) -> bytes:
    parts = (start("start", *inside, **attributes), user_task("check", candidateGroups="window"), end())
    return file_of(process(*parts, flows("start", "check", "end"), key="tried"))


def test_the_fields_at_a_start_are_shown_with_their_defaults(served: Served) -> None:
    data = form_data(form_field("staff", "long", defaultValue="3"), form_field("at", "date", required="true"))
    served.deploy(tried_bpmn=starting(data))
    designer = served.person("designer")
    [definition] = designer.json("/engine-rest/process-definition")
    by_id, by_key = (f"/engine-rest/process-definition/{one}" for one in (definition["id"], "key/tried"))

    drawn = fields(designer, by_key)

    assert [drawn["staff"].get("value"), drawn["at"].get("required")] == ["3", "required"]
    assert designer.get(f"{by_id}/rendered-form").text == designer.get(f"{by_key}/rendered-form").text
    assert designer.json(f"{by_key}/startForm")["key"] == KEY.format(f"process-definition/{definition['id']}")
    assert designer.json(f"{by_key}/form-variables") == {"staff": {"type": "Integer", "value": 3, "valueInfo": {}}}


def test_what_is_left_empty_at_a_start_begins_with_its_default(served: Served) -> None:
    number = form_field("number", "string", readonly="true", defaultValue="N-1")
    served.deploy(tried_bpmn=starting(form_data(form_field("staff", "long", defaultValue="3"), number)))
    submit = "/engine-rest/process-definition/key/tried/submit-form"

    said = {"variables": {"number": {"value": "N-2"}}, "withVariablesInReturn": True}
    started = served.person("designer").post(submit, said).get_json()

    assert {name: one["value"] for name, one in started["variables"].items()} == {"staff": 3, "number": "N-1"}


def test_a_start_without_drawn_fields_has_no_rendered_form(served: Served) -> None:
    served.deploy(tried_bpmn=starting(formKey="embedded:app:forms/a.html"))
    address = "/engine-rest/process-definition/key/tried"

    assert served.person("designer").get(f"{address}/rendered-form").status_code == 404
    assert served.person("designer").get(f"{address}/tenant-id/330100/rendered-form").status_code == 404


@pytest.mark.parametrize("path", ["startForm", "rendered-form", "form-variables"])
def test_what_has_no_value_before_the_start_is_a_mistake_of_the_diagram(served: Served, path: str) -> None:
    drawn = form_data(form_field("a", "string", defaultValue="${nobody}"))
    served.deploy(tried_bpmn=starting(formKey="${nobody}") if path == "startForm" else starting(drawn))

    answer = served.person("designer").get(f"/engine-rest/process-definition/key/tried/{path}")

    assert (answer.status_code, "nobody" in answer.get_json()["message"]) == (422, True)
