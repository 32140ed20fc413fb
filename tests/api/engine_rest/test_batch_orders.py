"""What each address that orders a batch (Camunda 7.24) does to its subjects, and what it refuses at once."""

from typing import Any

import pytest
from sqlalchemy import select

from casework.tables import Case
from engine.ports import ENGINE
from tests.api.engine_rest.history.past import Past
from tests.api.engine_rest.ordering import Ordering
from tests.diagrams import diagram, end, external_task, flows, receive_task, start, straight, user_task
from tests.served import Served

CHAIN = straight(user_task("a"), user_task("b"))


@pytest.fixture
def ordering(served: Served) -> Ordering:
    return Ordering(served)


def test_a_query_means_what_it_finds_when_the_batch_is_ordered(ordering: Ordering) -> None:
    ordering.deploy(CHAIN)
    found, other = ordering.start(business_key="out"), ordering.start(business_key="in")
    query = {"processInstanceQuery": {"businessKey": "out"}, "processInstanceIds": [found]}
    batch = ordering.orders("/process-instance/delete", query | {"deleteReason": "作废"})
    later = ordering.start(business_key="out")
    assert ordering.progress(batch) == (1, 0, 0)
    ordering.works()
    assert [ordering.runs(one) for one in (found, other, later)] == [False, True, True]
    assert ordering.reads(f"/history/process-instance/{found}")["deleteReason"] == "作废"
    historic = {"historicProcessInstanceQuery": {"processInstanceBusinessKeyIn": ["in", "out"], "unfinished": True}}
    batch = ordering.orders("/process-instance/delete-historic-query-based", historic)
    assert ordering.progress(batch) == (2, 0, 0)


def test_what_has_ended_by_itself_by_then_is_passed_over(ordering: Ordering) -> None:
    ordering.deploy(CHAIN)
    instance = ordering.start()
    batch = ordering.orders("/process-instance/delete", {"processInstanceIds": [instance]})
    ordering.does("DELETE", f"/process-instance/{instance}")
    ordering.works()
    assert ordering.has_ended(batch)


def test_instances_are_suspended_and_activated(ordering: Ordering) -> None:
    ordering.deploy(CHAIN)
    both = [ordering.start(), ordering.start()]
    for suspended in (True, False):
        ordering.orders("/process-instance/suspended-async", {"processInstanceIds": both, "suspended": suspended})
        ordering.works()
        assert [ordering.reads(f"/process-instance/{one}")["suspended"] for one in both] == [suspended] * 2


def test_variables_keep_their_types(ordering: Ordering) -> None:
    ordering.deploy(CHAIN)
    instance = ordering.start()
    variables = {
        "size": {"value": "5", "type": "Long"},
        "when": {"value": "2026-03-02T09:00:00.000+0800", "type": "Date"},
        "parts": {"value": '{"b":1}', "type": "Json"},
    }
    plan = {"plan": {"value": "cGxhbg==", "type": "File", "valueInfo": {"filename": "plan.txt"}}}
    said = {"processInstanceIds": [instance], "variables": variables | plan}
    ordering.orders("/process-instance/variables-async", said)
    ordering.works()
    address = f"/engine-rest/process-instance/{instance}/variables"
    assert ordering.admin.get(f"{address}/plan/data").data == b"plan"
    ordering.does("DELETE", f"/process-instance/{instance}/variables/plan")
    kept = ordering.reads(f"/process-instance/{instance}/variables")
    assert {name: (one["type"], str(one["value"])) for name, one in kept.items()} == {
        name: (one["type"], one["value"]) for name, one in variables.items()
    }


def test_a_message_reaches_those_of_the_instances_that_wait(ordering: Ordering) -> None:
    ordering.deploy(straight(receive_task("wait", "go"), user_task("after")))
    reached, left = ordering.start(), ordering.start()
    said = {"processInstanceIds": [reached], "messageName": "go", "variables": {"size": {"value": 1}}}
    ordering.orders("/process-instance/message-async", said)
    ordering.works()
    assert (ordering.at(reached), ordering.at(left)) == (["after"], ["wait"])
    assert ordering.reads(f"/process-instance/{reached}/variables/size")["value"] == 1


