"""Reminding (催办): whoever waits for a case may ask, not too often; the task floats up, and nothing else happens."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.tables import Notice
from engine.ports import ENGINE
from tests.served import Served

PLEASE = {"message": "企业急需开业，请尽快办理"}


@pytest.fixture
def number(served: Served) -> str:
    return served.opens().accepted()


@pytest.mark.parametrize("login", ["lead", "window", "supervisor", "taxation-head", "applicant"])
def test_who_waits_for_a_case_reminds_those_who_have_it(served: Served, number: str, login: str) -> None:
    before = served.person("lead").json(f"/cases/{number}")["open_steps"]

    answer = served.person(login).post(f"/cases/{number}/remind", PLEASE)

    assert answer.status_code == 200
    assert {task["department"] for task in answer.get_json()["tasks"]} == {"market-regulation", "taxation", "bank"}
    assert served.person("lead").json(f"/cases/{number}")["open_steps"] == before


@pytest.mark.parametrize(
    ("login", "status"), [("taxation", 403), ("designer", 404), ("agent", 404), ("public-security-head", 404)]
)
def test_who_does_not_wait_for_it_reminds_nobody(served: Served, number: str, login: str, status: int) -> None:
    assert served.person(login).post(f"/cases/{number}/remind", PLEASE).status_code == status


def test_one_department_or_one_task_is_reminded(served: Served, number: str) -> None:
    lead, bank = served.person("lead"), served.person("bank")

    by_department = lead.post(f"/cases/{number}/remind", PLEASE | {"department": "taxation"})
    by_task = served.person("window").post(f"/cases/{number}/remind", PLEASE | {"task_id": bank.task()})

    assert [task["department"] for task in by_department.get_json()["tasks"]] == ["taxation"]
    assert [task["department"] for task in by_task.get_json()["tasks"]] == ["bank"]


def test_a_reminder_is_told_to_the_holder_or_else_to_the_department(served: Served, number: str) -> None:
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task()}/claim")

    served.person("lead").post(f"/cases/{number}/remind", PLEASE)

    with served.database.view(ENGINE) as tx:
        told = tx.session.scalars(select(Notice).where(Notice.kind == "task-reminded")).all()
    assert {(one.receiver_kind.value, one.receiver) for one in told} == {
        ("PERSON", "taxation"),
        ("DEPARTMENT", "bank"),
        ("DEPARTMENT", "market-regulation"),
    }
    assert f"催办办件{number}“taxation 审查”：企业急需开业，请尽快办理" in {one.text_zh for one in told}


def test_a_person_reminds_of_one_case_once_in_four_hours(served: Served, number: str) -> None:
    lead, other = served.person("lead"), served.accepted()
    lead.post(f"/cases/{number}/remind", PLEASE)
    served.world.now += timedelta(hours=3)

    refused = lead.post(f"/cases/{number}/remind", PLEASE)

    assert (refused.status_code, refused.get_json()["code"]) == (429, "too-soon")
    assert refused.headers["Retry-After"] == "3601"
    assert lead.post(f"/cases/{other}/remind", PLEASE).status_code == 200
    assert served.person("applicant").post(f"/cases/{number}/remind", PLEASE).status_code == 200
    served.world.now += timedelta(hours=1)
    assert lead.post(f"/cases/{number}/remind", PLEASE).status_code == 200


def test_a_reminded_task_comes_first_among_those_due_at_the_same_time(served: Served, number: str) -> None:
    later = served.accepted()
    officer = served.person("taxation")
    assert [row["case_number"] for row in officer.json("/inbox")["rows"]] == [number, later]

    served.person("lead").post(f"/cases/{later}/remind", PLEASE)

    rows = officer.json("/inbox")["rows"]
    assert [(row["case_number"], row["reminders"], row["reminded_at"]) for row in rows] == [
        (later, 1, "2026-03-02T09:00:00.000+08:00"),
        (number, 0, None),
    ]
    first = officer.json("/inbox?limit=1")
    assert officer.json(f"/inbox?limit=1&cursor={first['next']}")["rows"][0]["case_number"] == number


def test_a_reminder_is_no_reason_to_read_the_task_again(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task = officer.task()
    seen = officer.get(f"/inbox/{task}").headers["ETag"]
    served.person("lead").post(f"/cases/{number}/remind", PLEASE)

    signed = {"outcome": "agree", "form": {"finding": "符合"}}

    assert officer.post(f"/inbox/{task}/complete", signed, If_Match=seen).status_code == 200


@pytest.mark.parametrize(
    ("whom", "status"),
    [({"department": "public-security"}, 409), ({"task_id": "nonsense"}, 404), ({"message": " "}, 422)],
)
def test_there_has_to_be_something_to_remind_of(served: Served, number: str, whom: dict[str, str], status: int) -> None:
    assert served.person("lead").post(f"/cases/{number}/remind", PLEASE | whom).status_code == status


def test_a_reminder_stands_in_the_course_for_colleagues_and_for_who_sent_it(served: Served, number: str) -> None:
    served.person("lead").post(f"/cases/{number}/remind", PLEASE | {"department": "taxation"})
    served.person("applicant").post(f"/cases/{number}/remind", {"message": "请问进度", "department": "bank"})

    def course(login: str) -> list[tuple[str, str, str]]:
        lines = served.person(login).json(f"/cases/{number}")["timeline"]
        found = [line for line in lines if line["kind"] == "task.reminded"]
        return [(line["who"]["login"], line["to_department"]["code"], line["reason"]) for line in found]

    of_lead = ("lead", "taxation", "企业急需开业，请尽快办理")
    of_applicant = ("applicant", "bank", "请问进度")
    assert course("market-regulation") == [of_lead, of_applicant]
    assert course("applicant") == [of_applicant]
    assert course("bank") == [of_applicant]
