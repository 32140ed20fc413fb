"""The list of variables that there are, of every process that is no case's (Camunda 7.24)."""

from typing import Any

import pytest

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import straight, user_task
from tests.served import Served

CHECKED = straight(user_task("check", candidateGroups="window"))
ORDER = {
    "type": "Object",
    "value": '{"items": 3}',
    "valueInfo": {"objectTypeName": "org.example.Order", "serializationDataFormat": "application/json"},
}
SCAN = {"type": "File", "value": "QUJD", "valueInfo": {"filename": "a.txt", "mimetype": "text/plain"}}


@pytest.fixture
def begun(tried: Tried) -> tuple[str, str]:
    """The ids of an instance, and of a task with a variable of its own."""
    tried.deploy(CHECKED)
    variables = {"street": {"value": "解放路"}, "metres": {"value": 40}, "order": ORDER, "scan": SCAN}
    body = {"businessKey": "one", "variables": variables}
    instance = tried.does("POST", "/process-definition/key/approval/start", body, status=200)["id"]
    (task,) = tried.does("GET", f"/task?processInstanceId={instance}", by="window", status=200)
    tried.does("PUT", f"/task/{task['id']}/localVariables/metres", {"value": 50}, by="window")
    return instance, task["id"]


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{row['name']}:{'task' if row['taskId'] else 'process'}" for row in rows]


def test_a_variable_says_where_it_is(tried: Tried, begun: tuple[str, str]) -> None:
    instance, task = begun
    (definition,) = tried.reads("/process-definition?key=approval")
    (found,) = tried.reads(f"/variable-instance?taskIdIn={task}")
    assert found == {
        "id": f"metres:{task}",
        "name": "metres",
        "type": "Integer",
        "value": 50,
        "valueInfo": {},
        "processDefinitionId": definition["id"],
        "processInstanceId": instance,
        "executionId": task,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "taskId": task,
        "batchId": None,
        "activityInstanceId": f"check:{task}",
        "tenantId": None,
        "errorMessage": None,
    }
    assert tried.reads(f"/variable-instance/{found['id']}") == found
    tried.does("GET", f"/variable-instance/gone:{task}", status=404)
    tried.does("GET", "/variable-instance/gone", status=404)


FILTERS = {
    "variableName=street": ["street:process"],
    "variableNameLike=s%25": ["scan:process", "street:process"],
    "executionIdIn={instance}&variableName=metres": ["metres:process"],
    "activityInstanceIdIn=check:{task}": ["metres:task"],
    "activityInstanceIdIn={instance}&variableName=metres": ["metres:process"],
    "variableScopeIdIn={task},{instance}&variableName=metres": ["metres:process", "metres:task"],
    "variableValues=metres_gt_45": ["metres:task"],
    "variableValues=metres_gteq_40,metres_lt_50": ["metres:process"],
    "variableValues=Street_eq_解放路": [],
    "variableValues=Street_eq_解放路&variableNamesIgnoreCase=true": ["street:process"],
    "processInstanceIdIn={task}": [],
    "caseInstanceIdIn=c": [],
    "batchIdIn=b": [],
    "tenantIdIn=330000": [],
    "withoutTenantId=true&variableName=scan": ["scan:process"],
}


@pytest.mark.parametrize("asked", FILTERS)
def test_variables_are_found_by(tried: Tried, begun: tuple[str, str], asked: str) -> None:
    instance, task = begun
    address = asked.format(instance=instance, task=task)
    found = tried.reads(f"/variable-instance?{address}&sortBy=variableName&sortOrder=asc")
    assert sorted(names(found)) == FILTERS[asked]
    assert tried.reads(f"/variable-instance/count?{address}") == {"count": len(FILTERS[asked])}


def test_a_query_in_a_body_sorts_by_several_keys(tried: Tried, begun: tuple[str, str]) -> None:
    sorting = [{"sortBy": "variableType", "sortOrder": "desc"}, {"sortBy": "variableName", "sortOrder": "asc"}]
    body = {"processInstanceIdIn": [begun[0]], "sorting": sorting}
    found = tried.does("POST", "/variable-instance", body, status=200)
    assert [row["type"] for row in found] == ["String", "Object", "Integer", "Integer", "File"]
    assert tried.does("POST", "/variable-instance/count", body, status=200) == {"count": 5}
    conditions = {"variableValues": [{"name": "metres", "operator": "eq", "value": 50}]}
    assert names(tried.does("POST", "/variable-instance", conditions, status=200)) == ["metres:task"]


def test_an_object_is_shown_as_such_or_as_the_text_that_it_is_kept_as(tried: Tried, begun: tuple[str, str]) -> None:
    instance, _ = begun
    name = "?variableName=order"
    (as_such,) = tried.reads(f"/variable-instance{name}")
    (as_text,) = tried.reads(f"/variable-instance{name}&deserializeValues=false")
    (of_query,) = tried.does(
        "POST", "/variable-instance?deserializeValues=false", {"variableName": "order"}, status=200
    )
    (past,) = tried.reads(f"/history/variable-instance{name}&deserializeValues=false")
    assert [one["value"] for one in (as_such, as_text, of_query, past)] == [
        {"items": 3}, ORDER["value"], ORDER["value"], ORDER["value"]
    ]  # fmt: skip
    assert as_text["valueInfo"] == ORDER["valueInfo"]
    one = f"/variable-instance/order:{instance}"
    assert tried.reads(f"{one}?deserializeValue=false")["value"] == ORDER["value"]
    assert tried.reads(f"/process-instance/{instance}/variables?deserializeValues=false")["order"] == ORDER


def test_a_file_is_downloaded_by_the_id_of_its_variable(tried: Tried, begun: tuple[str, str]) -> None:
    instance, _ = begun
    (scan,) = tried.reads("/variable-instance?variableName=scan")
    assert (scan["value"], scan["valueInfo"]) == (None, SCAN["valueInfo"])
    for kept in ("variable-instance", "history/variable-instance"):
        answer = tried.admin.get(f"/engine-rest/{kept}/{scan['id']}/data")
        assert (answer.data, answer.content_type) == (b"ABC", "text/plain"), kept
        tried.does("GET", f"/{kept}/metres:{instance}/data", status=400)
        tried.does("GET", f"/{kept}/gone:{instance}/data", status=404)
    (change,) = tried.reads(f"/history/detail?processInstanceId={instance}&variableInstanceId={scan['id']}")
    assert tried.admin.get(f"/engine-rest/history/detail/{change['id']}/data").data == b"ABC"


def test_none_of_a_case_is_shown(served: Served, tried: Tried) -> None:
    served.opens().submits()
    assert tried.reads("/variable-instance") == []
    assert tried.reads("/variable-instance/count") == {"count": 0}
