"""Suspending and activating instances and definitions (Camunda 7's suspension state)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import instances, messages, process_starts, suspensions
from engine.errors import Conflict, NotFound, Suspended
from engine.messages import NobodyWaits
from engine.tables import InstanceState, ProcessDefinition
from tests.diagrams import (
    call,
    catch,
    conditional,
    diagram,
    end,
    external_task,
    flows,
    message,
    receive_task,
    signal,
    start,
    straight,
    timer,
    user_task,
)
from tests.scenario import REGION, Scenario


def suspend(scenario: Scenario) -> None:
    with scenario.database.begin(scenario.actor) as tx:
        suspensions.suspend(tx, scenario.root_id)


def activate(scenario: Scenario) -> None:
    with scenario.database.begin(scenario.actor) as tx:
        suspensions.activate(tx, scenario.root_id)


def definition(scenario: Scenario) -> str:
    with scenario.database.view(scenario.actor) as tx:
        return tx.session.scalars(select(ProcessDefinition.id).order_by(ProcessDefinition.version.desc())).first() or ""


def test_nobody_completes_a_task_of_a_suspended_instance(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review"), user_task("decide")))
    scenario.start()
    suspend(scenario)
    with pytest.raises(Suspended):
        scenario.complete("review")
    activate(scenario)
    scenario.complete("review")
    assert scenario.waits_at() == ["decide"]


def test_a_timer_of_a_suspended_instance_fires_at_once_when_it_is_activated(scenario: Scenario) -> None:
    scenario.deploy(straight(catch("wait", timer(duration="PT1H")), user_task("after")))
    scenario.start()
    suspend(scenario)
    scenario.time_passes(hours=2)
    assert scenario.waits_at() == []
    assert scenario.incidents() == []
    activate(scenario)
    scenario.due_work_runs()
    assert scenario.waits_at() == ["after"]


def test_no_worker_fetches_work_of_a_suspended_instance(scenario: Scenario) -> None:
    scenario.deploy(straight(external_task("register", "tax")))
    scenario.start()
    suspend(scenario)
    assert scenario.worker_fetches("tax") == []
    activate(scenario)
    assert len(scenario.worker_fetches("tax")) == 1


def test_no_message_and_no_signal_reaches_a_suspended_instance(scenario: Scenario) -> None:
    scenario.deploy(straight(receive_task("paid", "paid"), catch("alarm", signal("typhoon")), user_task("after")))
    scenario.start()
    suspend(scenario)
    with pytest.raises(NobodyWaits):
        scenario.message("paid")
    activate(scenario)
    scenario.message("paid")
    suspend(scenario)
    scenario.signal("typhoon")
    activate(scenario)
    scenario.due_work_runs()
    assert scenario.waits_at() == []


def test_a_signal_on_its_way_to_an_instance_that_is_suspended_meanwhile_is_not_heard(scenario: Scenario) -> None:
    scenario.deploy(straight(catch("alarm", signal("typhoon")), user_task("after")))
    scenario.start()
    with scenario.database.begin(scenario.actor) as tx:
        messages.signal(tx, "typhoon")
    suspend(scenario)
    scenario.due_work_runs()
    assert scenario.incidents() == []
    assert scenario.open_work()["subscription"] == 1


def test_an_administrator_sets_variables_of_a_suspended_instance_and_may_end_it(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review")))
    scenario.start()
    suspend(scenario)
    scenario.set_variables(amount=120)
    assert scenario.variables() == {"amount": 120}
    scenario.cancel()
    assert scenario.state() == InstanceState.CANCELLED
    with pytest.raises(Conflict):
        activate(scenario)


def test_a_called_process_goes_on_until_it_would_come_back_to_its_suspended_caller(scenario: Scenario) -> None:
    scenario.deploy(
        straight(call("check", "checking"), user_task("after")),
        straight(user_task("first"), user_task("second"), key="checking"),
    )
    scenario.start()
    suspend(scenario)
    scenario.complete("first")
    with pytest.raises(Suspended):
        scenario.complete("second")
    activate(scenario)
    scenario.complete("second")
    assert scenario.waits_at() == ["after"]


def test_what_is_suspended_twice_is_suspended_once(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review")))
    scenario.start()
    suspend(scenario)
    suspend(scenario)
    activate(scenario)
    assert scenario.state() == InstanceState.ACTIVE


def test_suspending_what_there_is_not_is_not_found(scenario: Scenario) -> None:
    with scenario.database.begin(scenario.actor) as tx, pytest.raises(NotFound):
        suspensions.suspend(tx, tx.new_id())
    with scenario.database.begin(scenario.actor) as tx, pytest.raises(NotFound):
        suspensions.turn_definition(tx, tx.new_id(), is_suspended=True)


ORDERED = diagram(start("ordered", message("order")), user_task("dispatch"), end(), flows("ordered", "dispatch", "end"))


def test_nothing_of_a_suspended_definition_starts_until_it_is_activated(scenario: Scenario) -> None:
    scenario.deploy(ORDERED)
    scenario.root_id = begun(scenario)
    with scenario.database.begin(scenario.actor) as tx:
        suspensions.turn_definition(tx, definition(scenario), is_suspended=True)
    with pytest.raises(Suspended):
        begun(scenario)
    with scenario.database.begin(scenario.actor) as tx, pytest.raises(Suspended):
        messages.correlate(tx, "order", region=REGION)
    scenario.complete("dispatch")
    assert scenario.has_ended()
    with scenario.database.begin(scenario.actor) as tx:
        suspensions.turn_definition(tx, definition(scenario), is_suspended=False)
    assert begun(scenario)


def begun(scenario: Scenario) -> str:
    with scenario.database.begin(scenario.actor) as tx:
        return instances.start(tx, definition(scenario), region=REGION, activity_id="ordered").id


def test_no_timer_condition_or_signal_starts_a_suspended_definition(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            start("hourly", timer(cycle="R/PT1H")),
            start("crowded", conditional("${waiting > 20}")),
            start("warned", signal("alarm")),
            user_task("act"),
            end(),
            flows("hourly", "act", "end"),
            flows("crowded", "act"),
            flows("warned", "act"),
        )
    )
    with scenario.database.begin(scenario.actor) as tx:
        messages.signal(tx, "alarm")
        suspensions.turn_definition(tx, definition(scenario), is_suspended=True)
        assert process_starts.start_where(tx, {"waiting": 21}) == []
        assert messages.signal(tx, "alarm") == 0
    scenario.time_passes(hours=3)
    assert scenario.incidents() == []
    assert scenario.open_work()["instance"] == 0
    with scenario.database.begin(scenario.actor) as tx:
        suspensions.turn_definition(tx, definition(scenario), is_suspended=False)
    scenario.due_work_runs()
    assert scenario.open_work()["instance"] == 1


def test_a_definition_is_suspended_at_an_instant_to_come(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review")))
    with scenario.database.begin(scenario.actor) as tx:
        at = tx.now + timedelta(hours=1)
        suspensions.turn_definition_later(tx, definition(scenario), at, is_suspended=True)
    scenario.start()
    scenario.time_passes(hours=1)
    with pytest.raises(Suspended):
        scenario.start()
    scenario.complete("review")
