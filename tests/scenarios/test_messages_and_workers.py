"""Messages find one receiver or are refused; signals reach all; workers of other systems fetch, complete and fail."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import external_tasks, messages, process_starts
from engine.external_tasks import Failure, NotLocked, Topic
from engine.messages import NobodyWaits, SeveralWait
from engine.tables import Variable
from tests.diagrams import (
    boundary,
    call,
    catch,
    conditional,
    diagram,
    end,
    error,
    external_task,
    flows,
    message,
    multi_instance,
    parallel,
    receive_task,
    send_task,
    signal,
    start,
    straight,
    throw,
    user_task,
)
from tests.scenario import REGION, WORKER, Scenario

WAITING = straight(receive_task("wait", "paid"), user_task("after"))


def test_a_message_reaches_the_one_case_with_its_key(scenario: Scenario) -> None:
    scenario.deploy(WAITING)
    other = Scenario(scenario.database, scenario.world).start(business_key="A-2")
    scenario.start(business_key="A-1")
    with scenario.database.begin(scenario.actor) as tx:
        messages.correlate(tx, "paid", {"amount": 120}, business_key="A-1")
    assert scenario.waits_at() == ["after"]
    assert scenario.variables() == {"amount": 120}
    assert other.waits_at() == []


def test_a_message_for_two_is_refused_and_reaches_neither(scenario: Scenario) -> None:
    scenario.deploy(straight(receive_task("wait", "paid", multi_instance(cardinality=2))))
    scenario.start()
    with pytest.raises(SeveralWait):
        scenario.message("paid")
    assert scenario.open_work()["subscription"] == 2


def test_a_message_that_nobody_waits_for_is_refused(scenario: Scenario) -> None:
    scenario.deploy(WAITING)
    scenario.start()
    with pytest.raises(NobodyWaits):
        scenario.message("unknown")


def test_a_message_comes_once(scenario: Scenario) -> None:
    scenario.deploy(WAITING)
    scenario.start()
    scenario.message("paid")
    with pytest.raises(NobodyWaits):
        scenario.message("paid")


def test_a_non_interrupting_message_may_come_again(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            start(),
            user_task("review"),
            boundary("asked", "review", message("question"), interrupting=False),
            user_task("answer"),
            end(),
            end("answered"),
            flows("start", "review", "end"),
            flows("asked", "answer", "answered"),
        )
    )
    scenario.start()
    scenario.message("question")
    scenario.message("question")
    assert scenario.waits_at() == ["answer", "answer", "review"]
    scenario.complete("review")
    with pytest.raises(NobodyWaits):
        scenario.message("question")


def test_a_message_starts_a_process(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(start("ordered", message("order")), user_task("dispatch"), end(), flows("ordered", "dispatch", "end"))
    )
    with scenario.database.begin(scenario.actor) as tx:
        scenario.root_id = messages.correlate(tx, "order", {"urgent": True}, region=REGION).instance.id
    assert scenario.waits_at() == ["dispatch"]
    assert scenario.variables() == {"urgent": True}


def test_a_sent_message_reaches_another_case_of_the_same_key_in_a_transaction_of_its_own(scenario: Scenario) -> None:
    scenario.deploy(straight(send_task("send", "paid"), key="cashier"), WAITING)
    scenario.start(business_key="A-1")
    Scenario(scenario.database, scenario.world).start("cashier", business_key="A-1")
    assert scenario.waits_at() == []
    scenario.due_work_runs()
    assert scenario.waits_at() == ["after"]


def test_a_signal_reaches_every_case_that_waits(scenario: Scenario) -> None:
    scenario.deploy(straight(catch("wait", signal("typhoon")), user_task("after")))
    cases = [Scenario(scenario.database, scenario.world).start() for _ in range(3)]
    scenario.signal("typhoon")
    assert [case.waits_at() for case in cases] == [["after"]] * 3


def test_a_thrown_signal_starts_processes_and_wakes_other_cases(scenario: Scenario) -> None:
    warned = start("warned", signal("alarm"))
    started = diagram(warned, user_task("act"), end(), flows("warned", "act", "end"), key="response")
    scenario.deploy(straight(catch("wait", signal("alarm")), user_task("after")), started)
    scenario.start()
    scenario.deploy(straight(throw("warn", signal("alarm")), key="thrower"))
    Scenario(scenario.database, scenario.world).start("thrower")
    scenario.due_work_runs()
    assert scenario.waits_at() == ["after"]
    assert scenario.open_work()["user task"] == 2


REGISTERED = straight(external_task("register", "tax"), user_task("after"))


def test_a_worker_fetches_work_alone_and_completes_it(scenario: Scenario) -> None:
    scenario.deploy(REGISTERED)
    scenario.start()
    fetched = scenario.worker_fetches("tax")
    assert len(fetched) == 1
    assert scenario.worker_fetches("tax") == []
    scenario.worker_completes(fetched[0], tax_number="T-1")
    assert scenario.waits_at() == ["after"]
    assert scenario.variables() == {"tax_number": "T-1"}


def test_a_lock_that_ran_out_does_no_harm_until_another_worker_has_fetched_the_task(scenario: Scenario) -> None:
    scenario.deploy(REGISTERED)
    scenario.start()
    [fetched] = scenario.worker_fetches("tax")
    scenario.time_passes(minutes=6)
    with scenario.database.begin(scenario.actor) as tx:
        assert [one.id for one in external_tasks.fetch_and_lock(tx, "other", [Topic("tax", timedelta(minutes=5))])] == [
            fetched
        ]
    with pytest.raises(NotLocked):
        scenario.worker_completes(fetched)
    scenario.time_passes(minutes=6)
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.complete(tx, fetched, "other", {})
    assert scenario.waits_at() == ["after"]


def test_a_lock_that_ran_out_is_not_extended_but_may_be_taken_again(scenario: Scenario) -> None:
    scenario.deploy(REGISTERED)
    scenario.start()
    [fetched] = scenario.worker_fetches("tax")
    scenario.time_passes(minutes=6)
    with scenario.database.begin(scenario.actor) as tx, pytest.raises(NotLocked):
        external_tasks.extend_lock(tx, fetched, WORKER, timedelta(minutes=5))
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.lock(tx, fetched, "other", timedelta(minutes=5))
    with scenario.database.begin(scenario.actor) as tx, pytest.raises(NotLocked):
        external_tasks.lock(tx, fetched, WORKER, timedelta(minutes=5))


def test_a_worker_that_needs_longer_keeps_its_task(scenario: Scenario) -> None:
    scenario.deploy(REGISTERED)
    scenario.start()
    [fetched] = scenario.worker_fetches("tax")
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.extend_lock(tx, fetched, WORKER, timedelta(minutes=30))
    scenario.time_passes(minutes=6)
    assert scenario.worker_fetches("tax") == []
    scenario.worker_completes(fetched)
    assert scenario.waits_at() == ["after"]


def test_what_a_worker_found_out_before_it_failed_is_kept_and_may_interrupt_its_task(scenario: Scenario) -> None:
    given_up = boundary("given-up", "register", conditional("${hopeless}"))
    scenario.deploy(
        diagram(
            start(),
            external_task("register", "tax"),
            given_up,
            user_task("by-hand"),
            end(),
            flows("start", "register", "end"),
            flows("given-up", "by-hand", "end"),
        )
    )
    scenario.start(hopeless=False)
    [fetched] = scenario.worker_fetches("tax")
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.fail(tx, fetched, WORKER, Failure("超时", retries=2, variables={"reached": "gateway"}))
    assert scenario.variables() == {"hopeless": False, "reached": "gateway"}
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.fail(tx, fetched, WORKER, Failure("超时", retries=2, variables={"hopeless": True}))
    assert scenario.waits_at() == ["by-hand"]
    assert scenario.open_work()["external task"] == 0


def test_an_unlocked_task_can_be_fetched_at_once(scenario: Scenario) -> None:
    scenario.deploy(REGISTERED)
    scenario.start()
    [fetched] = scenario.worker_fetches("tax")
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.unlock(tx, fetched)
    assert scenario.worker_fetches("tax") == [fetched]


def test_a_failed_task_comes_back_after_its_wait_and_without_retries_calls_for_a_person(scenario: Scenario) -> None:
    scenario.deploy(REGISTERED)
    scenario.start()
    [fetched] = scenario.worker_fetches("tax")
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.fail(tx, fetched, WORKER, Failure("金税接口超时", retries=1, after=timedelta(minutes=10)))
    assert scenario.worker_fetches("tax") == []
    scenario.time_passes(minutes=11)
    assert scenario.worker_fetches("tax") == [fetched]
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.fail(tx, fetched, WORKER, Failure("金税接口超时"))
    assert scenario.incidents() == ["金税接口超时"]
    assert scenario.worker_fetches("tax") == []
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.set_retries(tx, fetched, 3)
    assert scenario.incidents() == []
    assert scenario.worker_fetches("tax") == [fetched]


def test_a_worker_throws_an_error_that_the_diagram_catches(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            start(),
            external_task("register", "tax"),
            boundary("refused", "register", error("refused", errorMessageVariable="why")),
            user_task("by_hand"),
            end(),
            end("done"),
            flows("start", "register", "end"),
            flows("refused", "by_hand", "done"),
        )
    )
    scenario.start()
    [fetched] = scenario.worker_fetches("tax")
    with scenario.database.begin(scenario.actor) as tx:
        external_tasks.throw_error(tx, fetched, WORKER, "refused", "名称不符", {})
    assert scenario.waits_at() == ["by_hand"]
    assert scenario.variables() == {"why": "名称不符"}


def test_a_sent_message_that_nobody_awaits_is_tried_again_and_ends_as_an_incident(scenario: Scenario) -> None:
    scenario.deploy(straight(send_task("send", "paid")))
    scenario.start(business_key="A-1")
    scenario.due_work_runs()
    assert scenario.incidents() == []
    for _ in range(3):
        scenario.time_passes(hours=1)
    assert len(scenario.incidents()) == 1


def test_the_variables_of_an_item_are_gone_with_it(scenario: Scenario) -> None:
    each = multi_instance(collection="${parts}", elementVariable="part")
    scenario.deploy(straight(user_task("review", each), user_task("after")))
    scenario.start(parts=["a", "b"])
    scenario.complete("review")
    scenario.complete("review")
    with scenario.database.view(scenario.actor) as tx:
        assert tx.session.scalars(select(Variable.name)).all() == ["parts"]


def test_a_signal_within_the_case_is_met_once(scenario: Scenario) -> None:
    thrower = straight(throw("warn", signal("alarm")), key="thrower")
    scenario.deploy(
        thrower,
        diagram(
            start(),
            parallel("split"),
            catch("wait", signal("alarm")),
            user_task("before"),
            call("throws", "thrower"),
            end("e1"),
            user_task("act"),
            end("e2"),
            flows("start", "split", "wait", "act", "e1"),
            flows("split", "before", "throws", "e2"),
        ),
    )
    scenario.start()
    scenario.complete("before")
    assert scenario.waits_at() == ["act"]
    assert "subscription" not in scenario.open_work()


def test_a_process_starts_when_its_condition_holds(scenario: Scenario) -> None:
    crowded = start("crowded", conditional("${waiting > 20}"))
    scenario.deploy(diagram(crowded, user_task("open_window"), end(), flows("crowded", "open_window", "end")))
    with scenario.database.begin(scenario.actor) as tx:
        assert process_starts.start_where(tx, {"waiting": 20}) == []
        assert process_starts.start_where(tx, {"other": 21}) == []
        [started] = process_starts.start_where(tx, {"waiting": 21})
        scenario.root_id = started.id
    assert scenario.waits_at() == ["open_window"]
