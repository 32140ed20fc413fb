"""What lists and pages of cases say of their deadlines: promised and by law, what is left, how the clock stands."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from casework.clocks.grounds import Ground, Reach, Scope, Standstill
from casework.clocks.standstills import concerned, hold
from casework.tables import Case
from engine.ports import ENGINE
from engine.store import instance_rows
from tests.diagrams import properties, straight, user_task
from tests.served import Served, accept
from tests.statements import statements

NEW_YEARS_EVE = datetime(2026, 12, 31, 1, 0, tzinfo=UTC)


def deadline(served: Served, number: str, login: str = "lead") -> Any:
    """The one of the list, which is that of the page."""
    reader = served.person(login)
    rows = {row["number"]: row["deadline"] for row in reader.json("/cases")["rows"]}
    assert reader.json(f"/cases/{number}")["deadline"] == rows[number]
    return rows[number]


def decided_by_one() -> bytes:
    """Acceptance, one department's decision, delivery."""
    decision = properties(act="decide", outcomes="approve 准予 Approve; refuse! 不予 Refuse")
    return straight(
        accept(),
        user_task("decide", decision, candidateGroups="taxation"),
        user_task("deliver", properties(act="deliver"), candidateGroups="window"),
    )


def is_excluded(served: Served, number: str, department: str) -> None:
    """A special procedure of one department begins."""
    with served.database.begin(ENGINE) as tx:
        root_id = tx.session.scalars(select(Case.root_id).where(Case.number == number)).one()
        instance_rows.lock_tree_of(tx, root_id)
        standstill = Standstill(
            ground=Ground("expert-review"),
            occasion_id=tx.new_id(),
            begins_at=tx.now,
            asked_by=department,
            department=department,
            is_exclusion=True,
        )
        hold(tx, concerned(tx, root_id, Scope(Reach.DEPARTMENT, department)), standstill)


def test_the_deadline_of_a_case_goes_with_its_course(served: Served) -> None:
    """Acceptance within 5 working days, the decision within what was promised and 20 by law, delivery within 10."""
    number = str(served.opens(drawn=decided_by_one()).submits()["number"])
    received = deadline(served, number, "window")
    served.person("window").post(f"/cases/{number}/accept")
    accepted = deadline(served, number)
    served.person("taxation").does(number, "approve")
    left_to_deliver = deadline(served, number)
    served.person("window").does(number)
    concluded = deadline(served, number)

    assert [(one["kind"], one["state_name"]) for one in (received, accepted, left_to_deliver, concluded)] == [
        ("RECEIPT", "计时中"),
        ("PROMISED", "计时中"),
        ("DELIVERY", "计时中"),
        ("PROMISED", "已停止"),
    ]
    assert [(accepted[name], accepted[f"statutory_{name}"]) for name in ("limit", "due_at")] == [
        ("10WD", "20WD"),
        ("2026-03-16T23:59:59.000+08:00", "2026-03-30T23:59:59.000+08:00"),
    ]
    assert accepted["remaining"] == {"amount": 10, "unit": "WD", "text": "剩余 10 个工作日"}
    assert concluded["remaining"] is None


def test_a_case_taken_back_has_no_deadline(served: Served) -> None:
    number = served.opens().accepted()
    served.person("applicant").post(f"/cases/{number}/withdraw")

    assert deadline(served, number) is None


def test_a_deadline_beyond_the_published_calendar_is_provisional(served: Served) -> None:
    """2027 is not published: 1 January is off all the same, so ten working days end on Friday 15 January."""
    served.opens()
    served.world.now = NEW_YEARS_EVE
    number = served.accepted()

    row = served.person("taxation").json("/inbox")["rows"][0]
    shown = deadline(served, number)

    assert (shown["provisional"], shown["due_at"]) == (True, "2027-01-15T23:59:59.000+08:00")
    assert (row["deadline"]["provisional"], row["case_deadline"]["provisional"]) == (True, True)


def test_excluded_time_is_told_apart_from_a_pause(served: Served) -> None:
    """The special procedure of one department stops its own clock alone (行政许可法 art. 45)."""
    number = served.opens().accepted()
    is_excluded(served, number, "taxation")

    [row] = served.person("taxation").json("/inbox")["rows"]
    steps = served.person("lead").json(f"/cases/{number}")["open_steps"]

    assert (row["deadline"]["state"], row["deadline"]["state_name"]) == ("EXCLUDED", "特别程序，不计入时限")
    assert row["remaining"]["text"] == "暂停计时，剩余 5 个工作日"
    assert row["case_deadline"]["state"] == "RUNNING"
    assert {step["department"]["code"]: step["deadline"]["state"] for step in steps} == {
        "market-regulation": "RUNNING",
        "taxation": "EXCLUDED",
        "bank": "RUNNING",
    }


def test_an_applicant_is_told_the_deadline_of_the_case_and_no_departments(served: Served) -> None:
    number = served.opens().accepted()

    shown = served.person("applicant").json(f"/cases/{number}")

    assert shown["deadline"]["kind"] == "PROMISED"
    assert [step["deadline"] for step in shown["open_steps"]] == [None, None, None]


def test_cases_are_sorted_by_what_is_left_from_either_end(served: Served) -> None:
    """What stands still comes behind everything that runs; what is over has nothing left."""
    served.opens()
    numbers = []
    for _ in range(4):
        numbers.append(served.accepted())
        served.world.days_pass(1)
    standing_still, first, withdrawn, last = numbers
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task(standing_still)}/request-correction", {"items": ["补充账号"]})
    served.person("lead").post(f"/cases/{standing_still}/correction-notice")
    served.person("applicant").post(f"/cases/{withdrawn}/withdraw")

    def listed(sort: str) -> list[str]:
        found, cursor = [], ""
        while cursor is not None:
            page = served.person("lead").json(f"/cases?sort={sort}&limit=1{cursor and f'&cursor={cursor}'}")
            found += [row["number"] for row in page["rows"]]
            cursor = page["next"]
        return found

    assert listed("remaining") == [first, last, standing_still]
    assert listed("-remaining") == [standing_still, last, first]
    assert listed("newest") == numbers[::-1]


@pytest.fixture
def asks(served: Served) -> Callable[[], int]:
    """How many statements the list costs."""

    def ask() -> int:
        with statements(served.database.engine) as sent:
            served.person("lead").json("/cases")
        return len(sent)

    return ask


def test_the_list_costs_the_same_statements_however_many_cases(served: Served, asks: Callable[[], int]) -> None:
    served.opens().accepted()
    asks()
    for_one = asks()
    for _ in range(4):
        served.accepted()

    assert asks() == for_one