def test_instances_are_modified(ordering: Ordering) -> None:
    ordering.deploy(CHAIN)
    both = [ordering.start(), ordering.start()]
    forward = [{"type": "cancel", "activityId": "a"}, {"type": "startBeforeActivity", "activityId": "b"}]
    body = {"processDefinitionId": ordering.definition(), "processInstanceIds": both, "instructions": forward}
    ordering.orders("/modification/executeAsync", body | {"annotation": "更正"})
    ordering.works()
    assert [ordering.at(one) for one in both] == [["b"], ["b"]]
    back = [{"type": "cancel", "activityId": "b"}, {"type": "startBeforeActivity", "activityId": "a"}]
    ordering.orders(f"/process-instance/{both[0]}/modification-async", {"instructions": back})
    ordering.works()
    assert [ordering.at(one) for one in both] == [["a"], ["b"]]
    nothing = {"instructions": [{"type": "cancel"}]}
    ordering.does("POST", f"/process-instance/{both[0]}/modification-async", nothing, status=400)


def test_what_is_over_is_restarted_at_once_or_in_a_batch(ordering: Ordering) -> None:
    ordering.deploy(CHAIN)
    old = ordering.start(business_key="申请-7", size=1)
    ordering.does("DELETE", f"/process-instance/{old}")
    said = {"processInstanceIds": [old], "instructions": [{"type": "startBeforeActivity", "activityId": "b"}]}
    address = f"/process-definition/{ordering.definition()}/restart"

    ordering.does("POST", address, said)
    ordering.orders(f"{address}-async", said | {"withoutBusinessKey": True, "initialVariables": True})
    ordering.works()

    anew = ordering.reads("/process-instance")
    assert [one["businessKey"] for one in sorted(anew, key=lambda one: str(one["id"]))] == ["申请-7", None]
    for one in anew:
        assert ordering.at(one["id"]) == ["b"]
        assert ordering.reads(f"/process-instance/{one['id']}/variables/size")["value"] == 1
        assert ordering.reads(f"/history/process-instance/{one['id']}")["restartedProcessInstanceId"] == old
    assert ordering.reads("/history/user-operation/count?operationType=RestartProcessInstance") == {"count": 2}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"processInstanceIds": []}, 400),
        ({"processInstanceIds": ["none"]}, 404),
        ({"instructions": []}, 400),
        ({"instructions": [{"type": "cancel", "activityId": "a"}]}, 400),
        ({"instructions": [{"type": "startBeforeActivity"}]}, 400),
        ({"instructions": [{"type": "startBeforeActivity", "activityId": "x"}]}, 400),
    ],
    ids=["nothing", "unknown", "no beginning", "a cancellation", "names nothing", "no such activity"],
)
def test_a_restart_that_means_nothing_is_refused(ordering: Ordering, changed: dict[str, Any], status: int) -> None:
    ordering.deploy(CHAIN)
    old = ordering.start()
    ordering.does("DELETE", f"/process-instance/{old}")
    said = {"processInstanceIds": [old], "instructions": [{"type": "startBeforeActivity", "activityId": "b"}]}
    ordering.does("POST", f"/process-definition/{ordering.definition()}/restart", said | changed, status=status)
    assert ordering.reads("/process-instance") == []


BROKEN = diagram(
    start(), user_task("a", asyncBefore=True, assignee="${missing}"), end(), flows("start", "a", "end")
)  # fmt: skip


def test_failed_jobs_are_tried_again(ordering: Ordering) -> None:
    ordering.deploy(BROKEN)
    started = [ordering.start() for _ in range(3)]
    ordering.gives_up()
    failed = {one["processInstanceId"]: one["id"] for one in ordering.reads("/job?noRetriesLeft=true")}
    orders: dict[str, dict[str, Any]] = {
        "/job/retries": {"jobIds": [failed[started[0]]]},
        "/process-instance/job-retries": {"processInstances": [started[1]]},
        "/process-instance/job-retries-historic-query-based": {
            "historicProcessInstanceQuery": {"processInstanceId": started[2]}
        },
    }
    for path, meant in orders.items():
        ordering.orders(path, meant | {"retries": 2})
    ordering.works()
    waiting = ordering.reads("/job")
    assert sorted(one["processInstanceId"] for one in waiting if one["retries"] == 2) == sorted(started)


