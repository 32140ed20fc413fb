"""Handing a task on (转办): to a colleague or another department, with a reason, its draft and its time limit."""

from typing import Any

import pytest

from tests.diagrams import diagram as drawn_as
from tests.diagrams import end, flows, parallel, properties, start, user_task
from tests.served import REVIEW, Person, Served, accept

WHY = "该地址归公安机关核查"
SECURITY = {"department": "public-security"}
SIGNED = {"outcome": "agree", "form": {"finding": "符合"}}


@pytest.fixture
def number(served: Served) -> str:
    return served.opens().accepted()


def held(person: Person, number: str | None = None) -> str:
    """The person's only task, claimed."""
    task = person.task(number)
    assert person.post(f"/inbox/{task}/claim").status_code == 200
    return task


def transfers(person: Person, task: str, to: dict[str, str], reason: str = WHY, **headers: str) -> Any:
    return person.post(f"/inbox/{task}/transfer", {"to": to, "reason": reason}, **headers)


def test_a_holder_transfers_to_a_colleague_who_then_holds_it_with_its_draft(served: Served, number: str) -> None:
    officer, colleague = served.person("taxation"), served.person("taxation-2")
    task = held(officer)
    officer.put(f"/inbox/{task}/draft", {"form": {"finding": "尚待核实"}})

    answer = transfers(officer, task, {"login": "taxation-2"})

    assert (answer.status_code, answer.get_json()["assignee"]) == (200, "taxation-2")
    assert colleague.json(f"/inbox/{task}")["values"]["finding"] == "尚待核实"
    assert officer.post(f"/inbox/{task}/complete", SIGNED).status_code == 409
    assert colleague.post(f"/inbox/{task}/complete", SIGNED).status_code == 200


def test_another_department_gets_the_task_and_the_former_keeps_sight_of_the_case(served: Served, number: str) -> None:
    officer, security = served.person("taxation"), served.person("public-security")
    task = held(officer)
    officer.put(f"/inbox/{task}/draft", {"form": {"finding": "尚待核实"}})
    assert security.get(f"/cases/{number}").status_code == 404

    answer = transfers(officer, task, SECURITY)

    assert (answer.get_json()["department"], answer.get_json()["assignee"]) == ("public-security", None)
    assert officer.json("/inbox")["rows"] == []
    assert served.person("taxation-head").json("/inbox/count")["departments"] == []
    assert officer.get(f"/inbox/{task}").status_code == 404
    assert served.person("taxation-2").json(f"/cases/{number}")["number"] == number
    assert security.json(f"/inbox/{task}")["values"]["finding"] == "尚待核实"
    assert security.post(f"/inbox/{task}/complete", SIGNED).status_code == 200
    opinions = officer.json(f"/cases/{number}")["opinions"]
    assert [one["department"]["code"] for one in opinions] == ["window", "public-security"]


def test_the_deadline_stays_where_it_was(served: Served, number: str) -> None:
    officer = served.person("taxation")
    due_at = officer.json("/inbox")["rows"][0]["due_at"]
    task = held(officer)
    served.world.days_pass(2)

    transfers(officer, task, SECURITY)

    assert served.person("public-security").json("/inbox")["rows"][0]["due_at"] == due_at


def test_the_course_says_who_handed_what_to_whom_and_why(served: Served, number: str) -> None:
    officer = served.person("taxation")
    transfers(officer, held(officer), SECURITY)

    [line] = [one for one in officer.json(f"/cases/{number}")["timeline"] if one["kind"] == "task.transferred"]

    assert (line["text"], line["who"]["login"], line["reason"]) == ("转办“taxation 审查”", "taxation", WHY)
    assert (line["to_department"]["name"], line["to_person"]) == ("公安局", None)
    applicant = served.person("applicant").json(f"/cases/{number}")
    assert WHY not in str(applicant)
    assert WHY not in str(served.person("bank").json(f"/cases/{number}"))


def test_the_head_transfers_also_what_nobody_or_a_colleague_holds(served: Served, number: str) -> None:
    officer, head = served.person("taxation"), served.person("taxation-head")

    assert transfers(head, officer.task(), {"login": "taxation"}).status_code == 200
    assert transfers(head, officer.task(), {"login": "taxation-2"}).status_code == 200
    assert transfers(head, officer.task(), SECURITY).status_code == 200


@pytest.mark.parametrize(("login", "status"), [("taxation-2", 403), ("bank-head", 404), ("lead", 404), ("admin", 404)])
def test_who_does_not_hold_it_hands_nothing_on(served: Served, number: str, login: str, status: int) -> None:
    task = held(served.person("taxation"))

    assert transfers(served.person(login), task, SECURITY).status_code == status


