"""Acceptance scenario 39: paper filings of the week are entered on Friday with their true receipt dates."""

from datetime import timedelta

import pytest

from engine import jobs
from tests.acceptance.registration import Registration
from tests.clocked import at
from tests.served import application

FRIDAY = at("2026-03-06 16:00")
MONDAY = at("2026-03-02 09:30")
FILINGS = 40


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


def test_39_village_agent__an_applicant_enters_no_receipt_date(office: Registration) -> None:
    office.opens()
    office.world.now = FRIDAY

    refused = office.person("applicant").post("/cases", application(received_at=receipts()[0]))

    assert refused.status_code == 403