def test_external_tasks_are_tried_again(ordering: Ordering) -> None:
    ordering.deploy(straight(external_task("print", "printing")))
    ordering.start()
    [task] = ordering.reads("/external-task")
    fetch = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "printing", "lockDuration": 1000}]}
    ordering.does("POST", "/external-task/fetchAndLock", fetch, status=200)
    ordering.does("POST", f"/external-task/{task['id']}/failure", {"workerId": "w", "retries": 0})
    ordering.orders("/external-task/retries-async", {"externalTaskQuery": {"noRetriesLeft": True}, "retries": 4})
    ordering.works()
    assert ordering.reads(f"/external-task/{task['id']}")["retries"] == 4
    assert ordering.reads("/incident") == []


def test_the_history_of_what_is_over_is_deleted(served: Served) -> None:
    past = Past(served)
    ordering = Ordering(served)
    gone, kept = past.finishes("gone"), past.starts("kept")
    finished = {"historicProcessInstanceQuery": {"finished": True}, "deleteReason": "过期"}
    batch = ordering.orders("/history/process-instance/delete", finished)
    ordering.works()
    assert ordering.has_ended(batch)
    assert [one["id"] for one in ordering.reads("/history/process-instance")] == [kept]
    ordering.does("POST", "/history/process-instance/delete", {"historicProcessInstanceIds": [gone]}, status=404)


def test_what_is_done_to_no_case_is_refused_at_once_and_names_the_first(ordering: Ordering) -> None:
    ordering.deploy(CHAIN)
    number = ordering.served.opens().accepted()
    [case] = ordering.reads(f"/process-instance?businessKey={number}")
    both = {"processInstanceIds": [ordering.start(), case["id"]]}
    begin = {"instructions": [{"type": "startBeforeActivity", "activityId": "deliver"}]}
    orders: dict[str, dict[str, Any]] = {
        "/process-instance/delete": both,
        "/process-instance/suspended-async": both | {"suspended": True},
        "/process-instance/variables-async": both | {"variables": {"secret": {"value": "x"}}},
        f"/process-instance/{case['id']}/modification-async": begin,
        f"/process-definition/{case['definitionId']}/restart-async": {"processInstanceIds": [case["id"]], **begin},
        "/history/process-instance/delete": {"historicProcessInstanceIds": [case["id"]]},
    }
    for path, body in orders.items():
        refused = ordering.admin.post(f"/engine-rest{path}", body)
        assert (refused.status_code, number in refused.get_json()["message"]) == (403, True), path
    restart = f"/process-definition/{case['definitionId']}/restart"
    ordering.does("POST", restart, {"processInstanceIds": [case["id"]], **begin}, status=403)
    withdrawn = both | {"messageName": "case-withdrawn"}
    ordering.does("POST", "/process-instance/message-async", withdrawn, status=403)
    assert ordering.reads("/history/batch") == []


def test_of_a_confidential_case_an_order_learns_nothing(ordering: Ordering) -> None:
    ordering.deploy(CHAIN)
    ordering.served.opens().submits("window", confidential=True)
    with ordering.served.database.view(ENGINE) as tx:
        case = tx.session.scalars(select(Case.root_id)).one()
    runs = ordering.start()
    for path, said in {
        "/process-instance/delete": {"processInstanceIds": [case]},
        "/process-instance/message-async": {"processInstanceIds": [case], "messageName": "go"},
        "/process-instance/job-retries": {"processInstances": [case], "retries": 1},
        "/external-task/retries-async": {"processInstanceIds": [case], "retries": 1},
        "/history/process-instance/delete": {"historicProcessInstanceIds": [case]},
    }.items():
        ordering.does("POST", path, said, status=404)
    everything = ordering.orders("/process-instance/suspended-async", {"processInstanceQuery": {}, "suspended": True})
    assert ordering.progress(everything) == (1, 0, 0)
    ordering.works()
    assert ordering.reads(f"/process-instance/{runs}")["suspended"]
