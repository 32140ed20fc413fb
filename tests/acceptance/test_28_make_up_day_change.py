"""Acceptance scenario 28, make-up-day change: the State Council publishes the notice of 2027; deadlines are counted
anew, provisional marks vanish, changed cases are listed and notified."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine import jobs
from tests import notice_of_2027
from tests.acceptance.planning import PlanningPermit
from tests.world import World

MONDAY_AFTER_CHRISTMAS = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)
ADDRESS = "/calendars/000000/2027"


@pytest.fixture
def world() -> World:
    world = World()
    world.now = MONDAY_AFTER_CHRISTMAS
    return world


@pytest.fixture
def number(permits: PlanningPermit) -> str:
    """A permit accepted on 28 December with a promise of five working days, 45 by law."""
    return permits.is_under_review()


def deadline(permits: PlanningPermit, number: str, kind: str = "PROMISED") -> tuple[str, bool]:
    clock = permits.clocks(number)[kind]
    return clock["due_at"][:19], clock["provisional"]


def imported(permits: PlanningPermit) -> str:
    """The notice is brought in and everything that follows from it done; where its progress is."""
    answer = permits.person("admin").put(ADDRESS, notice_of_2027.file())
    assert answer.status_code == 200, answer.text
    while jobs.run_due(permits.database, "worker"):
        pass
    return f"/calendars/recomputations/{answer.get_json()['recomputation']}"


def test_28_make_up_day_change__what_would_move_is_told_before(permits: PlanningPermit, number: str) -> None:
    before = deadline(permits, number)

    would = permits.person("admin").put(f"{ADDRESS}?dry_run=true", notice_of_2027.file()).get_json()

    assert (would["dry_run"], would["recomputation"]) == (True, None)
    moves = [(row["case_number"], row["kind"], row["old_due_at"][:10], row["due_at"][:10]) for row in would["rows"]]
    assert (number, "PROMISED", "2027-01-05", "2027-01-06") in moves
    assert would["moved"] == len(would["rows"])
    assert deadline(permits, number) == before == ("2027-01-05T23:59:59", True)
    assert permits.person("admin").json(ADDRESS)["published"] is False


def test_28_make_up_day_change__every_open_deadline_is_counted_anew(permits: PlanningPermit, number: str) -> None:
    imported(permits)

    assert deadline(permits, number) == ("2027-01-06T23:59:59", False)
    running = [clock for clock in permits.clocks(number).values() if clock["state"] == "RUNNING"]
    assert [clock["name"] for clock in running if clock["provisional"]] == []
    task = permits.person("fire").json(f"/inbox?case_number={number}")["rows"][0]
    assert task["deadline"]["due_at"][:10] == permits.clocks(number)["fire"]["due_at"][:10]


def test_28_make_up_day_change__changed_cases_are_listed(permits: PlanningPermit, number: str) -> None:
    progress = imported(permits)

    shown = permits.person("supervisor").json(progress)
    assert (shown["done"], shown["source"]) == (shown["clocks"], notice_of_2027.SOURCE)
    assert shown["ended_at"] is not None
    rows = permits.person("supervisor").json(f"{progress}/moved")["rows"]
    assert len(rows) == shown["moved"]
    [promised] = [row for row in rows if row["kind"] == "PROMISED"]
    assert (promised["case_number"], promised["old_due_at"][:10], promised["due_at"][:10]) == (
        number,
        "2027-01-05",
        "2027-01-06",
    )


def test_28_make_up_day_change__each_moved_date_is_on_record_with_the_notice(
    permits: PlanningPermit, number: str
) -> None:
    imported(permits)

    moved: list[Any] = [line for line in permits.case(number)["timeline"] if line["kind"] == "clock.moved"]
    assert [line["text"] for line in moved] == ["承诺时限调整至2027-01-06 23:59"]
    assert [(line["basis"], line["document"]) for line in moved] == [(notice_of_2027.SOURCE, notice_of_2027.NUMBER)]


def test_28_make_up_day_change__applicant_and_departments_are_notified(permits: PlanningPermit, number: str) -> None:
    progress = imported(permits)

    told = [one["text"] for one in permits.person("applicant").json(f"/cases/{number}/notices")["rows"]]
    assert [text for text in told if "2027-01-06 23:59" in text and notice_of_2027.SOURCE in text]
    fire = [one["text"] for one in permits.person("fire").json("/notices/mine")["rows"]]
    assert [text for text in fire if "1 件办件时限有变动" in text and f"/api{progress}/moved" in text]


def test_28_make_up_day_change__who_is_told_of_the_list_can_read_it(permits: PlanningPermit, number: str) -> None:
    progress = imported(permits)

    for login, told_of in (("fire", {number}), ("supervisor", {number}), ("taxation", set())):
        rows = permits.person(login).json(f"{progress}/moved")["rows"]
        assert {row["case_number"] for row in rows} == told_of, login
    assert permits.person("applicant").get(f"{progress}/moved").status_code == 403