def test_what_nobody_has_claimed_is_claimed_before_it_is_handed_on(served: Served, number: str) -> None:
    officer = served.person("taxation")

    refused = transfers(officer, officer.task(), SECURITY)

    assert (refused.status_code, refused.get_json()["code"]) == (403, "forbidden")
    assert "请先签收" in refused.get_json()["detail"]


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"to": {"login": "bank"}}, "to"),
        ({"to": {"login": "applicant"}}, "to"),
        ({"to": {"department": "nowhere"}}, "to"),
        ({"to": {}}, "to"),
        ({"to": {"login": "taxation-2", "department": "bank"}}, "to"),
        ({"reason": " "}, "reason"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_transfer_needs_a_reason_and_somebody_to_take_it(
    served: Served, number: str, changed: dict[str, Any], path: str
) -> None:
    officer = served.person("taxation")

    body = {"to": SECURITY, "reason": WHY} | changed
    refused = officer.post(f"/inbox/{held(officer)}/transfer", body)

    assert (refused.status_code, refused.get_json()["errors"][0]["path"]) == (422, path)


def test_a_task_that_is_there_already_or_is_over_is_not_handed_on(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task = held(officer)

    assert transfers(officer, task, {"login": "taxation"}).status_code == 409
    assert transfers(officer, task, {"department": "taxation"}).status_code == 409
    officer.post(f"/inbox/{task}/complete", SIGNED)
    assert transfers(officer, task, SECURITY).status_code == 409


def test_a_stale_tag_is_412(served: Served, number: str) -> None:
    officer = served.person("taxation")
    seen = officer.get(f"/inbox/{officer.task()}").headers["ETag"]
    task = held(officer)

    assert transfers(officer, task, SECURITY, If_Match=seen).status_code == 412
    now = officer.get(f"/inbox/{task}").headers["ETag"]
    assert transfers(officer, task, SECURITY, If_Match=now).status_code == 200


def step(id: str, role: str, **meanings: str) -> Any:
    outcomes = {"decide": "approve 准予 Approve; refuse 不予 Refuse"}.get(meanings["act"], REVIEW)
    return user_task(id, properties(**meanings, outcomes=outcomes), candidateGroups=role)


def under_rules(**steps: Any) -> bytes:
    """The window accepts, then these steps wait at once."""
    around = [flows("fork", id, "join") for id in steps]
    return drawn_as(
        start(), accept(), parallel("fork"), *steps.values(), parallel("join"), end(),
        flows("start", "accept", "fork"), around, flows("join", "end"),
    )  # fmt: skip


def test_a_decision_that_others_await_stays_with_its_department(served: Served) -> None:
    decided = step("decide", "market-regulation", act="decide")
    waits = step("registers", "taxation", act="review", after="market-regulation")
    number = served.opens(drawn=under_rules(decide=decided, registers=waits)).accepted()
    officer = served.person("market-regulation")
    task = held(officer, number)

    refused = transfers(officer, task, SECURITY)

    assert (refused.status_code, "其他环节须待本部门" in refused.get_json()["detail"]) == (409, True)
    assert transfers(officer, task, {"login": "market-regulation-2"}).status_code == 200


def test_what_several_sign_in_person_is_not_handed_on(served: Served) -> None:
    survey = step("survey", "taxation", act="review", signers="2")
    number = served.opens(drawn=under_rules(survey=survey)).accepted()
    officer = served.person("taxation")
    task = held(officer, number)

    for to in (SECURITY, {"login": "taxation-2"}):
        refused = transfers(officer, task, to)
        assert (refused.status_code, "分别签名" in refused.get_json()["detail"]) == (409, True)
    delegated = officer.post(f"/inbox/{task}/delegate", {"to": "taxation-2", "reason": WHY})
    assert delegated.status_code == 409


def test_acceptance_stays_with_the_window(served: Served) -> None:
    served.opens().submits()
    window = served.person("window")
    task = held(window)

    assert transfers(window, task, SECURITY).status_code == 409
    assert transfers(window, task, {"login": "window-2"}).status_code == 200


def test_a_coordination_is_handed_to_none_of_those_whose_opinions_it_weighs(served: Served) -> None:
    number = served.opens(drawn=under_rules(weigh=step("weigh", "market-regulation", act="coordinate"))).accepted()
    officer = served.person("market-regulation")
    task = held(officer, number)

    refused = transfers(officer, task, SECURITY)

    assert (refused.status_code, "征求其意见" in refused.get_json()["detail"]) == (409, True)
    assert transfers(officer, task, {"login": "market-regulation-2"}).status_code == 200


def test_what_is_left_to_who_submitted_the_case_is_handed_to_nobody_but_their_own_work_is(served: Served) -> None:
    asked = user_task("asked", properties(outcomes="agreed 同意 Agreed"), assignee="${submitted_by}")
    served.opens(drawn=under_rules(asked=asked, review=step("review", "window", act="review")))
    window = served.person("window")
    number = served.submits("window")["number"]
    window.post(f"/cases/{number}/accept")
    tasks = {row["activity_id"]: row["id"] for row in window.json("/inbox")["rows"]}
    window.post(f"/inbox/{tasks['review']}/claim")

    assert transfers(window, tasks["asked"], {"login": "window-2"}).status_code == 409
    assert transfers(window, tasks["review"], {"login": "window-2"}).status_code == 200
