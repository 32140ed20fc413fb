"""Due work that meets another worker, a person or a clock in the same moment is done once, or not at all."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from engine import bound_timers, instances, jobs, user_tasks
from engine.errors import Conflict
from engine.events import Event, UserTaskCreated
from engine.jobs import Lease
from engine.ports import ENGINE, Bound, Ports, Submission
from engine.store import instance_rows
from engine.tables import InstanceState, ProcessInstance
from engine.transaction import Database, Transaction
from tests.choreography import DONE, command, race
from tests.concurrency.claiming import claimed, fires, leases_run_out, only_job
from tests.diagrams import (
    boundary,
    catch,
    delegate_task,
    diagram,
    end,
    flows,
    start,
    straight,
    terminate,
    timer,
    user_task,
)
from tests.scenario import Scenario
from tests.statements import statements
from tests.world import World


def limited(definition: object, *, interrupting: bool = True) -> bytes:
    """A review with a timer on it that leads to a chase."""
    return diagram(
        start(),
        user_task("review"),
        boundary("late", "review", definition, interrupting),  # type: ignore[arg-type]
        user_task("chase"),
        end(),
        end("chased"),
        flows("start", "review", "end"),
        flows("late", "chase", "chased"),
    )


@pytest.fixture
def overdue(scenario: Scenario) -> Scenario:
    """A review whose limit of five days has come."""
    scenario.deploy(limited(timer(duration="P5D")))
    scenario.start()
    scenario.world.days_pass(5)
    return scenario


def completes(scenario: Scenario) -> Callable[[], object]:
    task_id = scenario.task("review")
    return command(scenario.database, lambda tx: user_tasks.complete(tx, task_id, Submission({})))


def test_a_completion_before_the_timer_disarms_it(overdue: Scenario) -> None:
    assert race(overdue.database, completes(overdue), fires(overdue)) == (DONE, DONE)

    assert overdue.has_ended()
    assert overdue.passed()["chase"] == 0
    assert not overdue.open_work()


def test_the_timer_before_a_completion_takes_the_task_away(overdue: Scenario) -> None:
    assert race(overdue.database, fires(overdue), completes(overdue)) == (DONE, Conflict)

    assert overdue.waits_at() == ["chase"]
    assert overdue.passed()["review"] == 0


def test_a_cancellation_before_the_timer_leaves_nothing_to_fire(overdue: Scenario) -> None:
    cancel = command(overdue.database, lambda tx: instances.cancel(tx, overdue.root_id, "作废"))

    assert race(overdue.database, cancel, fires(overdue)) == (DONE, DONE)

    assert overdue.state() == InstanceState.CANCELLED
    assert not overdue.open_work()


def test_a_cancellation_and_the_claim_of_its_jobs_do_not_lock_each_other_out(overdue: Scenario) -> None:
    claim = command(overdue.database, lambda tx: jobs.claim(tx, "one", 50))
    cancel = command(overdue.database, lambda tx: instances.cancel(tx, overdue.root_id, "作废"))

    assert race(overdue.database, claim, cancel) == (DONE, DONE)

    assert not overdue.open_work()


def test_two_workers_claim_each_job_once(scenario: Scenario) -> None:
    scenario.deploy(straight(catch("pause", timer(duration="P1D")), user_task("after")))
    for _ in range(5):
        scenario.start()
    scenario.world.days_pass(1)
    taken: list[list[Lease]] = []

    def claims(worker: str) -> Callable[[], object]:
        return command(scenario.database, lambda tx: taken.append(jobs.claim(tx, worker, 3)))

    assert race(scenario.database, claims("one"), claims("two")) == (DONE, DONE)

    assert sorted(len(leases) for leases in taken) == [2, 3]
    assert len({lease.id for leases in taken for lease in leases}) == 5


def test_a_job_taken_over_from_a_slow_worker_is_done_by_the_new_one_only(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    scenario.start()
    slow = claimed(scenario, "slow")
    leases_run_out(scenario)
    new = claimed(scenario, "new")

    jobs.run(scenario.database, slow)
    assert scenario.waits_at() == []
    jobs.run(scenario.database, new)

    assert scenario.waits_at() == ["review"]
    assert not scenario.open_work()["job"]


def test_two_workers_with_leases_on_one_job_do_it_once(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    scenario.start()
    lease = claimed(scenario)

    def run() -> None:
        jobs.run(scenario.database, lease)

    assert race(scenario.database, run, run) == (DONE, DONE)

    assert scenario.waits_at() == ["review"]
    assert scenario.incidents() == []


def test_a_handler_slower_than_its_lease_counts_once_under_one_key(scenario: Scenario) -> None:
    keys: list[str] = []

    def register(variables: Mapping[str, object], *, key: str) -> Mapping[str, object]:
        keys.append(key)
        if len(keys) == 1:
            leases_run_out(scenario)
            jobs.run_due(scenario.database, "other")
        return {"registered": len(keys)}

    scenario.database.ports = replace(scenario.database.ports, delegates={"register": register})
    scenario.deploy(straight(delegate_task("register", "register"), user_task("after")))
    scenario.start()

    jobs.run_due(scenario.database, "one")

    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert scenario.waits_at() == ["after"]
    assert scenario.passed()["register"] == 1
    assert scenario.incidents() == []


def test_a_machine_whose_clock_is_ahead_leaves_a_handler_to_who_runs_it(
    postgresql_url: str, ports: Ports, world: World
) -> None:
    here = replace(ports, delegates={"register": lambda variables, *, key: register(key)})
    ahead = replace(here, now=lambda: world.now + timedelta(hours=1))
    keys: list[str] = []

    def register(key: str) -> Mapping[str, object]:
        keys.append(key)
        jobs.run_due(elsewhere, "other")
        return {}

    with closing(Database(postgresql_url, here)) as database, closing(Database(postgresql_url, ahead)) as elsewhere:
        scenario = Scenario(database, world)
        scenario.deploy(straight(delegate_task("register", "register"), user_task("after")))
        scenario.start()
        jobs.run_due(database, "one")

        assert len(keys) == 1
        assert scenario.waits_at() == ["after"]


def test_a_handler_whose_case_is_cancelled_meanwhile_changes_nothing(scenario: Scenario) -> None:
    def register(variables: Mapping[str, object], *, key: str) -> Mapping[str, object]:
        scenario.cancel()
        return {"registered": True}

    scenario.database.ports = replace(scenario.database.ports, delegates={"register": register})
    scenario.deploy(straight(delegate_task("register", "register"), user_task("after")))
    scenario.start()

    jobs.run_due(scenario.database, "one")

    assert scenario.state() == InstanceState.CANCELLED
    assert not scenario.open_work()


BINDING = "department:fire/promised"


@pytest.fixture
def bound(scenario: Scenario, world: World) -> Scenario:
    """A review whose limit follows a clock that runs out now."""
    runs_out = world.now + timedelta(days=5)
    scenario.database.ports = replace(
        scenario.database.ports,
        functions=lambda tx, instance: {"due": lambda whose, which: Bound(f"department:{whose}/{which}")},
        function_names=frozenset({"due"}),
        due_at=lambda tx, instance, binding: runs_out,
    )
    scenario.deploy(limited(timer(date="${due('fire','promised')}")))
    scenario.start()
    world.days_pass(5)
    return scenario


def moves_clock(scenario: Scenario, due_at: datetime | None) -> Callable[[], object]:
    def move(tx: Transaction) -> None:
        instance_rows.lock_tree_of(tx, scenario.root_id)
        bound_timers.reschedule(tx, scenario.root_id, {BINDING: due_at})

    return command(scenario.database, move)


def test_a_clock_paused_before_its_timer_fires_holds_the_timer(bound: Scenario) -> None:
    assert race(bound.database, moves_clock(bound, None), fires(bound)) == (DONE, DONE)

    assert bound.waits_at() == ["review"]
    assert only_job(bound).due_at is None


def test_a_clock_extended_before_its_timer_fires_moves_the_timer(bound: Scenario, world: World) -> None:
    later = world.now + timedelta(days=3)

    assert race(bound.database, moves_clock(bound, later), fires(bound)) == (DONE, DONE)
    assert bound.waits_at() == ["review"]

    bound.time_passes(days=3)
    assert bound.waits_at() == ["chase"]


def test_a_clock_paused_after_its_timer_fired_finds_no_timer(bound: Scenario) -> None:
    assert race(bound.database, fires(bound), moves_clock(bound, None)) == (DONE, DONE)

    assert bound.waits_at() == ["chase"]
    assert not bound.open_work()["job"]


def test_a_clock_paused_by_what_its_own_timer_sets_off_leaves_no_timer_behind(bound: Scenario) -> None:
    def pauses(tx: Transaction, event: Event) -> None:
        if isinstance(event, UserTaskCreated) and event.activity_id == "chase":
            bound_timers.reschedule(tx, bound.root_id, {BINDING: None})

    bound.database.ports = replace(bound.database.ports, listeners=(pauses,))

    bound.due_work_runs()

    assert bound.waits_at() == ["chase"]
    assert not bound.open_work()["job"]


def test_a_reminder_that_ends_the_process_takes_its_own_timer_along(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            start(),
            user_task("review"),
            boundary("late", "review", timer(cycle="R/P1D"), interrupting=False),
            end(),
            end("stop", terminate()),
            flows("start", "review", "end"),
            flows("late", "stop"),
        )
    )
    scenario.start()

    scenario.time_passes(days=1)

    assert scenario.has_ended()
    assert scenario.incidents() == []
    assert not scenario.open_work()


def test_due_work_is_claimed_with_as_many_statements_however_much_there_is(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    counted: list[int] = []
    for number in (1, 40):
        for _ in range(number):
            scenario.start()
        with statements(scenario.database.engine) as sent, scenario.database.begin(ENGINE) as tx:
            jobs.claim(tx, "one", 50)
            tx.flush()
        counted.append(len(sent))

    assert counted[0] == counted[1]


def test_a_timer_that_starts_a_process_starts_it_once_for_two_workers(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(start("start", timer(cycle="R/P1D")), user_task("call"), end(), flows("start", "call", "end"))
    )
    scenario.world.days_pass(1)
    lease = claimed(scenario)

    def run() -> None:
        jobs.run(scenario.database, lease)

    assert race(scenario.database, run, run) == (DONE, DONE)

    with scenario.database.view(ENGINE) as tx:
        assert tx.session.scalar(select(func.count()).select_from(ProcessInstance)) == 1
    assert only_job(scenario).due_at == scenario.world.now + timedelta(days=1)
