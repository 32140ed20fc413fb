"""What an incident of a case says may quote its application: who does not read incidents at the office's own door does
not find cases by it either."""

import json

import pytest

from tests.diagrams import diagram, end, external_task, flows, start, straight, user_task
from tests.served import APPLICATION_FORM, Served, accept, item

STEP = external_task("ask", "registry")
DRAWN = diagram(start(), accept(), STEP, end(), flows("start", "accept", "ask", "end"))
SAID = "no such number: N-17"
ASKED = {"equal": f"incidentMessage={SAID}", "like": "incidentMessageLike=%25N-17%25"}
LOGS = ("incident", "job", "history/incident", "history/job-log", "history/external-task-log")
LISTS = ("process-instance", "execution", "history/process-instance", "process-definition")


@pytest.fixture
def failed(served: Served) -> Served:
    """Work for a case and work for a process that somebody tries out failed, saying what it was given."""
    served.deploy(approval_bpmn=DRAWN, application_form=json.dumps(APPLICATION_FORM).encode(), item_toml=item())
    served.deploy(tried_bpmn=straight(STEP, user_task("after"), key="tried"))
    served.accepted()
    served.person("designer").post("/engine-rest/process-definition/key/tried/start")
    payments = served.person("payments")
    topics = [{"topicName": "registry", "lockDuration": 60_000}]
    fetch = {"workerId": "w", "maxTasks": 5, "topics": topics}
    for work in payments.post("/engine-rest/external-task/fetchAndLock", fetch).get_json():
        said = {"workerId": "w", "errorMessage": SAID, "retries": 0}
        assert payments.post(f"/engine-rest/external-task/{work['id']}/failure", said).status_code == 204
    return served


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("listed", LISTS)
def test_who_reads_no_incidents_finds_no_case_by_what_they_say(failed: Served, listed: str, asked: str) -> None:
    found = {
        login: failed.person(login).json(f"/engine-rest/{listed}/count?{ASKED[asked]}")["count"]
        for login in ("admin", "supervisor", "lead")
    }

    assert found == {"admin": 2, "supervisor": 1, "lead": 1}
    assert failed.person("admin").get("/incidents").status_code == 200
    assert failed.person("supervisor").get("/incidents").status_code == 403


@pytest.mark.parametrize("log", LOGS)
def test_what_says_the_message_is_shown_to_those_alone_who_read_incidents(failed: Served, log: str) -> None:
    answers = [failed.person(login).get(f"/engine-rest/{log}") for login in ("designer", "supervisor")]

    assert [answer.status_code for answer in answers] == [200, 403]
