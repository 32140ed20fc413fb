"""Acceptance scenario 2, the last signature triggers the licence: two sign at once, exactly one delivery follows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, cast

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from casework.tables import Case
from engine import evidence
from engine.ports import ENGINE
from engine.tables import TaskState, UserTask
from tests.acceptance.packaged import Packaged
from tests.acceptance.planning import MATTERS, PlanningPermit
from tests.acceptance.registration import ALL_SEVEN, Registration, signatures
from tests.choreography import held_before_commit, until_waiting

FIVE = ("market-regulation", "public-security", "taxation", "human-resources", "medical-insurance")
AGREED = {"outcome": "agree", "form": {"finding": "符合规定"}}

Sign = Callable[[], TestResponse]


def signing(office: Packaged, number: str, login: str, body: Any = AGREED) -> Sign:
    """A signature that needs nothing more than to be sent."""
    person = office.person(login)
    path = f"/inbox/{person.task(number)}/complete"
    return lambda: person.post(path, body)


@pytest.fixture
def three_of_five(office: Registration) -> str:
    """A case under a parallel join of five that waits for two signatures."""
    number = office.opens(FIVE).accepted()
    for login in FIVE[:3]:
        office.person(login).does(number, "agree", finding="符合规定")
    return number


@pytest.mark.parametrize(("fourth", "fifth"), [FIVE[3:], FIVE[:2:-1]])
def test_02_last_signature__the_fifth_arrives_before_the_fourth_has_committed(
    office: Registration, three_of_five: str, fourth: str, fifth: str
) -> None:
    earlier, later = (signing(office, three_of_five, login) for login in (fourth, fifth))

    answers = one_upon_the_other(office, earlier, later)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert_one_delivery(office, three_of_five, signatures=5)


def one_upon_the_other(office: Packaged, earlier: Sign, later: Sign) -> list[TestResponse]:
    """The earlier stands just before its commit until the later waits for it."""
    with ThreadPoolExecutor(1) as thread:
        with held_before_commit(office.database, earlier) as first:
            second = thread.submit(later)
            until_waiting(office.database, unless=second)
        return [cast(TestResponse, first.result()), second.result()]


def test_02_last_signature__both_are_sent_at_once(office: Registration, three_of_five: str) -> None:
    together = Barrier(2)

    def sign(signature: Sign) -> int:
        together.wait()
        return signature().status_code

    last_two = [signing(office, three_of_five, login) for login in FIVE[3:]]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(sign, last_two))

    assert answers == [200, 200]
    assert_one_delivery(office, three_of_five, signatures=5)


def test_02_last_signature__the_last_two_of_seven_of_an_enterprise_registration(office: Registration) -> None:
    number = office.is_accepted()
    office.is_signed(number, *ALL_SEVEN[:5])
    earlier, later = (signing(office, number, login, signatures()[login]) for login in ALL_SEVEN[5:])

    answers = one_upon_the_other(office, earlier, later)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert_one_delivery(office, number, signatures=7)
    office.is_signed(number, "window")
    assert office.case(number)["state"] == "CONCLUDED"


@pytest.mark.parametrize("last_two", [("planning", "fire"), ("fire", "planning")])
def test_02_last_signature__the_last_two_matters_of_a_planning_permit_make_one_decision(
    permits: PlanningPermit, last_two: tuple[str, str]
) -> None:
    number = permits.is_under_review()
    permits.agree(number, *MATTERS.keys() - set(last_two))
    earlier, later = (signing(permits, number, login, {"outcome": "agree"}) for login in last_two)

    answers = one_upon_the_other(permits, earlier, later)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert permits.open_steps(number) == [("planning", "规划许可决定")]
    given = [one["outcome"] for one in permits.case(number)["opinions"] if one["act"] == "review"]
    assert given == ["agree"] * 4


def assert_one_delivery(office: Registration, number: str, signatures: int) -> None:
    with office.database.view(ENGINE) as tx:
        root_id = tx.session.scalars(select(Case.root_id).where(Case.number == number)).one()
        deliveries = select(UserTask.state).where(UserTask.root_id == root_id, UserTask.act == "deliver")
        assert list(tx.session.scalars(deliveries)) == [TaskState.CREATED]
        assert evidence.verify(tx, root_id) is None
    assert [row["act"] for row in office.inbox("window", number)] == ["deliver"]
    given = [one for one in office.case(number)["opinions"] if one["act"] in ("review", "decide")]
    assert len(given) == signatures
