"""Process instances by way of Camunda's API: queries, the tree of what is open, variables, deletion (Camunda 7.24)."""

import pytest

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import (
    call,
    diagram,
    end,
    external_task,
    flows,
    multi_instance,
    parallel,
    start,
    straight,
    sub_process,
    user_task,
)

ONE = straight(user_task("check", name="核对"), user_task("sign"))


def ids(rows: list[dict[str, object]]) -> list[object]:
    return [row["id"] for row in rows]


def test_a_query_in_a_body_asks_for_alternatives_and_sorts_by_several_keys(tried: Tried) -> None:
    tried.deploy(ONE)
    started = [tried.start(business_key=key) for key in ("b", "a", "c")]
    body = {
        "orQueries": [{"businessKey": "a", "businessKeyLike": "_"}, {}],
        "sorting": [{"sortBy": "definitionKey", "sortOrder": "asc"}, {"sortBy": "businessKey", "sortOrder": "desc"}],
    }
    found = tried.does("POST", "/process-instance", body, status=200)
    assert [row["businessKey"] for row in found] == ["c", "b", "a"]
    either = {"orQueries": [{"businessKey": "a", "processInstanceIds": [started[2]]}]}
    assert ids(tried.does("POST", "/process-instance", either, status=200)) == [started[1], started[2]]
    assert tried.does("POST", "/process-instance/count", either, status=200) == {"count": 2}
    assert ids(tried.does("POST", "/process-instance?firstResult=1&maxResults=1", body, status=200)) == [started[0]]


def test_an_unknown_key_of_an_order_is_a_bad_request(tried: Tried) -> None:
    for sorting in ([{"sortBy": "age", "sortOrder": "asc"}], [{"sortBy": "businessKey", "sortOrder": "up"}]):
        answer = tried.does("POST", "/process-instance", {"sorting": sorting}, status=400)
        assert answer["type"] == "InvalidRequestException"


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/process-instance", "variables"),
        ("/execution", "processVariables"),
        ("/task", "processVariables"),
        ("/variable-instance", "variableValues"),
        ("/history/process-instance", "variables"),
        ("/history/task", "processVariables"),
    ],
)
def test_conditions_on_variables_ignore_upper_and_lower_case_where_that_is_asked(
    tried: Tried, path: str, named: str
) -> None:
    def count(**said: object) -> int:
        found: int = tried.does("POST", f"{path}/count", said, status=200)["count"]
        return found

    tried.deploy(ONE)
    tried.start(applicant="Zhang")
    condition = [{"name": "Applicant", "operator": "eq", "value": "ZHANG"}]
    both = {"variableNamesIgnoreCase": True, "variableValuesIgnoreCase": True}

    assert count(**{named: condition}) == 0
    assert count(**{named: condition}, variableNamesIgnoreCase=True) == 0
    assert count(**{named: condition}, **both) == count() > 0


def test_a_failing_job_is_found_by_its_incident(tried: Tried) -> None:
    tried.deploy(straight(external_task("register", "tax")))
    started = tried.start()
    fetch = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "tax", "lockDuration": 60_000}]}
    [task] = tried.does("POST", "/external-task/fetchAndLock", fetch, by="payments", status=200)
    failure = {"workerId": "w", "errorMessage": "金税接口超时", "retries": 0}
    tried.does("POST", f"/external-task/{task['id']}/failure", failure, by="payments")
    for asked in ("withIncident=true", "incidentType=failedExternalTask", "incidentMessageLike=%25%E8%B6%85%E6%97%B6"):
        assert ids(tried.reads(f"/process-instance?{asked}")) == [started], asked
    assert tried.reads("/process-instance/count?incidentType=failedJob") == {"count": 0}
    [visit] = tried.reads(f"/process-instance/{started}/activity-instances")["childActivityInstances"]
    assert [one["activityId"] for one in visit["incidents"]] == ["register"]
    assert visit["incidentIds"] == [one["id"] for one in visit["incidents"]]


NESTED = diagram(
    start(),
    parallel("fork"),
    sub_process("inner", start("s1"), user_task("check", name="核对"), end("e1"), flows("s1", "check", "e1")),
    user_task("review", multi_instance(cardinality=2)),
    external_task("register", "tax", asyncBefore="true"),
    end(),
    flows("start", "fork", "inner", "end"),
    flows("fork", "review", "end"),
    flows("fork", "register", "end"),
)


