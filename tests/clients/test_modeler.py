"""What Camunda Modeler 5 sends when its Deploy and Start buttons are pressed, call by call, and what it reads of the
answers. The bodies are written byte for byte as its client builds them."""

import json
from typing import Any

import httpx
import pytest

from tests.clients.camunda import Camunda
from tests.clients.modeler import ACCEPTS, LOGIN, Modeler
from tests.diagrams import diagram as drawn
from tests.diagrams import end, flows, start, straight, user_task

DIAGRAM = straight(user_task("check", candidateGroups="window"), key="modelled")


@pytest.fixture
def modeler(camunda: Camunda) -> Modeler:
    return Modeler(camunda)


def test_the_connection_check_is_answered_with_or_without_a_login(modeler: Modeler, camunda: Camunda) -> None:
    assert modeler.get("/deployment?maxResults=0", ACCEPTS).status_code == 401
    assert modeler.get("/deployment?maxResults=0", {**ACCEPTS, "authorization": "undefined"}).status_code == 401
    assert modeler.get("/deployment?maxResults=0").json() == []
    assert modeler.get(f"{camunda.address}//deployment?maxResults=0").status_code == 200
    assert modeler.get("/version").json() == {"version": "7.24.0"}


def first_definition(deployed: httpx.Response) -> Any:
    """What the Modeler takes for the process: the first value of the map."""
    assert deployed.status_code == 200, deployed.text
    assert deployed.headers["content-type"] == "application/json"
    return next(iter(deployed.json()["deployedProcessDefinitions"].values()))


def test_deploy_answers_the_definition_that_the_modeler_keeps_beside_the_file(modeler: Modeler) -> None:
    definition = first_definition(modeler.deploy(DIAGRAM))

    assert definition["id"].startswith("modelled:1:")
    assert {name: definition[name] for name in ("key", "version", "resource", "suspended", "tenantId")} == {
        "key": "modelled",
        "version": 1,
        "resource": "modelled.bpmn",
        "suspended": False,
        "tenantId": None,
    }


def test_an_unchanged_diagram_deployed_again_is_the_same_version_and_still_answers_it(modeler: Modeler) -> None:
    first = modeler.deploy(DIAGRAM)
    again = modeler.deploy(DIAGRAM)

    assert again.json()["id"] == first.json()["id"]
    assert first_definition(again) == first_definition(first)


def test_a_changed_attachment_makes_a_new_version_of_the_diagram_too(modeler: Modeler) -> None:
    form = json.dumps({"id": "extra", "type": "default", "components": []}).encode()
    assert first_definition(modeler.deploy(DIAGRAM, ("extra.form", form)))["version"] == 1
    assert first_definition(modeler.deploy(DIAGRAM, ("extra.form", form)))["version"] == 1
    assert first_definition(modeler.deploy(DIAGRAM, ("extra.form", form + b"\n")))["version"] == 2


def test_every_problem_stands_in_the_message_with_its_line_and_element(modeler: Modeler) -> None:
    faulty = drawn(
        start(),
        user_task("no-flow"),
        user_task("bad", candidateGroups="${open"),
        end(),
        flows("start", "bad", "end"),
        flows("start", "nowhere"),
    )
    refused = modeler.deploy(faulty)

    assert refused.status_code == 400
    said = refused.json()
    assert said["type"] == "ParseException"
    assert said["message"].startswith("ENGINE-09005 Could not parse BPMN process. Errors: \n* ")
    for element in ("bad", "start-nowhere"):
        assert f"| element {element}" in said["message"]
    problems = said["details"]["modelled.bpmn"]["errors"]
    assert {"bad", "start-nowhere"} <= {problem["mainElementId"] for problem in problems}
    assert all(problem["line"] > 0 and problem["elementIds"] for problem in problems)


def test_start_takes_the_body_as_the_dialog_sends_it(modeler: Modeler, camunda: Camunda) -> None:
    definition = first_definition(modeler.deploy(DIAGRAM))
    typed = modeler.start(
        definition["id"], b'{"businessKey":"typed","variables":{"amount":{"value":1,"type":"Integer"}}}'
    )
    assert typed.status_code == 200
    assert typed.json()["definitionId"] == definition["id"]
    assert camunda.waits_at("typed") == ["check"]
    assert camunda.variables("typed") == {"amount": 1}

    empty = modeler.start(definition["id"], b'{"businessKey":null,"variables":null}')
    assert empty.status_code == 200
    assert empty.json()["businessKey"] is None


def test_a_page_of_another_site_cannot_deploy_with_a_browsers_login(camunda: Camunda) -> None:
    browser = {**LOGIN, "user-agent": "Mozilla/5.0 Chrome/140.0", "sec-fetch-site": "cross-site"}
    answer = httpx.post(f"{camunda.address}/deployment/create", headers=browser, files={}, trust_env=False)
    assert answer.status_code == 403
