"""Acceptance scenario 17, deferred material 容缺: a secondary paper may follow within three working days.

The review runs; the decision stays locked until the paper arrives; on the fourth day the case ends as configured.
"""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.acceptance.planning import PlanningPermit

PAPER = "project-approval"
DECISION = "规划许可决定"
SIZE: Any = {"approved_floor_area": 4180.5, "approved_height": 18.6}
FOUR = ("planning", "fire", "civil-defence", "urban-management")


def papers(permits: PlanningPermit, login: str, *kinds: str) -> list[dict[str, str]]:
    return [{"kind": kind, "id": permits.person(login).uploads(f"{kind}.pdf")} for kind in kinds]


def defers(permits: PlanningPermit, number: str, *kinds: str, **changes: Any) -> TestResponse:
    body = {"materials": list(kinds or [PAPER]), "how": "取得批准文件后网上补交"} | changes
    return permits.person("window").post(f"/cases/{number}/deferral", body)


def forwarded(permits: PlanningPermit) -> str:
    """A case of Monday, 2 March 2026, whose core materials are there."""
    permits.world.now = permits.world.now.replace(year=2026, month=3, day=2, hour=1, minute=0)
    core = papers(permits, "applicant", "application", "land", "design", "site-plan")
    return permits.is_forwarded(materials=core)


@pytest.fixture
def number(permits: PlanningPermit) -> str:
    """A case accepted on the promise to hand in the project's approval within three working days."""
    number = forwarded(permits)
    assert defers(permits, number).status_code == 201
    promised: Any = {"promised_by": "陆嘉禾", "is_promised": True}
    permits.is_done(number, "applicant", "签署容缺受理承诺书", "promised", **promised)
    for login, name in permits.open_steps(number, "材料预审："):
        permits.is_done(number, login, name, "pass")
    assert permits.person("window").post(f"/cases/{number}/accept").status_code == 200
    return number


def test_17_deferred_material__review_runs_and_no_clock_of_the_office_stops(
    permits: PlanningPermit, number: str
) -> None:
    clocks = permits.clocks(number)
    permits.agree(number, *FOUR)

    assert {clocks[kind]["state"] for kind in ("PROMISED", "STATUTORY", *FOUR)} == {"RUNNING"}
    assert (clocks["DEFERRAL"]["limit"], clocks["DEFERRAL"]["due_at"][:10]) == ("3WD", "2026-03-05")
    assert [name for _, name in permits.open_steps(number)] == [DECISION]


def test_17_deferred_material__the_notice_says_what_how_and_by_when(permits: PlanningPermit, number: str) -> None:
    shown = permits.person("applicant").json(f"/cases/{number}/deferral")

    assert (shown["state"], shown["within"], shown["how"]) == ("PROMISED", "3WD", "取得批准文件后网上补交")
    assert [(one["kind"], one["is_outstanding"]) for one in shown["materials"]] == [(PAPER, True)]
    slips = [one["document"] for one in permits.case(number)["timeline"] if one["kind"] == "slip.issued"]
    assert any("RQ" in document for document in slips)


def test_17_deferred_material__the_decision_is_locked_until_the_paper_arrives(
    permits: PlanningPermit, number: str
) -> None:
    permits.agree(number, *FOUR)
    locked = permits.completes(number, "planning-head", DECISION, "approve", **SIZE)
    assert (locked.status_code, locked.get_json()["code"]) == (409, "outstanding")
    assert "项目批准" in locked.get_json()["detail"]

    handed_in = permits.person("applicant").post(
        f"/cases/{number}/deferral/hand-in", {"materials": papers(permits, "applicant", PAPER)}
    )

    assert (handed_in.status_code, handed_in.get_json()["state"]) == (200, "MET")
    assert permits.clocks(number)["DEFERRAL"]["state"] == "STOPPED"
    assert permits.completes(number, "planning-head", DECISION, "approve", **SIZE).status_code == 200


def test_17_deferred_material__refusing_is_possible_without_the_paper(permits: PlanningPermit, number: str) -> None:
    permits.agree(number, *FOUR)

    refused = permits.completes(number, "planning-head", DECISION, "refuse", "不符合规划条件")

    assert (refused.status_code, permits.case(number)["decision"]) == (200, "REFUSED")


def test_17_deferred_material__on_the_fourth_day_the_case_ends_as_configured(
    permits: PlanningPermit, number: str
) -> None:
    permits.agree(number, *FOUR)
    permits.time_passes(3.5)
    assert [name for _, name in permits.open_steps(number)] == [DECISION]

    permits.time_passes(0.5)

    assert permits.person("applicant").json(f"/cases/{number}/deferral")["state"] == "MISSED"
    assert [name for _, name in permits.open_steps(number)] == ["不予许可决定"]
    too_late = permits.person("applicant").post(
        f"/cases/{number}/deferral/hand-in", {"materials": papers(permits, "applicant", PAPER)}
    )
    assert too_late.status_code == 409
    permits.is_done(number, "planning-head", "不予许可决定", "refuse", "材料未在承诺期限内补齐")
    assert permits.case(number)["decision"] == "REFUSED"


def test_17_deferred_material__not_before_the_promise_is_signed(permits: PlanningPermit) -> None:
    number = forwarded(permits)
    assert defers(permits, number).status_code == 201
    for login, name in permits.open_steps(number, "材料预审："):
        permits.is_done(number, login, name, "pass")

    accepted = permits.person("window").post(f"/cases/{number}/accept")

    assert accepted.status_code == 409
    assert "承诺书" in accepted.get_json()["detail"]
    assert "DEFERRAL" not in permits.clocks(number)


def test_17_deferred_material__only_secondary_ones_that_are_missing_and_not_for_longer_than_the_promise(
    permits: PlanningPermit,
) -> None:
    number = forwarded(permits)
    answers = [
        defers(permits, number, "design"),
        defers(permits, number, "nothing"),
        defers(permits, number, within="6WD"),
        defers(permits, number, within="3 days"),
        defers(permits, number, how="　 "),
        permits.person("planning").post(f"/cases/{number}/deferral", {"materials": [PAPER], "how": "补交"}),
    ]
    assert [one.status_code for one in answers] == [422, 422, 422, 422, 422, 403]
    assert "不得超过" in answers[2].get_data(as_text=True)
    assert permits.person("window").get(f"/cases/{number}/deferral").status_code == 404

    assert defers(permits, number, within="5WD").status_code == 201
    assert defers(permits, number).status_code == 409


def test_17_deferred_material__not_while_core_materials_are_missing(permits: PlanningPermit) -> None:
    number = permits.is_forwarded()

    answer = defers(permits, number)

    assert answer.status_code == 409
    assert "主要材料尚缺" in answer.get_json()["detail"]


def test_17_deferred_material__not_once_the_case_is_accepted(permits: PlanningPermit) -> None:
    number = permits.is_under_review()

    assert "受理时" in defers(permits, number).get_json()["detail"]
