"""Supervision orders (督办): the head of the unit answers in the inbox, a supervisor reviews, unanswered it goes up."""

import json
from typing import Any

import pytest

from tests.served import APPLICATION_FORM, REVIEW_FORM, Served, item, joint_approval
from tests.supervised import it_is, supervised

__all__ = ["supervised"]

ORDER = {
    "department": "taxation",
    "demand": "请说明该类办件连续超期的原因",
    "origin": "REPORT",
    "source": "/api/supervision/cards?department=taxation",
}
ANSWER = {"cause": "人员不足", "measures": "已增派两人，积压办件全部办结"}


def issued(served: Served, login: str = "supervisor", **changes: Any) -> dict[str, Any]:
    answer = served.person(login).post("/supervision-orders", ORDER | changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def order(served: Served, number: str) -> dict[str, Any]:
    rows = served.person("supervisor").json("/supervision-orders")["rows"]
    return next(row for row in rows if row["number"] == number)


def completes(served: Served, login: str, outcome: str, comment: str | None = None, **form: Any) -> None:
    person = served.person(login)
    body = {"outcome": outcome, "comment": comment, "form": form}
    answer = person.post(f"/inbox/{person.task()}/complete", body)
    assert answer.status_code == 200, answer.text


def test_a_unit_answers_and_the_supervisor_closes_the_order(supervised: Served) -> None:
    opened = issued(supervised)
    assert (opened["number"], opened["state"], opened["level"]) == ("000000DB20260302000001", "OPEN", 1)
    assert opened["due_at"] == "2026-03-09T23:59:59.000+08:00"

    completes(supervised, "taxation-head", "answered", **ANSWER)
    assert (order(supervised, opened["number"])["state"], order(supervised, opened["number"])["due_at"]) == (
        "ANSWERED",
        None,
    )
    completes(supervised, "supervisor", "accept")
    closed = order(supervised, opened["number"])
    assert (closed["state"], closed["closed_at"]) == ("CLOSED", "2026-03-02T09:00:00.000+08:00")


def test_the_head_sees_in_the_inbox_by_when_to_answer(supervised: Served) -> None:
    opened = issued(supervised)
    (row,) = supervised.person("taxation-head").json("/inbox")["rows"]
    assert (row["due_at"], row["deadline"]["kind"], row["remaining"]["text"]) == (
        opened["due_at"],
        "ORDER",
        "剩余 5 个工作日",
    )
    it_is(supervised, "2026-03-09 14:00")
    (row,) = supervised.person("taxation-head").json("/inbox")["rows"]
    assert row["signal"] == "yellow"


def test_a_returned_answer_opens_the_order_again_with_its_whole_limit(supervised: Served) -> None:
    opened = issued(supervised)
    supervised.world.now = supervised.world.now.replace(day=4)
    completes(supervised, "taxation-head", "answered", **ANSWER)
    completes(supervised, "supervisor-2", "return", "措施不具体", return_reason="措施不具体")
    again = order(supervised, opened["number"])
    assert (again["state"], again["due_at"]) == ("OPEN", "2026-03-11T23:59:59.000+08:00")


def test_unanswered_it_goes_up_to_the_leader_and_the_unit_gets_a_card(supervised: Served) -> None:
    opened = issued(supervised)
    it_is(supervised, "2026-03-10 00:01")
    assert order(supervised, opened["number"])["level"] == 2
    (card,) = supervised.person("supervisor").json("/supervision/cards")["rows"]
    assert (card["signal"], card["department"]["code"], card["order_number"]) == ("red", "taxation", opened["number"])
    completes(supervised, "government-leader", "instructed", instruction="限三日内整改到位")
    completes(supervised, "taxation-head", "answered", **ANSWER)
    completes(supervised, "supervisor", "accept")
    assert order(supervised, opened["number"])["state"] == "CLOSED"


def test_a_card_opens_an_order_on_its_department_and_the_case_has_it_on_record(supervised: Served) -> None:
    number = supervised.opens(["taxation", "bank"]).accepted()
    it_is(supervised, "2026-03-10 00:00")
    (card,) = supervised.person("supervisor").json("/supervision/cards?department=taxation&signal=red")["rows"]
    opened = issued(supervised, origin="CARD", source=None, card=card["id"])
    assert (opened["card"], opened["case_number"]) == (card["id"], number)
    told = supervised.person("supervisor").json(f"/cases/{number}")["timeline"]
    assert "order.issued" in [entry["kind"] for entry in told]


ORDER_WHEN_LATE = b"""
[[ladder]]
clock = "department"
after = "0WD"
signal = "red"
recipients = ["head", "supervisor"]
action = "order"
"""


def test_a_rung_that_says_so_opens_an_order_on_its_card(supervised: Served) -> None:
    supervised.deploy(
        approval_bpmn=joint_approval(["taxation"]),
        application_form=json.dumps(APPLICATION_FORM).encode(),
        review_form=json.dumps(REVIEW_FORM).encode(),
        item_toml=item(["taxation"]) + ORDER_WHEN_LATE,
    )
    number = supervised.accepted()

    it_is(supervised, "2026-03-09 23:59")
    assert supervised.person("supervisor").json("/supervision-orders")["rows"] == []
    it_is(supervised, "2026-03-10 00:00")

    (card,) = supervised.person("supervisor").json("/supervision/cards?signal=red")["rows"]
    (opened,) = supervised.person("supervisor").json("/supervision-orders")["rows"]
    assert (opened["origin"], opened["card"], opened["case_number"]) == ("CARD", card["id"], number)
    assert (opened["department"]["code"], opened["state"], opened["level"]) == ("taxation", "OPEN", 1)
    waiting = supervised.person("taxation-head").json("/inbox")["rows"]
    assert [row["act"] for row in waiting if row["case_number"] is None] == ["answer"]


def test_a_leader_opens_an_order_by_an_instruction(supervised: Served) -> None:
    opened = issued(supervised, "government-leader", origin="INSTRUCTION", source="请监察室督办。梁振国 3月2日")
    assert (opened["origin_name"], opened["issued_by"]["login"]) == ("领导批示", "government-leader")


@pytest.mark.parametrize("login", ["taxation-head", "lead", "window", "admin", "applicant"])
def test_nobody_else_opens_an_order(supervised: Served, login: str) -> None:
    assert supervised.person(login).post("/supervision-orders", ORDER).status_code == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"department": "nowhere"}, 422),
        ({"source": None}, 422),
        ({"limit": "soon"}, 422),
        ({"limit": "0WD"}, 422),
        ({"limit": "91WD"}, 422),
        ({"origin": "CARD"}, 422),
        ({"card": "00000000-0000-7000-8000-000000000001"}, 404),
        ({"case_number": "000000209901010001"}, 404),
    ],
    ids=[
        "no such unit",
        "resting on nothing",
        "no limit",
        "no time",
        "for ever",
        "a card that is not named",
        "no such card",
        "no such case",
    ],
)
def test_an_order_on_nothing_is_refused(supervised: Served, change: dict[str, Any], status: int) -> None:
    assert supervised.person("supervisor").post("/supervision-orders", ORDER | change).status_code == status


