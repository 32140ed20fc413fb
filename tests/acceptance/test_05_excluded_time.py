"""Acceptance scenario 5, excluded time is per department: fire review goes to experts for ten working days, only fire's
clock and the case's are excluded; civil defence still turns red on its own limit (行政许可法 art. 45)."""

from typing import Any

import pytest

from tests.terms import Terms

ASKED: Any = {"procedure_kind": "expert-review", "procedure_until": "2026-03-18", "procedure_grounds": "超限高层"}


@pytest.fixture
def joint(terms: Terms) -> Terms:
    return terms.opens_for(changed={"promised": "20WD"})


def sent_to_experts(office: Terms, login: str = "applicant") -> str:
    """Accepted on 2 March; on the 4th the head of the fire department approves a review of ten working days."""
    number = office.accepted_at("2026-03-02 10:00", login)
    office.comes("2026-03-04 10:00")
    assert office.person("fire").post(f"/cases/{number}/special-procedures").status_code == 201
    assert office.answers(number, "fire", "填写申请", "submitted", **ASKED).status_code == 200
    assert office.answers(number, "fire-head", "审批特别程序", "approve").status_code == 200
    return number


def test_05_excluded_time__of_the_department_and_the_case_alone(joint: Terms) -> None:
    number = sent_to_experts(joint)

    states = {name: clock["state"] for name, clock in joint.clocks(number).items() if name != "RECEIPT"}
    assert states == {
        "PROMISED": "EXCLUDED",
        "STATUTORY": "EXCLUDED",
        "fire": "EXCLUDED",
        "planning": "RUNNING",
        "civil-defence": "RUNNING",
    }

    joint.comes("2026-03-10 10:00")
    signals = {name: clock["signal"] for name, clock in joint.clocks(number).items()}
    assert (signals["fire"], signals["PROMISED"], signals["civil-defence"]) == ("none", "none", "red")


def test_05_excluded_time__ten_working_days_later_the_time_runs_on(joint: Terms) -> None:
    number = sent_to_experts(joint)
    joint.comes("2026-03-18 15:00")

    ended = joint.answers(number, "fire", "登记结果", "obtained", procedure_conclusion="原则通过")

    assert ended.status_code == 200, ended.text
    days = joint.last_days(number)
    assert (days["fire"], days["PROMISED"], days["civil-defence"]) == ("2026-03-23", "2026-04-14", "2026-03-09")
    (pause,) = joint.clocks(number)["fire"]["pauses"]
    assert (pause["is_exclusion"], pause["reason_name"], pause["working_days"]) == (True, "专家评审", 10)
    assert pause["basis"] == "行政许可法第四十五条"
    assert pause["document"].startswith("000000TC20260304")
    assert pause["asked_by"]["login"] == "fire"


def test_05_excluded_time__not_before_the_notice_is_served(joint: Terms) -> None:
    number = sent_to_experts(joint, "window")
    assert joint.clocks(number)["fire"]["state"] == "RUNNING"
    joint.comes("2026-03-06 10:00")

    window = joint.person("window")
    slips = {one["kind"]: one["number"] for one in window.json(f"/cases/{number}/slips")["rows"]}
    to = {"means": "counter", "receiver": "陆嘉禾"}
    served = window.post(f"/cases/{number}/slips/{slips['special-procedure']}/serve", to)

    assert served.status_code == 200, served.text
    assert joint.clocks(number)["fire"]["state"] == "EXCLUDED"
    joint.comes("2026-03-18 15:00")
    joint.answers(number, "fire", "登记结果", "obtained", procedure_conclusion="原则通过")
    assert joint.last_days(number)["fire"] == "2026-03-19"
