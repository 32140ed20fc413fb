"""Element templates: the Modeler takes them, and what it draws with them deploys."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import lianban
from casework import element_templates, lint, meaning, meaning_faults, package_check
from casework.element_templates import stored
from casework.scenarios.package import files_of
from engine import deployments
from engine.diagram import read_diagram
from tests.office import actor
from tests.served import Served
from tests.templated import applied

PROCESSES = Path(lianban.PROCESSES)
PROGRAMS = Path(__file__).parents[1] / "clients" / "programs"
OFFER = stored.of_packages([PROCESSES], ["construction-planning-permit"])
TEMPLATES = {str(one["id"]): one for one in element_templates.written(OFFER)}


def run(*typed: str, database: str = "sqlite:////no/such/place.db") -> Any:
    result = CliRunner().invoke(lianban.cli, typed, env={"LANG": "en_GB.UTF-8", "LIANBAN_DATABASE_URL": database})
    assert result.exit_code == 0, result.output
    return result.output


def offered(templates: list[Any], id: str, name: str) -> list[str]:
    """What a template's drop-down offers."""
    (template,) = (one for one in templates if one["id"] == id)
    (line,) = (one for one in template["properties"] if one["binding"].get("name") == name)
    return [choice["value"] for choice in line["choices"]]


def test_the_modeler_s_own_validator_takes_every_template(tmp_path: Path) -> None:
    file = tmp_path / "lianban.json"
    run("templates", "--out", str(file))
    node = Path(sys.executable).with_name("node")
    checked = subprocess.run([node, PROGRAMS / "templates.mjs", file], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_validator_refuses_what_is_no_template(tmp_path: Path) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(
        json.dumps([{"id": "x", "name": "x", "appliesTo": ["bpmn:UserTask"], "properties": [{"value": 1}]}])
    )
    node = Path(sys.executable).with_name("node")
    assert subprocess.run([node, PROGRAMS / "templates.mjs", file], capture_output=True).returncode == 1


@pytest.mark.parametrize("id", TEMPLATES)
def test_what_a_template_draws_has_no_fault(id: str) -> None:
    ports = lianban.ports()
    drawn = read_diagram(applied(TEMPLATES[id]), functions=ports.function_names, delegates=frozenset(ports.delegates))
    assert [fault for process in drawn.processes for fault in meaning_faults.faults(process)] == []


STEPS = [id for id, template in TEMPLATES.items() if template["appliesTo"] != ["bpmn:CallActivity"]]


@pytest.mark.parametrize("id", STEPS)
def test_a_step_of_a_template_names_only_what_its_item_has(id: str) -> None:
    ports = lianban.ports()
    common, own = (files_of(PROCESSES / name) for name in ("common", "construction-planning-permit"))
    beside = package_check.surroundings(ports, own, common)
    drawn = read_diagram(applied(TEMPLATES[id]), functions=ports.function_names)
    assert list(lint.faults(drawn, beside)) == []


def test_what_the_templates_draw_deploys(served: Served) -> None:
    with served.database.begin(actor(served.database, "designer")) as tx:
        deployments.deploy(tx, files_of(PROCESSES / "common"), region="000000", name="common", source="test")
        for id, template in TEMPLATES.items():
            deployments.deploy(tx, {f"{id}.bpmn": applied(template)}, region="000000", name=id, source="test")


def test_every_act_that_a_step_of_a_case_may_have_has_a_template() -> None:
    acts = {
        line["value"]
        for template in TEMPLATES.values()
        for line in template["properties"]  # type: ignore[attr-defined]
        if line["binding"].get("name") == meaning.Name.ACT
    }
    inside_shared_processes = {"deliver", "defer", "pay", "hear", "verify", "withdraw"}
    of_supervision = {"answer", "oversee", "instruct"}
    assert acts == set(meaning.Does) - inside_shared_processes - of_supervision


def test_every_shared_process_has_a_template() -> None:
    called = {
        line["value"]
        for template in TEMPLATES.values()
        for line in template["properties"]  # type: ignore[attr-defined]
        if line["binding"].get("name") == "calledElement"
    }
    assert called == {file.stem for file in (PROCESSES / "common").glob("*.bpmn")}


def test_the_drop_downs_are_this_server_s(served: Served, staffed_url: str) -> None:
    templates = json.loads(run("templates", database=staffed_url))
    assert {"fire", "taxation", "window", "lead"} <= set(
        offered(templates, "lianban.decision", "camunda:candidateGroups")
    )


def test_without_a_database_the_drop_downs_are_those_of_the_packages() -> None:
    templates = json.loads(run("templates", "--from", str(PROCESSES), "--item", "completion-acceptance"))
    assert json.loads(run("templates", "--item", "completion-acceptance")) == templates
    assert "rectification" in offered(templates, "lianban.department-review", "limit")
    assert "publicity" not in offered(templates, "lianban.department-review", "limit")
    assert "completion-acceptance-opinion" in offered(templates, "lianban.department-review", "camunda:formRef")
    assert offered(templates, "lianban.item-process", "id") == ["completion-acceptance"]


def test_the_page_lists_the_templates() -> None:
    page = (PROCESSES.parent / "docs" / "element-templates.md").read_text()
    listed = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `lianban.")]
    assert listed == list(TEMPLATES)
