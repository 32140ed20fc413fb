"""What Camunda's API says of a decision, a form or an item that cannot be deployed: the kind and the file, and every
problem in a line of its own."""

import io
from typing import Any

import pytest

from tests.api.engine_rest.conftest import Tried
from tests.decisions import dmn, literal, table
from tests.diagrams import element, straight

BPMN = "ENGINE-09005 Could not parse BPMN process. Errors: \n* "
DIAGRAM = straight(element("complexGateway", id="odd"))
DECISION = dmn(table("risk", ["${area}"], ["level"], (["5 5"], ['"高"'])))
FORM = b"""{"id": "opinion", "type": "default", "components": [
  {"id": "Field_1", "type": "map", "key": "where"}]}"""


def refused(tried: Tried, files: dict[str, bytes], language: str = "en") -> Any:
    """What a deployment of these files is answered."""
    body = {"deployment-name": "tried", **{name: [(io.BytesIO(one), name)] for name, one in files.items()}}
    answer = tried.designer.post("/engine-rest/deployment/create", body, Accept_Language=language)
    assert answer.status_code == 400, answer.text
    return answer.get_json()


@pytest.mark.parametrize(
    ("name", "content", "head", "element_id"),
    [
        ("risk.dmn", DECISION, "Could not parse the decision risk.dmn. Errors: \n* ", "risk_ie0"),
        ("opinion.form", FORM, "Could not parse the form opinion.form. Errors: \n* ", "Field_1"),
        ("item.toml", b"code = ", "Could not parse the item item.toml. Errors: \n* ", None),
        ("odd.bpmn", DIAGRAM, BPMN, "odd"),
    ],
    ids=["decision", "form", "item", "diagram"],
)
def test_the_message_names_the_kind_and_the_file(
    tried: Tried, name: str, content: bytes, head: str, element_id: str | None
) -> None:
    said = refused(tried, {name: content})

    problem = said["details"][name]["errors"][0]
    assert said["type"] == "ParseException"
    assert said["message"].startswith(head)
    assert f"{problem['message']} | resource {name}" in said["message"]
    assert (problem["mainElementId"], problem["elementIds"]) == (element_id, [element_id] if element_id else [])


def test_a_form_s_problem_has_the_line_and_column_of_its_component(tried: Tried) -> None:
    said = refused(tried, {"opinion.form": FORM})

    assert "| resource opinion.form | line 2 | column 4 | element Field_1" in said["message"]


def test_a_form_that_is_cut_off_has_the_line_where_it_ends(tried: Tried) -> None:
    ((problem,),) = [one["errors"] for one in refused(tried, {"opinion.form": FORM[:-4]})["details"].values()]

    assert problem["line"] == 2


def test_faults_of_several_files_come_at_once_and_each_with_its_file(tried: Tried) -> None:
    files = {"odd.bpmn": DIAGRAM, "risk.dmn": DECISION, "opinion.form": FORM}

    said = refused(tried, files)

    assert said["message"].startswith(BPMN)
    assert said["details"].keys() == files.keys()
    for name, found in said["details"].items():
        for problem in found["errors"]:
            assert not problem["message"].startswith(name)
            assert f"\n* {problem['message']} | resource {name}" in said["message"]


def test_of_several_files_without_a_diagram_each_is_named_in_the_reader_s_language(tried: Tried) -> None:
    said = refused(tried, {"risk.dmn": DECISION, "opinion.form": FORM}, "zh")

    assert said["message"].startswith("无法读取决策 risk.dmn、表单 opinion.form，其中的错误： \n* ")


def test_a_decision_in_two_files_names_both(tried: Tried) -> None:
    said = refused(tried, {"a.dmn": dmn(literal("risk", "1"), id="a"), "b.dmn": dmn(literal("risk", "2"), id="b")})

    assert said["message"].startswith("Could not parse the decision b.dmn. Errors: ")
    assert "a.dmn, b.dmn" in said["message"]
