"""Workers of other systems that meet at one external task, or meet the end of their lock."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import external_tasks, instances
from engine.errors import NotFound
from engine.external_tasks import Failure, NotLocked, Topic
from engine.tables import ExternalTask, Incident
from engine.transaction import Transaction
from tests.choreography import DONE, Act, command, race
from tests.diagrams import external_task, straight, user_task
from tests.scenario import Scenario
from tests.world import OFFICER, World

LOCK = timedelta(minutes=5)


@pytest.fixture
def stamping(scenario: Scenario) -> Scenario:
    """A case that waits for a seal."""
    scenario.deploy(straight(external_task("stamp", "seals"), user_task("after")))
    return scenario.start()


def task_of(scenario: Scenario) -> ExternalTask:
    with scenario.database.view(OFFICER) as tx:
        return tx.session.scalars(select(ExternalTask)).one()


def fetches(scenario: Scenario, worker: str, found: list[list[str]]) -> Act:
    def fetch(tx: Transaction) -> None:
        found.append([task.id for task in external_tasks.fetch_and_lock(tx, worker, [Topic("seals", LOCK)])])

    return command(scenario.database, fetch)


def locked_by(scenario: Scenario, worker: str) -> str:
    """The task, locked for a worker now."""
    fetches(scenario, worker, [])()
    return task_of(scenario).id


def test_two_workers_fetch_each_task_once(stamping: Scenario) -> None:
    stamping.start()
    found: list[list[str]] = []

    race(stamping.database, fetches(stamping, "one", found), fetches(stamping, "two", found))

    assert sorted(len(tasks) for tasks in found) == [0, 2]


def test_one_worker_completes_a_task_twice_and_the_second_finds_none(stamping: Scenario) -> None:
    task_id = locked_by(stamping, "one")
    complete = command(stamping.database, lambda tx: external_tasks.complete(tx, task_id, "one", {}))

    assert race(stamping.database, complete, complete) == (DONE, NotFound)

    assert stamping.waits_at() == ["after"]


def test_a_task_fetched_by_another_after_the_lock_ran_out_is_no_longer_its_first_workers(
    stamping: Scenario, world: World
) -> None:
    task_id = locked_by(stamping, "one")
    world.now += LOCK + timedelta(milliseconds=1)
    complete = command(stamping.database, lambda tx: external_tasks.complete(tx, task_id, "one", {}))

    assert race(stamping.database, fetches(stamping, "two", []), complete) == (DONE, NotLocked)

    assert task_of(stamping).worker == "two"


def test_a_completion_in_the_last_moment_of_its_lock_leaves_nothing_to_fetch(stamping: Scenario, world: World) -> None:
    task_id = locked_by(stamping, "one")
    found: list[list[str]] = []

    def complete() -> None:
        with stamping.database.begin(OFFICER) as tx:
            external_tasks.complete(tx, task_id, "one", {})
            world.now += LOCK + timedelta(milliseconds=1)

    assert race(stamping.database, complete, fetches(stamping, "two", found)) == (DONE, DONE)

    assert found == [[]]
    assert stamping.waits_at() == ["after"]


def test_a_cancelled_case_takes_its_task_from_the_worker(stamping: Scenario) -> None:
    task_id = locked_by(stamping, "one")
    cancel = command(stamping.database, lambda tx: instances.cancel(tx, stamping.root_id, "作废"))
    complete = command(stamping.database, lambda tx: external_tasks.complete(tx, task_id, "one", {}))

    assert race(stamping.database, cancel, complete) == (DONE, NotFound)

    assert not stamping.open_work()


def test_a_cancellation_does_not_stop_a_worker_from_fetching_nor_the_other_way_round(stamping: Scenario) -> None:
    cancel = command(stamping.database, lambda tx: instances.cancel(tx, stamping.root_id, "作废"))
    found: list[list[str]] = []

    assert race(stamping.database, fetches(stamping, "one", found), cancel) == (DONE, DONE)

    assert not stamping.open_work()


def incidents(scenario: Scenario) -> int:
    with scenario.database.view(OFFICER) as tx:
        return len(tx.session.scalars(select(Incident)).all())


def test_a_failure_reported_twice_is_one_incident(stamping: Scenario) -> None:
    task_id = locked_by(stamping, "one")
    fail = command(stamping.database, lambda tx: external_tasks.fail(tx, task_id, "one", Failure("no ink")))

    assert race(stamping.database, fail, fail) == (DONE, DONE)

    assert incidents(stamping) == 1


def test_retries_set_to_none_left_twice_are_one_incident(stamping: Scenario) -> None:
    task_id = task_of(stamping).id
    give_up = command(stamping.database, lambda tx: external_tasks.set_retries(tx, task_id, 0))

    assert race(stamping.database, give_up, give_up) == (DONE, DONE)

    assert incidents(stamping) == 1
