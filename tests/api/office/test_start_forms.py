"""The application form is the item's: another one drawn on a start event is refused, because nobody would see it."""

import io
import json
import tomllib
from typing import Any

import pytest

from tests.diagrams import diagram, end, flows, start, user_task
from tests.served import APPLICATION_FORM, Served, item

FORM = json.dumps(APPLICATION_FORM).encode()


def opening(key: str | None = "application", **bound: str) -> bytes:
    """A process that begins with a form."""
    shown = {} if key is None else {"formRef": key, "formRefBinding": "latest"} | bound
    work = user_task("review", candidateGroups="taxation")
    return diagram(start("submitted", **shown), work, end(), flows("submitted", "review", "end"))


def deployed(served: Served, **files: bytes) -> dict[str, Any]:
    """What a deployment answers; a file's name has `_` for its dot."""
    sent = [(io.BytesIO(content), name.replace("_", ".")) for name, content in files.items()]
    answer: dict[str, Any] = served.person("admin").post("/deployments", {"files": sent}).get_json()
    return answer


def refused_at(answer: dict[str, Any]) -> list[str | None]:
    return [fault.get("element_id") for fault in answer["errors"]]


def test_the_item_s_own_form_may_stand_on_the_start_event(served: Served) -> None:
    made = deployed(served, approval_bpmn=opening(), application_form=FORM, item_toml=item())

    assert [one["version"] for one in made["definitions"]] == [1]
    assert made["warnings"] == []


@pytest.mark.parametrize(
    "drawn",
    [
        opening("registration"),
        opening("application", formRefBinding="version", formRefVersion="1"),
        opening(None).replace(b'id="submitted"', b'id="submitted" camunda:formKey="embedded:app:forms/a.html"'),
    ],
    ids=["another form", "a fixed version", "a form key"],
)
def test_another_form_beside_the_item_refuses_the_deployment(served: Served, drawn: bytes) -> None:
    refused = deployed(served, approval_bpmn=drawn, application_form=FORM, item_toml=item())

    assert refused_at(refused) == ["submitted"]
    assert served.person("admin").json("/process-definitions")["rows"] == []
    assert served.person("admin").json("/items")["rows"] == []


def test_another_form_than_that_of_the_item_in_force_refuses_the_deployment(served: Served) -> None:
    deployed(served, approval_bpmn=opening(), application_form=FORM, item_toml=item())

    assert refused_at(deployed(served, approval_bpmn=opening("registration"))) == ["submitted"]


def test_an_item_that_names_another_form_than_its_process_refuses_the_deployment(served: Served) -> None:
    deployed(served, approval_bpmn=opening("registration"))

    assert refused_at(deployed(served, application_form=FORM, item_toml=item())) == ["submitted"]


def test_a_form_at_the_start_of_a_process_that_no_item_uses_is_warned_of(served: Served) -> None:
    warnings = deployed(served, approval_bpmn=opening(), application_form=FORM)["warnings"]

    assert [warning["element_id"] for warning in warnings] == ["submitted"]
    assert "还没有事项" in warnings[0]["detail"]


def test_an_item_cannot_be_given_another_form_than_its_process_begins_with(served: Served) -> None:
    another = json.dumps({**APPLICATION_FORM, "id": "another"}).encode()
    deployed(served, approval_bpmn=opening(), application_form=FORM, another_form=another, item_toml=item())
    said = tomllib.loads(item().decode()) | {"in_force_on": "2026-03-02", "document_number": "云政办发〔2026〕7号"}

    refused = served.person("admin").put("/items/opening", said | {"form": "another"})

    assert refused.status_code == 422
    assert [fault["path"] for fault in refused.get_json()["errors"]] == ["form"]
