"""What a construction planning permit owes its people beside the numbered scenarios."""

from datetime import UTC, datetime

from tests.acceptance.planning import MATTERS, PRE_CHECK, REVIEW, PlanningPermit

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_a_correction_list_that_is_empty_is_refused_and_nothing_is_sent(permits: PlanningPermit) -> None:
    number = permits.is_forwarded()
    path = f"/inbox/{permits.step(number, 'fire', PRE_CHECK + MATTERS['fire'])}/request-correction"

    empty = [permits.person("fire").post(path, {"items": items}) for items in ([], [" ", ""])]
    sent = permits.person("window").post(f"/cases/{number}/correction-notice")

    assert [answer.status_code for answer in empty] == [422, 422]
    assert sent.status_code == 409
    assert permits.case(number)["corrections"] == []


def test_departments_add_to_one_list_and_the_window_tells_everything_at_once(permits: PlanningPermit) -> None:
    number = permits.is_forwarded()
    asked = {"planning": ["总平面图缺少用地红线坐标"], "fire": ["缺少登高操作场地平面图", "图纸未盖章"]}
    for login, items in asked.items():
        task_id = permits.step(number, login, PRE_CHECK + MATTERS[login])
        answer = permits.person(login).post(f"/inbox/{task_id}/request-correction", {"items": items})
        assert answer.status_code == 201, answer.text

    assert permits.person("lead").post(f"/cases/{number}/correction-notice").status_code == 403
    assert permits.person("window").post(f"/cases/{number}/correction-notice").status_code == 201

    case = permits.case(number, "applicant")
    [notice] = case["corrections"]
    assert [one["text"] for one in notice["items"]] == [*asked["planning"], *asked["fire"]]
    assert case["state"] == "CORRECTING"
    assert (
        permits.person("applicant").post(f"/cases/{number}/supplement", {"form": {"floor_area": 4190}}).status_code
        == 200
    )
    assert len(permits.open_steps(number, PRE_CHECK)) == 4


def test_no_decision_and_no_acceptance_while_a_department_has_not_spoken(permits: PlanningPermit) -> None:
    number = permits.is_forwarded()
    early = permits.person("window").post(f"/cases/{number}/accept")
    assert (early.status_code, PRE_CHECK in early.get_json()["detail"]) == (409, True)

    number = permits.is_under_review()
    permits.agree(number, "fire", "civil-defence", "urban-management")

    assert [name for _, name in permits.open_steps(number)] == [REVIEW + MATTERS["planning"]]
    assert permits.case(number)["decision"] is None
    permits.agree(number, "planning")
    assert [name for _, name in permits.open_steps(number)] == ["规划许可决定"]


def test_the_fourth_working_day_of_the_pre_check_ends_in_consent(permits: PlanningPermit) -> None:
    permits.world.now = MONDAY
    number = permits.is_forwarded()
    permits.is_done(number, "fire", PRE_CHECK + MATTERS["fire"], "pass")

    permits.time_passes(4)
    assert len(permits.open_steps(number, PRE_CHECK)) == 3
    permits.time_passes(1)

    assert permits.open_steps(number) == [("window", "受理")]
    assert permits.inbox("planning", number) == []


def test_a_small_project_asks_two_departments_a_large_one_seven(permits: PlanningPermit) -> None:
    asked = {
        name: [department for department, _ in permits.open_steps(permits.is_forwarded(name), PRE_CHECK)]
        for name in ("workshop", "hospital")
    }

    assert sorted(asked["workshop"]) == ["fire", "planning"]
    assert len(asked["hospital"]) == 9
    assert set(asked["hospital"]) == {
        "planning",
        "fire",
        "civil-defence",
        "ecology",
        "urban-management",
        "water",
        "traffic-police",
    }


def test_an_adjustment_waits_for_the_applicant_alone_and_is_reviewed_by_who_asked(permits: PlanningPermit) -> None:
    number = permits.is_under_review()
    permits.agree(number, "planning", "civil-defence", "urban-management")
    permits.is_done(number, "fire", REVIEW + MATTERS["fire"], "adjust", "消防车道转弯半径应不小于十二米")

    assert permits.case(number)["state"] == "CORRECTING"
    assert {name: clock["state"] for name, clock in permits.clocks(number).items()}["PROMISED"] == "PAUSED"
    permits.is_done(number, "applicant", "按意见调整方案", "adjusted", adjustment_note="改为十二米")

    assert permits.open_steps(number) == [("fire", REVIEW + MATTERS["fire"])]
    assert permits.clocks(number)["PROMISED"]["state"] == "RUNNING"


def test_withdrawn_while_the_lead_coordinates_everything_closes(permits: PlanningPermit) -> None:
    number = permits.is_under_review()
    permits.agree(number, "planning", "fire", "civil-defence")
    permits.is_done(number, "urban-management", REVIEW + MATTERS["urban-management"], "object", "绿地率不足")

    withdrawn = permits.person("applicant").post(f"/cases/{number}/withdraw", {"reason": "另行申报"})

    assert (withdrawn.status_code, withdrawn.get_json()["state"]) == (200, "WITHDRAWN")
    assert permits.open_steps(number) == [("window", "退回材料")]
    assert permits.inbox("lead", number) == []
