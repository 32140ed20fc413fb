"""Jobs as Camunda's clients see and change them, what their failing leaves behind, and those of cases."""

from typing import Any

import pytest
from sqlalchemy import select

from engine import jobs
from engine.ports import ENGINE
from engine.tables import Act, Job
from tests.diagrams import boundary, diagram, end, flows, start, timer, user_task
from tests.served import DEPARTMENTS, Person, Served, joint_approval

KEY = "waiting"
WAITING = diagram(
    start(),
    user_task("check", candidateGroups="window"),
    boundary("late", "check", timer(duration="P2D"), interrupting=True),
    user_task("chase", candidateGroups="window", asyncBefore=True),
    end(),
    flows("start", "check", "end"),
    flows("late", "chase", "end"),
    key=KEY,
)
JOB_KEYS = (
    "id jobDefinitionId processInstanceId processDefinitionId processDefinitionKey executionId exceptionMessage "
    "failedActivityId retries dueDate suspended priority tenantId createTime batchId"
)


@pytest.fixture
def admin(served: Served) -> Person:
    served.deploy(waiting_bpmn=WAITING)
    return served.person("admin")


def begun(admin: Person) -> str:
    """The id of the instance's timer."""
    answer = admin.post(f"/engine-rest/process-definition/key/{KEY}/start", {"businessKey": "W-1"})
    [job] = admin.json(f"/engine-rest/job?processInstanceId={answer.get_json()['id']}")
    return str(job["id"])


