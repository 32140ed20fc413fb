"""The history of instances, visits and tasks: what Camunda's clients read of what is over and what goes on."""

from typing import Any

import pytest

from tests.api.engine_rest.history.past import KEY, Past
from tests.served import Served

INSTANCES, VISITS, TASKS = "/history/process-instance", "/history/activity-instance", "/history/task"


def keys(rows: list[dict[str, Any]]) -> list[str]:
    return [row["businessKey"] for row in rows]


def test_an_instance_is_read_after_its_end(past: Past) -> None:
    begun = past.served.world.now
    instance_id = past.starts()
    past.served.world.days_pass(3)
    past.completes(instance_id)
    past.completes(instance_id)

    found = past.read(f"{INSTANCES}/{instance_id}")

    assert (found["id"], found["businessKey"], found["state"]) == (instance_id, "F-1", "COMPLETED")
    assert found["durationInMillis"] == (past.served.world.now - begun).total_seconds() * 1000
    assert (found["startUserId"], found["startActivityId"], found["deleteReason"]) == ("admin", "start", None)
    assert found["processDefinitionKey"] == KEY
    assert found["processDefinitionId"].startswith(f"{KEY}:1:")
    assert past.admin.get(f"/engine-rest/process-instance/{instance_id}").status_code == 404


DOCUMENTED = {
    INSTANCES: "id businessKey processDefinitionId processDefinitionKey processDefinitionName processDefinitionVersion "
    "startTime endTime removalTime durationInMillis startUserId startActivityId deleteReason rootProcessInstanceId "
    "superProcessInstanceId superCaseInstanceId caseInstanceId tenantId state restartedProcessInstanceId",
    VISITS: "id parentActivityInstanceId activityId activityName activityType processDefinitionKey processDefinitionId "
    "processInstanceId executionId taskId assignee calledProcessInstanceId calledCaseInstanceId startTime endTime "
    "durationInMillis canceled completeScope tenantId removalTime rootProcessInstanceId",
    TASKS: "id processDefinitionKey processDefinitionId processInstanceId executionId caseDefinitionKey "
    "caseDefinitionId caseInstanceId caseExecutionId activityInstanceId name description deleteReason owner assignee "
    "startTime endTime duration taskDefinitionKey priority due parentTaskId followUp tenantId removalTime "
    "rootProcessInstanceId taskState",
}


@pytest.mark.parametrize("path", DOCUMENTED)
def test_every_key_of_a_row_is_there_and_no_other(past: Past, path: str) -> None:
    past.completes(past.starts())

    for row in past.read(path):
        assert sorted(row) == sorted(DOCUMENTED[path].split())


def test_instances_are_narrowed_by_how_they_stand(past: Past) -> None:
    past.finishes("done")
    past.starts("open")
    ended = past.starts("ended")
    past.admin("DELETE", f"/engine-rest/process-instance/{ended}")

    def those(condition: str) -> list[str]:
        return keys(past.read(f"{INSTANCES}?{condition}&sortBy=businessKey&sortOrder=asc"))

    assert those("finished=true") == ["done", "ended"]
    assert those("unfinished=true") == those("active=true") == ["open"]
    assert those("completed=true") == ["done"]
    assert those("externallyTerminated=true") == ["ended"]
    assert those("internallyTerminated=true") == []
    assert those("finished=false") == ["done", "ended", "open"]
    assert past.read(f"{INSTANCES}/{ended}")["state"] == "EXTERNALLY_TERMINATED"
    assert past.read(f"{INSTANCES}/count?finished=true") == {"count": 2}


def test_instances_are_narrowed_by_what_was_done_in_them(past: Past) -> None:
    checked = past.starts("checked")
    past.completes(checked)
    past.starts("begun")

    def those(condition: str) -> list[str]:
        return keys(past.read(f"{INSTANCES}?{condition}"))

    assert those("executedActivityIdIn=check") == ["checked"]
    assert sorted(those("activeActivityIdIn=check,file")) == ["begun", "checked"]
    assert those("activeActivityIdIn=file") == ["checked"]
    assert those("processInstanceBusinessKeyLike=%25ck%25") == ["checked"]
    assert those(f"processInstanceIdNotIn={checked}") == ["begun"]
    assert those("startedBy=designer") == []


