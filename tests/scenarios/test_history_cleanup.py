"""What is over for long enough is forgotten whole, a few trees at a time; the host's records stay."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import history_cleanup
from engine.ports import ENGINE
from engine.tables import Base, ProcessInstance
from engine.transaction import Database, Transaction
from tests.diagrams import call, diagram, end, flows, mapped_in, start, straight, user_task
from tests.scenario import Scenario
from tests.world import World

CALLED = straight(user_task("survey"), key="inspection")
PUBLISHED = {"resource", "deployment", "process_definition"}


def kept_for(days: object, key: str = "approval") -> bytes:
    return straight(
        call("call", "inspection", mapped_in(variables="all")), user_task("after"), key=key, historyTimeToLive=days
    )


def tidied(database: Database, world: World, **lent: Any) -> Scenario:
    """A server whose clean-up is among its jobs."""
    jobs = {history_cleanup.KIND: history_cleanup.run}
    database.ports = replace(database.ports, job_kinds=jobs, **lent)
    with database.begin(ENGINE) as tx:
        history_cleanup.seed(tx)
    return Scenario(database, world)


@pytest.fixture
def tidy(database: Database, world: World) -> Scenario:
    return tidied(database, world)


def finished(scenario: Scenario, key: str = "approval") -> None:
    """An instance with a called process, tasks and variables, all over."""
    scenario.start(key, seal="红章")
    scenario.complete("survey")
    scenario.complete("after", note="好")


def rows_of_instances(scenario: Scenario) -> set[str]:
    """The tables in which anything is left, but for what was deployed and the job of the clean-up."""
    with scenario.database.view(ENGINE) as tx:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in PUBLISHED | {"job"}]
        return {table.name for table in tables if tx.session.scalar(select(func.count()).select_from(table))}


def test_everything_of_an_instance_is_forgotten_when_its_days_are_over(tidy: Scenario) -> None:
    tidy.deploy(CALLED, kept_for("P30D"))
    finished(tidy)

    tidy.time_passes(days=30, milliseconds=-1)
    assert "process_instance" in rows_of_instances(tidy)
    tidy.time_passes(hours=1)
    assert rows_of_instances(tidy) == set()


def test_a_running_instance_is_never_forgotten(tidy: Scenario) -> None:
    tidy.deploy(CALLED, kept_for(1))
    tidy.start()

    tidy.time_passes(days=400)

    assert tidy.waits_at() == ["survey"]


def test_a_called_process_goes_by_the_days_of_the_instance_that_began(tidy: Scenario) -> None:
    tidy.deploy(straight(user_task("survey"), key="inspection", historyTimeToLive=1), kept_for(30))
    finished(tidy)

    tidy.time_passes(days=29)

    with tidy.database.view(ENGINE) as tx:
        assert len(tx.session.scalars(select(ProcessInstance)).all()) == 2


@pytest.mark.parametrize(("default", "is_kept"), [(None, True), (10, False)], ids=["for ever", "ten days"])
def test_a_diagram_that_says_nothing_goes_by_the_servers_setting(
    database: Database, world: World, default: int | None, is_kept: bool
) -> None:
    scenario = tidied(database, world, history_time_to_live=default)
    scenario.deploy(CALLED, diagram(start(), call("call", "inspection"), end(), flows("start", "call", "end")))
    scenario.start().complete("survey")

    scenario.time_passes(days=4000)

    assert ("process_instance" in rows_of_instances(scenario)) is is_kept


def test_records_of_the_host_stay_and_are_not_looked_at_again(database: Database, world: World) -> None:
    asked: list[Sequence[str]] = []

    def all_of_them(tx: Transaction, root_ids: Sequence[str]) -> Sequence[str]:
        asked.append(root_ids)
        return root_ids

    scenario = tidied(database, world, records=all_of_them)
    scenario.deploy(CALLED, kept_for(1))
    finished(scenario)

    scenario.time_passes(days=2)
    scenario.time_passes(days=2)

    assert "process_instance" in rows_of_instances(scenario)
    assert asked == [[scenario.root_id]]


def test_much_is_forgotten_in_small_batches(tidy: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_cleanup, "BATCH", 2)
    tidy.deploy(CALLED, kept_for(1))
    for _ in range(5):
        finished(tidy)
    tidy.world.now += history_cleanup.EVERY * 48

    with tidy.database.begin(ENGINE) as tx:
        assert history_cleanup.clean(tx) == 2
    tidy.due_work_runs()
    tidy.time_passes(milliseconds=2)
    tidy.time_passes(milliseconds=2)

    assert rows_of_instances(tidy) == set()
