"""Handing a task on (转办): to a colleague or another department, with a reason, its draft and its time limit."""

import pytest

from tests.served import Person, Served

WHY = "事项属征管科职责"


@pytest.fixture
def number(served: Served) -> str:
    return served.opens().accepted()


def held(person: Person) -> str:
    """The person's only task, claimed."""
    task = person.task()
    assert person.post(f"/inbox/{task}/claim").status_code == 200
    return task


def test_a_holder_transfers_to_a_colleague_who_then_holds_it(served: Served, number: str) -> None:
    officer, colleague = served.person("taxation"), served.person("taxation-2")
    task = held(officer)
    officer.put(f"/inbox/{task}/draft", {"form": {"finding": "尚待核实"}})

    answer = officer.post(f"/inbox/{task}/transfer", {"to": {"login": "taxation-2"}, "reason": WHY})

    assert (answer.status_code, answer.get_json()["assignee"]) == (200, "taxation-2")
    assert colleague.json(f"/inbox/{task}")["values"]["finding"] == "尚待核实"
    assert officer.post(f"/inbox/{task}/complete", {"outcome": "agree"}).status_code == 409
    assert colleague.does(number, "agree", finding="符合").status_code == 200
