"""What a signature costs the database: twenty statements at most, however many departments sign."""

import json
from typing import Any

import pytest

from casework import departments
from casework.departments import NewDepartment
from casework.people import Appointment, NewPerson, enter
from casework.tables import Role
from engine.ports import ENGINE
from tests.diagrams import boundary, end, flows, multi_instance, properties, start, timer, user_task
from tests.diagrams import diagram as drawn_as
from tests.served import (
    APPLICATION_FORM,
    REVIEW,
    REVIEW_FORM,
    Served,
    accept,
    application,
    corrections,
    item,
    joint_approval,
    withdrawal,
)
from tests.statements import statements

MOST = 20


def staffed(served: Served, number: int) -> list[str]:
    """So many departments with one officer each."""
    codes = [f"department-{place}" for place in range(number)]
    with served.database.begin(ENGINE) as tx:
        for code in codes:
            departments.add(tx, NewDepartment(code, f"{code}局", code))
            enter(tx, NewPerson(code, "温如玉", "科员", (Appointment(Role.OFFICER, code),)), "no password opens this")
    return codes


def one_for_each() -> bytes:
    """A multi-instance over the departments, each with a form and a clock, under a timer bound to the case's."""
    review = user_task(
        "review",
        properties(act="review", outcomes=REVIEW),
        multi_instance(collection="${departments}", elementVariable="department"),
        candidateGroups="${department}",
        formRef="review",
        formRefBinding="latest",
    )
    return drawn_as(
        start(),
        accept(),
        review,
        boundary("late", "review", timer(date="${due('case', 'promised')}"), interrupting=False),
        end("noted"),
        user_task("deliver", properties(act="deliver"), candidateGroups="window"),
        end(),
        flows("start", "accept", "review", "deliver", "end"),
        flows("late", "noted"),
        corrections(),
        withdrawal(),
    )


def ticked(codes: list[str]) -> dict[str, Any]:
    """The application form, with the departments to tick."""
    options = [{"label": code, "value": code} for code in codes]
    field = {"id": "f9", "type": "checklist", "key": "departments", "label": "联办部门", "values": options}
    return APPLICATION_FORM | {"components": [*APPLICATION_FORM["components"], field]}


@pytest.mark.parametrize("number", [5, 50])
@pytest.mark.parametrize("drawn", ["branches", "multi-instance"])
def test_a_completion_takes_at_most_twenty_statements(served: Served, drawn: str, number: int) -> None:
    codes = staffed(served, number)
    served.deploy(
        approval_bpmn=joint_approval(codes) if drawn == "branches" else one_for_each(),
        application_form=json.dumps(ticked(codes)).encode(),
        review_form=json.dumps(REVIEW_FORM).encode(),
        item_toml=item(codes),
    )
    form = application()["form"] | {"departments": codes}
    case_number = served.accepted(form=form)
    served.person(codes[0]).does(case_number, "agree", finding="符合规定")
    officer = served.person(codes[1])
    task = officer.task(case_number)

    with statements(served.database.engine) as sent:
        answer = officer.post(
            f"/inbox/{task}/complete",
            {"outcome": "agree", "comment": "同意", "form": {"finding": "符合规定"}},
            Idempotency_Key="k-1",
        )

    assert answer.status_code == 200
    assert len(sent) <= MOST, "\n".join(sent)


def test_files_cost_a_completion_one_statement_and_what_was_said_beside_the_task_none(served: Served) -> None:
    served.opens()
    sent_for = {}
    for kind in ("first of all", "plain", "talked about", "with a file"):
        number = served.accepted()
        officer, lead = served.person("taxation"), served.person("lead")
        task = officer.task(number)
        attachments = [officer.uploads()] if kind == "with a file" else None
        if kind == "talked about":
            officer.post(f"/inbox/{task}/consultations", {"to": {"login": "lead"}, "question": "有无异议？"})
            officer.post(f"/inbox/{task}/copies", {"to": [{"login": "lead"}]})
            lead.post(f"/cases/{number}/remind", {"message": "请尽快", "task_id": task})
        signed = {"outcome": "agree", "form": {"finding": "符合"}, "attachments": attachments}
        with statements(served.database.engine) as sent:
            assert officer.post(f"/inbox/{task}/complete", signed).status_code == 200
        sent_for[kind] = len(sent)

    assert sent_for["talked about"] == sent_for["plain"]
    assert sent_for["with a file"] <= sent_for["plain"] + 1


def test_a_case_and_a_task_are_read_in_as_many_statements_for_thirty_departments_as_for_five(served: Served) -> None:
    codes = staffed(served, 30)
    sent_for = []
    for taking_part in (codes[:5], codes):
        number = served.opens(taking_part).accepted()
        officer, lead = served.person(codes[1]), served.person("lead")
        task = officer.task(number)
        for _ in range(2):
            with statements(served.database.engine) as sent:
                lead.json(f"/cases/{number}")
                officer.json(f"/inbox/{task}")
        sent_for.append(len(sent))

    assert sent_for[0] == sent_for[1]
