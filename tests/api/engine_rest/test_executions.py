"""Executions, event subscriptions, and waking what waits, by way of Camunda's API (Camunda 7.24)."""

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import (
    boundary,
    catch,
    conditional,
    diagram,
    end,
    flows,
    message,
    receive_task,
    signal,
    start,
    straight,
    user_task,
)
from tests.served import Served

WAITING = straight(receive_task("wait", "paid"), user_task("after"))
ASKED = diagram(
    start(),
    user_task("review"),
    boundary("asked", "review", message("question"), interrupting=False),
    user_task("answer"),
    end(),
    flows("start", "review", "end"),
    flows("asked", "answer", "end"),
)


def test_an_execution_is_found_by_the_message_it_waits_for_and_woken_with_it(tried: Tried) -> None:
    tried.deploy(WAITING)
    started = tried.start()
    [waiting] = tried.reads("/execution?messageEventSubscriptionName=paid")
    assert waiting == {"id": waiting["id"], "processInstanceId": started, "ended": False, "tenantId": None}
    assert tried.reads("/execution?messageEventSubscriptionName=other") == []
    assert tried.reads(f"/execution/{waiting['id']}") == waiting
    shown = tried.reads(f"/execution/{waiting['id']}/messageSubscriptions/paid")
    assert (shown["eventType"], shown["eventName"], shown["activityId"]) == ("message", "paid", "wait")
    said = {"variables": {"amount": {"value": 120}}}
    address = f"/execution/{waiting['id']}/messageSubscriptions/paid/trigger"
    tried.does("POST", address, said, by="payments")
    assert tried.at(started) == ["after"]
    assert tried.reads(f"/process-instance/{started}/variables/amount")["value"] == 120
    tried.does("POST", address, said, by="payments", status=404)


def test_a_boundary_event_is_woken_at_the_activity_that_it_watches(tried: Tried) -> None:
    tried.deploy(ASKED)
    started = tried.start()
    [waiting] = tried.reads("/execution?messageEventSubscriptionName=question")
    [review] = tried.reads(f"/execution?activityId=review&processInstanceId={started}")
    assert waiting == review
    tried.does("POST", f"/execution/{review['id']}/messageSubscriptions/question/trigger", {}, by="payments")
    assert tried.at(started) == ["answer", "review"]


def test_an_execution_is_signalled_whatever_it_waits_for(tried: Tried) -> None:
    tried.deploy(WAITING)
    started = tried.start()
    [waiting] = tried.reads("/execution?activityId=wait")
    tried.does("POST", f"/execution/{waiting['id']}/signal", {}, by="payments")
    assert tried.at(started) == ["after"]
    [after] = tried.reads("/execution?activityId=after")
    tried.does("POST", f"/execution/{after['id']}/signal", {}, by="payments", status=404)


def test_a_signal_is_thrown_to_one_execution_alone(tried: Tried) -> None:
    tried.deploy(straight(catch("wait", signal("typhoon")), user_task("after")))
    first, second = tried.start(), tried.start()
    [waiting] = tried.reads(f"/execution?signalEventSubscriptionName=typhoon&processInstanceId={first}")
    tried.does("POST", "/signal", {"name": "typhoon", "executionId": waiting["id"]}, by="payments")
    assert (tried.at(first), tried.at(second)) == (["after"], ["wait"])
    both = {"name": "typhoon", "executionId": waiting["id"], "tenantId": "330000"}
    tried.does("POST", "/signal", both, by="payments", status=400)


def test_local_variables_are_those_of_the_execution_alone(tried: Tried) -> None:
    tried.deploy(straight(user_task("review")))
    started = tried.start(seen="process")
    [review] = tried.reads("/execution?activityId=review")
    local = f"/execution/{review['id']}/localVariables"
    tried.does("PUT", f"{local}/seen", {"value": "task"})
    tried.does("POST", local, {"modifications": {"more": {"value": 1}}})
    assert {name: one["value"] for name, one in tried.reads(local).items()} == {"seen": "task", "more": 1}
    assert tried.reads(f"/process-instance/{started}/variables/seen")["value"] == "process"
    tried.does("DELETE", f"{local}/more")
    tried.does("GET", f"{local}/more", status=404)
    assert tried.reads(f"/execution/{started}/localVariables/seen")["value"] == "process"
    condition = {"variables": [{"name": "seen", "operator": "eq", "value": "task"}]}
    assert [one["id"] for one in tried.does("POST", "/execution", condition, status=200)] == [review["id"]]


