"""What compensation looks like by way of Camunda's API: the tree of what is open, and the history (Camunda 7.24)."""

from typing import Any

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import (
    compensation,
    diagram,
    end,
    flows,
    multi_instance,
    start,
    sub_process,
    undone_by,
    user_task,
)

BOOKING = sub_process(
    "booking",
    start("s"),
    user_task("hotel", candidateGroups="window"),
    undone_by(user_task("cancel_hotel", candidateGroups="window"), "hotel"),
    end("e"),
    flows("s", "hotel", "e"),
)


def undone(*nodes: Any, activity: str) -> bytes:
    """An activity, and an end event that compensates it."""
    return diagram(start(), *nodes, end("undo", compensation()), flows("start", activity, "undo"))


def completes(tried: Tried, activity: str, times: int = 1) -> None:
    for _ in range(times):
        task = tried.does("GET", f"/task?taskDefinitionKey={activity}", by="window", status=200)[0]
        tried.does("POST", f"/task/{task['id']}/complete", {}, by="window")


def test_a_compensated_sub_process_is_shown_around_its_handler(tried: Tried) -> None:
    tried.deploy(undone(BOOKING, activity="booking"))
    started = tried.start()
    completes(tried, "hotel")
    root = tried.reads(f"/process-instance/{started}/activity-instances")
    shown = {one["activityId"]: one for one in root["childActivityInstances"]}
    assert {id: one["activityType"] for id, one in shown.items()} == {
        "undo": "compensationEndEvent",
        "booking": "subProcess",
    }
    (handler,) = shown["booking"]["childActivityInstances"]
    assert (handler["activityId"], handler["activityType"]) == ("cancel_hotel", "userTask")
    completes(tried, "cancel_hotel")
    visits = tried.reads(f"/history/activity-instance?processInstanceId={started}&activityId=cancel_hotel")
    assert [visit["canceled"] for visit in visits] == [False]


def test_a_handler_of_an_activity_is_shown_beside_the_event_that_threw(tried: Tried) -> None:
    task = [
        user_task("seal", candidateGroups="window"),
        undone_by(user_task("unseal", candidateGroups="window"), "seal"),
    ]
    tried.deploy(undone(*task, activity="seal"))
    started = tried.start()
    completes(tried, "seal")
    root = tried.reads(f"/process-instance/{started}/activity-instances")
    assert sorted(one["activityId"] for one in root["childActivityInstances"]) == ["undo", "unseal"]


def test_handlers_of_a_multi_instance_activity_are_shown_in_its_body(tried: Tried) -> None:
    task = [
        user_task("seal", multi_instance(cardinality=2), candidateGroups="window"),
        undone_by(user_task("unseal", candidateGroups="window"), "seal"),
    ]
    tried.deploy(undone(*task, activity="seal"))
    started = tried.start()
    completes(tried, "seal", 2)
    root = tried.reads(f"/process-instance/{started}/activity-instances")
    body = next(one for one in root["childActivityInstances"] if one["activityId"] == "seal#multiInstanceBody")
    assert [one["activityId"] for one in body["childActivityInstances"]] == ["unseal", "unseal"]
    completes(tried, "unseal", 2)
    tried.does("GET", f"/process-instance/{started}/activity-instances", status=404)