def test_what_a_variable_held_at_the_end_is_compared(past: Past) -> None:
    instance_id = past.starts("grown", size=1)
    past.completes(instance_id, size=7)
    past.completes(instance_id)

    assert keys(past.read(f"{INSTANCES}?variables=size_eq_7")) == ["grown"]
    assert keys(past.read(f"{INSTANCES}?variables=size_eq_1")) == []
    named = [{"name": "size", "operator": "gt", "value": 6}]
    assert keys(past.admin.post(f"/engine-rest{INSTANCES}", {"variables": named}).get_json()) == ["grown"]


def test_a_body_asks_for_alternatives_and_several_keys_of_an_order(past: Past) -> None:
    for business_key in ("b", "a", "c"):
        past.starts(business_key)
    body = {
        "orQueries": [{"processInstanceBusinessKey": "a", "processInstanceBusinessKeyIn": ["c"]}],
        "sorting": [
            {"sortBy": "definitionKey", "sortOrder": "asc"},
            {"sortBy": "businessKey", "sortOrder": "desc"},
        ],
    }

    found = past.admin.post(f"/engine-rest{INSTANCES}?maxResults=5", body).get_json()

    assert keys(found) == ["c", "a"]
    assert past.admin.post(f"/engine-rest{INSTANCES}/count", body).get_json() == {"count": 2}


def test_visits_say_what_was_visited_and_when(past: Past) -> None:
    instance_id = past.starts()
    past.completes(instance_id)

    rows = past.read(f"{VISITS}?processInstanceId={instance_id}&sortBy=occurrence&sortOrder=asc")

    assert [(row["activityId"], row["activityType"]) for row in rows] == [
        ("start", "startEvent"),
        ("check", "userTask"),
        ("file", "userTask"),
    ]
    check = rows[1]
    assert (check["activityName"], check["assignee"], check["canceled"]) == ("核对", "window", False)
    assert check["id"] == f"check:{check['executionId']}"
    assert check["taskId"] == check["executionId"]
    assert check["parentActivityInstanceId"] == instance_id
    assert check["endTime"] is not None
    assert rows[2]["endTime"] is None
    assert past.read(f"{VISITS}/{check['id']}") == check
    assert past.read(f"{VISITS}/count?unfinished=true&activityType=userTask") == {"count": 1}


def test_tasks_are_read_after_their_end(past: Past) -> None:
    instance_id = past.starts()
    past.completes(instance_id)

    [done] = past.read(f"{TASKS}?finished=true")
    [waiting] = past.read(f"{TASKS}?unfinished=true&taskHadCandidateGroup=window")

    assert (done["name"], done["deleteReason"], done["taskState"]) == ("核对", "completed", "Completed")
    assert (waiting["taskDefinitionKey"], waiting["deleteReason"], waiting["endTime"]) == ("file", None, None)
    assert done["activityInstanceId"] == f"check:{done['id']}"
    assert past.read(f"{TASKS}?taskVariables=size_eq_7") == []
    assert past.read(f"{TASKS}/count?processUnfinished=true") == {"count": 2}
    assert past.read(f"{TASKS}?taskDeleteReason=completed") == [done]


def test_tasks_of_an_ended_instance_were_deleted(past: Past) -> None:
    past.admin("DELETE", f"/engine-rest/process-instance/{past.starts()}")

    [task] = past.read(TASKS)

    assert (task["taskState"], task["deleteReason"]) == ("Deleted", "deleted")


def test_who_may_not_know_of_a_confidential_case_reads_none_of_its_history(served: Served) -> None:
    served.opens()
    served.submits("window", confidential=True)
    admin = served.person("admin")

    for path in (INSTANCES, VISITS, TASKS):
        assert admin.json(f"/engine-rest{path}") == []
        assert admin.json(f"/engine-rest{path}/count") == {"count": 0}


def test_what_an_applicant_filled_in_is_not_guessed_from_the_history(served: Served) -> None:
    served.opens().accepted()
    lead = served.person("lead")

    assert lead.json(f"/engine-rest{INSTANCES}/count?variables=secret_eq_N-17") == {"count": 0}
    assert lead.json(f"/engine-rest{INSTANCES}/count") == {"count": 1}
    window = served.person("window")
    assert window.json(f"/engine-rest{TASKS}/count?processVariables=secret_eq_N-17") == {"count": 0}


@pytest.mark.parametrize("login", ["applicant", "bank"])
def test_the_history_of_processes_is_for_those_who_oversee_them(past: Past, login: str) -> None:
    assert past.served.person(login).get(f"/engine-rest{INSTANCES}").status_code == 403
