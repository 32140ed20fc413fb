"""Filters of tasks: kept under a name, asked anew by whoever uses them."""

import pytest

from tests.diagrams import straight, user_task
from tests.served import Served

MINE = {
    "resourceType": "Task",
    "name": "我的任务",
    "query": {"assigneeExpression": "${currentUser()}"},
    "properties": {"color": "#3e4d2f"},
}


@pytest.fixture
def office(served: Served) -> Served:
    served.deploy(tried_bpmn=straight(user_task("check", candidateGroups="window"), key="tried"))
    for _ in range(2):
        served.person("designer").post("/engine-rest/process-definition/key/tried/start")
    return served


def test_a_filter_of_an_administrator_finds_for_everybody_their_own(office: Served) -> None:
    made = office.person("admin").post("/engine-rest/filter/create", MINE).get_json()
    window = office.person("window")
    first = window.json("/engine-rest/task")[0]["id"]
    window.post(f"/engine-rest/task/{first}/claim", {})
    address = f"/engine-rest/filter/{made['id']}"

    assert {name: made[name] for name in MINE} == MINE
    assert [row["id"] for row in window.json(f"{address}/list")] == [first]
    assert window.json(f"{address}/count") == {"count": 1}
    assert window.json(f"{address}/singleResult")["id"] == first
    assert office.person("window-2").json(f"{address}/list") == []
    assert office.person("window-2").get(f"{address}/singleResult").status_code == 204
    assert window.json("/engine-rest/filter?itemCount=true&resourceType=Task")[0]["itemCount"] == 1
    assert window("DELETE", address).status_code == 403


def test_a_query_says_more_than_its_filter(office: Served) -> None:
    window = office.person("window")
    made = window.post("/engine-rest/filter/create", MINE | {"query": {"taskDefinitionKey": "check"}}).get_json()
    address = f"/engine-rest/filter/{made['id']}"

    assert window.post(f"{address}/count", {}).get_json() == {"count": 2}
    assert window.post(f"{address}/count", {"assigned": True}).get_json() == {"count": 0}
    assert len(window.post(f"{address}/list?maxResults=1", {}).get_json()) == 1
    assert window.post(f"{address}/singleResult", {}).status_code == 400
    assert window.post(f"{address}/list", {"dueBefore": "yesterday"}).status_code == 400


def test_a_filter_of_one_s_own_is_nobody_else_s(office: Served) -> None:
    window, other = office.person("window"), office.person("taxation")
    address = f"/engine-rest/filter/{window.post('/engine-rest/filter/create', MINE).get_json()['id']}"

    assert other.json("/engine-rest/filter/count") == {"count": 0}
    assert {other.get(address).status_code, other.put(address, MINE).status_code} == {404}
    assert window.put(address, MINE | {"name": "另一个"}).status_code == 204
    assert window.json(address)["name"] == "另一个"
    assert window("DELETE", address).status_code == 204
    assert window.get(address).status_code == 404


def test_a_query_that_cannot_be_asked_is_not_kept(office: Served) -> None:
    window = office.person("window")

    for query in (
        {"priority": "high"},
        {"sorting": [{"sortBy": "colour", "sortOrder": "asc"}]},
        {"name": "x" * 20_001},
    ):
        assert window.post("/engine-rest/filter/create", MINE | {"query": query}).status_code == 400
    assert window.json("/engine-rest/filter") == []


def test_a_filter_may_say_an_instant_by_the_present_one(office: Served) -> None:
    window = office.person("window")
    created = {"createdAfterExpression": "${dateTime().minusDays(1)}", "dueBeforeExpression": None}
    made = window.post("/engine-rest/filter/create", MINE | {"query": created}).get_json()["id"]

    assert window.json(f"/engine-rest/filter/{made}/count") == {"count": 2}
    office.world.days_pass(2)
    assert window.json(f"/engine-rest/filter/{made}/count") == {"count": 0}
    alternatives = {"orQueries": [{"dueBeforeExpression": "${now()}"}, {"createdBeforeExpression": "${now()}"}]}
    assert window.post("/engine-rest/task/count", alternatives).get_json() == {"count": 0}
    either = {"orQueries": [{"dueBeforeExpression": "${now()}", "createdBeforeExpression": "${now()}"}]}
    assert window.post("/engine-rest/task/count", either).get_json() == {"count": 2}


def test_an_expression_that_is_not_understood_is_refused_rather_than_passed_over(office: Served) -> None:
    window = office.person("window")
    for name in ("dueBefore", "candidateGroup", "processInstanceBusinessKeyLike", "assigneeLike", "owner"):
        assert window.get(f"/engine-rest/task?{name}Expression=${{bean.x}}").status_code == 400, name
    far = {"dueBeforeExpression": "${dateTime().plusYears(9999)}"}
    assert window.post("/engine-rest/task", far).status_code == 400
    assert window.json("/engine-rest/filter?sortBy=resourceType&sortOrder=asc") == []