def test_a_supervisor_completes_no_departments_task_and_nobody_else_reviews(supervised: Served) -> None:
    number = supervised.opens(["taxation", "bank"]).accepted()
    review = supervised.person("taxation").task(number)
    supervisor = supervised.person("supervisor")
    for verb in ("claim", "complete"):
        body = {"outcome": "agree", "form": {}} if verb == "complete" else {}
        assert supervisor.post(f"/inbox/{review}/{verb}", body).status_code in (403, 404)
    issued(supervised)
    answering = supervised.person("taxation-head").json("/inbox?activity=answer")["rows"][0]["id"]
    assert supervisor.post(f"/inbox/{answering}/complete", {"outcome": "answered", "form": ANSWER}).status_code == 404
    done = supervised.person("taxation-head").post(
        f"/inbox/{answering}/complete", {"outcome": "answered", "form": ANSWER}
    )
    assert done.status_code == 200, done.text
    reviewing = supervisor.task()
    for login in ("taxation-head", "lead", "government-leader", "admin"):
        answer = supervised.person(login).post(f"/inbox/{reviewing}/complete", {"outcome": "accept", "form": {}})
        assert answer.status_code in (403, 404), (login, answer.text)


def test_a_unit_sees_the_orders_to_itself_alone(supervised: Served) -> None:
    issued(supervised)
    issued(supervised, department="bank")
    assert len(supervised.person("supervisor").json("/supervision-orders")["rows"]) == 2
    (own,) = supervised.person("taxation-head").json("/supervision-orders")["rows"]
    assert own["department"]["code"] == "taxation"
    assert supervised.person("taxation").json("/supervision-orders")["rows"] == []