def test_what_is_open_is_a_tree_with_the_process_at_its_root(tried: Tried) -> None:
    tried.deploy(NESTED)
    started = tried.start()
    root = tried.reads(f"/process-instance/{started}/activity-instances")
    definition = tried.reads(f"/process-instance/{started}")["definitionId"]
    assert (root["id"], root["activityId"], root["activityType"]) == (started, definition, "processDefinition")
    assert (root["parentActivityInstanceId"], root["executionIds"]) == (None, [started])
    children = {one["activityId"]: one for one in root["childActivityInstances"]}
    assert {name: one["activityType"] for name, one in children.items()} == {
        "inner": "subProcess",
        "review#multiInstanceBody": "multiInstanceBody",
    }
    assert [one["activityType"] for one in children["review#multiInstanceBody"]["childActivityInstances"]] == [
        "userTask",
        "userTask",
    ]
    [check] = children["inner"]["childActivityInstances"]
    assert (check["activityId"], check["activityName"], check["name"]) == ("check", "核对", "核对")
    assert check["parentActivityInstanceId"] == children["inner"]["id"]
    assert check["id"] == f"check:{check['executionIds'][0]}"
    [waiting] = root["childTransitionInstances"]
    assert (waiting["activityId"], waiting["activityType"]) == ("register", "serviceTask")
    assert waiting["parentActivityInstanceId"] == started


def test_there_is_no_tree_of_an_instance_that_is_over(tried: Tried) -> None:
    tried.deploy(ONE)
    started = tried.start()
    tried.does("DELETE", f"/process-instance/{started}")
    tried.does("GET", f"/process-instance/{started}/activity-instances", status=404)


def test_deleting_what_there_is_not_is_no_mistake_where_the_client_says_so(tried: Tried) -> None:
    gone = "00000000-0000-7000-8000-000000000000"
    tried.does("DELETE", f"/process-instance/{gone}", status=404)
    tried.does("DELETE", f"/process-instance/{gone}?failIfNotExists=false")


def test_variables_are_removed_one_by_one_or_with_what_is_set(tried: Tried) -> None:
    tried.deploy(ONE)
    variables = f"/process-instance/{tried.start(a=1, b=2, c=3)}/variables"
    tried.does("DELETE", f"{variables}/a")
    tried.does("GET", f"{variables}/a", status=404)
    tried.does("DELETE", f"{variables}/a")
    tried.does("POST", variables, {"modifications": {"c": {"value": 4}, "d": {"value": 5}}, "deletions": ["b", "c"]})
    assert tried.reads(variables) == {"d": {"type": "Integer", "value": 5, "valueInfo": {}}}


def test_suspended_instances_are_found_by_it_and_go_on_when_activated(tried: Tried) -> None:
    tried.deploy(ONE)
    started = tried.start()
    tried.does("PUT", f"/process-instance/{started}/suspended", {"suspended": True})
    assert ids(tried.reads("/process-instance?suspended=true")) == [started]
    assert tried.reads("/process-instance?active=true") == []
    assert tried.reads(f"/process-instance/{started}")["suspended"] is True
    tried.does("PUT", f"/process-instance/{started}/suspended", {"suspended": False})
    assert tried.reads("/process-instance?suspended=true") == []


@pytest.mark.parametrize(
    "which",
    [{"processDefinitionKey": "approval"}, {"processInstanceQuery": {"businessKey": "one"}}],
    ids=["definition", "query"],
)
def test_several_instances_are_suspended_at_once(tried: Tried, which: dict[str, object]) -> None:
    tried.deploy(ONE)
    started = tried.start(business_key="one")
    tried.does("PUT", "/process-instance/suspended", {"suspended": True, **which})
    assert ids(tried.reads("/process-instance?suspended=true")) == [started]


def test_called_and_calling_instances_are_found_by_each_other(tried: Tried) -> None:
    tried.deploy(straight(call("calls", "called")), called_bpmn=straight(user_task("check"), key="called"))
    calling = tried.start()
    [called] = tried.reads(f"/process-instance?superProcessInstance={calling}")
    assert ids(tried.reads(f"/process-instance?subProcessInstance={called['id']}")) == [calling]
    assert ids(tried.reads("/process-instance?leafProcessInstances=true")) == [called["id"]]
    assert ids(tried.reads("/process-instance?rootProcessInstances=true")) == [calling]
