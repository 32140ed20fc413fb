"""A calendar makes nobody late, and takes back the card for a breach that it has undone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from casework import calendars, recomputing
from casework.calendars import Year
from casework.recomputing import Change
from casework.tables import CardState, ClockKind
from casework.workdays import DayRule
from engine.ports import ENGINE
from engine.transaction import Database
from tests.clocked import at, joint_approval
from tests.scenario import REGION
from tests.supervision.watched import WatchedOffice
from tests.world import World

ORDER = "云溪市人民政府关于暴雪停工的通告"


@pytest.fixture
def office(database: Database, world: World) -> WatchedOffice:
    """A review of five working days from Monday 2 March, due with Monday 9 March."""
    world.now = at("2026-03-02 09:00")
    office = WatchedOffice(database, world)
    kinds = {**database.ports.job_kinds, recomputing.KIND: recomputing.run}
    database.ports = replace(database.ports, job_kinds=kinds)
    office.deploy(joint_approval())
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    return office


def ruled(office: WatchedOffice, rules: Mapping[date, DayRule]) -> None:
    """The country's days of 2026 with others, and everything that follows from it."""
    with office.database.begin(ENGINE) as tx:
        held = calendars.current(tx).noticed[REGION]
        days = {day: rule for day, (year, rule) in held.items() if year == 2026} | dict(rules)
        calendars.publish(tx, Year(REGION, 2026, days, ORDER))
        recomputing.begin(tx, Change(REGION, ORDER, None, 2026, min(rules), max(rules)))
    for _ in range(3):
        office.looks()


def test_a_deadline_moved_into_the_past_brings_no_card_and_supervision_is_told(
    office: WatchedOffice, world: World
) -> None:
    world.now = at("2026-03-09 09:00")
    ruled(office, {date(2026, 3, 7): DayRule(True, "调休上班"), date(2026, 3, 8): DayRule(True, "调休上班")})

    assert office.clock(ClockKind.DEPARTMENT, "taxation").due_at == at("2026-03-08 00:00")
    office.it_is("2026-03-12 09:00")
    assert office.shown_cards() == []


def test_a_deadline_moved_past_a_breach_cancels_its_card_with_the_calendar_as_the_reason(
    office: WatchedOffice, world: World
) -> None:
    office.it_is("2026-03-10 09:00")
    ruled(office, {date(2026, 3, 5): DayRule(False, "暴雪停工"), date(2026, 3, 6): DayRule(False, "暴雪停工")})

    assert [(card.signal, card.state) for card in office.cards()] == [
        ("yellow", CardState.ISSUED),
        ("red", CardState.CANCELLED),
    ]
    assert ORDER in (office.cards()[1].decision or "")
    assert office.acts("card.cancelled")[0].subject == office.cards()[1].id

    office.it_is("2026-03-12 00:00")
    assert [(card.signal, card.state) for card in office.cards()][2:] == [("red", CardState.ISSUED)]


def test_a_breach_that_the_change_leaves_stands_keeps_its_card(office: WatchedOffice, world: World) -> None:
    office.it_is("2026-03-12 09:00")
    ruled(office, {date(2026, 3, 5): DayRule(False, "暴雪停工")})
    assert [card.state for card in office.cards()] == [CardState.ISSUED, CardState.ISSUED]
