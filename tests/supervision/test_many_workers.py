"""Many workers look at the same time: every card once; and a case that cannot be dealt with holds up no other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from casework.supervision import watch
from casework.tables import Card, Clock
from engine import jobs
from engine.ports import ENGINE
from engine.tables import Incident, Job
from engine.transaction import Database
from tests.clocked import at, joint_approval
from tests.statements import statements
from tests.supervision.watched import WatchedOffice
from tests.world import World

CASES = 12


@pytest.fixture
def office(database: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> WatchedOffice:
    """So many reviews, all due in the same second."""
    world.now = at("2026-03-02 09:00")
    office = WatchedOffice(database, world)
    office.deploy(joint_approval())
    for _ in range(CASES):
        office.submit(shares={"taxation": "5WD"})
        office.answers("accept", "accept")
    monkeypatch.setattr(watch, "BATCH", 3)
    return office


def issued(office: WatchedOffice) -> int:
    with office.database.view(ENGINE) as tx:
        return tx.session.scalar(select(func.count()).select_from(Card)) or 0


def looks(office: WatchedOffice, worker: str) -> None:
    for _ in range(CASES):
        jobs.run_due(office.database, worker, limit=1)


def test_every_card_is_issued_once_however_many_workers_look(office: WatchedOffice, world: World) -> None:
    world.now = at("2026-03-20 09:00")
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda worker: looks(office, f"worker-{worker}"), range(4)))
    for step in range(CASES):
        world.now = at(f"2026-03-20 09:{step + 1:02}")
        office.looks()
    assert issued(office) == 2 * CASES


def test_a_batch_costs_the_same_statements_however_many_cases_it_has(
    office: WatchedOffice, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for batch, instant in ((1, "2026-03-09 13:30"), (8, "2026-03-09 13:31")):
        monkeypatch.setattr(watch, "BATCH", batch)
        world.now = at(instant)
        with statements(office.database.engine) as sent:
            jobs.run_due(office.database, "watch", limit=1)
        counts.append(len(sent))
    assert issued(office) == 9
    assert counts[0] == counts[1]


def test_a_case_that_cannot_be_dealt_with_waits_for_a_person_and_holds_up_no_other(
    office: WatchedOffice, world: World
) -> None:
    with office.database.begin(ENGINE) as tx:
        tx.session.execute(update(Clock).where(Clock.root_id == office.root_id).values(limit="broken"))
    for step in range(30):
        world.now = at(f"2026-03-20 {9 + step // 6:02}:{step % 6 * 10:02}")
        office.looks()
    assert issued(office) == 2 * (CASES - 1)
    with office.database.view(ENGINE) as tx:
        incident = tx.session.scalars(select(Incident)).one()
        assert tx.session.get_one(Job, incident.source_id).root_id == office.root_id
