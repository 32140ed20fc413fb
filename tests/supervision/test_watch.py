"""What the ladder says is done once, as of the instant at which a clock came to it, on whoever held the task then."""

import pytest

from casework.tables import ClockKind
from engine import user_tasks
from engine.ports import ENGINE
from engine.tables import GROUP, USER, Party
from engine.transaction import Database
from tests.clocked import at, joint_approval
from tests.supervision.watched import WatchedOffice
from tests.world import World

DUE = "2026-03-10 00:00"


@pytest.fixture
def office(database: Database, world: World) -> WatchedOffice:
    world.now = at("2026-03-02 09:00")
    office = WatchedOffice(database, world)
    office.deploy(joint_approval())
    return office


def accepted(office: WatchedOffice, **shares: str) -> WatchedOffice:
    office.submit(shares=shares or {"taxation": "5WD"})
    office.answers("accept", "accept")
    return office


def test_holder_and_head_are_told_at_nine_tenths_the_department_and_supervisors_at_the_deadline(
    office: WatchedOffice,
) -> None:
    accepted(office, taxation="10WD").claims("tang", department="taxation")

    office.it_is("2026-03-13 16:59")
    assert office.shown_cards() == []
    office.it_is("2026-03-13 17:00")
    assert office.shown_cards() == [("yellow", "taxation", "tang", "2026-03-13 17:00")]
    assert office.told("card-issued") == {"tang": 1, "taxation/head": 1}
    office.it_is("2026-03-17 00:00")
    assert office.shown_cards()[1:] == [("red", "taxation", "tang", "2026-03-17 00:00")]
    assert office.told("card-issued") == {"tang": 2, "taxation/head": 2, "taxation": 1, "supervisor": 1}


def test_after_a_long_downtime_every_rung_is_issued_in_order_as_of_its_instant(office: WatchedOffice) -> None:
    accepted(office).claims("tang", department="taxation")
    office.it_is("2026-03-20 09:00")
    assert office.shown_cards() == [
        ("yellow", "taxation", "tang", "2026-03-09 13:30"),
        ("red", "taxation", "tang", DUE),
    ]
    assert {card.issued_at for card in office.cards()} == {at("2026-03-20 09:00")}


def test_looking_again_issues_nothing_again(office: WatchedOffice) -> None:
    accepted(office)
    office.it_is("2026-03-10 00:00")
    before = office.shown_cards()
    for minute in (1, 2, 3):
        office.it_is(f"2026-03-10 00:0{minute}")
    assert office.shown_cards() == before
    assert len(before) == 2


def test_a_card_names_who_held_the_task_at_that_instant_not_who_holds_it_when_it_is_issued(
    office: WatchedOffice, world: World
) -> None:
    accepted(office).claims("tang", department="taxation")
    world.now = at("2026-03-09 15:00")
    task = office.task_of("review")
    with office.database.begin(ENGINE) as tx:
        user_tasks.transfer(tx, task, Party(USER, "jiang"), "休假")
    world.now = at("2026-03-10 09:00")
    with office.database.begin(ENGINE) as tx:
        user_tasks.transfer(tx, task, Party(USER, "pan"), "调岗")
    office.looks()
    assert office.shown_cards() == [
        ("yellow", "taxation", "tang", "2026-03-09 13:30"),
        ("red", "taxation", "jiang", DUE),
    ]


def test_an_unclaimed_task_falls_on_the_department_and_its_head(office: WatchedOffice) -> None:
    accepted(office)
    office.it_is("2026-03-10 00:00")
    assert [(signal, department, holder) for signal, department, holder, _ in office.shown_cards()] == [
        ("yellow", "taxation", ""),
        ("red", "taxation", ""),
    ]
    assert office.told("card-issued") == {"taxation": 2, "taxation/head": 2, "supervisor": 1}


