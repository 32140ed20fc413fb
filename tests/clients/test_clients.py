"""Published clients of Camunda and Operaton run unmodified: they start, fetch, fail with retries, extend, complete.

Two are workers alone and start nothing (camunda-external-task-client-js, operaton-tasks); the two of python3 know no
way to extend a lock.
"""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.clients.camunda import CLERK, PASSWORD, SYSTEM, Camunda
from tests.clients.drawn import KEY, SEAL_MAKING, TOPIC


def test_pycamunda(camunda: Camunda, tmp_path: Path) -> None:
    diagram = tmp_path / "seals.bpmn"
    diagram.write_bytes(SEAL_MAKING)
    camunda.run("with_pycamunda.py", camunda.address_with_login, str(diagram), TOPIC, KEY)
    assert camunda.waits_at("pycamunda") == ["hand-over"]
    assert camunda.variables("pycamunda") == {"copies": 2, "engraved": True}


@pytest.mark.parametrize("package", ["camunda", "operaton"])
def test_external_task_client_python3(camunda: Camunda, package: str) -> None:
    camunda.makes_seals().run("with_python3_client.py", package, camunda.address_with_login, TOPIC, KEY)
    assert camunda.waits_at(package) == ["hand-over"]
    assert camunda.variables(package) == {"copies": 2, "engraved": True}


def test_camunda_client(camunda: Camunda) -> None:
    camunda.makes_seals().run("with_camunda_client.py", camunda.address, TOPIC, KEY, SYSTEM, CLERK, PASSWORD)
    assert camunda.waits_at("camunda-client") == []


def test_generic_camunda_client(camunda: Camunda) -> None:
    camunda.makes_seals().run("with_generic_client.py", camunda.address, TOPIC, KEY, SYSTEM, PASSWORD)
    assert camunda.waits_at("generic") == ["hand-over"]
    assert camunda.variables("generic") == {"copies": 2, "engraved": True}


def test_operaton_tasks(camunda: Camunda) -> None:
    camunda.makes_seals().starts("operaton-tasks", copies=2)
    login = base64.b64encode(f"{SYSTEM}:{PASSWORD}".encode()).decode()
    twice = ("--limit", "2", "--run-timeout", "15")
    camunda.run_command(
        "operaton-tasks", "serve", "--base-url", camunda.address, "--authorization", f"Basic {login}", *twice,
        "operaton_seals.py",
    )  # fmt: skip
    assert camunda.waits_at("operaton-tasks") == ["hand-over"]
    assert camunda.variables("operaton-tasks") == {"copies": 2, "engraved": True}


def test_camunda_external_task_client_js(camunda: Camunda) -> None:
    content = base64.b64encode("印章".encode()).decode()
    design = {"type": "File", "value": content, "valueInfo": {"filename": "design.txt"}}
    camunda.makes_seals().starts("js", copies=2, design=design)
    camunda.run_node("worker.mjs", camunda.address, TOPIC, SYSTEM, PASSWORD)
    assert camunda.waits_at("js") == ["hand-over"]
    assert camunda.variables("js") == {
        "copies": 2,
        "engraved": True,
        "marks": {"a": 1},
        "on": datetime(1970, 1, 1, tzinfo=UTC),
        "design": {"filename": "design.txt", "size": 6},
        "proof": {"filename": "proof.txt", "mimetype": "text/plain", "encoding": "UTF-8", "size": 20},
    }
    proof = camunda.file("proof")
    assert (proof.text, proof.content_type) == ("印章 by design.txt", "text/plain; charset=UTF-8")
