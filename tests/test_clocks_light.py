"""A clock as people read it: yellow before red, and provisional deadlines."""

from datetime import date

import pytest

from casework import calendars, clocks
from casework.calendars import Year
from casework.clocks import Signal
from casework.published_calendars import published_years
from casework.tables import ClockKind, ClockState, Department
from casework.workdays import DayRule
from engine.ports import ENGINE
from engine.transaction import Database
from tests.clocked import Office, at, joint_approval
from tests.scenario import REGION
from tests.statements import statements
from tests.world import World

TAXATION = (ClockKind.DEPARTMENT, "taxation")


@pytest.fixture
def office(database: Database, world: World) -> Office:
    """A case that taxation has had since Monday 2 March, for ten days."""
    world.now = at("2026-03-02 09:00")
    office = Office(database, world)
    office.deploy(joint_approval())
    office.submit(shares={"taxation": "10WD"})
    office.answers("accept", "accept")
    return office


@pytest.mark.parametrize(
    ("now", "signal", "left"),
    [
        ("2026-03-13 16:59", Signal.NONE, 1),
        ("2026-03-13 17:00", Signal.YELLOW, 1),
        ("2026-03-16 23:59", Signal.YELLOW, 0),
        ("2026-03-17 00:00", Signal.RED, -1),
    ],
)
def test_acceptance_scenario_11__yellow_at_nine_tenths_red_when_the_deadline_has_passed(
    office: Office, world: World, now: str, signal: Signal, left: int
) -> None:
    world.now = at(now)

    found = office.described(*TAXATION)
    assert (found["signal"], found["remaining"].amount) == (signal, left)


def test_a_clock_that_stands_still_is_not_late_however_long(office: Office, world: World) -> None:
    office.notice()
    world.now = at("2026-09-01 09:00")

    assert office.described(*TAXATION)["signal"] == Signal.NONE


@pytest.mark.parametrize(("finished", "signal"), [("2026-03-16 23:59", Signal.NONE), ("2026-03-17 00:00", Signal.RED)])
def test_an_ended_clock_says_whether_it_ended_in_time_however_late_one_looks(
    office: Office, world: World, finished: str, signal: Signal
) -> None:
    world.now = at(finished)
    office.answers("review", "agree")
    world.now = at("2026-06-01 09:00")

    found = office.described(*TAXATION)
    assert (found["state"], found["signal"], found["remaining"]) == (ClockState.STOPPED, signal, None)


def test_a_deadline_is_shown_as_the_last_second_in_time(office: Office) -> None:
    found = office.described(ClockKind.PROMISED)

    assert found["due_at"] == at("2026-03-30 23:59:59")
    assert found["statutory_due_at"] == at("2026-05-08 23:59:59")


def test_all_clocks_of_a_case_are_read_in_two_statements(office: Office) -> None:
    office.notice()
    with statements(office.database.engine) as sent, office.database.view(ENGINE) as tx:
        found = clocks.describe_all(tx, office.root_id)

    assert len(sent) == 2

    assert [one["kind"] for one in found] == ["RECEIPT", "PROMISED", "STATUTORY", "DEPARTMENT", "CORRECTION"]


UNPUBLISHED = max(published_years()) + 1
"""A case accepted on the last Monday of November runs into the next year."""


@pytest.fixture
def late(database: Database, world: World) -> Office:
    """A case accepted on Monday 23 November 2026 with a promise of 45 working days."""
    assert UNPUBLISHED == 2027
    world.now = at("2026-11-23 10:00")
    office = Office(database, world)
    office.deploy(joint_approval())
    office.submit(limits={"promised": "45WD"}, shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    return office


def test_a_deadline_in_an_unpublished_year_is_provisional(late: Office) -> None:
    promised = late.described(ClockKind.PROMISED)

    assert (promised["provisional"], promised["due_at"]) == (True, at("2027-01-26 23:59:59"))
    assert not late.described(*TAXATION)["provisional"]


def test_the_mark_of_the_laws_limit_is_not_one_of_the_promise(late: Office) -> None:
    """The promise ends on Monday 30 November; forty-five working days reach into 2027, which is not published."""
    late.submit(limits={"promised": "5WD", "statutory": "45WD"}, shares={"taxation": "5WD"})
    late.answers("accept", "accept")

    promised, statutory = late.described(ClockKind.PROMISED), late.described(ClockKind.STATUTORY)

    assert (promised["due_at"], promised["provisional"]) == (at("2026-11-30 23:59:59"), False)
    assert (promised["statutory_due_at"], promised["statutory_provisional"]) == (at("2027-01-26 23:59:59"), True)
    assert (statutory["due_at"], statutory["provisional"]) == (at("2027-01-26 23:59:59"), True)


def test_a_clock_counts_with_a_closure_from_the_next_command_on(office: Office, world: World) -> None:
    closure = {date(2026, 3, 3): DayRule(False, "暴雪停工")}
    with office.database.begin(ENGINE) as tx:
        calendars.publish(tx, Year(REGION, 2026, closure, "市政府通告", is_published=False))
    office.answers("review", "agree")
    office.answers("decide", "approve")

    assert office.clock(ClockKind.DELIVERY).due_at == at("2026-03-18 00:00")


def test_a_department_counts_office_hours_by_its_own_clock(database: Database, world: World) -> None:
    world.now = at("2026-03-02 16:40")
    with database.begin(ENGINE) as tx:
        tx.add(
            Department(
                code="taxation",
                role="taxation",
                region=REGION,
                name="税务局",
                name_en="Taxation",
                zone="Asia/Shanghai",
                office_hours="08:30-12:00,14:00-17:00",
            )
        )
    office = Office(database, world)
    office.deploy(joint_approval())
    office.submit(shares={"taxation": "3WH"})
    office.answers("accept", "accept")

    assert office.clock(*TAXATION).due_at == at("2026-03-03 11:10")
