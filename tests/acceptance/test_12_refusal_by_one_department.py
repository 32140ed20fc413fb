"""Acceptance scenario 12, refusal by one department: three agree, planning objects, the lead has the last word."""

import pytest

from tests.acceptance.planning import MATTERS, REVIEW, TOO_NEAR, PlanningPermit

THREE = ("fire", "civil-defence", "urban-management")
STEP = f"{REVIEW}{MATTERS['planning']}"
COORDINATION = "异议协调"
AGAIN = f"重新审查：{MATTERS['planning']}"
NEW_LINE = "清溪路红线已按批准的道路规划调整，退让符合规划条件"


@pytest.fixture
def objected(permits: PlanningPermit) -> str:
    """A case in which three departments agree and planning objects."""
    number = permits.is_under_review()
    permits.agree(number, *THREE)
    permits.is_done(number, "planning", STEP, "object", TOO_NEAR)
    return number


@pytest.mark.parametrize("comment", [None, "", " \n"])
def test_12_refusal_by_one_department__a_no_without_reasons_is_not_accepted(
    permits: PlanningPermit, comment: str | None
) -> None:
    number = permits.is_under_review()

    answer = permits.completes(number, "planning", STEP, "object", comment)

    assert answer.status_code == 422
    assert [fault["path"] for fault in answer.get_json()["errors"]] == ["comment"]
    assert len(permits.open_steps(number, REVIEW)) == 4


def test_12_refusal_by_one_department__the_lead_coordinates_with_every_opinion_before_him(
    permits: PlanningPermit, objected: str
) -> None:
    [row] = permits.inbox("lead", objected)
    task = permits.person("lead").json(f"/inbox/{row['id']}")

    assert (row["name"], row["act"]) == (COORDINATION, "coordinate")
    said = {one["department"]["code"]: (one["outcome"], one["comment"]) for one in task["opinions"] if one["outcome"]}
    assert {role: said[role][0] for role in THREE} == dict.fromkeys(THREE, "agree")
    assert said["planning"] == ("object", TOO_NEAR)
    assert {one["value"] for one in task["outcomes"]} == {"maintain", "return", "refuse"}
    assert all(one["comment_required"] for one in task["outcomes"])
    assert permits.open_steps(objected) == [("lead", COORDINATION)]


@pytest.mark.parametrize("outcome", ["maintain", "return", "refuse"])
def test_12_refusal_by_one_department__nor_is_the_leads_word_without_reasons(
    permits: PlanningPermit, objected: str, outcome: str
) -> None:
    answer = permits.completes(objected, "lead", COORDINATION, outcome)

    assert answer.status_code == 422
    assert [fault["path"] for fault in answer.get_json()["errors"]] == ["comment"]


def test_12_refusal_by_one_department__maintained_the_case_goes_on_to_the_permit(
    permits: PlanningPermit, objected: str
) -> None:
    permits.is_done(objected, "lead", COORDINATION, "maintain", NEW_LINE)
    permits.is_permitted(objected)

    case = permits.case(objected)
    assert (case["state"], case["decision"]) == ("CONCLUDED", "APPROVED")
    [overruled] = [one for one in case["opinions"] if one["act"] == "coordinate"]
    assert (overruled["outcome"], overruled["comment"]) == ("maintain", NEW_LINE)


def test_12_refusal_by_one_department__sent_back_only_planning_reviews_again_and_its_new_opinion_counts(
    permits: PlanningPermit, objected: str
) -> None:
    permits.is_done(objected, "lead", COORDINATION, "return", "请对照调整后的道路红线重新核对")
    assert permits.open_steps(objected) == [("planning", AGAIN)]

    permits.is_done(objected, "planning-2", AGAIN, "agree")

    assert permits.open_steps(objected) == [("planning", "规划许可决定")]
    given = [one["outcome"] for one in permits.case(objected)["opinions"] if one["step"] in (STEP, AGAIN)]
    assert given == ["object", "agree"]


def test_12_refusal_by_one_department__sent_back_as_often_as_the_item_says_and_no_more(
    permits: PlanningPermit, objected: str
) -> None:
    for _ in range(2):
        permits.is_done(objected, "lead", COORDINATION, "return", "请重新核对")
        without_reasons = permits.completes(objected, "planning", AGAIN, "object")
        assert without_reasons.status_code == 422
        permits.is_done(objected, "planning", AGAIN, "object", TOO_NEAR)

    assert permits.open_steps(objected) == [("lead", "末次协调")]
    assert permits.completes(objected, "lead", "末次协调", "return", "请再核对").status_code == 422
    permits.is_done(objected, "lead", "末次协调", "maintain", NEW_LINE)
    assert permits.open_steps(objected) == [("planning", "规划许可决定")]


def test_12_refusal_by_one_department__refused_the_authority_can_only_refuse_and_gives_reasons(
    permits: PlanningPermit, objected: str
) -> None:
    permits.is_done(objected, "lead", COORDINATION, "refuse", "退让距离不符合规划条件，申请人不愿调整")
    assert permits.open_steps(objected) == [("planning", "不予许可决定")]
    assert permits.completes(objected, "planning-head", "不予许可决定", "approve", NEW_LINE).status_code == 422
    assert permits.completes(objected, "planning-head", "不予许可决定", "refuse").status_code == 422

    permits.is_done(objected, "planning-head", "不予许可决定", "refuse", TOO_NEAR)

    case = permits.case(objected)
    assert (case["state"], case["decision"]) == ("DECIDED", "REFUSED")
    assert permits.open_steps(objected) == [("window", "送达不予许可决定")]


def test_12_refusal_by_one_department__only_the_lead_coordinates(permits: PlanningPermit, objected: str) -> None:
    task_id = permits.step(objected, "lead", COORDINATION)

    for login in ("planning-head", "fire", "window", "applicant"):
        said = {"outcome": "maintain", "comment": NEW_LINE}
        assert permits.person(login).post(f"/inbox/{task_id}/complete", said).status_code == 404
