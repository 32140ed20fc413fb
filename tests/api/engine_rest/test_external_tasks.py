"""External tasks by way of Camunda's API: what administrators repair, and what lists can be asked for."""

import socket
from time import monotonic

import pytest

from tests.diagrams import diagram, end, external_task, flows, start
from tests.served import Person, Served

PRINTED = diagram(
    start(),
    external_task("print", "printing"),
    external_task("stamp", "stamping"),
    end(),
    flows("start", "print", "stamp", "end"),
    key="printed",
)
FETCH = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "printing", "lockDuration": 60_000}]}


@pytest.fixture
def admin(served: Served) -> Person:
    served.deploy(printed_bpmn=PRINTED)
    for size in (1, 2, 3):
        body = {"variables": {"size": {"value": size}}}
        served.person("designer").post("/engine-rest/process-definition/key/printed/start", body)
    return served.person("admin")


def ids(admin: Person) -> list[str]:
    return [row["id"] for row in admin.json("/engine-rest/external-task?sortBy=createTime&sortOrder=asc")]


def test_the_most_urgent_is_fetched_first(admin: Person) -> None:
    last = ids(admin)[-1]

    assert admin.put(f"/engine-rest/external-task/{last}/priority", {"priority": 99}).status_code == 204

    [fetched] = admin.post("/engine-rest/external-task/fetchAndLock", FETCH | {"usePriority": True}).get_json()
    assert (fetched["id"], fetched["priority"]) == (last, 99)


def test_several_are_let_try_again_at_once(admin: Person) -> None:
    all_of_them = ids(admin)
    body = {"retries": 5, "externalTaskIds": all_of_them[:1], "externalTaskQuery": {"topicName": "printing"}}

    assert admin.put("/engine-rest/external-task/retries", body).status_code == 204

    assert [row["retries"] for row in admin.json("/engine-rest/external-task")] == [5, 5, 5]
    unknown = {"retries": 1, "externalTaskIds": ["0" * 36]}
    assert admin.put("/engine-rest/external-task/retries", unknown).status_code == 404
    assert admin.put("/engine-rest/external-task/retries", {"retries": 1}).status_code == 400


def test_topics_are_those_of_the_work_that_there_is(admin: Person) -> None:
    assert admin.json("/engine-rest/external-task/topic-names") == ["printing"]
    assert admin.json("/engine-rest/external-task/topic-names?withLockedTasks=true") == []


def test_work_is_found_by_variables_and_names_of_its_process(admin: Person) -> None:
    def count(**asked: object) -> object:
        return admin.post("/engine-rest/external-task/count", asked).get_json()["count"]

    assert count(processVariables=[{"name": "size", "operator": "gteq", "value": 2}]) == 2
    assert count(processDefinitionKeyIn=["printed"], active=True) == 3
    assert count(suspended=True) == 0


def test_what_a_worker_keeps_with_its_task_is_there_at_the_next_try(admin: Person) -> None:
    first = admin.post("/engine-rest/external-task/fetchAndLock", FETCH | {"maxTasks": 1}).get_json()[0]
    failed = {"workerId": FETCH["workerId"], "retries": 2, "localVariables": {"page": {"value": 3}}}
    assert admin.post(f"/engine-rest/external-task/{first['id']}/failure", failed).status_code == 204

    again = admin.post("/engine-rest/external-task/fetchAndLock", FETCH).get_json()

    assert {one["errorMessage"] for one in again} == {None}
    variables = {one["id"]: one["variables"] for one in again}
    assert variables.pop(first["id"])["page"]["value"] == 3
    assert all("page" not in seen for seen in variables.values())


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("complete", {}),
        ("failure", {"retries": 1}),
        ("bpmnError", {"errorCode": "x"}),
        ("extendLock", {"newDuration": 1000}),
    ],
    ids=["complete", "failure", "bpmnError", "extendLock"],
)
def test_nothing_is_done_on_work_of_a_suspended_instance(admin: Person, act: str, said: dict[str, object]) -> None:
    work = admin.post("/engine-rest/external-task/fetchAndLock", FETCH | {"maxTasks": 1}).get_json()[0]
    address = f"/engine-rest/process-instance/{work['processInstanceId']}/suspended"
    assert admin.put(address, {"suspended": True}).status_code == 204

    refused = admin.post(f"/engine-rest/external-task/{work['id']}/{act}", {"workerId": FETCH["workerId"], **said})

    assert (refused.status_code, refused.get_json()["type"]) == (400, "SuspendedEntityInteractionException")


def test_a_worker_that_has_hung_up_is_waited_for_no_longer(served: Served) -> None:
    """The server lends its end of the connection; twenty seconds would be the longest that it holds anybody."""
    ours, theirs = socket.socketpair()
    theirs.close()
    begun = monotonic()
    with ours:
        answer = served.app.test_client().post(
            "/engine-rest/external-task/fetchAndLock",
            json=FETCH | {"asyncResponseTimeout": 20_000},
            auth=("payments", "payments"),
            environ_overrides={"gunicorn.socket": ours},
        )

    assert (answer.status_code, answer.get_json()) == (200, [])
    assert monotonic() - begun < 15, "a moment, on a machine with other work"
