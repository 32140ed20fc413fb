"""Acceptance scenario 14, joint survey: three of six departments need a visit, and there is one.

Each signs with two officers, an absent department is recorded, and only those that failed come back.
"""

import pytest

from tests.acceptance.completion import (
    ANSWER,
    BUILDING,
    CLOSING,
    FOUND,
    LEAD,
    OWN_CHECK,
    RECORD,
    SIX,
    SLOT,
    CompletionAcceptance,
)

THREE = ("planning", "fire", "quality-supervision")
NAME = RECORD + BUILDING


@pytest.fixture
def number(acceptances: CompletionAcceptance) -> str:
    """A case of six departments that the window has accepted."""
    return acceptances.is_accepted()


def test_14_joint_survey__all_six_are_asked_and_one_visit_is_scheduled(
    acceptances: CompletionAcceptance, number: str
) -> None:
    asked = acceptances.open_steps(number)
    acceptances.visits(number, THREE)

    assert sorted(login for login, _ in asked) == sorted(SIX)
    assert sorted(acceptances.open_steps(number)) == sorted(
        [*((login, NAME) for login in THREE), (LEAD, CLOSING + BUILDING)]
    )
    course = [one for one in acceptances.case(number)["timeline"] if one["kind"] == "task.created"]
    assert [one["step"] for one in course].count(SLOT + BUILDING) == 1


def test_14_joint_survey__the_applicant_may_ask_for_another_time(
    acceptances: CompletionAcceptance, number: str
) -> None:
    for login, name in acceptances.open_steps(number):
        acceptances.is_done(number, login, name, "needed" if login in THREE else "unneeded")
    slot: dict[str, str] = {"survey_at": "2026-03-10T09:30+08:00", "survey_place": "项目南门"}
    acceptances.is_done(number, LEAD, SLOT + BUILDING, "proposed", None, **slot)

    wish = "3 月 11 日上午"
    acceptances.is_done(number, "applicant", ANSWER + BUILDING, "another", "维保单位不能到场", survey_wish=wish)

    again = acceptances.person(LEAD).json(f"/inbox/{acceptances.step(number, LEAD, SLOT + BUILDING)}")
    assert again["values"]["survey_wish"] == wish
    acceptances.time_is_agreed(number)
    assert sorted(login for login, _ in acceptances.open_steps(number, NAME)) == sorted(THREE)


def test_14_joint_survey__each_department_signs_with_two_officers(
    acceptances: CompletionAcceptance, number: str
) -> None:
    acceptances.visits(number, THREE)
    acceptances.drafts(number, "fire", NAME)

    alone = acceptances.completes(number, "fire", NAME, "pass", **FOUND)
    first = acceptances.signs(number, "fire-2", NAME)
    twice = acceptances.signs(number, "fire-2", NAME)
    step = acceptances.step(number, "fire", NAME)
    foreign = acceptances.person("planning").post(f"/inbox/{step}/sign", {"outcome": "pass"})
    stranger = acceptances.person("taxation").post(f"/inbox/{step}/sign", {"outcome": "pass"})
    signed = acceptances.completes(number, "fire", NAME, "pass", **FOUND)

    assert (alone.status_code, alone.get_json()["code"]) == (409, "unsigned")
    assert "行政许可法第三十四条" in alone.get_json()["detail"]
    assert [first.status_code, twice.status_code, foreign.status_code, stranger.status_code] == [201, 409, 409, 404]
    assert signed.status_code == 200


def test_14_joint_survey__an_absent_department_is_recorded_and_holds_nobody_up(
    acceptances: CompletionAcceptance, number: str
) -> None:
    acceptances.visits(number, THREE)
    acceptances.is_recorded(number, ["planning", "quality-supervision"])

    remark = "消防部门未到场"
    acceptances.is_done(number, LEAD, CLOSING + BUILDING, "closed", None, survey_remark=remark)

    # Absence is no consent: the department checks on its own, as do those that needed no visit.
    waiting = sorted(login for login, _ in acceptances.open_steps(number))
    assert waiting == sorted(set(SIX) - {"planning", "quality-supervision"})
    closed = [one for one in acceptances.case(number)["timeline"] if one["kind"] == "task.cancelled"]
    assert [(one["step"], one["department"]["code"]) for one in closed] == [(NAME, "fire")]
    acceptances.is_checked_by_the_others(number)
    assert acceptances.open_steps(number) == [(LEAD, "联合验收意见书")]


def test_14_joint_survey__only_the_failing_department_inspects_again(
    acceptances: CompletionAcceptance, number: str
) -> None:
    acceptances.visits(number, THREE)
    acceptances.is_recorded(number, ["planning", "quality-supervision"])
    acceptances.is_recorded(number, ["fire"], outcome="rectify")
    acceptances.is_checked_by_the_others(number)

    acceptances.is_rectified(number)
    acceptances.time_is_agreed(number)

    assert acceptances.open_steps(number, NAME) == [("fire", NAME)]
    acceptances.is_recorded(number, ["fire"])
    assert acceptances.open_steps(number, OWN_CHECK) == []
    assert acceptances.open_steps(number) == [(LEAD, "联合验收意见书")]


def test_14_joint_survey__the_office_s_time_stands_still_while_the_applicant_rectifies(
    acceptances: CompletionAcceptance, number: str
) -> None:
    acceptances.visits(number, ["fire"])
    acceptances.is_recorded(number, ["fire"], outcome="rectify")
    acceptances.is_checked_by_the_others(number)
    told: dict[str, str] = {"rectification_number": "云建整〔2026〕3号", "rectification_items": "补装疏散指示标志"}
    acceptances.is_done(number, LEAD, f"整改通知：{BUILDING}", "sent", None, **told)

    clocks = acceptances.clocks(number)
    assert (clocks["PROMISED"]["state"], clocks["STATUTORY"]["state"]) == ("PAUSED", "PAUSED")
    assert (clocks["CORRECTION"]["state"], clocks["CORRECTION"]["limit"]) == ("RUNNING", "30WD")
