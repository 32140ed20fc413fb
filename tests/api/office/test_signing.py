"""At least two officers of the department check on site and sign the record (行政许可法 art. 34)."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.diagrams import diagram, end, flow, flows, parallel, properties, start, user_task
from tests.served import APPLICATION_FORM, REVIEW_FORM, Served, accept, item

OUTCOMES = "pass 通过 Pass; rectify! 整改 Rectify"
RECORD = {"finding": "疏散通道畅通"}
PASSED = {"outcome": "pass", "form": RECORD}


def survey(role: str, **said: str) -> Any:
    return user_task(
        f"survey-{role}",
        properties(outcomes=OUTCOMES, **said),
        name=f"{role} 勘察记录\nSurvey",
        candidateGroups=role,
        formRef="review",
        formRefBinding="latest",
    )


@pytest.fixture
def office(served: Served) -> Served:
    """Taxation and the bank survey, taxation with two signers; public security has no part in it."""
    drawn = diagram(
        start(),
        accept(),
        parallel("fork"),
        survey("taxation", signers="2"),
        survey("bank"),
        parallel("join"),
        end(),
        end("declined"),
        flows("start", "accept"),
        flow("accept", "fork", "${acceptance == 'accept'}"),
        flow("accept", "declined", "${acceptance == 'decline'}"),
        flows("fork", "survey-taxation", "join", "end"),
        flows("fork", "survey-bank", "join"),
    )
    served.deploy(
        approval_bpmn=drawn,
        application_form=json.dumps(APPLICATION_FORM).encode(),
        review_form=json.dumps(REVIEW_FORM).encode(),
        item_toml=item(),
    )
    return served


@pytest.fixture
def number(office: Served) -> str:
    return office.accepted()


def task(office: Served, number: str) -> str:
    return office.person("taxation").task(number)


def drafts(office: Served, number: str, login: str = "taxation", **form: str) -> None:
    answer = office.person(login).put(f"/inbox/{task(office, number)}/draft", {"form": form or RECORD})
    assert answer.status_code == 200, answer.text


def signs(office: Served, number: str, login: str, outcome: str | None = "pass", **more: Any) -> TestResponse:
    return office.person(login).post(f"/inbox/{task(office, number)}/sign", {"outcome": outcome} | more)


def completes(office: Served, number: str, login: str = "taxation", **changes: Any) -> TestResponse:
    return office.person(login).post(f"/inbox/{task(office, number)}/complete", PASSED | changes)


def counting(office: Served, number: str) -> list[tuple[str, bool]]:
    """Who signed, and whether it counts."""
    shown = office.person("taxation-head").json(f"/inbox/{task(office, number)}")["signatures"]
    return [(one["by"]["login"], one["counts"]) for one in shown]


def test_a_record_is_complete_when_a_second_officer_has_signed_it(office: Served, number: str) -> None:
    drafts(office, number)
    alone = completes(office, number)
    signed = signs(office, number, "taxation-2", comment="已现场核对")
    done = completes(office, number)

    assert (alone.status_code, alone.get_json()["code"]) == (409, "unsigned")
    assert "行政许可法第三十四条" in alone.get_json()["detail"]
    assert (signed.status_code, signed.get_json()["login"]) == (201, "taxation-2")
    assert done.status_code == 200, done.text


def test_the_task_and_the_course_of_the_case_tell_who_signed(office: Served, number: str) -> None:
    drafts(office, number)
    signs(office, number, "taxation-2", comment="已现场核对")
    id = task(office, number)
    completes(office, number)

    shown = office.person("taxation").json(f"/inbox/{id}")
    course = office.person("lead").json(f"/cases/{number}")["timeline"]
    told = office.person("applicant").json(f"/cases/{number}")["timeline"]

    assert shown["signers"] == 2
    assert [(one["by"]["login"], one["counts"]) for one in shown["signatures"]] == [
        ("taxation-2", True),
        ("taxation", True),
    ]
    [signed] = [one for one in course if one["kind"] == "task.signed"]
    assert (signed["who"]["login"], signed["reason"], signed["step"]) == (
        "taxation-2",
        "已现场核对",
        "taxation 勘察记录",
    )
    assert [one for one in told if one["kind"] == "task.signed"] == []


def test_the_same_officer_does_not_sign_twice(office: Served, number: str) -> None:
    drafts(office, number)
    first, second = signs(office, number, "taxation"), signs(office, number, "taxation")
    alone = completes(office, number)

    assert (first.status_code, second.status_code, alone.status_code) == (201, 409, 409)
    assert "另一名工作人员" in second.get_json()["detail"]


def test_another_departments_officer_is_told_the_rule_and_a_stranger_nothing(office: Served, number: str) -> None:
    drafts(office, number)

    bank, stranger = signs(office, number, "bank"), signs(office, number, "public-security")

    assert (bank.status_code, stranger.status_code) == (409, 404)
    assert "其他部门的人员不能代签" in bank.get_json()["detail"]
    assert counting(office, number) == []


@pytest.mark.parametrize("login", ["applicant", "supervisor", "admin", "lead"])
def test_who_signs_for_no_department_does_not_find_the_task(office: Served, number: str, login: str) -> None:
    drafts(office, number)
    assert signs(office, number, login).status_code == 404


def test_a_record_changed_after_a_signature_is_signed_again(office: Served, number: str) -> None:
    drafts(office, number)
    signs(office, number, "taxation-2")
    drafts(office, number, finding="疏散通道堵塞")

    assert counting(office, number) == [("taxation-2", False)]
    assert completes(office, number, form={"finding": "疏散通道堵塞"}).status_code == 409
    assert signs(office, number, "taxation-2").status_code == 201
    assert completes(office, number, form={"finding": "疏散通道堵塞"}).status_code == 200


def test_what_is_completed_is_what_was_signed(office: Served, number: str) -> None:
    drafts(office, number)
    signs(office, number, "taxation-2")

    other_form = completes(office, number, form={"finding": "一切正常"})
    other_outcome = completes(office, number, outcome="rectify", comment="更换防火门")

    assert (other_form.status_code, other_outcome.status_code) == (409, 409)
    assert completes(office, number).status_code == 200


@pytest.mark.parametrize("verb", ["release", "assign"])
def test_signatures_stay_when_the_task_changes_hands(office: Served, number: str, verb: str) -> None:
    drafts(office, number)
    officer, id = office.person("taxation"), task(office, number)
    assert officer.post(f"/inbox/{id}/claim").status_code == 200
    signs(office, number, "taxation-2")
    who = officer if verb == "release" else office.person("taxation-head")
    assert who.post(f"/inbox/{id}/{verb}", {"assignee": "taxation-head"} if verb == "assign" else {}).status_code == 200

    assert completes(office, number, "taxation-head").status_code == 200


def test_there_is_nothing_to_sign_without_a_draft_and_no_draft_that_could_not_be_completed(
    office: Served, number: str
) -> None:
    without = signs(office, number, "taxation-2")
    drafts(office, number, finding="长" * 200)
    assert office.person("taxation").put(f"/inbox/{task(office, number)}/draft", {"form": {}}).status_code == 200
    unfinished = signs(office, number, "taxation-2")
    drafts(office, number)
    undecided = signs(office, number, "taxation-2", outcome=None)

    assert (without.status_code, unfinished.status_code, undecided.status_code) == (409, 422, 422)
    assert [fault["path"] for fault in unfinished.get_json()["errors"]] == ["finding"]


def test_a_step_that_asks_for_no_signatures_takes_none(office: Served, number: str) -> None:
    bank = office.person("bank")
    refused = bank.post(f"/inbox/{bank.task(number)}/sign", {"outcome": "pass"})

    assert refused.status_code == 409
    assert bank.json(f"/inbox/{bank.task(number)}")["signers"] is None


def test_a_finished_step_takes_no_signature(office: Served, number: str) -> None:
    drafts(office, number)
    signs(office, number, "taxation-2")
    id = task(office, number)
    completes(office, number)

    assert office.person("taxation-head").post(f"/inbox/{id}/sign", {"outcome": "pass"}).status_code == 409


def test_a_signature_for_a_draft_that_changed_meanwhile_is_stale(office: Served, number: str) -> None:
    drafts(office, number)
    officer, id = office.person("taxation-2"), task(office, number)
    seen = officer.get(f"/inbox/{id}").headers["ETag"]
    drafts(office, number, finding="疏散通道堵塞")

    assert officer.post(f"/inbox/{id}/sign", {"outcome": "pass"}, If_Match=seen).status_code == 412
