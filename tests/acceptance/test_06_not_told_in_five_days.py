"""Acceptance scenario 6: nobody tells the applicant anything within five working days, so the law accepts the case."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from casework.slips.printing import pdf, taken
from casework.supervision import watch
from casework.tables import CaseState, Slip, SlipKind
from engine import jobs
from engine.ports import ENGINE
from tests.acceptance.registration import ALL_SEVEN, LEAD, Registration
from tests.clocked import at
from tests.slips.pages import text

MONDAY = at("2026-03-02 10:00")
FIFTH_DAY = at("2026-03-09 23:59")
TOO_LATE = at("2026-03-10 00:00")


@pytest.fixture
def received(office: Registration) -> tuple[Registration, str]:
    """An application received on a Monday."""
    office.world.now = MONDAY
    return office, office.is_received()


def due_work(office: Registration) -> None:
    while jobs.run_due(office.database, "worker"):
        pass


def test_06_not_told_in_five_days__accepted_as_of_the_day_of_receipt(received: tuple[Registration, str]) -> None:
    office, number = received
    office.world.now = FIFTH_DAY
    due_work(office)
    assert office.case(number)["state"] == CaseState.RECEIVED

    office.world.now = TOO_LATE
    due_work(office)

    case = office.case(number)
    assert (case["state"], case["accepted_at"], case["accepted_by_law"]) == (
        "ACCEPTED",
        "2026-03-02T10:00:00.000+08:00",
        True,
    )
    assert {login for login in ALL_SEVEN if office.inbox(login, number)} == set(ALL_SEVEN)
    assert office.inbox("window", number) == []
    told = [(one["text"], one["basis"]) for one in case["timeline"] if one["kind"] == "case.accepted_by_law"]
    assert told == [("依法视为受理", "行政许可法第三十二条")]


def test_06_not_told_in_five_days__the_clocks_of_the_case_are_born_partly_consumed(
    received: tuple[Registration, str],
) -> None:
    office, number = received
    office.world.now = TOO_LATE
    due_work(office)

    clocks = office.clocks(number)

    # 行政许可法 art. 42: counted from the acceptance, which was on Monday; three working days end on Thursday.
    assert (clocks["STATUTORY"]["started_at"], clocks["STATUTORY"]["due_at"]) == (
        "2026-03-02T10:00:00.000+08:00",
        "2026-03-05T23:59:59.000+08:00",
    )
    assert clocks["RECEIPT"]["state"] == "STOPPED"
    assert clocks["RECEIPT"]["due_at"] <= clocks["RECEIPT"]["stopped_at"]
    assert clocks[LEAD]["started_at"] == "2026-03-10T00:00:00.000+08:00"


def test_06_not_told_in_five_days__the_slip_of_acceptance_is_issued(received: tuple[Registration, str]) -> None:
    office, _ = received
    office.world.now = TOO_LATE
    due_work(office)

    with office.database.view(ENGINE) as tx:
        [slip] = tx.session.scalars(select(Slip).where(Slip.kind == SlipKind.ACCEPTANCE)).all()
    assert (slip.issued_at, slip.served_at) == (TOO_LATE, TOO_LATE)
    assert json.loads(slip.content)["facts"]["accepted_at"] == "2026-03-02T10:00:00+08:00"
    page = text(pdf(taken(slip), progress_page=None))
    assert "自收到申请材料之日起即为受理" in page
    assert "第三十二条第一款第四项" in page
    assert "申请材料齐全" not in page


def test_06_not_told_in_five_days__it_can_no_longer_be_declined(received: tuple[Registration, str]) -> None:
    office, number = received
    office.world.now = TOO_LATE

    answer = office.person("window").post(f"/cases/{number}/decline", {"comment": "不属于本机关职权范围"})

    assert (answer.status_code, office.case(number)["state"]) == (409, "RECEIVED")
    assert "第三十二条" in answer.get_json()["detail"]


def test_06_not_told_in_five_days__a_clerk_who_accepts_late_accepts_as_of_the_day_of_receipt(
    received: tuple[Registration, str],
) -> None:
    office, number = received
    office.world.now = TOO_LATE

    answer = office.person("window").post(f"/cases/{number}/accept")

    assert (answer.status_code, answer.get_json()["accepted_at"]) == (200, "2026-03-02T10:00:00.000+08:00")
    due_work(office)
    assert office.case(number)["accepted_by_law"] is True


@pytest.mark.parametrize("noticed", [TOO_LATE, at("2026-03-11 09:00")], ids=["at once", "after a downtime"])
def test_06_not_told_in_five_days__the_silence_brings_the_cards_of_receipt_and_no_others(
    received: tuple[Registration, str], noticed: datetime
) -> None:
    """The limits of the case began with the acceptance: what they had come to by then is nobody's lateness."""
    office, number = received
    with office.database.begin(ENGINE) as tx:
        watch.seed(tx)
    office.world.now = noticed
    due_work(office)
    office.world.now = noticed + timedelta(minutes=1)
    due_work(office)

    cards = office.person("supervisor").json(f"/supervision/cards?case_number={number}")["rows"]
    assert sorted((card["at"][:16], card["signal"], card["clock"], card["department"]["code"]) for card in cards) == [
        ("2026-03-09T13:30", "yellow", "RECEIPT", "window"),
        ("2026-03-10T00:00", "red", "RECEIPT", "window"),
    ]
    assert office.clocks(number)["RECEIPT"]["state"] == "STOPPED"
