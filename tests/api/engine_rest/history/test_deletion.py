"""History goes in time, or when an administrator deletes it; that of cases stays."""

from datetime import timedelta

import pytest

from engine import history_cleanup, jobs
from engine.ports import ENGINE
from engine.tables import Job
from tests.api.engine_rest.history.past import KEY, Past
from tests.served import Served

REPORT = "/history/process-definition/cleanable-process-instance-report"
INSTANCES = "/history/process-instance"


def test_the_history_of_what_is_over_is_deleted_whole(past: Past) -> None:
    gone, kept = past.finishes("gone", size=1), past.finishes("kept", size=2)

    assert past.admin("DELETE", f"/engine-rest{INSTANCES}/{gone}").status_code == 204
    assert past.admin.get(f"/engine-rest{INSTANCES}/{gone}").status_code == 404
    for path in ("activity-instance", "task", "variable-instance", "detail", "user-operation"):
        assert {row["rootProcessInstanceId"] for row in past.read(f"/history/{path}")} == {kept}, path


def test_what_runs_keeps_its_history(past: Past) -> None:
    running = past.starts()

    assert past.admin("DELETE", f"/engine-rest{INSTANCES}/{running}").status_code == 409
    assert past.admin("DELETE", f"/engine-rest{INSTANCES}/none").status_code == 404


def test_the_history_of_a_case_is_not_deleted(served: Served) -> None:
    served.opens().accepted()
    admin = served.person("admin")
    [case] = admin.json(f"/engine-rest{INSTANCES}")

    assert admin("DELETE", f"/engine-rest{INSTANCES}/{case['id']}").status_code == 403
    assert served.person("lead")("DELETE", f"/engine-rest{INSTANCES}/{case['id']}").status_code == 403


def test_what_is_over_for_long_enough_is_reported(past: Past) -> None:
    past.finishes()
    past.starts()

    [row] = past.read(REPORT)
    assert (row["processDefinitionKey"], row["finishedProcessInstanceCount"]) == (KEY, 1)
    assert row["cleanableProcessInstanceCount"] == 0
    assert past.read(f"{REPORT}/count") == {"count": 1}
    assert past.read(f"{REPORT}?compact=true") == past.read(f"{REPORT}?processDefinitionKeyIn=other") == []
    assert row["historyTimeToLive"] == 30
    past.served.world.days_pass(30)
    assert past.read(f"{REPORT}?compact=true")[0]["cleanableProcessInstanceCount"] == 1


def test_the_history_is_cleaned_up_when_it_is_asked_for(past: Past) -> None:
    served, gone = past.served, past.finishes()
    with served.database.begin(ENGINE) as tx:
        history_cleanup.seed(tx)
    served.world.now += timedelta(days=30, minutes=-10)
    jobs.run_due(served.database, "w")
    served.world.now += timedelta(minutes=20)
    jobs.run_due(served.database, "w")
    past.read(f"{INSTANCES}/{gone}")

    job = past.admin.post("/engine-rest/history/cleanup").get_json()

    assert past.read("/history/cleanup/jobs") == [past.read("/history/cleanup/job")] == [job]
    jobs.run_due(served.database, "w")
    assert past.admin.get(f"/engine-rest{INSTANCES}/{gone}").status_code == 404
    assert served.person("designer").post("/engine-rest/history/cleanup").status_code == 403
    window = {"batchWindowStartTime": None, "batchWindowEndTime": None, "enabled": True}
    assert past.read("/history/cleanup/configuration") == window


def test_a_clean_up_that_has_given_up_tries_again_when_it_is_asked_for(past: Past) -> None:
    gone = past.finishes()
    past.served.world.now += timedelta(days=31)
    with past.served.database.begin(ENGINE) as tx:
        history_cleanup.seed(tx)
        tx.session.get_one(Job, history_cleanup.JOB_ID).retries = 0
    assert past.admin.post("/engine-rest/history/cleanup").get_json()["retries"] == 1

    jobs.run_due(past.served.database, "w")

    assert past.admin.get(f"/engine-rest{INSTANCES}/{gone}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{INSTANCES}/set-removal-time"),
        ("GET", "/history/identity-link-log"),
    ],
)
def test_what_is_not_done_here_says_what_to_do_instead(served: Served, method: str, path: str) -> None:
    refused = served.person("admin")(method, f"/engine-rest{path}", {})

    assert (refused.status_code, refused.get_json()["type"]) == (403, "AuthorizationException")
