"""Tasks as application/hal+json, which only Camunda's older tasklist asks for; everybody else gets JSON."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.diagrams import straight, user_task
from tests.served import Person, Served

HAL, JSON = "application/hal+json", "application/json"
FILTER = {"resourceType": "Task", "name": "全部", "query": {}, "properties": {}}


@pytest.fixture
def window(served: Served) -> Person:
    """Two tasks, one of them claimed."""
    served.deploy(tried_bpmn=straight(user_task("check", candidateGroups="window"), key="tried", name="试办"))
    for _ in range(2):
        start = {"variables": {"n": {"value": 1}}}
        served.person("designer").post("/engine-rest/process-definition/key/tried/start", start)
    window = served.person("window")
    window.post(f"/engine-rest/task/{window.json('/engine-rest/task')[0]['id']}/claim", {})
    return window


def asked(person: Person, path: str, accept: str = HAL, body: Any = None) -> TestResponse:
    return person("GET" if body is None else "POST", f"/engine-rest{path}", body, Accept=accept)


def test_a_list_has_links_what_its_tasks_refer_to_and_the_count_of_all(window: Person) -> None:
    answer = asked(window, "/task?maxResults=1&sortBy=assignee&sortOrder=desc&assigned=true")
    page = answer.get_json()
    [task] = page["_embedded"]["task"]
    [definition] = page["_embedded"]["processDefinition"]
    [person] = page["_embedded"]["assignee"]

    assert (answer.mimetype, page["_links"], page["count"]) == (HAL, {"self": {"href": "/task"}}, 1)
    assert task["_links"]["self"]["href"] == f"/task/{task['id']}"
    assert task["_links"]["assignee"]["href"] == "/user/window"
    assert (definition["name"], definition["id"]) == ("试办", task["processDefinitionId"])
    assert (person["firstName"], person["_links"]["self"]["href"]) == ("叶知秋", "/user/window")


def test_a_page_tells_how_many_there_are_beyond_it(window: Person) -> None:
    for page in (asked(window, "/task?maxResults=1"), asked(window, "/task?maxResults=1", body={})):
        assert (len(page.get_json()["_embedded"]["task"]), page.get_json()["count"]) == (1, 2)


def test_a_link_that_leads_nowhere_is_left_out(window: Person) -> None:
    page = asked(window, "/task?unassigned=true").get_json()

    assert set(page["_embedded"]) == {"task", "processDefinition"}
    assert "assignee" not in page["_embedded"]["task"][0]["_links"]
    assert asked(window, "/task?name=none").get_json()["_embedded"] == {"task": []}


def test_one_task_comes_with_the_people_and_groups_that_have_to_do_with_it(window: Person, served: Served) -> None:
    [row] = window.json("/engine-rest/task?assigned=true")
    asks = f"/task/{row['id']}?withTaskVariablesInReturn=true"

    task = asked(window, asks).get_json()
    overseer = asked(served.person("supervisor"), asks).get_json()

    assert {name: task[name] for name in row} == row
    assert [one["firstName"] for one in task["_embedded"]["user"]] == ["叶知秋"]
    assert [one["id"] for one in task["_embedded"]["group"]] == ["window"]
    assert [one["type"] for one in task["_embedded"]["identityLink"]] == ["assignee", "candidate"]
    assert [(one["name"], one["value"]) for one in task["_embedded"]["variable"]] == [("n", 1)]
    assert set(overseer["_embedded"]) == {"processDefinition"}


def test_a_filters_tasks_come_so_too(window: Person) -> None:
    made = window.post("/engine-rest/filter/create", FILTER).get_json()["id"]

    assert asked(window, f"/filter/{made}/list").get_json()["count"] == 2
    assert asked(window, f"/filter/{made}/list", body={"assigned": True}).get_json()["count"] == 1
    single = asked(window, f"/filter/{made}/singleResult", body={"assigned": True})
    assert (single.mimetype, single.get_json()["assignee"]) == (HAL, "window")
    assert asked(window, f"/filter/{made}/singleResult", body={"name": "none"}).status_code == 204


PREFERRED = {
    JSON: JSON,
    "*/*": JSON,
    "text/html": JSON,
    "application/*": JSON,
    "nonsense;q=many": JSON,
    f"{HAL}, {JSON}; q=0.5": HAL,
    f"{HAL};q=0.4, {JSON};q=0.5": JSON,
    f"{HAL};q=0, */*": JSON,
}


def test_who_would_rather_have_hal_gets_it(served: Served) -> None:
    window = served.person("window")

    assert {accept: asked(window, "/task", accept).mimetype for accept in PREFERRED} == PREFERRED