def test_what_is_waited_for_is_listed(tried: Tried) -> None:
    tried.deploy(
        ASKED,
        started_bpmn=diagram(
            start("ordered", message("order")), user_task("act"), end(), flows("ordered", "act", "end"), key="started"
        ),
    )
    started = tried.start()
    [one] = tried.reads("/event-subscription?eventName=question")
    assert (one["processInstanceId"], one["activityId"], one["tenantId"]) == (started, "asked", None)
    [begins] = tried.reads("/event-subscription?eventName=order")
    assert (begins["executionId"], begins["processInstanceId"]) == (None, None)
    assert tried.reads("/event-subscription/count?eventType=message") == {"count": 2}


def test_every_key_of_a_subscription_is_there(tried: Tried) -> None:
    tried.deploy(ASKED)
    tried.start()
    [one] = tried.reads("/event-subscription")
    assert set(one) == {
        "id", "eventType", "eventName", "executionId", "processInstanceId", "activityId", "createdDate", "tenantId",
    }  # fmt: skip


def test_a_message_finds_its_receiver_by_values_of_its_process(tried: Tried) -> None:
    tried.deploy(WAITING)
    first, second = tried.start(order="A-1"), tried.start(order="A-2")
    said = {"messageName": "paid", "correlationKeys": {"order": {"value": "A-2"}}}
    tried.does("POST", "/message", said, by="payments")
    assert (tried.at(first), tried.at(second)) == (["wait"], ["after"])
    tried.does("POST", "/message", said, by="payments", status=400)


def test_a_message_finds_its_receiver_by_values_of_where_it_waits(tried: Tried) -> None:
    tried.deploy(WAITING)
    first, second = tried.start(), tried.start()
    [place] = tried.reads(f"/execution?activityId=wait&processInstanceId={second}")
    tried.does("PUT", f"/execution/{place['id']}/localVariables/order", {"value": "A-2"})
    said = {"messageName": "paid", "localCorrelationKeys": {"order": {"value": "A-2"}}}
    tried.does("POST", "/message", said, by="payments")
    assert (tried.at(first), tried.at(second)) == (["wait"], ["after"])


def test_a_message_for_all_reaches_everyone_and_starts_what_it_starts(tried: Tried) -> None:
    tried.deploy(
        WAITING,
        started_bpmn=diagram(
            start("due", message("paid")), user_task("act"), end(), flows("due", "act", "end"), key="started"
        ),
    )
    both = [tried.start(), tried.start()]
    said = {"messageName": "paid", "all": True, "resultEnabled": True}
    found = tried.does("POST", "/message", said, by="payments", status=200)
    assert [one["resultType"] for one in found] == ["Execution", "Execution", "ProcessDefinition"]
    assert [tried.at(one) for one in both] == [["after"], ["after"]]


def test_a_condition_starts_every_process_whose_start_it_is(tried: Tried) -> None:
    tried.deploy(
        diagram(
            start("crowded", conditional("${waiting > 20}")), user_task("act"), end(), flows("crowded", "act", "end")
        )
    )
    few, many = ({"variables": {"waiting": {"value": number}}, "businessKey": "hall"} for number in (20, 21))
    assert tried.does("POST", "/condition", few, by="designer", status=200) == []
    [begun] = tried.does("POST", "/condition", many, by="designer", status=200)
    assert begun["businessKey"] == "hall"
    assert tried.at(begun["id"]) == ["act"]


def test_nobody_wakes_what_waits_for_an_act_on_a_case(served: Served) -> None:
    served.opens().accepted()
    lead, worker = served.person("lead"), served.person("payments")
    [waiting] = lead.json("/engine-rest/execution?messageEventSubscriptionName=case-withdrawn")
    address = f"/engine-rest/execution/{waiting['id']}"
    assert worker.post(f"{address}/messageSubscriptions/case-withdrawn/trigger").status_code == 403
    assert worker.post(f"{address}/signal").status_code == 403
    assert lead.json(f"{address}/localVariables") == {}
    guessed = [{"name": "secret", "operator": "eq", "value": "N-17"}]
    for name in ("variables", "processVariables"):
        assert lead.post("/engine-rest/execution/count", {name: guessed}).get_json() == {"count": 0}
    said = {"messageName": "no-act", "correlationKeys": {"secret": {"value": "N-17"}}}
    assert worker.post("/engine-rest/message", said).status_code == 400
