"""What leaves a called process reaches its callers before anything else happens in it (Camunda 7.24).

A caller that interrupts the call does so at the throw: nothing drawn behind it begins. One that does not lets the
called process run until it waits.
"""

from collections import Counter

import pytest
from sqlalchemy import select

from engine.tables import ActivityInstance, InstanceState, ProcessInstance
from tests.diagrams import (
    Element,
    boundary,
    call,
    caller,
    catch,
    diagram,
    end,
    error,
    escalation,
    event_sub_process,
    exclusive,
    external_task,
    flow,
    flows,
    mapped_in,
    mapped_out,
    multi_instance,
    parallel,
    script_task,
    signal,
    start,
    straight,
    sub_process,
    throw,
    user_task,
)
from tests.scenario import Scenario

DELAYS = [escalation("delay"), signal("delay")]
every_delay = pytest.mark.parametrize("delay", DELAYS, ids=["escalation", "signal"])


def telling(event: Element, key: str = "survey") -> bytes:
    """Tells of a delay, notes that it told, and sends a bill."""
    nodes = throw("tell", event), script_task("note", "told = ${true}"), external_task("bill", "fees")
    return straight(*nodes, key=key)


def branches(first: str, second: str, *last: str) -> list[object]:
    """Two branches between start and end, in this order."""
    return [parallel("both"), flow("start", "both"), flows("both", first, *last), flows("both", second, "end")]


def begun(scenario: Scenario) -> Counter[str]:
    """How often each activity of the database began, in whichever instance."""
    with scenario.database.view(scenario.actor) as tx:
        return Counter(tx.session.scalars(select(ActivityInstance.activity_id)))


def called(scenario: Scenario) -> Counter[InstanceState]:
    """In which states the called processes are."""
    with scenario.database.view(scenario.actor) as tx:
        return Counter(tx.session.scalars(select(ProcessInstance.state).where(ProcessInstance.parent_id.is_not(None))))


@every_delay
def test_nothing_follows_in_the_called_process_once_its_caller_interrupts_it(
    scenario: Scenario, delay: Element
) -> None:
    scenario.deploy(telling(delay), caller(delay))
    scenario.start()
    assert scenario.waits_at() == ["answer"]
    assert begun(scenario).keys() == {"start", "survey", "tell", "event", "answer"}
    assert called(scenario) == {InstanceState.CANCELLED: 1}
    scenario.complete("answer")
    assert scenario.has_ended()
    assert not scenario.open_work()


@every_delay
def test_what_does_not_interrupt_lets_the_called_process_go_on_until_it_waits(
    scenario: Scenario, delay: Element
) -> None:
    scenario.deploy(telling(delay), caller(delay, interrupting=False))
    scenario.start()
    assert scenario.waits_at() == ["answer"]
    assert len(scenario.worker_fetches("fees")) == 1


@every_delay
def test_an_end_event_that_interrupts_the_call_does_not_complete_the_called_process(
    scenario: Scenario, delay: Element
) -> None:
    scenario.deploy(diagram(start(), end("late", delay), flow("start", "late"), key="survey"), caller(delay))
    scenario.start()
    assert scenario.waits_at() == ["answer"]
    assert called(scenario) == {InstanceState.CANCELLED: 1}


@every_delay
def test_a_branch_of_the_called_process_that_has_not_begun_never_begins(scenario: Scenario, delay: Element) -> None:
    survey = diagram(
        start(),
        throw("tell", delay),
        user_task("more"),
        user_task("visit"),
        end(),
        end("told"),
        branches("tell", "visit", "more", "told"),
        key="survey",
    )
    scenario.deploy(survey, caller(delay))
    scenario.start()
    assert not {"more", "visit"} & begun(scenario).keys()


@every_delay
def test_a_branch_of_the_called_process_that_has_begun_is_interrupted(scenario: Scenario, delay: Element) -> None:
    survey = diagram(
        start(),
        user_task("visit"),
        throw("tell", delay),
        end(),
        end("visited"),
        branches("visit", "tell", "visited"),
        key="survey",
    )
    scenario.deploy(survey, caller(delay))
    scenario.start()
    assert scenario.waits_at() == ["answer"]
    assert begun(scenario)["visit"] == 1


@every_delay
def test_all_processes_between_the_throw_and_who_interrupts_end(scenario: Scenario, delay: Element) -> None:
    between = diagram(
        start(),
        call("inner", "measurement"),
        user_task("beside"),
        user_task("then"),
        end(),
        end("ended"),
        branches("inner", "beside", "then", "ended"),
        key="survey",
    )
    scenario.deploy(telling(delay, key="measurement"), between, caller(delay))
    scenario.start()
    assert scenario.waits_at() == ["answer"]
    assert not {"note", "bill", "beside", "then"} & begun(scenario).keys()
    assert called(scenario) == {InstanceState.CANCELLED: 2}


def test_an_escalation_goes_no_further_than_to_the_first_caller_that_catches_it(scenario: Scenario) -> None:
    between = diagram(
        start(),
        call("inner", "measurement"),
        boundary("known", "inner", escalation("delay"), interrupting=False),
        user_task("chase"),
        end(),
        end("chased"),
        flows("start", "inner", "end"),
        flows("known", "chase", "chased"),
        key="survey",
    )
    scenario.deploy(telling(escalation("delay"), key="measurement"), between, caller(escalation("delay")))
    scenario.start()
    assert scenario.waits_at() == ["chase"]
    assert begun(scenario)["bill"] == 1


