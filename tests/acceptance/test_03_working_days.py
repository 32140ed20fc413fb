"""Acceptance scenario 3, working days: a promise counts the make-up Saturday and leaps over the Spring Festival."""

from datetime import UTC, datetime

import pytest

from tests.acceptance.registration import Registration, edited
from tests.world import World

FRIDAY_BEFORE_SPRING_FESTIVAL = datetime(2026, 2, 13, 1, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    world = World()
    world.now = FRIDAY_BEFORE_SPRING_FESTIVAL
    return world


def promise(office: Registration, number: str) -> tuple[str, str, str]:
    clock = office.clocks(number)["PROMISED"]
    return clock["started_at"], clock["limit"], clock["due_at"]


def test_03_working_days__accepted_on_friday_13_february_2026(office: Registration) -> None:
    of_one_day = office.is_accepted()
    item = edited("item.toml", {'promised = "1WD" ': 'promised = "2WD" '})
    assert office.publishes({"item.toml": item}).status_code == 201
    of_two_days = office.is_accepted()

    accepted_at = "2026-02-13T09:00:00.000+08:00"
    assert promise(office, of_one_day) == (accepted_at, "1WD", "2026-02-14T23:59:59.000+08:00")
    assert promise(office, of_two_days) == (accepted_at, "2WD", "2026-02-24T23:59:59.000+08:00")


def test_03_working_days__red_from_the_first_instant_too_late(office: Registration) -> None:
    number = office.is_accepted()

    office.world.now = datetime(2026, 2, 14, 15, 59, 59, tzinfo=UTC)
    in_time = office.clocks(number)["PROMISED"]["signal"]
    office.world.now = datetime(2026, 2, 14, 16, 0, tzinfo=UTC)
    too_late = office.clocks(number)["PROMISED"]["signal"]

    assert (in_time, too_late) == ("yellow", "red")
