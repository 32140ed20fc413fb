"""Timers, asynchronous steps and delegates: due work is a row, runs once, and fails in the open."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import jobs
from engine.errors import Conflict, DiagramRefused, ExpressionFailed
from engine.ports import BpmnError, Delegate, Ports
from engine.tables import Incident, Job
from engine.transaction import Database
from tests.concurrency.claiming import claimed, leases_run_out, only_job
from tests.diagrams import (
    boundary,
    catch,
    delegate_task,
    diagram,
    end,
    error,
    event_sub_process,
    flow,
    flows,
    retry_cycle,
    start,
    straight,
    timer,
    user_task,
)
from tests.scenario import Scenario
from tests.world import World


def reminded(cycle: str, interrupting: bool = False) -> bytes:
    return diagram(
        start(),
        user_task("review"),
        boundary("late", "review", timer(cycle=cycle), interrupting),
        user_task("chase"),
        end(),
        end("chased"),
        flows("start", "review", "end"),
        flows("late", "chase", "chased"),
    )


def test_a_timer_fires_once_and_not_early(scenario: Scenario) -> None:
    scenario.deploy(straight(catch("pause", timer(duration="P5D")), user_task("after")))
    scenario.start()
    scenario.time_passes(days=5, milliseconds=-1)
    assert scenario.waits_at() == []
    scenario.time_passes(milliseconds=1)
    assert scenario.waits_at() == ["after"]
    scenario.time_passes(days=30)
    assert scenario.waits_at() == ["after"]


def test_a_cycle_reminds_again_and_its_reminders_outlive_the_review(scenario: Scenario) -> None:
    scenario.deploy(reminded("R/P1D"))
    scenario.start()
    scenario.time_passes(days=1)
    scenario.time_passes(days=1)
    assert scenario.waits_at() == ["chase", "chase", "review"]
    scenario.complete("review")
    assert scenario.waits_at() == ["chase", "chase"]
    scenario.time_passes(days=10)
    assert scenario.waits_at() == ["chase", "chase"]


def test_missed_cycles_do_not_burst(scenario: Scenario) -> None:
    scenario.deploy(reminded("R/PT1H"))
    scenario.start()
    scenario.time_passes(days=3)
    assert scenario.waits_at() == ["chase", "review"]


def test_an_interrupting_cycle_interrupts(scenario: Scenario) -> None:
    scenario.deploy(reminded("R3/P1D", interrupting=True))
    scenario.start()
    scenario.time_passes(days=1)
    assert scenario.waits_at() == ["chase"]
    assert "job" not in scenario.open_work()


def test_an_idle_case_takes_no_lock(scenario: Scenario) -> None:
    scenario.deploy(reminded("R/P1D"))
    scenario.start()
    assert jobs.run_due(scenario.database, "worker") == 0


def test_a_process_starts_by_its_timer_and_only_in_its_newest_version(scenario: Scenario) -> None:
    sampled = diagram(
        start("start", timer(cycle="0 0 9 ? * MON-FRI")), user_task("call"), end(), flows("start", "call", "end")
    )
    scenario.deploy(sampled)
    scenario.deploy(sampled.replace(b"call", b"ring"))
    scenario.time_passes(days=1)
    with scenario.database.view(scenario.actor) as tx:
        waiting = tx.session.scalars(select(Job).where(Job.kind == "start_timer")).all()
    assert len(waiting) == 1


def with_delegate(ports: Ports, delegate: Delegate) -> Ports:
    return replace(ports, delegates={"register": delegate})


class Tax:
    """A system that fails as often as it is told to, and remembers the keys it was called with."""

    def __init__(self, failures: int, error: Exception | None = None) -> None:
        self.failures, self.error = failures, error or ConnectionError("down")
        self.keys: list[str] = []

    def __call__(self, variables: Mapping[str, object], *, key: str) -> Mapping[str, object]:
        self.keys.append(key)
        if len(self.keys) <= self.failures:
            raise self.error
        return {"registered": variables["uscc"]}


@pytest.fixture
def tax(request: pytest.FixtureRequest) -> Tax:
    return Tax(*request.param)


@pytest.fixture
def delegating(database: Database, world: World, tax: Tax) -> Scenario:
    database.ports = with_delegate(database.ports, tax)
    return Scenario(database, world)


REGISTERED = straight(delegate_task("register", "register"), user_task("after"))


@pytest.mark.parametrize("tax", [(0,)], indirect=True)
def test_a_delegate_runs_after_the_commit_that_asked_for_it(delegating: Scenario, tax: Tax) -> None:
    delegating.deploy(REGISTERED)
    delegating.start(uscc="91110000600037341L")
    assert tax.keys == []
    delegating.due_work_runs()
    assert delegating.waits_at() == ["after"]
    assert delegating.variables()["registered"] == "91110000600037341L"


@pytest.mark.parametrize("tax", [(2,)], indirect=True)
def test_a_failing_delegate_is_tried_again_under_the_same_key_after_growing_delays(
    delegating: Scenario, tax: Tax
) -> None:
    delegating.deploy(REGISTERED)
    delegating.start(uscc="91110000600037341L")
    delegating.due_work_runs()
    assert len(tax.keys) == 1
    delegating.time_passes(minutes=1)
    assert len(tax.keys) == 2
    delegating.time_passes(minutes=1)
    assert len(tax.keys) == 2
    delegating.time_passes(minutes=4)
    assert delegating.waits_at() == ["after"]
    assert len(set(tax.keys)) == 1


@pytest.mark.parametrize("tax", [(9,)], indirect=True)
def test_out_of_retries_is_an_incident_that_a_person_resolves(delegating: Scenario, tax: Tax) -> None:
    cycle = retry_cycle("R2/PT10M")
    delegating.deploy(straight(delegate_task("register", "register", cycle), user_task("after")))
    delegating.start(uscc="91110000600037341L")
    delegating.due_work_runs()
    delegating.time_passes(minutes=10)
    assert delegating.incidents() == ["ConnectionError: down"]
    delegating.time_passes(days=1)
    assert len(tax.keys) == 2
    tax.failures = 2
    with delegating.database.begin(delegating.actor) as tx:
        jobs.retry(tx, tx.session.scalars(select(Incident.source_id)).one())
    delegating.due_work_runs()
    assert delegating.waits_at() == ["after"]
    assert delegating.incidents() == []


@pytest.mark.parametrize("tax", [(1, BpmnError("rejected", "未通过"))], indirect=True)
def test_a_delegate_throws_an_error_that_the_diagram_catches(delegating: Scenario, tax: Tax) -> None:
    delegating.deploy(
        diagram(
            start(),
            delegate_task("register", "register"),
            boundary("refused", "register", error("rejected")),
            user_task("by_hand"),
            end(),
            end("done"),
            flows("start", "register", "end"),
            flows("refused", "by_hand", "done"),
        )
    )
    delegating.start(uscc="91110000600037341L")
    delegating.due_work_runs()
    assert delegating.waits_at() == ["by_hand"]


def test_an_asynchronous_step_waits_for_its_own_transaction(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    scenario.start()
    assert scenario.waits_at() == []
    scenario.due_work_runs()
    assert scenario.waits_at() == ["review"]


def test_an_event_sub_process_waits_for_its_instant_and_never_holds_the_case_open(scenario: Scenario) -> None:
    watched = diagram(
        start(),
        user_task("review"),
        end(),
        event_sub_process(
            "watch",
            start("in_time", timer(duration="P10D"), isInterrupting=False),
            user_task("explain"),
            end("explained"),
            flows("in_time", "explain", "explained"),
        ),
        flows("start", "review", "end"),
    )
    scenario.deploy(watched)
    scenario.start()
    scenario.complete("review")
    assert scenario.has_ended()
    assert not scenario.open_work()


def test_a_failing_expression_refuses_the_command_and_changes_nothing(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            start(),
            user_task("review"),
            user_task("after"),
            end(),
            flow("start", "review"),
            flow("review", "after", "${amount > 5}"),
            flow("after", "end"),
        )
    )
    scenario.start()
    with pytest.raises(ExpressionFailed) as refused:
        scenario.complete("review")
    assert refused.value.element_id == "review-after"
    assert scenario.waits_at() == ["review"]


@pytest.mark.parametrize("priority", ["${amount}", "${1 / 2}", "${'high'}"])
def test_a_priority_that_is_no_whole_number_refuses_the_command(scenario: Scenario, priority: str) -> None:
    scenario.deploy(straight(user_task("before"), user_task("review", priority=priority)))
    scenario.start(amount=3_000_000_000)
    with pytest.raises(ExpressionFailed) as refused:
        scenario.complete("before")
    assert refused.value.element_id == "review"


def test_a_timer_that_starts_a_process_has_a_whole_number_as_its_priority(scenario: Scenario) -> None:
    daily = start("daily", timer(cycle="R/P1D"), jobPriority="${1 / 2}")
    with pytest.raises(DiagramRefused) as refused:
        scenario.deploy(diagram(daily, user_task("review"), end(), flows("daily", "review", "end")))
    assert [fault.element_id for fault in refused.value.faults] == ["daily"]


def test_a_timer_that_has_not_failed_cannot_be_retried(scenario: Scenario) -> None:
    scenario.deploy(straight(catch("pause", timer(duration="P5D")), user_task("after")))
    scenario.start()
    due_at = only_job(scenario).due_at
    with pytest.raises(Conflict), scenario.database.begin(scenario.actor) as tx:
        jobs.retry(tx, only_job(scenario).id)
    assert only_job(scenario).due_at == due_at


def test_what_a_dead_worker_held_is_due_again_at_once(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    scenario.start()
    claimed(scenario, "elsewhere:1")
    scenario.due_work_runs()
    assert scenario.waits_at() == []
    jobs.release(scenario.database, lambda worker: worker == "elsewhere:1")
    scenario.due_work_runs()
    assert scenario.waits_at() == ["review"]


def test_a_lease_that_ran_out_is_taken_over(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", asyncBefore=True)))
    scenario.start()
    claimed(scenario, "elsewhere:1")
    leases_run_out(scenario)
    scenario.due_work_runs()
    assert scenario.waits_at() == ["review"]


def test_a_timer_that_its_clock_moved_after_the_claim_does_not_fire(scenario: Scenario) -> None:
    scenario.deploy(straight(catch("pause", timer(duration="P5D")), user_task("after")))
    scenario.start()
    scenario.world.now += timedelta(days=5)
    with scenario.database.begin(scenario.actor) as tx:
        [lease] = jobs.claim(tx, "worker", limit=1)
        tx.session.scalars(select(Job)).one().due_at = None
    jobs.run(scenario.database, lease)
    assert scenario.waits_at() == []
    assert scenario.open_work()["job"] == 1
