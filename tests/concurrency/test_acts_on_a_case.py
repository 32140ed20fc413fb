"""Two people, two systems, or a person and the law act on a case in the same moment: one of them does."""

from collections.abc import Callable

import pytest

from casework import cases, fees, logins
from casework.deemed_acceptance import KIND
from casework.fees import Payment
from casework.slips import Service
from casework.slips.recording import record_service
from casework.tables import CaseState, ServiceMeans
from engine import jobs
from engine.errors import Conflict
from engine.ports import ENGINE, Actor
from engine.transaction import Transaction
from tests.api.office.test_fees import opened
from tests.choreography import DONE, race
from tests.clocked import at
from tests.served import Served


def actor(served: Served, login: str) -> Actor:
    with served.database.view(ENGINE) as tx:
        known = logins.by_login(tx, login)
    assert known is not None
    return known.actor


def acts(served: Served, login: str, act: Callable[[Transaction], object]) -> Callable[[], object]:
    who = actor(served, login)

    def run() -> None:
        with served.database.begin(who) as tx:
            act(tx)

    return run


def bill_of(served: Served, number: str) -> str:
    return str(served.person("applicant").json(f"/cases/{number}/bill")["number"])


def pays(served: Served, bill: str, number: str) -> Callable[[], object]:
    payment = Payment(number, 14_808, served.world.now)
    return acts(served, "payments", lambda tx: fees.receive(tx, bill, payment))


def test_a_bill_is_paid_by_one_of_two_payments(served: Served) -> None:
    bill = bill_of(served, opened(served).accepted())

    assert race(served.database, pays(served, bill, "A1"), pays(served, bill, "B2")) == (DONE, Conflict)

    assert served.person("payments").json(f"/bills/{bill}")["payment_number"] == "A1"


def test_the_same_message_twice_at_once_pays_once(served: Served) -> None:
    bill = bill_of(served, opened(served).accepted())

    assert race(served.database, pays(served, bill, "A1"), pays(served, bill, "A1")) == (DONE, DONE)


def test_a_payment_pays_one_of_two_bills(served: Served) -> None:
    office = opened(served)
    one, other = bill_of(served, office.accepted()), bill_of(served, office.accepted())

    assert race(served.database, pays(served, one, "A1"), pays(served, other, "A1")) == (DONE, Conflict)

    assert served.person("payments").json(f"/bills/{other}")["state"] == "DUE"


def test_a_slip_is_served_once(served: Served) -> None:
    number = str(served.opens().submits("window")["number"])
    [slip] = served.person("window").json(f"/cases/{number}/slips")["rows"]

    def serves(login: str) -> Callable[[], object]:
        service = Service(ServiceMeans.COUNTER, login)
        return acts(served, login, lambda tx: record_service(tx, number, slip["number"], service))

    assert race(served.database, serves("window"), serves("window-2")) == (DONE, Conflict)

    [shown] = served.person("window").json(f"/cases/{number}/slips")["rows"]
    assert shown["receiver"] == "window"


@pytest.fixture
def silent(served: Served) -> tuple[Served, str]:
    """A case whose five working days are over, and nobody has said anything yet."""
    served.world.now = at("2026-03-02 10:00")
    number = str(served.opens().submits()["number"])
    served.world.now = at("2026-03-10 00:00")
    return served, number


def law(served: Served) -> Callable[[], object]:
    with served.database.begin(ENGINE) as tx:
        leases = jobs.claim(tx, "worker", limit=50)
    [lease] = [one for one in leases if one.kind == KIND]
    return lambda: jobs.run(served.database, lease)


def test_the_law_accepts_before_the_clerk_does(silent: tuple[Served, str]) -> None:
    served, number = silent
    clerk = acts(served, "window", lambda tx: cases.accept(tx, number))
    assert race(served.database, law(served), clerk) == (DONE, Conflict)
    assert accepted(served, number) == (CaseState.ACCEPTED, True)


def test_the_clerk_accepts_before_the_law_does(silent: tuple[Served, str]) -> None:
    served, number = silent
    clerk = acts(served, "window", lambda tx: cases.accept(tx, number))
    assert race(served.database, clerk, law(served)) == (DONE, DONE)
    assert accepted(served, number) == (CaseState.ACCEPTED, True)  # art. 32 had done so already


def accepted(served: Served, number: str) -> tuple[CaseState, bool]:
    with served.database.view(ENGINE) as tx:
        case = cases.by_number(tx, number)
        return case.state, case.is_accepted_by_law
