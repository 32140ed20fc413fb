"""Work of the host that talks to another system: outside any transaction, under one key, and never in a case's way."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from engine import jobs
from engine.ports import ENGINE, Ports
from engine.scheduler import Heartbeat
from engine.tables import Job
from engine.transaction import Database, Transaction
from tests.choreography import PATIENCE
from tests.concurrency.claiming import leases_run_out, only_job
from tests.diagrams import straight, user_task
from tests.scenario import Scenario
from tests.world import World

KIND = "telegram"


class Telegraph:
    """An errand that calls what the test gave it, and remembers what was settled."""

    def __init__(self) -> None:
        self.call: Callable[[str], object] = lambda key: key
        self.settled: list[object] = []

    def order(self, tx: Transaction, job: Job) -> Callable[[], object]:
        key = job.id
        return lambda: self.call(key)

    def settle(self, tx: Transaction, job: Job, result: Any) -> None:
        self.settled.append(result)


@pytest.fixture
def telegraph() -> Telegraph:
    return Telegraph()


@pytest.fixture
def scenario(database_url: str, ports: Ports, world: World, telegraph: Telegraph) -> Iterator[Scenario]:
    with closing(Database(database_url, replace(ports, errands={KIND: telegraph}))) as database:
        yield Scenario(database, world)


def orders(scenario: Scenario) -> str:
    """The id of an errand that is due now."""
    with scenario.database.begin(ENGINE) as tx:
        job = Job(id=tx.new_id(), region="000000", kind=KIND, due_at=tx.now, created_at=tx.now)
        tx.add(job)
    return job.id


def test_an_errand_is_settled_once_and_its_job_is_gone(scenario: Scenario, telegraph: Telegraph) -> None:
    job_id = orders(scenario)

    scenario.due_work_runs()

    assert telegraph.settled == [job_id]
    assert scenario.open_work()["job"] == 0


def test_an_errand_holds_no_connection_while_it_calls(scenario: Scenario, telegraph: Telegraph) -> None:
    held: list[int] = []
    telegraph.call = lambda key: held.append(scenario.database.engine.pool.checkedout())  # type: ignore[attr-defined]
    orders(scenario)

    scenario.due_work_runs()

    assert held == [0]


def test_an_errand_that_fails_is_repeated_later_under_the_same_key(scenario: Scenario, telegraph: Telegraph) -> None:
    keys: list[str] = []

    def fails_once(key: str) -> None:
        keys.append(key)
        if len(keys) == 1:
            raise ConnectionError("down")

    telegraph.call = fails_once
    job_id = orders(scenario)

    scenario.due_work_runs()
    assert (keys, telegraph.settled, only_job(scenario).failures) == ([job_id], [], 1)
    scenario.time_passes(minutes=1)

    assert (keys, telegraph.settled) == ([job_id, job_id], [None])
    assert scenario.open_work()["job"] == 0


def test_an_errand_slower_than_its_lease_is_settled_once(scenario: Scenario, telegraph: Telegraph) -> None:
    called: list[str] = []

    def slow(key: str) -> int:
        called.append(key)
        number = len(called)
        if number == 1:
            leases_run_out(scenario)
            jobs.run_due(scenario.database, "other")
        return number

    telegraph.call = slow
    job_id = orders(scenario)

    jobs.run_due(scenario.database, "one")

    assert called == [job_id, job_id]
    assert telegraph.settled == [2]


def test_an_errand_that_does_not_come_back_holds_up_no_work_of_the_engine(
    scenario: Scenario, telegraph: Telegraph
) -> None:
    begun, released = Event(), Event()

    def hangs(key: str) -> None:
        begun.set()
        assert released.wait(PATIENCE)

    telegraph.call = hangs
    own, *_, errand = Heartbeat(scenario.database).beats
    orders(scenario)
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    scenario.start()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(errand)
        assert begun.wait(PATIENCE)
        own()
        reviewed = scenario.waits_at()
        released.set()

    assert reviewed == ["review"]


def test_no_handler_of_a_case_waits_behind_an_errand(scenario: Scenario, telegraph: Telegraph) -> None:
    orders(scenario)

    for handler in Heartbeat(scenario.database).beats[1:5]:
        handler()

    assert telegraph.settled == []
    assert only_job(scenario).failures == 0
