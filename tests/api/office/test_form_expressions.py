"""A step's form as a whole at the door: what its expressions decide with the case's data, and the files it holds."""

import io
import json
from typing import Any

import pytest

from engine.errors import DiagramRefused
from tests.served import APPLICATION_FORM, PDF, Served, application, item, joint_approval

Component = dict[str, Any]
FINDING: Component = {"type": "textfield", "key": "finding", "validate": {"required": True}}
FILES: Component = {"type": "filepicker", "key": "papers", "multiple": True, "accept": ".pdf,.ofd"}


def opened(served: Served, *review: Component, applied: Component | None = None) -> Served:
    """The item `opening`, with these components on a department's form."""
    components = [*APPLICATION_FORM["components"], *([applied] if applied else [])]
    served.deploy(
        approval_bpmn=joint_approval(),
        application_form=json.dumps(APPLICATION_FORM | {"components": components}).encode(),
        review_form=json.dumps({"id": "review", "type": "default", "components": review}).encode(),
        item_toml=item(),
    )
    return served


def completed(served: Served, number: str, login: str = "taxation", **form: Any) -> Any:
    officer = served.person(login)
    return officer.post(f"/inbox/{officer.task(number)}/complete", {"outcome": "agree", "form": form})


def paths(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [fault["path"] for fault in answer.get_json()["errors"]]


def test_a_field_is_hidden_by_what_the_applicant_filled_in(served: Served) -> None:
    opened(served, FINDING | {"conditional": {"hide": "=staff < 10"}})
    small, large = (served.accepted(form=application()["form"] | {"staff": staff}) for staff in (9, 10))
    assert paths(completed(served, large, staff=9)) == ["finding"]
    assert completed(served, small, finding="不必填").status_code == 200
    with_finding = served.person("taxation").json(f"/cases/{small}")
    assert "不必填" not in json.dumps(with_finding, ensure_ascii=False)


def test_the_task_shows_what_its_expressions_ask_for(served: Served) -> None:
    """The viewer evaluates them too."""
    opened(served, FINDING | {"conditional": {"hide": "=staff < 10"}})
    number = served.accepted()
    officer = served.person("taxation")
    assert officer.json(f"/inbox/{officer.task(number)}")["values"] == {"staff": 12}


def test_whoever_sees_one_field_is_shown_no_other_by_way_of_an_expression(served: Served) -> None:
    opened(served, FINDING | {"conditional": {"hide": '=secret = "N-17" and company = "x"'}})
    number = served.accepted()
    bank = served.person("bank")
    assert bank.json(f"/inbox/{bank.task(number)}")["values"] == {"company": "临安知微生物科技有限公司"}


def test_what_a_step_computes_is_a_variable_of_the_case(served: Served) -> None:
    """The conditions behind it can ask for it; what a client says it is counts nowhere."""
    total = {"type": "expression", "key": "places", "expression": "=staff * 2"}
    shown = {"type": "number", "key": "places", "disabled": True}
    opened(served, total)
    number = served.accepted()
    assert completed(served, number, places=1).status_code == 200
    opened(served, shown)
    second = served.person("market-regulation")
    assert second.json(f"/inbox/{second.task(number)}")["values"] == {"staff": 12, "places": 24}


def test_a_runaway_expression_refuses_the_submission_and_nobody_else_waits(served: Served) -> None:
    runaway = "=count(for a in 1..100000, b in 1..100000 return a * b)"
    opened(served, {"type": "expression", "key": "places", "expression": runaway})
    number = served.accepted()
    refused = completed(served, number)
    assert refused.status_code == 422
    assert "已停止" in refused.get_json()["errors"][0]["detail"]
    assert served.person("taxation").task(number)


def test_what_is_no_feel_is_refused_at_deployment(served: Served) -> None:
    with pytest.raises(DiagramRefused) as refused:
        opened(served, FINDING | {"conditional": {"hide": "=staff <"}})
    assert "FEEL" in refused.value.faults[0].sentence.en


def test_a_file_of_a_form_belongs_to_the_step_that_names_it(served: Served) -> None:
    opened(served, FILES)
    number = served.accepted()
    officer = served.person("taxation")
    paper = officer.uploads("核查表.pdf")
    assert completed(served, number, papers=[paper]).status_code == 200
    (opinion,) = (
        one for one in officer.json(f"/cases/{number}")["opinions"] if one["department"]["code"] == "taxation"
    )
    assert [one["filename"] for one in opinion["attachments"]] == ["核查表.pdf"]
    assert officer.get(f"/cases/{number}/materials/{paper}").data == PDF


def test_a_file_that_is_not_one_s_own_or_of_another_type_is_refused_where_it_stands(served: Served) -> None:
    opened(served, FILES)
    number = served.accepted()
    somebody_s = served.person("bank").uploads()
    picture = served.person("taxation").uploads("照片.png", b"\x89PNG\r\n\x1a\n")
    for id in (somebody_s, picture, "files::1", "0" * 36):
        assert paths(completed(served, number, papers=[id])) == ["papers"]


def test_a_file_of_the_application_goes_with_the_case(served: Served) -> None:
    opened(served, FINDING, applied=FILES)
    applicant = served.person("applicant")
    paper, unknown = applicant.uploads("章程.pdf"), served.person("agent").uploads()
    form = application()["form"]
    refused = applicant.post("/cases", application(form=form | {"papers": [unknown]}))
    assert paths(refused) == ["form.papers"]
    number = served.accepted(form=form | {"papers": [paper]})
    assert served.person("taxation").get(f"/cases/{number}/materials/{paper}").data == PDF
    assert paths(applicant.post("/cases", application(form=form | {"papers": [paper]}))) == ["form.papers"]


def test_fifty_megabytes_are_refused_before_they_are_read(served: Served) -> None:
    body = io.BytesIO(PDF)
    answer = served.app.test_client().post(
        "/api/materials",
        auth=("applicant", "applicant"),
        environ_overrides={"CONTENT_LENGTH": str(50 << 20)},
        input_stream=body,
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code == 413
    assert body.tell() == 0
