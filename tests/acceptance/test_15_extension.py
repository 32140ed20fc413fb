"""Acceptance scenario 15, extension: on day 44 of 45 the department head is refused, the government leader grants it,
the applicant is told why, and a second one is refused (行政许可法 art. 42)."""

from typing import Any

import pytest

from tests.terms import Terms

GROUND = {"legal_basis": "行政许可法第四十二条第二款", "document_number": "临政审延〔2026〕3号"}
WHY = {"reason_code": "several-levels", "reason": "涉及跨江通道，须与省厅会商"}


@pytest.fixture
def joint(terms: Terms) -> Terms:
    return terms.opens_for()


def on_day_44(office: Terms, login: str = "applicant") -> str:
    number = office.accepted_at("2026-02-09 10:00", login)
    assert office.last_days(number)["STATUTORY"] == "2026-04-20"
    office.comes("2026-04-17 10:00")
    return number


def test_15_extension__the_head_of_a_department_may_not_the_government_leader_may(joint: Terms) -> None:
    number = on_day_44(joint)

    refused = joint.does(number, "planning-head", "extend", "STATUTORY", **GROUND, **WHY)
    assert refused.status_code == 403
    assert "人民政府负责人" in refused.get_json()["detail"]
    assert "第四十二条第二款" in refused.get_json()["detail"]
    assert joint.last_days(number)["STATUTORY"] == "2026-04-20"

    granted = joint.does(number, "government-leader", "extend", "STATUTORY", **GROUND, **WHY)
    assert granted.status_code == 200, granted.text
    assert joint.last_days(number)["STATUTORY"] == "2026-05-13"
    assert granted.get_json()["extension"] == "15WD"


def test_15_extension__the_applicant_is_told_the_reason(joint: Terms) -> None:
    number = on_day_44(joint)
    joint.does(number, "government-leader", "extend", "STATUTORY", **GROUND, **WHY)

    told = [row["text"] for row in joint.person("applicant").json("/notices/mine")["rows"]]
    assert any("延长 15 个工作日" in text and "须与省厅会商" in text for text in told)


def test_15_extension__only_once(joint: Terms) -> None:
    number = on_day_44(joint)
    joint.does(number, "government-leader", "extend", "STATUTORY", **GROUND, **WHY)
    joint.comes("2026-05-06 10:00")

    again = joint.does(number, "government-leader", "extend", "STATUTORY", **GROUND, **WHY)

    assert again.status_code == 409
    assert "只能延长一次" in again.get_json()["detail"]
    assert joint.last_days(number)["STATUTORY"] == "2026-05-13"


def test_15_extension__applied_for_by_the_handler_and_approved_by_the_leader(joint: Terms) -> None:
    number = on_day_44(joint)

    opened = joint.person("fire").post(f"/cases/{number}/extension-applications")
    assert opened.status_code == 201, opened.text
    applied = joint.answers(
        number, "fire", "填写延期申请", "submitted", extension_reason="several-levels", extension_grounds="须省厅会商"
    )
    assert applied.status_code == 200, applied.text
    assert joint.person("fire-head").json(f"/inbox?case_number={number}")["rows"][0]["name"] != "审批延期"
    approved = joint.answers(number, "government-leader", "审批延期", "approve", "涉及跨江通道，须与省厅会商")

    assert approved.status_code == 200, approved.text
    assert joint.last_days(number)["STATUTORY"] == "2026-05-13"
    told = [row["text"] for row in joint.person("applicant").json("/notices/mine")["rows"]]
    assert any("须与省厅会商" in text for text in told)


def test_15_extension__for_less_time_as_applied_for_and_by_the_paper_that_the_leader_names(joint: Terms) -> None:
    number = on_day_44(joint)
    joint.person("fire").post(f"/cases/{number}/extension-applications")
    applied: Any = {"extension_reason": "several-levels", "extension_grounds": "须省厅会商", "extension_amount": 5}
    assert joint.answers(number, "fire", "填写延期申请", "submitted", **applied).status_code == 200

    more = joint.answers(number, "government-leader", "审批延期", "approve", WHY["reason"], extension_granted=16)
    assert (more.status_code, "15 个工作日" in more.text) == (422, True)
    paper = {"extension_document": GROUND["document_number"]}
    granted = joint.answers(number, "government-leader", "审批延期", "approve", WHY["reason"], **paper)

    assert granted.status_code == 200, granted.text
    statutory = joint.clocks(number)["STATUTORY"]
    assert statutory["extension"] == "5WD"
    assert statutory["extensions"][0]["paper"] == GROUND["document_number"]
