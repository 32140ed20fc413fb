"""Consulting (征求意见): a question beside the task, which stays where it is and waits for no answer."""

from typing import Any

import pytest

from tests.served import Served

QUESTION = "该住所是否在治安重点区域？"
SECURITY = {"department": "public-security"}


@pytest.fixture
def number(served: Served) -> str:
    return served.opens().accepted()


def asks(served: Served, to: dict[str, str] = SECURITY, login: str = "taxation") -> str:
    """The id of a question put in the course of somebody's only task."""
    person = served.person(login)
    answer = person.post(f"/inbox/{person.task()}/consultations", {"to": to, "question": QUESTION})
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def answers(served: Served, question: str, login: str = "public-security", words: str = "不在") -> Any:
    return served.person(login).post(f"/consultations/{question}/answer", {"answer": words})


def test_who_is_asked_sees_the_question_and_the_case_and_answers(served: Served, number: str) -> None:
    asked, asker = served.person("public-security"), served.person("taxation")
    assert asked.get(f"/cases/{number}").status_code == 404

    question = asks(served)

    row = asked.json("/consultations?state=open")["rows"][0]
    assert (row["id"], row["case_number"], row["question"], row["state"]) == (question, number, QUESTION, "OPEN")
    assert row["asked_by"]["login"] == "taxation"
    assert asked.json(f"/cases/{number}")["number"] == number
    assert asked.json("/inbox")["rows"] == []

    assert answers(served, question).status_code == 200

    shown = asker.json(f"/inbox/{asker.task()}")["consultations"]
    assert [(one["state"], one["answer"], one["answered_by"]["login"]) for one in shown] == [
        ("ANSWERED", "不在", "public-security")
    ]
    assert asked.json("/consultations?state=open")["rows"] == []
    assert len(asked.json("/consultations?state=answered")["rows"]) == 1
    assert len(asker.json("/consultations?asked_by_me=true")["rows"]) == 1


def test_one_person_is_asked_and_not_the_colleagues(served: Served, number: str) -> None:
    question = asks(served, {"login": "public-security-2"})

    assert served.person("public-security").json("/consultations")["rows"] == []
    assert answers(served, question).status_code == 404
    assert answers(served, question, "public-security-2").status_code == 200


def test_a_task_is_completed_without_waiting_for_answers_which_then_come_too_late(served: Served, number: str) -> None:
    question = asks(served)
    served.person("taxation").does(number, "agree", finding="符合")

    late = answers(served, question)

    assert (late.status_code, late.get_json()["code"]) == (409, "conflict")
    assert served.person("public-security").json("/consultations")["rows"][0]["state"] == "CLOSED"
    assert served.person("public-security").json("/consultations?state=open")["rows"] == []


def test_a_withdrawn_question_takes_the_sight_of_the_case_with_it(served: Served, number: str) -> None:
    question, asked = asks(served), served.person("public-security")

    assert served.person("taxation-2").post(f"/consultations/{question}/withdraw").status_code == 404
    assert served.person("taxation").post(f"/consultations/{question}/withdraw").status_code == 200

    assert asked.json("/consultations")["rows"] == []
    assert asked.get(f"/cases/{number}").status_code == 404
    assert answers(served, question).status_code == 409
    assert served.person("taxation").post(f"/consultations/{question}/withdraw").status_code == 409


def test_a_question_is_answered_once(served: Served, number: str) -> None:
    question = asks(served)
    answers(served, question)

    assert answers(served, question, "public-security-2").status_code == 409


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"to": {"department": "nowhere"}, "question": QUESTION}, "to"),
        ({"to": {"login": "applicant"}, "question": QUESTION}, "to"),
        ({"to": {"login": "taxation"}, "question": QUESTION}, "to"),
        ({"to": {}, "question": QUESTION}, "to"),
        ({"to": {"login": "bank", "department": "bank"}, "question": QUESTION}, "to"),
        ({"to": SECURITY, "question": "  "}, "question"),
    ],
)
def test_a_question_needs_words_and_somebody_who_can_answer(
    served: Served, number: str, body: dict[str, Any], path: str
) -> None:
    officer = served.person("taxation")

    refused = officer.post(f"/inbox/{officer.task()}/consultations", body)

    assert (refused.status_code, refused.get_json()["errors"][0]["path"]) == (422, path)


def test_only_who_works_on_the_task_asks(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task, body = officer.task(), {"to": SECURITY, "question": QUESTION}
    assert served.person("bank").post(f"/inbox/{task}/consultations", body).status_code == 404

    officer.post(f"/inbox/{task}/claim")
    assert served.person("taxation-2").post(f"/inbox/{task}/consultations", body).status_code == 409
    officer.does(number, "agree", finding="符合")
    assert officer.post(f"/inbox/{task}/consultations", body).status_code == 409


def test_an_unknown_question_is_not_found(served: Served) -> None:
    for id in ("nonsense", "019cac0f-2680-70d5-8de0-8a62a3683564"):
        assert answers(served, id).status_code == 404


def test_question_and_answer_stand_in_the_course_for_colleagues_only(served: Served, number: str) -> None:
    answers(served, asks(served))

    def course(login: str) -> list[tuple[str, str, str]]:
        lines = served.person(login).json(f"/cases/{number}")["timeline"]
        found = [line for line in lines if line["kind"].startswith("consultation")]
        return [(line["text"], line["who"]["login"], line["reason"]) for line in found]

    assert course("market-regulation") == [
        ("就“taxation 审查”征求意见", "taxation", QUESTION),
        ("就“taxation 审查”反馈意见", "public-security", "不在"),
    ]
    assert course("applicant") == []
    assert course("bank") == []
