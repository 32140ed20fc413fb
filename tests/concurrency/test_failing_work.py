"""Due work that fails: what is recorded, who may try again, and that it stops no other work."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from engine import instances, jobs
from engine.errors import NotFound
from engine.events import Event, IncidentOpened, UserTaskCreated
from engine.ports import ENGINE
from engine.tables import Incident, Job
from engine.transaction import Transaction
from tests.choreography import DONE, command, race
from tests.concurrency.claiming import claimed, fires, only_job
from tests.diagrams import (
    boundary,
    delegate_task,
    diagram,
    end,
    flows,
    retry_cycle,
    start,
    straight,
    timer,
    user_task,
)
from tests.scenario import Scenario


def failing_delegate(scenario: Scenario, error: Exception) -> None:
    def fails(variables: Mapping[str, object], *, key: str) -> Mapping[str, object]:
        raise error

    scenario.database.ports = replace(scenario.database.ports, delegates={"register": fails})
    scenario.deploy(straight(delegate_task("register", "register", retry_cycle("R2/PT1M"))))


@pytest.mark.parametrize("said", ["down\0", "half \ud83d a sign", "x" * 5_000], ids=["nul", "surrogate", "long"])
def test_a_failure_is_recorded_whatever_it_says(
    scenario: Scenario, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="engine.jobs")
    failing_delegate(scenario, ConnectionError(said))
    scenario.start()

    scenario.due_work_runs()

    job = only_job(scenario)
    assert (job.failures, job.retries, job.locked_by) == (1, 1, None)
    assert (job.failure or "").startswith("ConnectionError: ")


def test_a_job_whose_failure_cannot_be_recorded_stops_no_other(scenario: Scenario) -> None:
    failing_delegate(scenario, ConnectionError("down"))
    scenario.start()
    poisoned = scenario.root_id
    scenario.deploy(straight(user_task("review", asyncBefore=True), key="plain"))
    scenario.start("plain")

    def refuses_incidents(tx: Transaction, event: Event) -> None:
        if isinstance(event, IncidentOpened):
            raise ZeroDivisionError

    scenario.database.ports = replace(scenario.database.ports, listeners=(refuses_incidents,))
    with scenario.database.begin(ENGINE) as tx:
        job = tx.session.scalars(select(Job).where(Job.root_id == poisoned)).one()
        job.retries, job.priority = 1, 100

    jobs.run_due(scenario.database, "one")

    assert scenario.waits_at() == ["review"]


def test_a_worker_that_stops_gives_back_what_it_has_not_begun(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    for _ in range(3):
        scenario.start()
    stopping = iter([False, True, True])

    jobs.run_due(scenario.database, "one", is_stopping=lambda: next(stopping))

    with scenario.database.view(ENGINE) as tx:
        assert tx.session.scalars(select(Job.locked_by)).all() == [None, None]


def test_leases_of_the_dead_are_not_taken_from_who_took_them_over_meanwhile(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    scenario.start()
    with scenario.database.begin(ENGINE) as tx:
        jobs.claim(tx, "dead", 1)

    def taken_over(worker: str) -> bool:
        return worker == "dead"

    def take_over(tx: Transaction) -> None:
        job = tx.session.scalars(select(Job).with_for_update()).one()
        job.locked_by = "alive"

    release = lambda: jobs.release(scenario.database, taken_over)  # noqa: E731
    assert race(scenario.database, command(scenario.database, take_over), release) == (DONE, DONE)

    assert only_job(scenario).locked_by == "alive"


@pytest.fixture
def failed(scenario: Scenario) -> Scenario:
    """A job out of retries, with its incident."""
    failing_delegate(scenario, ConnectionError("down"))
    scenario.start()
    scenario.due_work_runs()
    scenario.time_passes(minutes=1)
    return scenario


def retries(scenario: Scenario) -> Callable[[], object]:
    job_id = only_job(scenario).id
    return command(scenario.database, lambda tx: jobs.retry(tx, job_id))


def test_a_retry_of_what_is_cancelled_meanwhile_is_not_found(failed: Scenario) -> None:
    cancel = command(failed.database, lambda tx: instances.cancel(tx, failed.root_id, "作废"))

    assert race(failed.database, cancel, retries(failed)) == (DONE, NotFound)


def test_two_retries_of_one_job_are_one_try(failed: Scenario) -> None:
    assert race(failed.database, retries(failed), retries(failed)) == (DONE, DONE)

    job = only_job(failed)
    assert (job.retries, failed.incidents()) == (1, [])


def test_a_retry_does_not_take_a_job_from_the_worker_who_runs_it(scenario: Scenario) -> None:
    failing_delegate(scenario, ConnectionError("down"))
    scenario.start()
    scenario.due_work_runs()
    scenario.world.now += timedelta(minutes=1)
    lease = claimed(scenario)

    retries(scenario)()
    assert only_job(scenario).locked_by == lease.worker
    jobs.run(scenario.database, lease)

    assert only_job(scenario).failures == 2


def test_a_retry_of_a_job_of_no_case_while_it_is_done_is_not_found(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            start("start", timer(date="2026-03-03T09:00:00")), user_task("call"), end(), flows("start", "call", "end")
        )
    )
    scenario.world.days_pass(2)

    assert race(scenario.database, fires(scenario), retries(scenario)) == (DONE, NotFound)


def test_a_failing_job_opens_one_incident_each_time_it_runs_out_of_retries(failed: Scenario) -> None:
    retries(failed)()
    failed.due_work_runs()

    with failed.database.view(ENGINE) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Incident)) == 2
    assert len(failed.incidents()) == 1


def test_a_connection_that_breaks_is_nobodys_fault_and_the_job_stays_due(postgresql: Scenario) -> None:
    tried: list[str] = []

    def breaks_once(tx: Transaction, event: Event) -> None:
        if isinstance(event, UserTaskCreated):
            tried.append(event.task_id)
            if len(tried) == 1:
                tx.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    postgresql.deploy(straight(user_task("review", asyncBefore=True)))
    postgresql.start()
    postgresql.database.ports = replace(postgresql.database.ports, listeners=(breaks_once,))

    postgresql.due_work_runs()

    assert len(tried) == 2
    assert postgresql.waits_at() == ["review"]
    assert postgresql.incidents() == []


def test_a_reminder_that_came_through_has_all_its_tries_again_next_time(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            start(),
            user_task("review"),
            boundary("late", "review", timer(cycle="R/P1D"), interrupting=False),
            user_task("chase"),
            end(),
            flows("start", "review", "end"),
            flows("late", "chase", "end"),
        )
    )
    scenario.start()
    broken = [True]

    def breaks(tx: Transaction, event: Event) -> None:
        if isinstance(event, UserTaskCreated) and broken[0]:
            raise ConnectionError("no card printer")

    scenario.database.ports = replace(scenario.database.ports, listeners=(breaks,))
    for _ in range(2):
        broken[0] = True
        scenario.time_passes(days=1)
        scenario.time_passes(minutes=1)
        broken[0] = False
        scenario.time_passes(minutes=5)

    assert scenario.waits_at() == ["chase", "chase", "review"]
    assert (only_job(scenario).retries, only_job(scenario).failures) == (3, 0)
