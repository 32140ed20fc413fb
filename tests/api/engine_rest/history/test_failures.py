"""What failing leaves behind: an incident, a row of the log for each try, and the way back."""

from dataclasses import replace
from typing import Any

import pytest

from engine import jobs
from tests.diagrams import delegate_task, external_task, retry_cycle, straight
from tests.served import Person, Served

REGISTER = straight(delegate_task("register", "register", retry_cycle("R2/PT1M")), key="registering")
STAMP = straight(external_task("stamp", "stamping"), key="stamped")
INCIDENT_KEYS = (
    "id processDefinitionId processInstanceId executionId incidentTimestamp incidentType activityId failedActivityId "
    "causeIncidentId rootCauseIncidentId configuration tenantId incidentMessage jobDefinitionId annotation"
)
HISTORIC_INCIDENT_KEYS = (
    "id processDefinitionKey processDefinitionId processInstanceId executionId rootProcessInstanceId createTime "
    "endTime removalTime incidentType activityId failedActivityId causeIncidentId rootCauseIncidentId configuration "
    "historyConfiguration incidentMessage tenantId jobDefinitionId open deleted resolved annotation"
)


@pytest.fixture
def failing(served: Served) -> Person:
    """The administrator of an office where a job has failed for good."""

    def register(variables: object, *, key: str) -> dict[str, object]:
        raise ConnectionError("the register does not answer")

    served.database.ports = replace(served.database.ports, delegates={"register": register})
    served.deploy(registering_bpmn=REGISTER)
    admin = served.person("admin")
    admin.post("/engine-rest/process-definition/key/registering/start", {"businessKey": "R-1"})
    for _ in range(2):
        jobs.run_due(served.database, "w")
        served.world.days_pass(1)
    return admin


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    [row] = rows
    return row


def test_an_incident_tells_what_failed(failing: Person) -> None:
    incident = only(failing.json("/engine-rest/incident"))
    job = only(failing.json("/engine-rest/job?noRetriesLeft=true&failedActivityId=register"))

    assert sorted(incident) == sorted(INCIDENT_KEYS.split())
    assert (incident["incidentType"], incident["activityId"]) == ("failedJob", "register")
    assert "does not answer" in incident["incidentMessage"]
    assert (incident["configuration"], incident["jobDefinitionId"]) == (job["id"], job["jobDefinitionId"])
    assert "does not answer" in failing.get(f"/engine-rest/job/{job['id']}/stacktrace").text
    assert failing.json(f"/engine-rest/incident/{incident['id']}") == incident
    assert failing.json("/engine-rest/incident/count?incidentType=failedExternalTask") == {"count": 0}


@pytest.mark.parametrize("counted", ["incident/count?jobDefinitionIdIn", "history/job-log/count?jobDefinitionId"])
def test_what_failed_is_found_by_the_definition_of_its_job(failing: Person, counted: str) -> None:
    its_own = only(failing.json("/engine-rest/incident"))["jobDefinitionId"]
    of_a_timer = its_own.replace("async-before", "timer")

    assert failing.json(f"/engine-rest/{counted}={its_own}")["count"] > 0
    assert failing.json(f"/engine-rest/{counted}={of_a_timer}") == {"count": 0}
    assert failing.json(f"/engine-rest/{counted}=none") == {"count": 0}


def test_every_failed_try_is_logged(failing: Person) -> None:
    log = failing.json("/engine-rest/history/job-log?sortBy=timestamp&sortOrder=asc")

    assert [(row["jobRetries"], row["failureLog"]) for row in log] == [(1, True), (0, True)]
    assert "does not answer" in failing.get(f"/engine-rest/history/job-log/{log[0]['id']}/stacktrace").text
    assert failing.json("/engine-rest/history/job-log/count?failureLog=true") == {"count": 2}
    assert failing.get("/engine-rest/history/job-log?successLog=true").status_code == 400


def test_retries_close_the_incident_and_its_history_stays(failing: Person) -> None:
    incident = only(failing.json("/engine-rest/incident"))

    done = failing.put(f"/engine-rest/job/{incident['configuration']}/retries", {"retries": 2})

    assert done.status_code == 204, done.text
    assert failing.json("/engine-rest/incident") == []
    past = only(failing.json("/engine-rest/history/incident?resolved=true"))
    assert sorted(past) == sorted(HISTORIC_INCIDENT_KEYS.split())
    assert (past["id"], past["open"], past["resolved"], past["deleted"]) == (incident["id"], False, True, False)
    assert failing.json("/engine-rest/history/incident?open=true") == []


def test_the_failed_jobs_of_a_job_definition_are_tried_again(failing: Person) -> None:
    job = only(failing.json("/engine-rest/job"))

    done = failing.put(f"/engine-rest/job-definition/{job['jobDefinitionId']}/retries", {"retries": 3})

    assert done.status_code == 204, done.text
    assert only(failing.json("/engine-rest/job"))["retries"] == 3


def test_carrying_out_what_fails_again_is_answered_with_what_went_wrong(failing: Person) -> None:
    job = only(failing.json("/engine-rest/job"))

    refused = failing.post(f"/engine-rest/job/{job['id']}/execute")

    assert (refused.status_code, "does not answer" in refused.get_json()["message"]) == (409, True)
    assert failing.json("/engine-rest/incident/count") == {"count": 1}
    assert failing.json("/engine-rest/history/incident/count") == {"count": 2}


def test_an_incident_is_annotated_and_the_note_taken_away(failing: Person) -> None:
    address = f"/engine-rest/incident/{only(failing.json('/engine-rest/incident'))['id']}"

    assert failing.put(f"{address}/annotation", {"annotation": "专线中断"}).status_code == 204
    assert failing.json(address)["annotation"] == "专线中断"
    assert failing("DELETE", f"{address}/annotation").status_code == 204
    assert failing.json(address)["annotation"] is None


def test_the_incident_of_a_job_is_not_deleted_by_itself(failing: Person) -> None:
    incident = only(failing.json("/engine-rest/incident"))

    assert failing("DELETE", f"/engine-rest/incident/{incident['id']}").status_code == 400
    assert failing("DELETE", "/engine-rest/incident/00000000-0000-7000-8000-000000000000").status_code == 404


def test_every_failed_try_of_a_worker_is_logged(served: Served) -> None:
    served.deploy(stamped_bpmn=STAMP)
    admin, worker = served.person("admin"), served.person("payments")
    admin.post("/engine-rest/process-definition/key/stamped/start", {})
    fetch = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "stamping", "lockDuration": 60_000}]}
    [task] = worker.post("/engine-rest/external-task/fetchAndLock", fetch).get_json()
    said = {"workerId": "w", "errorMessage": "no paper", "errorDetails": "tray 2 is empty", "retries": 4}
    assert worker.post(f"/engine-rest/external-task/{task['id']}/failure", said).status_code == 204

    row = only(admin.json("/engine-rest/history/external-task-log?topicName=stamping"))

    assert (row["externalTaskId"], row["workerId"], row["retries"]) == (task["id"], "w", 4)
    assert (row["errorMessage"], row["failureLog"]) == ("no paper", True)
    details = admin.get(f"/engine-rest/history/external-task-log/{row['id']}/error-details")
    assert details.text == "tray 2 is empty"
    assert admin.json("/engine-rest/history/job-log") == []
