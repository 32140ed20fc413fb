"""Acceptance scenario 13, presumed precondition: prepared from the first moment, decided when registration is."""

import pytest

from tests.acceptance.registration import OTHERS, Registration, signatures
from tests.clocked import at

REASONS = "拟任法定代表人被列入严重违法失信名单未满三年"


def test_13_presumed_precondition__worked_and_saved_but_not_decided_until_approved(office: Registration) -> None:
    login, number = "taxation", office.is_accepted()
    officer, body = office.person(login), signatures()[login]
    task = officer.task(number)
    assert officer.post(f"/inbox/{task}/claim").status_code == 200
    assert officer.put(f"/inbox/{task}/draft", {"form": body["form"]}).status_code == 200

    too_early = officer.post(f"/inbox/{task}/complete", body)

    assert (too_early.status_code, too_early.get_json()["code"]) == (409, "awaited")
    assert "市场监督管理局" in too_early.get_json()["detail"]
    kept = officer.json(f"/inbox/{task}")
    assert (kept["state"], kept["claimed_by"]["login"]) == ("CREATED", login)
    assert kept["values"] == kept["values"] | body["form"]

    office.is_signed(number, "market-regulation")
    assert officer.post(f"/inbox/{task}/complete", body).status_code == 200


def test_13_presumed_precondition__refused_and_the_reviews_close(office: Registration) -> None:
    number = office.is_accepted()
    officer = office.person("public-security")
    task = officer.task(number)
    officer.post(f"/inbox/{task}/claim")

    refused = office.signs(number, "market-regulation", outcome="refuse", form={}, comment=REASONS)

    assert refused.status_code == 200, refused.text
    assert [office.inbox(login, number) for login in OTHERS] == [[]] * 6
    assert [row["name"] for row in office.inbox("window", number)] == ["送达不予登记决定"]
    assert officer.post(f"/inbox/{task}/complete", signatures()["public-security"]).status_code == 409
    case, clocks = office.case(number), office.clocks(number)
    assert (case["state"], case["decision"]) == ("DECIDED", "REFUSED")
    assert {clocks[login]["state"] for login in OTHERS} == {"VOID"}
    closed = [entry for entry in case["timeline"] if entry["kind"] == "task.cancelled"]
    assert {entry["department"]["code"] for entry in closed} == set(OTHERS)
    assert ["前置未通过" in entry["text"] for entry in closed] == [True] * 6


def test_13_presumed_precondition__the_wait_for_the_earlier_decision_is_shown_beside_the_steps_own_clock(
    office: Registration,
) -> None:
    """Accepted on a Monday, decided on Wednesday at 15:00: Tuesday and five of Wednesday's seven office hours."""
    office.world.now = at("2026-03-02 10:00")
    number = office.is_accepted()
    officer = office.person("taxation")
    path = f"/inbox/{officer.task(number)}"
    waiting = officer.json(path)["precondition"]
    office.world.now = at("2026-03-04 15:00")

    office.is_signed(number, "market-regulation")

    office.world.now = at("2026-03-05 09:00")
    waited = officer.json(path)["precondition"]
    assert (waiting["department"], waiting["until"], waiting["working_days"]) == ("market-regulation", None, 0)
    assert (waited["since"], waited["until"]) == ("2026-03-02T10:00:00.000+08:00", "2026-03-04T15:00:00.000+08:00")
    assert waited["working_days"] == pytest.approx(1 + 5 / 7)
