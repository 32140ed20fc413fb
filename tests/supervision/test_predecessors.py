"""Who has to wait for another's decision (默认前置) gets no card for the time that passes meanwhile."""

import pytest

from engine.transaction import Database
from tests.clocked import at
from tests.diagrams import diagram, end, flows, parallel, properties, start, user_task
from tests.supervision.watched import WatchedOffice
from tests.world import World

DECISION = "approve 准予 Approve; refuse! 不予许可 Refuse"


@pytest.fixture
def office(database: Database, world: World) -> WatchedOffice:
    """Land and building decide at the same time, in five days each; building only after land."""
    world.now = at("2026-03-02 09:00")
    office = WatchedOffice(database, world)
    office.deploy(
        diagram(
            start(),
            parallel("fork"),
            user_task("land", properties(act="decide", outcomes=DECISION), candidateGroups="land"),
            user_task(
                "building", properties(act="decide", outcomes=DECISION, after="land"), candidateGroups="building"
            ),
            parallel("join"),
            end(),
            flows("start", "fork", "land", "join", "end"),
            flows("fork", "building", "join"),
        )
    )
    return office.submit(shares={"land": "5WD", "building": "5WD"})  # type: ignore[return-value]


def test_only_the_predecessor_gets_a_card(office: WatchedOffice) -> None:
    office.it_is("2026-03-10 00:00")
    assert {(card.signal.value, card.department) for card in office.cards()} == {("yellow", "land"), ("red", "land")}


def test_once_the_predecessor_has_approved_the_time_is_its_own(office: WatchedOffice, world: World) -> None:
    world.now = at("2026-03-05 09:00")
    office.answers("land", "approve")
    office.it_is("2026-03-10 00:00")
    assert [(card.signal.value, card.department) for card in office.cards()] == [
        ("yellow", "building"),
        ("red", "building"),
    ]