def shown(admin: Person, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = admin.json(f"/engine-rest/job/{job_id}")
    return found


def test_a_timer_is_a_job(admin: Person) -> None:
    job = shown(admin, begun(admin))

    assert sorted(job) == sorted(JOB_KEYS.split())
    assert (job["dueDate"], job["retries"], job["suspended"]) == ("2026-03-04T09:00:00.000+0800", 4, False)
    assert (job["exceptionMessage"], job["failedActivityId"], job["processDefinitionKey"]) == (None, None, KEY)
    [definition] = admin.json("/engine-rest/job-definition?jobType=timer-transition")
    assert (definition["id"], definition["activityId"]) == (job["jobDefinitionId"], "late")
    assert definition["jobConfiguration"] == "DURATION: P2D"
    assert admin.json(f"/engine-rest/job-definition/{definition['id']}") == definition


def test_job_definitions_are_read_from_the_diagram(admin: Person) -> None:
    rows = admin.json("/engine-rest/job-definition?sortBy=activityId&sortOrder=asc")

    assert [(row["activityId"], row["jobType"], row["jobConfiguration"]) for row in rows] == [
        ("chase", "async-continuation", "async-before"),
        ("late", "timer-transition", "DURATION: P2D"),
    ]
    assert admin.json("/engine-rest/job-definition/count?activityIdIn=chase,other") == {"count": 1}
    refused = admin.put(f"/engine-rest/job-definition/{rows[0]['id']}/suspended", {"suspended": True})
    assert refused.status_code == 403


def test_jobs_are_narrowed(admin: Person) -> None:
    begun(admin)

    def found(condition: str) -> int:
        return int(admin.json(f"/engine-rest/job/count?{condition}")["count"])

    assert found("timers=true") == found("withRetriesLeft=true") == found("active=true") == 1
    assert found("messages=true") == found("executable=true") == found("withException=true") == 0
    assert found("dueDates=gt_2026-03-03T00:00:00.000%2B0800,lt_2026-03-05T00:00:00.000%2B0800") == 1
    assert found("dueDates=lt_2026-03-03T00:00:00.000%2B0800") == 0
    later = {"dueDates": [{"operator": "gt", "value": "2026-03-03T00:00:00.000+0800"}]}
    assert len(admin.post("/engine-rest/job", later).get_json()) == 1


@pytest.mark.parametrize(
    "condition",
    ["timers=true&messages=true", "dueDates=at_2026-03-03T00:00:00.000%2B0800", "dueDates=gt_soon", "sortBy=jobId"],
)
def test_a_condition_that_means_nothing_is_refused(admin: Person, condition: str) -> None:
    assert admin.get(f"/engine-rest/job?{condition}").status_code == 400


def test_a_timer_is_carried_out_before_its_time(admin: Person, served: Served) -> None:
    job_id = begun(admin)

    done = admin.post(f"/engine-rest/job/{job_id}/execute")

    assert done.status_code == 204, done.text
    [waiting] = admin.json("/engine-rest/job")
    assert waiting["jobDefinitionId"].startswith("async-before:chase:")
    assert admin.get(f"/engine-rest/job/{job_id}").status_code == 404
    with served.database.view(ENGINE) as tx:
        [act] = tx.session.scalars(select(Act).where(Act.kind == "job.executed"))
        assert (act.actor, act.subject) == ("admin", job_id)


def test_a_job_gets_another_date_and_priority_and_stands_still(admin: Person, served: Served) -> None:
    job_id = begun(admin)
    address = f"/engine-rest/job/{job_id}"

    assert admin.put(f"{address}/duedate", {"duedate": "2026-03-09T09:00:00.000+0800"}).status_code == 204
    assert admin.put(f"{address}/priority", {"priority": 7}).status_code == 204
    assert admin.put(f"{address}/suspended", {"suspended": True}).status_code == 204
    job = shown(admin, job_id)
    assert (job["dueDate"], job["priority"], job["suspended"]) == ("2026-03-09T09:00:00.000+0800", 7, True)
    assert admin.post(f"{address}/execute").status_code == 400
    served.world.days_pass(30)
    assert jobs.run_due(served.database, "w", only=Job.id == job_id) == 0
    assert admin.put("/engine-rest/job/suspended", {"processDefinitionKey": KEY, "suspended": False}).status_code == 204
    assert jobs.run_due(served.database, "w", only=Job.id == job_id) == 1


def test_without_a_date_a_job_is_due_at_once(admin: Person) -> None:
    job_id = begun(admin)

    admin.put(f"/engine-rest/job/{job_id}/duedate", {"duedate": None})

    assert admin.json("/engine-rest/job/count?executable=true") == {"count": 1}


def test_which_jobs_stand_still_has_to_be_said(admin: Person) -> None:
    assert admin.put("/engine-rest/job/suspended", {"suspended": True}).status_code == 400


def test_a_deleted_job_is_never_done(admin: Person) -> None:
    job_id = begun(admin)

    assert admin("DELETE", f"/engine-rest/job/{job_id}").status_code == 204
    assert admin.json("/engine-rest/job") == []


@pytest.mark.parametrize("path", ["", "/stacktrace"])
def test_a_job_that_there_is_not_is_not_found(admin: Person, path: str) -> None:
    for name in ("no-uuid", "00000000-0000-7000-8000-000000000000"):
        answer = admin.get(f"/engine-rest/job/{name}{path}")
        assert (answer.status_code, answer.get_json()["type"]) == (404, "InvalidRequestException")


def test_the_jobs_of_a_case_are_not_moved_stopped_or_hurried(served: Served) -> None:
    served.opens(drawn=joint_approval(DEPARTMENTS, reminder(), flows("remind", "tell", "told")))
    served.accepted()
    admin = served.person("admin")
    [job] = admin.json("/engine-rest/job?timers=true&activityId=remind")
    address = f"/engine-rest/job/{job['id']}"

    answers = [
        admin.put(f"{address}/duedate", {"duedate": None}),
        admin.put(f"{address}/priority", {"priority": 1}),
        admin.put(f"{address}/suspended", {"suspended": True}),
        admin.put(f"{address}/retries", {"retries": 0}),
        admin.post(f"{address}/execute"),
        admin("DELETE", address),
    ]

    assert [answer.status_code for answer in answers] == [403] * 6
    admin.put("/engine-rest/job/suspended", {"processInstanceId": job["processInstanceId"], "suspended": True})
    assert admin.json(address) == job


def reminder() -> list[Any]:
    """Something that the diagram of a case does by itself after a while."""
    return [
        boundary("remind", "review-bank", timer(duration="P1D"), interrupting=False),
        user_task("tell", candidateGroups="window"),
        end("told"),
    ]


def test_what_the_office_does_by_itself_is_not_changed(served: Served) -> None:
    admin = served.person("admin")
    with served.database.begin(ENGINE) as tx:
        tx.add(Job(id=tx.new_id(), region="000000", kind="recompute", due_at=tx.now, payload={}, created_at=tx.now))
    [job] = admin.json("/engine-rest/job")

    assert admin("DELETE", f"/engine-rest/job/{job['id']}").status_code == 403


def test_who_designs_reads_jobs_and_changes_none(admin: Person, served: Served) -> None:
    designer, job_id = served.person("designer"), begun(admin)

    assert designer.get(f"/engine-rest/job/{job_id}").status_code == 200
    assert designer.post(f"/engine-rest/job/{job_id}/execute").status_code == 403
    assert designer.put(f"/engine-rest/job/{job_id}/retries", {"retries": 1}).status_code == 403
    assert served.person("supervisor").get("/engine-rest/job").status_code == 403
