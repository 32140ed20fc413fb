"""Messages and signals that meet each other, a timer, a person or a deployment: each is heard once, or refused."""

import pytest
from sqlalchemy import select

from engine import instances, jobs, messages, user_tasks
from engine.errors import Conflict
from engine.messages import NobodyWaits
from engine.ports import ENGINE, Submission
from engine.tables import InstanceState, ProcessInstance
from tests.choreography import DONE, Act, command, race
from tests.concurrency.claiming import fires
from tests.diagrams import (
    boundary,
    catch,
    diagram,
    end,
    event_gateway,
    event_sub_process,
    exclusive,
    flow,
    flows,
    message,
    receive_task,
    signal,
    start,
    straight,
    throw,
    timer,
    user_task,
)
from tests.scenario import Scenario


def says(scenario: Scenario, name: str, **variables: object) -> Act:
    """A message to the case under its business key."""
    return command(scenario.database, lambda tx: messages.correlate(tx, name, variables, business_key="K-1"))


def completes(scenario: Scenario, activity: str) -> Act:
    task_id = scenario.task(activity)
    return command(scenario.database, lambda tx: user_tasks.complete(tx, task_id, Submission({})))


def test_two_messages_to_one_receiver_and_the_second_finds_nobody(scenario: Scenario) -> None:
    scenario.deploy(straight(receive_task("wait", "paid"), user_task("after")))
    scenario.start(business_key="K-1")

    assert race(scenario.database, says(scenario, "paid", by=1), says(scenario, "paid", by=2)) == (DONE, NobodyWaits)

    assert scenario.waits_at() == ["after"]
    assert scenario.variables() == {"by": 1}


def test_a_message_that_waited_while_its_receiver_went_round_is_heard_in_the_next_round(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            start(),
            exclusive("again"),
            receive_task("wait", "paid"),
            exclusive("enough", default="enough-end"),
            end(),
            flows("start", "again", "wait", "enough", "end"),
            flow("enough", "again", "${by < 2}"),
        )
    )
    scenario.start(business_key="K-1")

    assert race(scenario.database, says(scenario, "paid", by=1), says(scenario, "paid", by=2)) == (DONE, DONE)

    assert scenario.has_ended()
    assert scenario.passed()["wait"] == 2


REVIEW = diagram(
    start(),
    user_task("review"),
    end(),
    event_sub_process(
        "withdrawal",
        start("withdrawn", message("case-withdrawn")),
        user_task("return_papers"),
        end("returned"),
        flows("withdrawn", "return_papers", "returned"),
    ),
    flows("start", "review", "end"),
)


def test_a_withdrawal_before_a_completion_closes_the_task(scenario: Scenario) -> None:
    scenario.deploy(REVIEW)
    scenario.start(business_key="K-1")

    outcomes = race(scenario.database, says(scenario, "case-withdrawn"), completes(scenario, "review"))

    assert outcomes == (DONE, Conflict)
    assert scenario.waits_at() == ["return_papers"]
    assert scenario.passed()["review"] == 0


def test_the_last_completion_before_a_withdrawal_leaves_nothing_to_withdraw(scenario: Scenario) -> None:
    scenario.deploy(REVIEW)
    scenario.start(business_key="K-1")

    outcomes = race(scenario.database, completes(scenario, "review"), says(scenario, "case-withdrawn"))

    assert outcomes == (DONE, NobodyWaits)
    assert scenario.has_ended()


@pytest.fixture
def deciding(scenario: Scenario) -> Scenario:
    """An event-based gateway whose instant has come."""
    scenario.deploy(
        diagram(
            start(),
            event_gateway("which"),
            catch("answered", message("answer")),
            catch("silent", timer(duration="P1D")),
            user_task("read"),
            user_task("chase"),
            end(),
            flows("start", "which", "answered", "read", "end"),
            flows("which", "silent", "chase", "end"),
        )
    )
    scenario.start(business_key="K-1")
    scenario.world.days_pass(1)
    return scenario


def test_a_message_before_the_instant_of_an_event_based_gateway_decides_it(deciding: Scenario) -> None:
    assert race(deciding.database, says(deciding, "answer"), fires(deciding)) == (DONE, DONE)

    assert deciding.waits_at() == ["read"]
    assert deciding.open_work()["job"] == 0
    assert deciding.incidents() == []


