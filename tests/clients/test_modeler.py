"""What Camunda Modeler 5 sends when its Deploy and Start buttons are pressed, call by call, and what it reads of the
answers. The bodies are written byte for byte as its client builds them."""

import json
from base64 import b64encode
from typing import Any

import httpx
import pytest

from tests.clients.camunda import PASSWORD, SYSTEM, Camunda
from tests.diagrams import diagram as drawn
from tests.diagrams import end, flows, start, straight, user_task

BOUNDARY = "----WebKitFormBoundaryLianban"
ACCEPTS = {"accept": "application/json"}
LOGIN = {**ACCEPTS, "authorization": "Basic " + b64encode(f"{SYSTEM}:{PASSWORD}".encode()).decode()}
DIAGRAM = straight(user_task("check", candidateGroups="window"), key="modelled")
WINDOW = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) camunda-modeler/5.50.1 Chrome/140.0 Electron/38.1.2"}


class Modeler:
    """Its HTTP client: every call ends after five seconds."""

    def __init__(self, camunda: Camunda) -> None:
        self._http = httpx.Client(base_url=camunda.address, timeout=5, trust_env=False, headers=WINDOW)

    def get(self, path: str, headers: dict[str, str] = LOGIN) -> httpx.Response:
        return self._http.get(path, headers=headers)

    def deploy(self, content: bytes, *attached: tuple[str, bytes], name: str = "modelled") -> httpx.Response:
        parts = [
            text_part("deployment-name", name),
            text_part("deployment-source", "Camunda Modeler"),
            text_part("enable-duplicate-filtering", "true"),
            file_part(f"{name}.bpmn", content, "text/xml"),
            *(file_part(*one, "application/octet-stream") for one in attached),
        ]
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        kind = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "sec-fetch-site": "cross-site"}
        return self._http.post("/deployment/create", content=body, headers={**LOGIN, **kind})

    def start(self, definition_id: str, body: bytes) -> httpx.Response:
        kind = {"content-type": "application/json"}
        return self._http.post(f"/process-definition/{definition_id}/start", content=body, headers={**LOGIN, **kind})


def text_part(name: str, text: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()


def file_part(name: str, content: bytes, kind: str) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="{name}"'
    return f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: {kind}\r\n\r\n".encode() + content + b"\r\n"


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
