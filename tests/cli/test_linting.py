"""`lianban lint`: what a package refers to and has not, with an item and without, with common beside it and without."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

import lianban
from casework import package_check
from casework.package_check import Checked, Package
from engine.errors import DiagramRefused
from tests.casework.test_lint import ITEM
from tests.decisions import dmn, literal, table
from tests.diagrams import Element, call, element, straight, user_task
from tests.test_command_line import run

PORTS = lianban.ports()
MATTERS = """
[[matters]]
code = "fire-design"
name = "消防设计"
name_en = "Fire design"
role = "fire"
"""
ITEM_FILE = ITEM.replace('form = "application"\n', 'form = "application"\nmatters_decision = "matters"\n') + MATTERS


def form(key: str) -> bytes:
    field = {"type": "number", "key": "floor_area", "id": "f1"}
    return json.dumps({"id": key, "type": "default", "components": [field]}).encode()


def checked(files: Mapping[str, bytes], common: Mapping[str, bytes] | None = None) -> Checked:
    return package_check.check(PORTS, Package("shop", files, common or {}), "/shipped/common")


def told(found: Checked) -> list[str]:
    return [fault.sentence.en for fault in found.faults]


def shows(key: str, binding: str = "latest") -> Element:
    return user_task("step", candidateGroups="fire", formRef=key, formRefBinding=binding)


def shop(*steps: Element, matters: bytes | None = None) -> dict[str, bytes]:
    """A package with an item, whose decision names its matters."""
    default = dmn(table("matters", ["floor_area"], ["matter"], (["> 1000"], ['"fire-design"']), hit_policy="COLLECT"))
    return {
        "item.toml": ITEM_FILE.encode(),
        "application.form": form("application"),
        "matters.dmn": default if matters is None else matters,
        "shop.bpmn": straight(*steps, key="shop"),
    }


def test_a_code_that_a_rule_names_and_the_item_has_not_is_told_with_rule_and_line() -> None:
    rules = ([["> 1000"], ['"fire-design"']], [["> 1"], ['"fire-desing"']], [["-"], ["code"]])
    decision = dmn(table("matters", ["floor_area"], ["matter"], *rules, hit_policy="COLLECT"))  # type: ignore[arg-type]

    (fault,) = checked(shop(shows("application"), matters=decision)).faults

    assert (fault.resource, fault.element_id) == ("matters.dmn", "matters_rule2")
    assert "Rule 2" in fault.sentence.en
    assert "“fire-desing”, no matter of the item, which has: fire-design" in fault.sentence.en
    assert fault.line is not None
    assert b'id="matters_rule2"' in decision.splitlines()[fault.line - 1]


def test_an_input_that_is_no_field_of_the_form_is_told_unless_another_decision_answers_it() -> None:
    size = literal("size", "floor_aera * 2", "size")
    decision = dmn(
        table("matters", ["size", "flor_area"], ["matter"], (["-", "-"], ['"fire-design"']), requires=["size"]), size
    )

    (fault,) = checked(shop(shows("application"), matters=decision)).faults

    assert "“flor_area”" in fault.sentence.en
    assert fault.element_id == "matters_i1"


def test_what_is_bound_to_the_own_deployment_is_not_found_in_common() -> None:
    common = {"common-paper.form": form("common-paper")}

    assert told(checked(shop(shows("common-paper")), common)) == []
    (said,) = told(checked(shop(shows("common-paper", "deployment")), common))
    assert "“common-paper”, which is not in the same deployment" in said


STEPS = {
    "form": shows("opinion"),
    "decision": element("businessRuleTask", id="step", decisionRef="risk", resultVariable="risk"),
    "process": call("step", "survey"),
}


@pytest.mark.parametrize("what", STEPS)
def test_without_an_item_what_is_missing_is_a_warning_for_it_may_be_deployed_already(what: str) -> None:
    found = checked({"tried.bpmn": straight(STEPS[what])})

    assert list(found.faults) == []
    (warned,) = found.warnings
    assert (warned.resource, warned.element_id) == ("tried.bpmn", "step")
    assert f"refers to the {what} " in warned.sentence.en


def test_without_an_item_what_has_to_be_in_the_deployment_and_is_not_is_a_fault() -> None:
    steps = [
        user_task("form", candidateGroups="fire", formRef="opinion", formRefBinding="deployment"),
        user_task("key", candidateGroups="fire", formKey="camunda-forms:deployment:opinion.form"),
    ]
    drawn = straight(*steps)

    assert [fault.element_id for fault in checked({"tried.bpmn": drawn}).faults] == ["form", "key"]
    assert checked({"tried.bpmn": drawn, "opinion.form": form("opinion")}) == Checked([], [])


def test_where_everything_is_there_nothing_is_told() -> None:
    together = {
        "tried.bpmn": straight(STEPS["decision"], call("ask", "survey")),
        "survey.bpmn": straight(shows("opinion", "deployment"), key="survey"),
        "opinion.form": form("opinion"),
        "risk.dmn": dmn(literal("risk", "1")),
    }
    assert checked(together) == Checked([], [])


def test_a_package_away_from_common_is_told_once_and_how_to_mend_it(tmp_path: Path) -> None:
    package = tmp_path / "enterprise-registration"
    shutil.copytree(lianban.PROCESSES / package.name, package)

    alone = run("lint", str(package))
    shutil.copytree(lianban.PROCESSES / "common", tmp_path / "common")
    together = run("lint", str(package))

    assert "enterprise-registration: 1 faults" in alone.output
    assert alone.output.count("common-withdrawal") == 1
    assert f"check again: {lianban.PROCESSES / 'common'}" in alone.output
    assert together.exit_code == 0


def test_a_file_alone_is_checked_with_the_files_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "opinion.form").write_bytes(form("opinion"))
    (tmp_path / "torn.bpmn").write_text("<torn")
    (tmp_path / "tried.bpmn").write_bytes(straight(shows("opinion", "deployment")))

    assert "tried: 0 faults" in run("lint", str(tmp_path / "tried.bpmn")).output


@pytest.mark.parametrize("name", ["item.toml", "application.form", "matters.dmn", "shop.bpmn"])
def test_a_file_of_which_half_is_written_is_a_fault_of_that_file(name: str) -> None:
    files = shop(shows("application"))
    for part in range(1, 10):
        torn = files | {name: files[name][: len(files[name]) * part // 10]}

        found = checked(torn)

        assert {fault.resource for fault in found.faults} <= {name, "shop.bpmn"}
        assert found.faults


@pytest.mark.parametrize("name", ["common-paper.form", "common-visit.bpmn"])
def test_a_torn_file_of_common_is_told_by_its_folder(name: str) -> None:
    with pytest.raises(DiagramRefused) as refused:
        checked(shop(shows("application")), {name: b"{<"})

    assert refused.value.faults[0].resource == f"common/{name}"
