"""The calculator that anybody may use: the vectors of the law's calendar through the door, and its faults."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from casework.tables import Department, Region
from engine.ports import ENGINE
from tests.served import Served


def asked(served: Served, query: str, region: str = "000000", language: str | None = None) -> TestResponse:
    headers = {} if language is None else {"Accept-Language": language}
    return served.anybody.get(f"/calendars/{region}/deadline?{query}", **headers)


def reckoned(served: Served, query: str, region: str = "000000") -> dict[str, Any]:
    answer = asked(served, query, region)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


VECTORS = [
    ("2026-02-13", "1WD", "2026-02-14", False),
    ("2026-02-13", "2WD", "2026-02-24", False),
    ("2026-09-18", "1WD", "2026-09-20", False),
    ("2026-09-17", "5WD", "2026-09-23", False),
    ("2026-09-18", "5WD", "2026-09-24", False),
    ("2026-09-30", "3WD", "2026-10-10", False),
    ("2026-10-09", "1WD", "2026-10-10", False),
    ("2026-10-09", "2WD", "2026-10-12", False),
    ("2026-04-30", "5WD", "2026-05-11", False),
    ("2026-04-29", "7WD", "2026-05-12", False),
    ("2026-06-18", "1WD", "2026-06-22", False),
    ("2026-02-10", "5WD&paused=2026-02-13/2026-02-24", "2026-02-26", False),
    ("2026-09-28", "20WD", "2026-10-30", False),
    ("2026-09-28", "20WD&paused=2026-10-09/2026-10-20", "2026-11-11", False),
    ("2026-02-09", "45WD", "2026-04-20", False),
    ("2026-11-23", "45WD", "2027-01-26", True),
    ("2026-09-18", "15ND", "2026-10-08", False),
    ("2026-01-03", "1WD", "2026-01-04", False),
]


def test_every_vector_of_the_law_holds(served: Served) -> None:
    for start, limit, last_day, provisional in VECTORS:
        found = reckoned(served, f"start={start}&limit={limit}")

        assert (found["due"], found["provisional"]) == (f"{last_day}T23:59:59.000+08:00", provisional), (start, limit)


def test_it_says_which_days_counted_and_why_the_others_did_not(served: Served) -> None:
    found = reckoned(served, "start=2026-02-10&limit=5WD&paused=2026-02-13/2026-02-24")

    assert found["counted"] == ["2026-02-11", "2026-02-12", "2026-02-13", "2026-02-25", "2026-02-26"]
    assert found["skipped"][0] == {"day": "2026-02-14", "why": "时限中止"}
    assert [one["day"] for one in found["skipped"]] == [f"2026-02-{day}" for day in range(14, 25)]


def test_a_day_off_is_named_in_the_readers_language(served: Served) -> None:
    query = "start=2026-10-08&limit=1WD&paused="
    assert asked(served, query).status_code == 422

    english = asked(served, "start=2026-09-30&limit=1WD", language="en").get_json()
    chinese = asked(served, "start=2026-09-30&limit=1WD").get_json()

    assert english["skipped"][0] == {"day": "2026-10-01", "why": "day off (国庆节)"}
    assert chinese["skipped"][0] == {"day": "2026-10-01", "why": "放假（国庆节）"}


INSTANTS = {
    "start=2026-03-02T16:00&limit=3WH": "2026-03-03T10:59:59",
    "start=2026-03-06T16:30&limit=24H": "2026-03-07T16:29:59",
    "start=2026-03-02T10:00&limit=3WH&paused=2026-03-02T11:00/2026-03-02T14:00": "2026-03-02T15:59:59",
    "start=2026-03-02T10:00%2B08:00&limit=2H": "2026-03-02T11:59:59",
    "start=2026-03-02&limit=20WD&extension=10WD": "2026-04-14T23:59:59",
    "start=2026-03-02&limit=5WD&paused=2026-03-03/2026-03-05&paused=2026-03-04/2026-03-06": "2026-03-12T23:59:59",
}


def test_every_unit_extensions_and_overlapping_pauses(served: Served) -> None:
    assert {query: reckoned(served, query)["due"][:19] for query in INSTANTS} == INSTANTS


def test_while_a_pause_holds_there_is_no_deadline(served: Served) -> None:
    found = reckoned(served, "start=2026-03-02&limit=5WD&paused=2026-03-04/")

    assert (found["due"], found["counted"]) == (None, ["2026-03-03", "2026-03-04"])


FAULTS = {
    "limit=5WD": ["start"],
    "start=2026-02-10": ["limit"],
    "start=tomorrow&limit=5WD": ["start"],
    "start=2026-02-30&limit=5WD": ["start"],
    "start=1999-12-31&limit=5WD": ["start"],
    "start=2026-02-10&start=2026-02-11&limit=5WD": ["start"],
    "start=2026-02-10&limit=5": ["limit"],
    "start=2026-02-10&limit=1000WD": ["limit"],
    "start=2026-02-10&limit=5WD&extension=5ND": [],
    "start=2026-02-10&limit=5WD&paused=2026-02-13": ["paused[0]"],
    "start=2026-02-10&limit=5WD&paused=2026-02-13/2026-02-11": ["paused[0]"],
    "start=2026-02-10&limit=5WD&paused=2026-02-13/2036-02-11": ["paused"],
    "start=2026-02-10&limit=5WD" + "&paused=2026-02-13/2026-02-14" * 21: ["paused"],
    "start=2026-02-10&limit=5WD&unit=WD": ["unit"],
}


def test_what_cannot_be_counted_is_told_at_its_place(served: Served) -> None:
    answers = {query: asked(served, query) for query in FAULTS}

    assert {query: answer.status_code for query, answer in answers.items()} == dict.fromkeys(FAULTS, 422)
    told = {query: answer.get_json()["errors"] for query, answer in answers.items()}
    assert {query: [one["path"] for one in faults] for query, faults in told.items()} == FAULTS


@pytest.mark.parametrize(
    ("limit", "most"), [("1000WD", "999 个工作日"), ("1000ND", "999 个自然日")], ids=["working days", "natural days"]
)
def test_the_most_that_is_counted_is_said_with_its_unit(served: Served, limit: str, most: str) -> None:
    (fault,) = asked(served, f"start=2026-02-10&limit={limit}").get_json()["errors"]

    assert most in fault["detail"]


def test_a_division_that_there_is_not_is_not_found(served: Served) -> None:
    assert asked(served, "start=2026-02-10&limit=5WD", "999999").status_code == 404
    assert asked(served, "start=2026-02-10&limit=5WD&department=nobody").status_code == 404


def test_a_departments_cut_off_ends_the_day_at_its_close(served: Served) -> None:
    with served.database.begin(ENGINE) as tx:
        tx.add(
            Region(code="650100", name="乌鲁木齐市"),
            Department(
                code="customs",
                region="650100",
                role="customs",
                name="海关",
                name_en="Customs",
                zone="Asia/Urumqi",
                office_hours="10:00-14:00,15:30-19:00",
                ends_at_close=True,
                defers_late_receipt=True,
            ),
        )
    before = reckoned(served, "start=2026-03-02T20:59&limit=1WD&department=customs", "650100")
    after = reckoned(served, "start=2026-03-02T21:00&limit=1WD&department=customs", "650100")

    assert (before["due"], after["due"]) == ("2026-03-03T20:59:59.000+08:00", "2026-03-04T20:59:59.000+08:00")