@every_delay
def test_of_several_calls_those_behind_the_one_that_interrupts_never_begin(scenario: Scenario, delay: Element) -> None:
    each = multi_instance(collection="${buildings}", elementVariable="building")
    survey = diagram(
        start(),
        exclusive("unsafe", default="unsafe-visit"),
        throw("tell", delay),
        user_task("visit"),
        end(),
        flow("start", "unsafe"),
        flow("unsafe", "tell", "${building == '2 号楼'}"),
        flow("unsafe", "visit"),
        flows("tell", "visit", "end"),
        key="survey",
    )
    scenario.deploy(survey, caller(delay, each, mapped_in(source="building", target="building")))
    scenario.start(buildings=["1 号楼", "2 号楼", "3 号楼"])
    assert scenario.waits_at() == ["answer"]
    assert begun(scenario)["visit"] == 1
    assert called(scenario) == {InstanceState.CANCELLED: 2}
    scenario.complete("answer")
    assert not scenario.open_work()


def test_no_further_process_is_called_once_enough_have_ended(scenario: Scenario) -> None:
    each = multi_instance(cardinality=3, until="${nrOfCompletedInstances == 1}")
    survey = straight(script_task("note", "told = ${true}"), key="survey")
    scenario.deploy(survey, straight(call("survey", "survey", each), user_task("after")))
    scenario.start()
    assert scenario.waits_at() == ["after"]
    assert called(scenario) == {InstanceState.COMPLETED: 1}


@pytest.mark.parametrize("event", [*DELAYS, error("unsafe")], ids=["escalation", "signal", "error"])
def test_a_branch_of_the_caller_behind_an_interrupted_call_never_begins(scenario: Scenario, event: Element) -> None:
    scenario.deploy(
        diagram(start(), end("late", event), flow("start", "late"), key="survey"),
        diagram(
            start(),
            call("survey", "survey"),
            external_task("bill", "fees"),
            end(),
            end("surveyed"),
            branches("survey", "bill", "surveyed"),
            event_sub_process(
                "answers",
                start("event", event),
                user_task("answer"),
                end("answered"),
                flows("event", "answer", "answered"),
            ),
        ),
    )
    scenario.start()
    assert scenario.waits_at() == ["answer"]
    assert "bill" not in begun(scenario)


def test_a_called_process_runs_until_it_waits_before_its_callers_next_branch(scenario: Scenario) -> None:
    scenario.deploy(
        straight(script_task("measure", "area = ${120}"), key="survey"),
        diagram(
            start(),
            call("survey", "survey", mapped_out(source="area", target="area")),
            script_task("price", "fee = ${area * 2}"),
            end(),
            end("surveyed"),
            user_task("after"),
            branches("survey", "price", "after", "surveyed"),
        ),
    )
    scenario.start()
    assert scenario.variables() == {"area": 120, "fee": 240}


def test_what_the_called_process_knows_at_the_throw_is_handed_back(scenario: Scenario) -> None:
    survey = straight(
        user_task("visit"), throw("tell", escalation("delay")), script_task("note", "finding = ${1}"), key="survey"
    )
    scenario.deploy(survey, caller(escalation("delay"), mapped_out(source="finding", target="finding")))
    scenario.start()
    scenario.complete("visit", finding="疏散通道被占用")
    assert scenario.variables() == {"finding": "疏散通道被占用"}


def test_a_signal_that_interrupts_the_call_is_heard_by_everybody_else_too(scenario: Scenario) -> None:
    scenario.deploy(
        straight(user_task("visit"), throw("tell", signal("delay")), user_task("more"), key="survey"),
        straight(catch("hear", signal("delay")), user_task("reschedule"), key="planning"),
        diagram(
            start(),
            call("survey", "survey"),
            boundary("event", "survey", signal("delay")),
            call("planning", "planning"),
            user_task("answer"),
            end(),
            end("surveyed"),
            end("answered"),
            branches("survey", "planning", "surveyed"),
            flows("event", "answer", "answered"),
        ),
    )
    scenario.start()
    scenario.complete("visit")
    assert scenario.waits_at() == ["answer", "reschedule"]
    assert scenario.open_work()["subscription"] == 0


def test_an_escalation_deep_in_the_called_process_ends_all_around_it(scenario: Scenario) -> None:
    inside = sub_process(
        "check",
        start("begin"),
        parallel("fork"),
        user_task("visit"),
        user_task("copy"),
        throw("tell", escalation("delay")),
        script_task("note", "told = ${true}"),
        end("done"),
        end("copied"),
        flows("begin", "fork", "visit", "tell", "note", "done"),
        flows("fork", "copy", "copied"),
    )
    scenario.deploy(straight(inside, key="survey"), caller(escalation("delay")))
    scenario.start()
    scenario.complete("visit")
    assert scenario.waits_at() == ["answer"]
    assert "note" not in begun(scenario)
    assert called(scenario) == {InstanceState.CANCELLED: 1}
