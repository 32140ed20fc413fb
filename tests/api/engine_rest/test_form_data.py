"""Fields drawn with a task (camunda:formData): shown in the inbox and by Camunda's API, checked at either door."""

import pytest

from engine.errors import DiagramRefused
from tests.diagrams import element, form_data, form_field, straight, user_task
from tests.served import Person, Served

FIELDS = form_data(
    form_field("company", "string", label="企业名称", required="true", maxlength=20),
    form_field("staff", "long", min=1, defaultValue="1"),
    form_field("opened_on", "date"),
    form_field("kind", "enum", "limited", "partnership", defaultValue="${usual}"),
)
REGISTERED = straight(
    user_task("register", FIELDS, candidateGroups="window"),
    user_task("check", candidateGroups="window"),
    key="registration",
)


@pytest.fixture
def clerk(served: Served) -> Person:
    served.deploy(registration_bpmn=REGISTERED)
    variables = {"usual": {"value": "limited"}}
    started = served.person("admin").post(
        "/engine-rest/process-definition/key/registration/start", {"variables": variables}
    )
    assert started.status_code == 200, started.text
    return served.person("window")


def only_task(clerk: Person) -> str:
    [task] = clerk.json("/engine-rest/task")
    return str(task["id"])


def test_the_inbox_shows_the_fields_with_what_they_begin_with(clerk: Person) -> None:
    shown = clerk.json(f"/inbox/{only_task(clerk)}")

    assert [field["key"] for field in shown["form"]["components"]] == ["company", "staff", "opened_on", "kind"]
    assert shown["values"] == {"staff": 1, "kind": "limited"}


def test_camundas_api_shows_the_form_and_its_variables(clerk: Person) -> None:
    task = only_task(clerk)

    form = clerk.json(f"/engine-rest/task/{task}/deployed-form")
    variables = clerk.json(f"/engine-rest/task/{task}/form-variables")

    assert form["components"][0]["label"] == "企业名称"
    assert variables["kind"]["value"] == "limited"
    assert clerk.json(f"/engine-rest/task/{task}/localVariables").keys() == {"staff", "kind"}


def test_what_does_not_hold_is_refused_at_either_door(clerk: Person) -> None:
    task = only_task(clerk)

    office = clerk.post(f"/inbox/{task}/complete", {"form": {"staff": 0}})
    camunda = clerk.post(f"/engine-rest/task/{task}/submit-form", {"variables": {"kind": {"value": "state-owned"}}})

    assert (office.status_code, camunda.status_code) == (422, 400)
    assert {fault["path"] for fault in office.get_json()["errors"]} == {"company", "staff"}
    assert only_task(clerk) == task


def test_what_holds_becomes_variables_and_what_is_left_empty_its_default(clerk: Person) -> None:
    said = {"company": {"value": "临安知微"}, "opened_on": {"value": "2026-03-01"}}

    done = clerk.post(f"/engine-rest/task/{only_task(clerk)}/submit-form", {"variables": said})

    assert done.status_code == 204, done.text
    variables = clerk.json(f"/engine-rest/task/{only_task(clerk)}/variables")
    assert {name: one["value"] for name, one in variables.items()} == {
        "usual": "limited",
        "company": "临安知微",
        "staff": 1,
        "opened_on": "2026-03-01",
        "kind": "limited",
    }


def test_a_variable_of_its_name_is_what_a_field_begins_with(served: Served) -> None:
    served.deploy(registration_bpmn=REGISTERED)
    variables = {"usual": {"value": "limited"}, "staff": {"value": 40}}
    served.person("admin").post("/engine-rest/process-definition/key/registration/start", {"variables": variables})
    clerk = served.person("window")

    assert clerk.json(f"/inbox/{only_task(clerk)}")["values"] == {"staff": 40, "kind": "limited"}


@pytest.mark.parametrize(
    "field",
    [form_field("统一代码", "string"), form_field("n", "long", min=5, max=1), form_field("e", "enum")],
    ids=["key", "range", "choices"],
)
def test_fields_that_no_form_can_have_are_refused_at_deployment(served: Served, field: object) -> None:
    drawn = straight(user_task("register", element("camunda:formData", field)), key="registration")

    with pytest.raises(DiagramRefused) as refusal:
        served.deploy(registration_bpmn=drawn)

    assert [fault.element_id for fault in refusal.value.faults] == ["register"]
