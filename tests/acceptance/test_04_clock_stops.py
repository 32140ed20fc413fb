"""Acceptance scenario 4, the clock stops for the applicant: asked to supplement on day 2 of 5, answered seven working
days later, three working days remain, and the case shows the seven days with the number of the notice."""

import pytest

from tests.terms import Terms


@pytest.fixture
def joint(terms: Terms) -> Terms:
    return terms.opens_for()


def asked_on_day_2(office: Terms) -> str:
    number = office.accepted_at("2026-03-02 10:00")
    office.comes("2026-03-04 15:00")
    task = office.person("fire").task(number)
    office.person("fire").post(f"/inbox/{task}/request-correction", {"items": ["消防车道平面图"]})
    sent = office.person("lead").post(f"/cases/{number}/correction-notice")
    assert sent.status_code == 201, sent.text
    return number


def test_04_clock_stops__while_the_applicant_supplements(joint: Terms) -> None:
    number = asked_on_day_2(joint)

    clocks = joint.clocks(number)
    standing = {name for name, clock in clocks.items() if clock["state"] == "PAUSED"}
    assert standing == {"PROMISED", "STATUTORY", "planning", "fire", "civil-defence"}
    assert clocks["fire"]["due_at"] is None
    assert clocks["CORRECTION"]["state"] == "RUNNING"


def test_04_clock_stops__three_of_five_days_remain_and_the_notice_is_named(joint: Terms) -> None:
    number = asked_on_day_2(joint)
    notice = joint.person("applicant").json(f"/cases/{number}")["corrections"][0]["number"]
    joint.comes("2026-03-13 09:00")

    answered = joint.person("applicant").post(f"/cases/{number}/supplement", {"form": {"staff": 13}})

    assert answered.status_code == 200, answered.text
    fire = joint.clocks(number)["fire"]
    assert (fire["state"], fire["remaining"]["amount"]) == ("RUNNING", 3)
    assert joint.last_days(number)["fire"] == "2026-03-18"
    (pause,) = fire["pauses"]
    assert (pause["working_days"], pause["document"], pause["reason"]) == (7, notice, "correction")