def test_the_instant_of_an_event_based_gateway_before_a_message_decides_it(deciding: Scenario) -> None:
    assert race(deciding.database, fires(deciding), says(deciding, "answer")) == (DONE, NobodyWaits)

    assert deciding.waits_at() == ["chase"]
    assert deciding.open_work()["subscription"] == 0


HEARING = diagram(
    start(),
    user_task("review"),
    boundary("closed", "review", signal("office-closed")),
    user_task("postpone"),
    end(),
    flows("start", "review", "end"),
    flows("closed", "postpone", "end"),
)


@pytest.fixture
def hearing(scenario: Scenario) -> Scenario:
    """A case that a signal is on its way to."""
    scenario.deploy(HEARING)
    scenario.start()
    command(scenario.database, lambda tx: messages.signal(tx, "office-closed"))()
    return scenario


def test_a_signal_to_a_case_that_is_being_completed_is_heard_by_nobody(hearing: Scenario) -> None:
    assert race(hearing.database, completes(hearing, "review"), fires(hearing)) == (DONE, DONE)

    assert hearing.has_ended()
    assert hearing.incidents() == []
    assert not hearing.open_work()


def test_a_signal_that_comes_before_a_completion_interrupts_it(hearing: Scenario) -> None:
    assert race(hearing.database, fires(hearing), completes(hearing, "review")) == (DONE, Conflict)

    assert hearing.waits_at() == ["postpone"]


def test_a_signal_thrown_by_a_case_reaches_another_that_is_being_cancelled_or_nobody(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("wait"), throw("close", signal("office-closed")), key="closing"), HEARING)
    scenario.start()
    hearer = scenario.root_id
    scenario.start("closing")

    cancel = command(scenario.database, lambda tx: instances.cancel(tx, hearer, "作废"))
    assert race(scenario.database, cancel, completes(scenario, "wait")) == (DONE, DONE)
    scenario.due_work_runs()

    assert scenario.has_ended()
    assert not scenario.open_work()


STARTED_BY_SIGNAL = diagram(
    start("start", signal("office-opens")), user_task("call"), end(), flows("start", "call", "end"), key="calling"
)


def test_a_signal_starts_what_waited_for_it_although_a_new_version_came_meanwhile(scenario: Scenario) -> None:
    scenario.deploy(STARTED_BY_SIGNAL)
    command(scenario.database, lambda tx: messages.signal(tx, "office-opens"))()
    scenario.deploy(STARTED_BY_SIGNAL.replace(b'"call"', b'"ring"'))

    scenario.due_work_runs()

    with scenario.database.view(ENGINE) as tx:
        assert tx.session.scalars(select(ProcessInstance.state)).all() == [InstanceState.ACTIVE]


def test_a_message_thrown_to_another_case_is_delivered_once_by_two_workers(scenario: Scenario) -> None:
    scenario.deploy(
        straight(throw("tell", message("paid")), key="paying"),
        straight(receive_task("wait", "paid"), user_task("after")),
    )
    scenario.start(business_key="K-1")
    receiver = scenario.root_id
    scenario.start("paying", business_key="K-1")
    run = fires(scenario)

    assert race(scenario.database, run, run) == (DONE, DONE)

    scenario.root_id = receiver
    assert scenario.waits_at() == ["after"]
    assert scenario.open_work()["job"] == 0
    assert scenario.incidents() == []


def test_a_thrown_message_that_nobody_waits_for_yet_is_tried_again_later(scenario: Scenario) -> None:
    scenario.deploy(
        straight(throw("tell", message("paid")), key="paying"),
        straight(user_task("before"), receive_task("wait", "paid"), user_task("after")),
    )
    scenario.start("paying", business_key="K-1")
    assert jobs.run_due(scenario.database, "worker") == 1
    assert jobs.run_due(scenario.database, "worker") == 0

    scenario.start(business_key="K-1")
    scenario.complete("before")
    scenario.time_passes(minutes=1)

    assert scenario.waits_at() == ["after"]
