"""Acceptance scenario 25, same-day setup in hours: a promise of office time stands still while the hall is closed."""

import re
from datetime import datetime
from typing import Any

import pytest

from casework.workdays import SHANGHAI
from tests.acceptance.registration import Registration, edited
from tests.world import World

FRIDAY, MONDAY = "2026-03-06", "2026-03-09"
BEFORE_SPRING_FESTIVAL, MAKE_UP_SATURDAY = "2026-02-13", "2026-02-14"


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def world() -> World:
    world = World()
    world.now = at(BEFORE_SPRING_FESTIVAL, "09:00")
    return world


@pytest.fixture
def office(office: Registration) -> Registration:
    """An office that promises a registration within three hours of its office time, and so does each department."""
    published = edited("item.toml", {'promised = "1WD" ': 'promised = "3WH" '})
    in_hours = re.sub(rb'^limit = "(4WH|1WD)"', b'limit = "3WH"', published, flags=re.MULTILINE)
    answer = office.publishes({"item.toml": in_hours})
    assert answer.status_code == 201, answer.text
    return office


def accepted(office: Registration, day: str, time: str) -> str:
    """The number of a case that the window accepts at an instant."""
    office.world.now = at(day, time)
    return office.is_accepted()


def promise(office: Registration, number: str, day: str, time: str) -> Any:
    """The promise as it stands at an instant."""
    office.world.now = at(day, time)
    return office.clocks(number)["PROMISED"]


def test_25_same_day_setup_in_hours__what_is_left_at_the_close_goes_on_at_nine_on_monday(office: Registration) -> None:
    """Handed in at 16:40: 20 minutes until 17:00, and 2 hours 40 minutes from Monday 9:00 end at 11:40."""
    number = accepted(office, FRIDAY, "16:40")

    used = {
        (day, time): round(promise(office, number, day, time)["used"] * 60)
        for day, time in ((FRIDAY, "17:00"), ("2026-03-07", "12:00"), (MONDAY, "09:00"), (MONDAY, "10:00"))
    }

    assert used == {(FRIDAY, "17:00"): 20, ("2026-03-07", "12:00"): 20, (MONDAY, "09:00"): 20, (MONDAY, "10:00"): 80}
    assert promise(office, number, FRIDAY, "17:00")["due_at"] == f"{MONDAY}T11:39:59.000+08:00"


def test_25_same_day_setup_in_hours__people_read_how_much_office_time_is_left(office: Registration) -> None:
    number = accepted(office, FRIDAY, "16:40")
    office.world.now = at("2026-03-07", "20:00")

    [row] = office.inbox("market-regulation", number)

    left = {"amount": 2, "unit": "WH", "text": "剩余 2 小时 40 分钟办公时间"}
    assert (row["case_deadline"]["remaining"], row["case_deadline"]["signal"]) == (left, "none")


def test_25_same_day_setup_in_hours__yellow_at_nine_tenths_and_red_when_the_hours_are_used_up(
    office: Registration,
) -> None:
    """Nine tenths of three hours are 2 hours 42 minutes: 20 on Friday, 142 on Monday."""
    number = accepted(office, FRIDAY, "16:40")

    lights = [promise(office, number, MONDAY, time)["signal"] for time in ("11:21:59", "11:22", "11:39:59", "11:40")]

    assert lights == ["none", "yellow", "yellow", "red"]


def test_25_same_day_setup_in_hours__a_make_up_saturday_is_the_next_working_day(office: Registration) -> None:
    number = accepted(office, BEFORE_SPRING_FESTIVAL, "16:40")

    assert office.clocks(number)["PROMISED"]["due_at"] == f"{MAKE_UP_SATURDAY}T11:39:59.000+08:00"


def test_25_same_day_setup_in_hours__noon_is_not_counted(office: Registration) -> None:
    """From 11:00 on Monday: an hour until noon, two from 13:00."""
    number = accepted(office, MONDAY, "11:00")

    assert office.clocks(number)["PROMISED"]["due_at"] == f"{MONDAY}T14:59:59.000+08:00"
