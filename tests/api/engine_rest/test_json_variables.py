"""What is sent as Json is what it says to the step that it sets off, and the text that was sent to whoever reads it."""

from typing import Any

import pytest

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import (
    boundary,
    call,
    diagram,
    end,
    error,
    exclusive,
    expected_error,
    external_task,
    flow,
    flows,
    mapped_in,
    multi_instance,
    start,
    straight,
    user_task,
)

FOR_EACH = multi_instance(collection="streets", elementVariable="street")
SURVEYS = straight(user_task("survey", FOR_EACH, name="${street}", candidateGroups="window"))
CHOOSES = diagram(
    start(),
    external_task("measure", "measuring", expected_error("FAR", "${found.metres > 100}")),
    boundary("too-far", "measure", error("FAR")),
    exclusive("wide"),
    user_task("close", candidateGroups="window"),
    user_task("keep-open", candidateGroups="window"),
    end(),
    flows("start", "measure", "wide"),
    flow("wide", "close", "${found.metres > 5}"),
    flow("wide", "keep-open", "${found.metres <= 5}"),
    flows("too-far", "keep-open", "end"),
    flows("close", "end"),
)


def json(text: str) -> dict[str, Any]:
    return {"value": text, "type": "Json"}


def begun(tried: Tried, **variables: Any) -> str:
    body = {"variables": variables}
    return str(tried.does("POST", "/process-definition/key/approval/start", body, status=200)["id"])


def test_a_process_goes_through_a_list_that_it_is_started_with(tried: Tried) -> None:
    tried.deploy(SURVEYS)

    instance = begun(tried, streets=json('[ "解放路",  "建国路" ]'))

    tasks = tried.does("GET", f"/task?processInstanceId={instance}", by="window", status=200)
    assert sorted(task["name"] for task in tasks) == ["建国路", "解放路"]
    assert tried.reads(f"/process-instance/{instance}/variables/streets") == {
        "type": "Json",
        "value": '[ "解放路",  "建国路" ]',
        "valueInfo": {},
    }


@pytest.mark.parametrize(("metres", "next_step"), [("4", "keep-open"), ("6", "close"), ("101", "keep-open")])
def test_a_worker_decides_where_its_process_goes(tried: Tried, metres: str, next_step: str) -> None:
    tried.deploy(CHOOSES)
    instance = begun(tried)
    fetch = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "measuring", "lockDuration": 60_000}]}
    (task,) = tried.does("POST", "/external-task/fetchAndLock", fetch, status=200)

    found = {"found": json(f'{{"metres": {metres}}}')}
    tried.does("POST", f"/external-task/{task['id']}/complete", {"workerId": "w", "variables": found})

    assert tried.at(instance) == [next_step]


def test_a_called_process_is_given_it_in_the_same_step(tried: Tried) -> None:
    surveys = SURVEYS.replace(b'"approval"', b'"surveys"')
    tried.deploy(straight(call("surveying", "surveys", mapped_in(variables="all"))), surveys_bpmn=surveys)

    begun(tried, streets=json('["解放路"]'))

    (task,) = tried.does("GET", "/task?processDefinitionKey=surveys", by="window", status=200)
    assert task["name"] == "解放路"
