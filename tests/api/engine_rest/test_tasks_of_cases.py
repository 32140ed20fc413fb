"""A case's tasks by way of Camunda's API: what is said and attached is evidence, and seen by those who may see it."""

import io
from typing import Any

import pytest

from tests.served import DEPARTMENTS, PDF, Person, Served, joint_approval

PROPERTIES = b"<camunda:properties>"


@pytest.fixture
def office(served: Served) -> Served:
    return served.opens()


def the_task(person: Person) -> str:
    return f"/engine-rest/task/{person.task()}"


def told(person: Person, number: str, kind: str) -> list[dict[str, Any]]:
    return [row for row in person.json(f"/cases/{number}")["timeline"] if row["kind"] == kind]


def test_a_comment_stands_in_the_course_of_its_case_for_officials(office: Served) -> None:
    number = office.accepted()
    taxation = office.person("taxation")

    taxation.post(f"{the_task(taxation)}/comment/create", {"message": "请核对欠税记录"})

    [entry] = told(office.person("window"), number, "task.commented")
    assert "请核对欠税记录" in entry["text"]
    assert told(office.person("applicant"), number, "task.commented") == []
    assert told(office.person("bank"), number, "task.commented") == []


def test_nobody_comments_on_a_task_that_is_not_theirs(office: Served) -> None:
    office.accepted()
    task = the_task(office.person("taxation"))

    for login in ("bank", "applicant", "supervisor"):
        assert office.person(login).get(f"{task}/comment").status_code == 404, login
        assert office.person(login).post(f"{task}/comment/create", {"message": "看见了"}).status_code == 404, login


def test_a_file_attached_here_is_the_opinion_s(office: Served) -> None:
    number = office.accepted()
    taxation = office.person("taxation")
    task = the_task(taxation)
    made = office.app.test_client().post(
        f"{task}/attachment/create",
        data={"content": (io.BytesIO(PDF), "欠税.pdf")},
        auth=("taxation", "taxation"),
        content_type="multipart/form-data",
    )
    file_id = made.get_json()["id"]

    taxation.does(number, "agree", finding="合格")

    assert [one["id"] for one in taxation.json(f"{task}/attachment")] == [file_id]
    assert office.person("window").get(f"/cases/{number}/materials/{file_id}").data == PDF
    assert office.person("bank").get(f"/cases/{number}/materials/{file_id}").status_code == 404
    assert told(office.person("window"), number, "task.attached") != []


def test_a_case_s_task_ends_by_its_form_and_outcome_alone(office: Served) -> None:
    office.accepted()
    bank = office.person("bank")
    task = the_task(bank)

    refused = [
        bank.post(f"{task}/bpmnError", {"errorCode": "x"}),
        bank.post(f"{task}/bpmnEscalation", {"escalationCode": "x"}),
        bank.put(f"{task}/variables/company", {"value": "另一家公司"}),
        bank.put(f"{task}/localVariables/company", {"value": "另一家公司"}),
        bank("DELETE", f"{task}/variables/company"),
    ]

    assert [answer.status_code for answer in refused] == [403] * len(refused)


def test_tasks_are_neither_found_nor_sorted_by_what_the_applicant_filled_in(office: Served) -> None:
    office.accepted()
    window = office.person("taxation")
    secret = [{"name": "secret", "operator": "eq", "value": "N-17"}]

    assert window.post("/engine-rest/task/count", {}).get_json() == {"count": 1}
    assert window.post("/engine-rest/task/count", {"processVariables": secret}).get_json() == {"count": 0}


def test_who_oversees_is_told_no_variables_beside_a_task(office: Served) -> None:
    office.accepted()
    asked = "/engine-rest/task?withTaskVariablesInReturn=true"

    assert {str(row["variables"]) for row in office.person("supervisor").json(asked)} == {"{}"}
    [row] = office.person("bank").json(asked)
    assert "company" in row["variables"]
    assert "secret" not in row["variables"]


def test_what_a_diagram_hands_to_an_outside_participant_s_task_is_no_way_round_the_item(served: Served) -> None:
    handed = b"""<camunda:inputOutput>
        <camunda:inputParameter name="note">${secret}</camunda:inputParameter>
        <camunda:inputParameter name="company">${company}</camunda:inputParameter>
    </camunda:inputOutput>"""
    before, task_tag, after = joint_approval().partition(b'id="review-bank"')
    office = served.opens(DEPARTMENTS, before + task_tag + after.replace(PROPERTIES, handed + PROPERTIES, 1))
    office.accepted()
    bank = office.person("bank")
    task = the_task(bank)

    [row] = bank.json("/engine-rest/task?withTaskLocalVariablesInReturn=true")

    assert list(bank.json(f"{task}/localVariables")) == ["company"]
    assert bank.get(f"{task}/localVariables/note").status_code == 404
    assert list(row["variables"]) == ["company"]
