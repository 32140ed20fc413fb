"""The beats of one process, called by hand: what a slow handler holds up, and whose leases a new process takes over."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

import pytest
from sqlalchemy import select

from engine import jobs
from engine.ports import ENGINE, Delegate
from engine.scheduler import Heartbeat
from engine.tables import Job
from tests.choreography import PATIENCE
from tests.concurrency.claiming import only_job
from tests.diagrams import delegate_task, straight, user_task
from tests.scenario import Scenario


def with_handler(scenario: Scenario, handler: Delegate) -> Heartbeat:
    scenario.database.ports = replace(scenario.database.ports, delegates={"register": handler})
    scenario.deploy(straight(delegate_task("register", "register"), user_task("after"), key="registering"))
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    return Heartbeat(scenario.database)


def test_a_handler_that_does_not_come_back_holds_up_no_work_of_the_engine(scenario: Scenario) -> None:
    begun, released = Event(), Event()

    def hangs(variables: Mapping[str, object], *, key: str) -> Mapping[str, object]:
        begun.set()
        assert released.wait(PATIENCE)
        return {}

    own, one, *_ = with_handler(scenario, hangs).beats
    scenario.start("registering")
    scenario.start()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(one)
        assert begun.wait(PATIENCE)
        own()
        reviewed = scenario.waits_at()
        released.set()

    assert reviewed == ["review"]


def test_handlers_run_side_by_side_and_each_job_once(scenario: Scenario) -> None:
    together, keys = Barrier(2), set()

    def registers(variables: Mapping[str, object], *, key: str) -> Mapping[str, object]:
        together.wait(PATIENCE)
        keys.add(key)
        return {}

    _, one, two, *_ = with_handler(scenario, registers).beats
    for _ in range(4):
        scenario.start("registering")

    with ThreadPoolExecutor(2) as threads:
        for beat in (one, two):
            threads.submit(beat)

    assert len(keys) == 4
    assert scenario.open_work()["job"] == 0


def test_one_beat_works_off_more_than_one_batch(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    for _ in range(jobs.BATCH + 1):
        scenario.start()

    Heartbeat(scenario.database).beats[0]()

    assert scenario.open_work()["job"] == 0
    assert scenario.open_work()["user task"] == jobs.BATCH + 1


def gone() -> int:
    """The id of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


HERE = socket.gethostname()


@pytest.mark.parametrize(
    ("worker", "is_taken_over"),
    [
        (f"{HERE}:{gone()}:a", True),
        (f"{HERE}:{os.getpid()}:of an earlier process with this number", True),
        (f"{HERE}:{os.getppid()}:a", False),
        (f"elsewhere:{gone()}:a", False),
        ("a worker by another name", False),
    ],
    ids=["gone", "same number", "running", "elsewhere", "other name"],
)
def test_a_process_takes_over_from_those_of_its_machine_that_are_gone(
    scenario: Scenario, worker: str, is_taken_over: bool
) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    scenario.start()
    with scenario.database.begin(ENGINE) as tx:
        jobs.claim(tx, worker, 1)

    jobs.release(scenario.database, Heartbeat(scenario.database).is_dead)

    assert only_job(scenario).locked_by == (None if is_taken_over else worker)


def test_a_process_never_takes_its_own_beats_for_dead(scenario: Scenario) -> None:
    seen: list[str | None] = []

    def registers(variables: Mapping[str, object], *, key: str) -> Mapping[str, object]:
        with scenario.database.view(ENGINE) as tx:
            seen.extend(tx.session.scalars(select(Job.locked_by)))
        return {}

    heartbeat = with_handler(scenario, registers)
    scenario.start("registering")
    heartbeat.beats[1]()

    [worker] = seen
    assert worker is not None
    assert not heartbeat.is_dead(worker)
    assert Heartbeat(scenario.database).is_dead(worker)