def test_a_delegate_holds_the_task_until_it_is_given_back(office: WatchedOffice, world: World) -> None:
    accepted(office).claims("tang", department="taxation")
    world.now = at("2026-03-09 10:00")
    with office.database.begin(ENGINE) as tx:
        user_tasks.delegate(tx, office.task_of("review"), "jiang", "请核对税种")
    office.it_is("2026-03-09 13:30")
    assert [card.holder for card in office.cards()] == ["jiang"]


def test_what_was_released_before_the_deadline_is_unclaimed(office: WatchedOffice, world: World) -> None:
    accepted(office).claims("tang", department="taxation")
    world.now = at("2026-03-09 10:00")
    with office.database.begin(office.actor) as tx:
        user_tasks.release(tx, office.task_of("review"))
    office.it_is("2026-03-09 13:30")
    assert [card.holder for card in office.cards()] == [""]


def test_a_transfer_to_another_department_leaves_the_passed_rung_with_the_former(
    office: WatchedOffice, world: World
) -> None:
    accepted(office).claims("tang", department="taxation")
    world.now = at("2026-03-09 15:00")
    with office.database.begin(ENGINE) as tx:
        user_tasks.transfer(tx, office.task_of("review"), Party(GROUP, "bank"), "归其管辖")
    office.it_is("2026-03-10 00:00")
    assert office.shown_cards() == [
        ("yellow", "taxation", "tang", "2026-03-09 13:30"),
        ("red", "bank", "", DUE),
    ]


def test_a_paused_clock_gets_no_card_and_its_moment_moves_with_it(office: WatchedOffice, world: World) -> None:
    accepted(office)
    world.now = at("2026-03-04 15:00")
    office.notice()
    assert office.clock(ClockKind.DEPARTMENT, "taxation").moment_at is None
    office.it_is("2026-03-12 09:00")
    assert office.shown_cards() == []

    world.now = at("2026-03-13 09:00")
    office.message("case-supplemented")
    assert office.clock(ClockKind.DEPARTMENT, "taxation").moment_at == at("2026-03-18 13:30")
    office.it_is("2026-03-19 00:00")
    assert [card.signal for card in office.cards()] == ["yellow", "red"]


def test_what_was_done_in_time_never_gets_a_card(office: WatchedOffice, world: World) -> None:
    accepted(office)
    world.now = at("2026-03-06 10:00")
    office.answers("review", "agree")
    office.it_is("2026-03-20 09:00")
    assert office.shown_cards() == []


def test_what_was_done_late_before_the_watch_looked_gets_its_card_all_the_same(
    office: WatchedOffice, world: World
) -> None:
    accepted(office).claims("tang", department="taxation")
    world.now = at("2026-03-10 09:00")
    office.answers("review", "agree")
    office.looks()
    assert [(card.signal, card.holder) for card in office.cards()] == [("yellow", "tang"), ("red", "tang")]


def test_the_limit_of_the_case_blames_nobody_who_is_within_the_own_share(office: WatchedOffice, world: World) -> None:
    """Twenty days are promised. At the nine tenths a department that got its task late still has its own time."""
    accepted(office, taxation="15WD")
    clock = office.clock(ClockKind.PROMISED)
    assert clock.moment_at == at("2026-03-26 17:00")
    office.it_is("2026-03-24 00:00")
    share = [card for card in office.cards() if card.rung]
    assert [card.signal for card in share] == ["yellow", "red"]
    office.it_is("2026-03-26 17:00")
    promised = office.cards()[len(share) :]
    assert [(card.signal, card.department, card.clock_id == clock.id) for card in promised] == [
        ("yellow", "taxation", True)
    ]


def test_every_card_is_evidence_on_the_case(office: WatchedOffice) -> None:
    accepted(office).claims("tang", department="taxation")
    office.it_is("2026-03-09 13:30")
    act = office.acts("card.")[0]
    assert (act.kind, act.subject, act.property, act.old, act.new, act.reason) == (
        "card.issued",
        office.cards()[0].id,
        "yellow",
        "department:taxation",
        "taxation tang",
        "yellow@90%",
    )
