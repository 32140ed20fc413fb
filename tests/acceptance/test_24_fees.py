"""Acceptance scenario 24, fees: three departments, one bill, one payment, a split list that adds up to the cent.

The licence waits for the payment message, and a double message is harmless.
"""

from decimal import Decimal
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.acceptance.planning import PlanningPermit

FIVE = ("planning", "fire", "civil-defence", "urban-management", "water")
PERMIT = "核发规划许可证"
FEES = {
    "城市基础设施配套费": ("planning", "1172838.65"),
    "防空地下室易地建设费": ("civil-defence", "533328.00"),
    "水土保持补偿费": ("water", "14814.77"),
}
"""12345.67 m² at 95 yuan, 333.33 m² at 1600, 9876.51 m² at 1.50: half a fen and more is a whole one."""

TOTAL = "1720981.42"


@pytest.fixture
def number(permits: PlanningPermit) -> str:
    """A case that is approved and owes three departments."""
    number = permits.is_under_review("apartments")
    for login in FIVE:
        [(_, name)] = [step for step in permits.open_steps(number) if step[0] == login]
        permits.is_done(number, login, name, "agree")
    size: Any = {"approved_floor_area": 12345.67, "approved_height": 23.4}
    permits.is_done(number, "planning-head", "规划许可决定", "approve", **size)
    return number


def bill(permits: PlanningPermit, number: str, login: str = "applicant") -> dict[str, Any]:
    shown: dict[str, Any] = permits.person(login).json(f"/cases/{number}/bill")
    return shown


def pays(permits: PlanningPermit, number: str, payment: str = "HB20260309000117", **changes: str) -> TestResponse:
    said = {"number": payment, "amount": TOTAL, "paid_at": permits.world.now.isoformat()} | changes
    return permits.person("payments").post(f"/bills/{bill(permits, number)['number']}/payments", said)


def test_24_fees__three_departments_are_on_one_bill(permits: PlanningPermit, number: str) -> None:
    shown = bill(permits, number)

    assert (shown["state"], shown["total"], len(shown["lines"])) == ("DUE", TOTAL, 3)
    assert {one["name"]: (one["department"]["code"], one["amount"]) for one in shown["lines"]} == FEES
    assert all(one["basis"] for one in shown["lines"])
    slips = [one for one in permits.case(number)["timeline"] if one["kind"] == "bill.issued"]
    assert [one["document"] for one in slips] == [shown["number"]]


def test_24_fees__the_split_list_adds_up_to_the_cent(permits: PlanningPermit, number: str) -> None:
    split = permits.person("payments").json(f"/bills/{bill(permits, number)['number']}/split")

    assert sum(Decimal(one["amount"]) for one in split["shares"]) == Decimal(split["total"]) == Decimal(TOTAL)
    for name, (department, amount) in FEES.items():
        shares = [one for one in split["shares"] if one["name"] == name]
        assert {one["department"]["code"] for one in shares} == {department}
        assert sum(Decimal(one["amount"]) for one in shares) == Decimal(amount)
    # 14814.77 divided 10 : 30 : 60 leaves a fen, which goes to the greatest remainder.
    water = [one["amount"] for one in split["shares"] if one["name"] == "水土保持补偿费"]
    assert water == ["1481.48", "4444.43", "8888.86"]


def test_24_fees__the_licence_waits_for_the_payment_and_time_stands_still(permits: PlanningPermit, number: str) -> None:
    assert permits.open_steps(number) == []
    due = permits.clocks(number)["PROMISED"]["due_at"]
    permits.time_passes(7)
    assert (due, permits.clocks(number)["PROMISED"]["state"]) == (None, "PAUSED")

    paid = pays(permits, number)

    assert (paid.status_code, paid.get_json()["state"]) == (200, "PAID")
    assert [name for _, name in permits.open_steps(number)] == [PERMIT]
    promised = permits.clocks(number)["PROMISED"]
    assert (promised["state"], promised["pauses"][0]["reason"]) == ("RUNNING", "payment")


def test_24_fees__a_double_message_is_harmless(permits: PlanningPermit, number: str) -> None:
    first, second = pays(permits, number), pays(permits, number)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json() == second.get_json()
    told = [one["kind"] for one in permits.case(number)["timeline"]]
    assert told.count("bill.paid") == 1
    assert len(permits.open_steps(number)) == 1


def test_24_fees__what_is_not_the_payment_changes_nothing(permits: PlanningPermit, number: str) -> None:
    short, later = pays(permits, number, amount="1720981.41"), pays(permits, number, paid_at="2099-01-01T00:00:00Z")
    stranger = permits.person("window").post(f"/bills/{bill(permits, number)['number']}/payments", {})
    unknown = permits.person("payments").post(
        "/bills/none/payments", {"number": "1", "amount": "1.00", "paid_at": "2026-03-01T00:00:00Z"}
    )
    assert [one.status_code for one in (short, later, stranger, unknown)] == [422, 422, 403, 404]
    assert TOTAL in short.get_data(as_text=True)
    assert bill(permits, number)["state"] == "DUE"

    pays(permits, number)
    another = pays(permits, number, "HB20260309000118")
    assert another.status_code == 409
    assert "退还" in another.get_json()["detail"]


def test_24_fees__a_payment_is_for_one_bill_only(permits: PlanningPermit, number: str) -> None:
    other = permits.is_under_review("apartments")
    for login in FIVE:
        [(_, name)] = [step for step in permits.open_steps(other) if step[0] == login]
        permits.is_done(other, login, name, "agree")
    size: Any = {"approved_floor_area": 12345.67, "approved_height": 23.4}
    permits.is_done(other, "planning-head", "规划许可决定", "approve", **size)
    pays(permits, number)

    assert pays(permits, other).status_code == 409
    assert bill(permits, other)["state"] == "DUE"


def test_24_fees__nothing_is_asked_of_who_owes_nothing(permits: PlanningPermit) -> None:
    number = permits.is_under_review()
    permits.agree(number, "planning", "fire", "civil-defence", "urban-management")

    permits.is_permitted(number)

    assert permits.case(number)["state"] == "CONCLUDED"
    assert permits.person("applicant").get(f"/cases/{number}/bill").status_code == 404


def test_24_fees__only_who_sees_the_case_sees_its_bill(permits: PlanningPermit, number: str) -> None:
    address = f"/bills/{bill(permits, number)['number']}"

    asked = {login: permits.person(login).get(address).status_code for login in ("applicant", "water", "taxation")}

    assert asked == {"applicant": 200, "water": 200, "taxation": 404}
    assert permits.person("applicant").get(f"{address}/split").status_code == 403
