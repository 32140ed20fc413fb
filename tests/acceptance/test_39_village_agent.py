"""Acceptance scenario 39: paper filings of the week are entered on Friday with their true receipt dates."""

from datetime import timedelta

import pytest

from engine import jobs
from tests.acceptance.registration import Registration
from tests.clocked import at
from tests.served import DEPARTMENTS, application

FRIDAY = at("2026-03-06 16:00")
MONDAY = at("2026-03-02 09:30")
FILINGS = 40
DUE = {"2026-03-02": "2026-03-09", "2026-03-03": "2026-03-10", "2026-03-04": "2026-03-11", "2026-03-05": "2026-03-12"}
"""The fifth working day after each day of receipt (行政许可法 art. 32)."""


def receipts() -> list[str]:
    """When each paper was taken in, Monday to Thursday, at any hour: the village has no closing time."""
    return [(MONDAY + timedelta(hours=2 * number)).isoformat() for number in range(FILINGS)]


def test_39_village_agent__each_filing_keeps_its_true_receipt_date(office: Registration) -> None:
    office.opens()
    office.world.now = FRIDAY

    filed = [office.submits("agent", channel="village", received_at=instant) for instant in receipts()]

    assert len({one["number"] for one in filed}) == FILINGS
    assert {one["is_backdated"] for one in filed} == {True}
    assert [one["received_at"][:16] for one in filed[:2]] == ["2026-03-02T09:30", "2026-03-02T11:30"]
    assert {one["submitted_at"][:16] for one in filed} == {"2026-03-06T16:00"}


def test_39_village_agent__the_clock_of_each_of_forty_filings_counts_from_its_own_day(office: Registration) -> None:
    office.opens()
    office.world.now = FRIDAY
    for instant in receipts():
        office.submits("agent", channel="village", received_at=instant)

    rows = office.person("agent").json(f"/cases?limit={FILINGS}")["rows"]

    assert len(rows) == FILINGS
    assert {(row["channel"], row["is_backdated"]) for row in rows} == {("village", True)}
    assert {row["deadline"]["kind"] for row in rows} == {"RECEIPT"}
    assert {(row["received_at"][:10], row["deadline"]["due_at"][:10]) for row in rows} == set(DUE.items())
    left = {row["received_at"][:10]: row["deadline"]["remaining"]["amount"] for row in rows}
    assert left == {"2026-03-02": 1, "2026-03-03": 2, "2026-03-04": 3, "2026-03-05": 4}


def test_39_village_agent__the_office_has_its_whole_time_from_the_acceptance(office: Registration) -> None:
    """The time of the decision runs from the acceptance, not from the receipt in the village (行政许可法 art. 42)."""
    office.opens()
    office.world.now = FRIDAY
    accepted = {office.accepted(login="agent", channel="village", received_at=instant) for instant in receipts()[::13]}

    for number in accepted:
        clocks = office.clocks(number)
        assert clocks["RECEIPT"]["state"] == "STOPPED"
        assert (clocks["PROMISED"]["due_at"][:10], clocks["STATUTORY"]["due_at"][:10]) == ("2026-03-20", "2026-04-03")
        assert {clocks[code]["due_at"][:10] for code in DEPARTMENTS} == {"2026-03-13"}


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-03-02 09:30", "2026-03-09T23:59:59.000+08:00"),
        ("2026-03-02 23:59", "2026-03-09T23:59:59.000+08:00"),
        ("2026-03-05 03:00", "2026-03-12T23:59:59.000+08:00"),
        ("2026-02-28 10:00", "2026-03-06T23:59:59.000+08:00"),
        ("2026-03-01 10:00", "2026-03-06T23:59:59.000+08:00"),
    ],
    ids=["monday", "monday at night", "thursday at night", "make-up saturday", "sunday"],
)
def test_39_village_agent__the_receipt_clock_counts_from_the_true_date(
    office: Registration, received: str, due: str
) -> None:
    office.opens()
    office.world.now = FRIDAY

    number = str(office.submits("agent", received_at=at(received).isoformat())["number"])

    assert office.clocks(number)["RECEIPT"]["due_at"] == due


def test_39_village_agent__what_lay_in_the_village_for_more_than_five_days_is_accepted_by_law(
    office: Registration,
) -> None:
    office.opens()
    office.world.now = FRIDAY
    number = str(office.submits("agent", received_at=at("2026-02-24 10:00").isoformat())["number"])

    while jobs.run_due(office.database, "worker"):
        pass

    case = office.case(number)
    assert (case["accepted_by_law"], case["accepted_at"]) == (True, "2026-02-24T10:00:00.000+08:00")
    clocks = office.clocks(number)
    assert (clocks["PROMISED"]["due_at"][:10], clocks["STATUTORY"]["due_at"][:10]) == ("2026-03-09", "2026-03-23")


def test_39_village_agent__an_applicant_enters_no_receipt_date(office: Registration) -> None:
    office.opens()
    office.world.now = FRIDAY

    refused = office.person("applicant").post("/cases", application(received_at=receipts()[0]))

    assert refused.status_code == 403
