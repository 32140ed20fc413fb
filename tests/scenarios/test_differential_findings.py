"""Where the rows of a case tree once told something else than Camunda 7 does with the same diagram."""

import pytest
from sqlalchemy import select

from engine import external_tasks
from engine.errors import EngineError, UncaughtError
from engine.tables import InstanceState, ProcessInstance, Variable
from tests.diagrams import (
    Element,
    caller,
    diagram,
    end,
    error,
    escalation,
    external_task,
    flows,
    mapped_out,
    message,
    multi_instance,
    parallel,
    signal,
    start,
    straight,
    sub_process,
    throw,
    user_task,
)
from tests.scenario import WORKER, Scenario


def called(*nodes: Element, last: Element | None = None) -> bytes:
    """The survey: a visit, then what a test is about."""
    if last is None:
        return straight(user_task("visit"), *nodes, key="survey")
    ids = [node.attributes["id"] for node in (*nodes, last)]
    return diagram(start(), user_task("visit"), *nodes, last, flows("start", "visit", *ids), key="survey")


FAILING = called(last=end("failed", error("unsafe")))


def test_what_a_call_hands_back_is_handed_back_also_with_an_error(scenario: Scenario) -> None:
    handed = mapped_out(source="finding", target="survey_finding")
    scenario.deploy(FAILING, caller(error("unsafe"), handed))
    scenario.start()
    scenario.complete("visit", finding="消防通道堵塞")
    assert scenario.variables() == {"survey_finding": "消防通道堵塞"}


def test_a_called_process_whose_error_its_caller_caught_was_interrupted(scenario: Scenario) -> None:
    scenario.deploy(FAILING, caller(error("unsafe")))
    scenario.start()
    scenario.complete("visit")
    with scenario.database.view(scenario.actor) as tx:
        survey = tx.session.scalars(select(ProcessInstance).where(ProcessInstance.parent_id.is_not(None))).one()
    assert survey.state == InstanceState.CANCELLED


def test_an_escalation_that_ends_the_called_process_may_interrupt_the_call(scenario: Scenario) -> None:
    scenario.deploy(called(last=end("late", escalation("delay"))), caller(escalation("delay")))
    scenario.start()
    scenario.complete("visit")
    assert scenario.waits_at() == ["answer"]
    scenario.complete("answer")
    assert not scenario.open_work()


def test_an_escalation_that_ends_the_called_process_may_leave_the_call_to_end(scenario: Scenario) -> None:
    scenario.deploy(called(last=end("late", escalation("delay"))), caller(escalation("delay"), interrupting=False))
    scenario.start()
    scenario.complete("visit")
    assert scenario.waits_at() == ["after", "answer"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_signal_of_a_called_process_is_heard_once_by_what_hears_it_once(
    scenario: Scenario, interrupting: bool
) -> None:
    scenario.deploy(
        called(throw("tell", signal("delay")), user_task("more")), caller(signal("delay"), interrupting=interrupting)
    )
    scenario.start()
    scenario.complete("visit")
    assert scenario.open_work()["subscription"] == (0 if interrupting else 1)


def test_a_thrown_message_that_nobody_awaits_waits_for_a_person(scenario: Scenario) -> None:
    scenario.deploy(straight(throw("tell", message("unheard")), user_task("after")))
    scenario.start()
    for _ in range(5):
        scenario.time_passes(days=1)
    assert len(scenario.incidents()) == 1
    assert scenario.waits_at() == ["after"]


def test_an_items_variables_go_with_the_item(scenario: Scenario) -> None:
    each = multi_instance(collection="${departments}", elementVariable="department")
    scenario.deploy(straight(user_task("opinion", each), user_task("after")))
    scenario.start(departments=["fire", "water"])
    scenario.complete("opinion")
    scenario.complete("opinion")
    with scenario.database.view(scenario.actor) as tx:
        assert tx.session.scalars(select(Variable.name)).all() == ["departments"]


def test_an_uncaught_error_names_the_event_that_throws_it(scenario: Scenario) -> None:
    inner = sub_process(
        "check", start("s"), user_task("visit"), end("failed", error("unsafe")), flows("s", "visit", "failed")
    )
    scenario.deploy(
        diagram(
            start(),
            parallel("both"),
            inner,
            user_task("beside"),
            end(),
            flows("start", "both", "check", "end"),
            flows("both", "beside", "end"),
        )
    )
    scenario.start()
    with pytest.raises(UncaughtError) as refused:
        scenario.complete("visit")
    assert refused.value.element_id == "failed"


def test_an_escalation_reported_from_outside_that_nothing_catches_is_refused(scenario: Scenario) -> None:
    scenario.deploy(straight(external_task("register", "tax")))
    scenario.start()
    [fetched] = scenario.worker_fetches("tax")
    with pytest.raises(EngineError), scenario.database.begin(scenario.actor) as tx:
        external_tasks.throw_escalation(tx, fetched, WORKER, "delay", {})
