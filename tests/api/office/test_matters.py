"""What takes part in a case is decided from the application, and drawn as one branch a matter."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from casework.tables import Case
from engine.errors import DiagramRefused
from engine.ports import ENGINE
from engine.store.values import value_of
from engine.tables import Variable
from tests.diagrams import (
    diagram,
    end,
    event_sub_process,
    flow,
    flows,
    message,
    multi_instance,
    properties,
    receive_task,
    start,
    user_task,
)
from tests.served import APPLICATION_FORM, REVIEW, Served, accept, item

MATTERS = """
[[matters]]
code = "register"
name = "设立登记"
name_en = "Registration"
role = "market-regulation"
[[matters]]
code = "tax"
name = "发票核定"
name_en = "Invoices"
role = "taxation"
when = [{staff = ">= 10"}]
[[matters]]
code = "account"
name = "对公账户"
name_en = "Account"
role = "bank"
when = [{secret = ["N-17"]}]
"""


def drawn() -> bytes:
    review = user_task(
        "review",
        properties(act="review", outcomes=REVIEW),
        multi_instance(collection="${matters}", elementVariable="matter"),
        name="审查\nReview",
        candidateGroups="${matter.role}",
    )
    noticed = start("noticed", message("correction-noticed"), isInterrupting=False)
    answer = receive_task("answer", "case-supplemented", properties(act="correct"))
    return diagram(
        start(),
        accept(),
        review,
        end(),
        end("declined"),
        flows("start", "accept"),
        flow("accept", "review", "${acceptance == 'accept'}"),
        flow("accept", "declined", "${acceptance == 'decline'}"),
        flows("review", "end"),
        event_sub_process("corrections", noticed, answer, end("answered"), flows("noticed", "answer", "answered")),
    )


@pytest.fixture
def office(served: Served) -> Served:
    served.deploy(
        approval_bpmn=drawn(),
        application_form=json.dumps(APPLICATION_FORM).encode(),
        item_toml=item() + MATTERS.encode(),
    )
    return served


def departments(office: Served, number: str) -> list[str]:
    """Whose review of a case is open."""
    steps = office.person("lead").json(f"/cases/{number}")["open_steps"]
    return sorted(step["department"]["code"] for step in steps)


def taking_part(office: Served, number: str) -> list[str]:
    """The codes of the matters of a case, as its diagram sees them."""
    root = select(Case.root_id).where(Case.number == number).scalar_subquery()
    with office.database.view(ENGINE) as tx:
        row = tx.session.scalars(select(Variable).where(Variable.scope_id == root, Variable.name == "matters")).one()
        found: Any = value_of(row)
    return [matter["code"] for matter in found]


def corrected(office: Served, number: str, login: str, sender: str, **form: object) -> None:
    """Somebody asks for a correction, and the applicant hands it in."""
    task = office.person(login).task(number)
    asked = office.person(login).post(f"/inbox/{task}/request-correction", {"items": ["从业人数有误"]})
    assert asked.status_code == 201, asked.text
    assert office.person(sender).post(f"/cases/{number}/correction-notice").status_code == 201
    assert office.person("applicant").post(f"/cases/{number}/supplement", {"form": form}).status_code == 200


def test_each_matter_that_takes_part_is_one_task_of_its_department(office: Served) -> None:
    small, large = (office.accepted(form={"company": "知微", "staff": staff}) for staff in (9, 10))

    assert departments(office, small) == ["market-regulation"]
    assert departments(office, large) == ["market-regulation", "taxation"]


def test_a_correction_before_acceptance_decides_anew_what_takes_part(office: Served) -> None:
    number = str(office.submits(form={"company": "知微", "staff": 9})["number"])

    corrected(office, number, "window", "window", staff=10)
    assert office.person("window").post(f"/cases/{number}/accept").status_code == 200

    assert departments(office, number) == ["market-regulation", "taxation"]


def test_nothing_is_accepted_while_the_applicant_is_asked_to_correct(office: Served) -> None:
    number, window = str(office.submits(form={"company": "知微", "staff": 9})["number"]), office.person("window")
    asked = {"items": ["从业人数有误"]}
    assert window.post(f"/inbox/{window.task(number)}/request-correction", asked).status_code == 201
    assert window.post(f"/cases/{number}/correction-notice").status_code == 201

    refused = window.post(f"/cases/{number}/accept")

    assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict")
    assert "补正后方可受理" in refused.text
    assert office.person("applicant").post(f"/cases/{number}/supplement", {"form": {"staff": 8}}).status_code == 200
    assert window.post(f"/cases/{number}/accept").status_code == 200


def test_a_correction_after_acceptance_does_not(office: Served) -> None:
    number = office.accepted(form={"company": "知微", "staff": 9})

    corrected(office, number, "market-regulation", "lead", staff=10)

    assert taking_part(office, number) == ["register"]


def test_a_column_that_the_deployed_form_does_not_have_is_refused_with_the_deployment(office: Served) -> None:
    wrong = item(name="企业开办（试行）") + MATTERS.replace("staff", "staf").encode()

    with pytest.raises(DiagramRefused) as refused:
        office.deploy(item_toml=wrong)

    assert [fault.sentence.en for fault in refused.value.faults] == [
        "Column “staf” of matter “tax” is no field of the application form “application”."
    ]
    assert office.person("applicant").json("/items/opening")["name"] == "企业开办"
