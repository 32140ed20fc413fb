"""Acceptance scenario 26, hotline 1 hour / 5 / 20: an urgent order of the 12345 hotline and its clocks.

The order and its item are this test's own: an hour round the clock to contact the caller, five working days for the
whole, a day and a night to return what is not the unit's to do, and a callback before the order is closed.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from casework.workdays import SHANGHAI
from tests.acceptance.packaged import Packaged
from tests.diagrams import (
    boundary,
    diagram,
    end,
    error,
    exclusive,
    flow,
    flows,
    parallel,
    properties,
    start,
    sub_process,
    timer,
    user_task,
)
from tests.served import item, opened
from tests.world import World

UNIT, RIGHT_UNIT = "taxation", "public-security"
SATURDAY, SUNDAY, MONDAY = "2026-03-07", "2026-03-08", "2026-03-09"
CONTACT, TAKE, HANDLE, CALLBACK = "联系诉求人", "签收工单", "办理诉求", "回访"
NOT_OURS = "井盖由市政养护单位管理，不属本单位职责"
LIMITS = 'promised = "5WD"\n[limits.steps]\ncontact = "1H"\nreturn = "24H"'
FORM = {
    "id": "application",
    "type": "default",
    "components": [
        {"id": "f1", "type": "textfield", "key": "company", "label": "诉求", "validate": {"required": True}},
        {"id": "f2", "type": "textfield", "key": "unit", "label": "承办单位", "validate": {"required": True}},
    ],
}


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=SHANGHAI)


def order() -> Any:
    """The unit contacts the caller at once, then handles the matter; meanwhile it may find that it is not its own."""
    taking = properties(limit="return", outcomes="ours 属本单位职责 Ours; return! 退单 Not ours", outcome="taking")
    handling = properties(act="review", outcomes="solved 已解决 Solved; unsolved! 未解决 Unsolved")
    return sub_process(
        "order",
        start("dispatched"),
        parallel("at-once"),
        user_task("contact", properties(limit="contact"), name=CONTACT, candidateGroups="${unit}"),
        user_task("handle", handling, name=HANDLE, candidateGroups="${unit}"),
        user_task("take", taking, name=TAKE, candidateGroups="${unit}"),
        boundary("day-over", "take", timer(date="${due('step:return')}")),
        exclusive("whose", default="kept"),
        end("handled"),
        end("taken"),
        end("not-ours", error("wrong-unit")),
        flows("dispatched", "at-once", "contact", "handle", "handled"),
        flows("at-once", "take", "whose"),
        flow("whose", "not-ours", "${taking == 'return'}"),
        flow("whose", "taken", id="kept"),
        flow("day-over", "taken"),
    )


def hotline() -> bytes:
    """What a unit returns, the hotline designates anew; every order is called back, and done again if it has to be."""
    units = f"{UNIT} 税务局 Taxation; {RIGHT_UNIT} 公安局 Public security"
    asked = "satisfied 满意 Satisfied; again! 不满意，重办 Again"
    return diagram(
        start(),
        order(),
        boundary("wrong-unit", "order", error("wrong-unit")),
        user_task("designate", properties(outcomes=units, outcome="unit"), name="指定承办", candidateGroups="lead"),
        user_task("callback", properties(outcomes=asked, outcome="heard"), name=CALLBACK, candidateGroups="window"),
        exclusive("heard-out", default="closed"),
        end(),
        flows("start", "order", "callback", "heard-out"),
        flows("wrong-unit", "designate", "order"),
        flow("heard-out", "order", "${heard == 'again'}"),
        flow("heard-out", "end", id="closed"),
    )


class Hotline(Packaged):
    """An office that takes orders of the hotline; the clerk of the window answers the telephone."""

    def rings(self) -> str:
        """The number of an order that is dispatched at once."""
        form = {"company": "人民路井盖缺失", "unit": UNIT}
        return str(self.submits("window", form=form)["number"])

    def deadline(self, number: str, login: str, name: str) -> Any:
        """What measures a step, as the inbox shows it."""
        [found] = [row["deadline"] for row in self.inbox(login, number) if row["name"] == name]
        return found

    def returns(self, number: str, reason: str | None) -> TestResponse:
        """What the door answers to the unit that returns the order."""
        return self.completes(number, UNIT, TAKE, "return", reason)

    def is_solved(self, number: str, unit: str = UNIT) -> None:
        for login, name, outcome in ((unit, CONTACT, None), (unit, TAKE, "ours"), (unit, HANDLE, "solved")):
            self.is_done(number, login, name, outcome)


@pytest.fixture
def office(database_url: str) -> Iterator[Hotline]:
    world = World()
    world.now = at(SATURDAY, "22:00")
    with opened(database_url, world) as database:
        hall = Hotline(database, world)
        published = item((UNIT, RIGHT_UNIT)).decode().replace('promised = "10WD"', LIMITS)
        published = published.replace('statutory = "20WD"\n', "").replace('kind = "行政许可"', 'kind = "公共服务"')
        hall.deploy(approval_bpmn=hotline(), application_form=json.dumps(FORM).encode(), item_toml=published.encode())
        yield hall


def test_26_hotline__the_hour_runs_on_saturday_night_and_the_five_days_from_monday(office: Hotline) -> None:
    number = office.rings()
    contact = office.deadline(number, UNIT, CONTACT)
    case = office.case(number)["deadline"]

    assert (contact["limit"], contact["due_at"]) == ("1H", f"{SATURDAY}T22:59:59.000+08:00")
    assert (case["limit"], case["due_at"]) == ("5WD", "2026-03-13T23:59:59.000+08:00")

    office.world.now = at(SATURDAY, "22:45")
    assert office.deadline(number, UNIT, CONTACT)["remaining"]["text"] == "剩余 15 分钟"
    office.world.now = at(SATURDAY, "23:00")
    assert office.deadline(number, UNIT, CONTACT)["signal"] == "red"

    office.world.now = at(SUNDAY, "23:59")
    [untouched] = [one for one in office.case(number)["deadlines"] if one["kind"] == "PROMISED"]
    assert (untouched["used"], untouched["remaining"]["amount"]) == (0, 5)
    office.world.now = at(MONDAY, "12:00")
    [begun] = [one for one in office.case(number)["deadlines"] if one["kind"] == "PROMISED"]
    assert 0 < begun["used"] < 1


def test_26_hotline__what_presses_most_stands_first_whatever_its_unit(office: Hotline) -> None:
    """One hour, then a day and a night."""
    office.rings()

    assert [row["name"] for row in office.person(UNIT).json("/inbox")["rows"]] == [CONTACT, TAKE]


def test_26_hotline__the_wrong_unit_returns_it_within_24_hours_with_a_reason(office: Hotline) -> None:
    number = office.rings()
    office.world.now = at(SUNDAY, "21:59")

    without_reason = office.returns(number, None)
    returned = office.returns(number, NOT_OURS)

    assert (without_reason.status_code, returned.status_code) == (422, 200)
    assert office.inbox(UNIT, number) == []
    office.is_done(number, "lead", "指定承办", RIGHT_UNIT)
    assert office.deadline(number, RIGHT_UNIT, CONTACT)["due_at"] == f"{SUNDAY}T22:58:59.000+08:00"
    assert NOT_OURS in [line["reason"] for line in office.case(number)["timeline"]]


def test_26_hotline__after_24_hours_the_order_is_the_units(office: Hotline) -> None:
    number = office.rings()
    take = office.step(number, UNIT, TAKE)
    office.time_passes(1)

    late = office.person(UNIT).post(f"/inbox/{take}/complete", {"outcome": "return", "comment": NOT_OURS})

    assert late.status_code == 409
    assert [row["name"] for row in office.inbox(UNIT, number)] == [CONTACT]


def test_26_hotline__nothing_is_closed_without_the_callback(office: Hotline) -> None:
    number = office.rings()
    office.is_solved(number)
    before = office.case(number)
    office.is_done(number, "window", CALLBACK, "satisfied")
    after = office.case(number)

    assert [step["name"] for step in before["open_steps"]] == [CALLBACK]
    assert (before["state"], before["deadline"]["state"]) == ("ACCEPTED", "RUNNING")
    assert (after["state"], after["deadline"]["state"]) == ("CONCLUDED", "STOPPED")


def test_26_hotline__who_is_not_satisfied_is_heard_again(office: Hotline) -> None:
    number = office.rings()
    office.is_solved(number)

    assert office.completes(number, "window", CALLBACK, "again").status_code == 422
    office.is_done(number, "window", CALLBACK, "again", "井盖仍未更换")

    assert sorted(row["name"] for row in office.inbox(UNIT, number)) == sorted([CONTACT, TAKE])
