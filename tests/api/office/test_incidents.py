"""Work that failed for good: an administrator sees it, repairs the cause and lets it run again."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from engine import external_tasks, instances, jobs
from engine.external_tasks import Failure, Topic
from engine.ports import ENGINE
from engine.queries import definitions
from engine.tables import Act, ExternalTask, InstanceState, Job, ProcessInstance
from tests.diagrams import delegate_task, external_task, retry_cycle, straight, user_task
from tests.served import REGION, Served

KEY = "000000202603020001"


@pytest.fixture
def licence() -> dict[str, bool]:
    """Whether the register can be reached."""
    return {"reachable": False}


@pytest.fixture
def failing(served: Served, licence: dict[str, bool]) -> Served:
    """An instance whose only step has failed for good."""

    def register(variables: object, *, key: str) -> dict[str, object]:
        if not licence["reachable"]:
            raise ConnectionError("the register does not answer")
        return {}

    served.database.ports = replace(served.database.ports, delegates={"register": register})
    served.deploy(approval_bpmn=straight(delegate_task("register", "register", retry_cycle("R2/PT1M"))))
    starts(served)
    for _ in range(3):
        jobs.run_due(served.database, "w")
        served.world.days_pass(1)
    return served


def starts(served: Served) -> None:
    with served.database.begin(ENGINE) as tx:
        definition = definitions.latest(tx, "approval", REGION)
        instances.start(tx, definition.id, region=REGION, business_key=KEY)


def test_an_incident_says_what_failed_where(failing: Served) -> None:
    row = failing.person("designer").json("/incidents")["rows"][0]

    assert (row["kind"], row["activity_id"], row["case_number"]) == ("failedJob", "register", KEY)
    assert "does not answer" in row["message"]
    assert failing.person("admin").json("/incidents?open=false")["rows"] == []


def test_a_failed_job_is_listed_and_retried(failing: Served, licence: dict[str, bool]) -> None:
    admin = failing.person("admin")
    job = admin.json("/jobs?out_of_retries=true")["rows"][0]
    assert (job["retries"], job["case_number"]) == (0, KEY)
    licence["reachable"] = True

    retried = admin.post(f"/jobs/{job['id']}/retry", {"times": 2})
    jobs.run_due(failing.database, "w")

    assert (retried.status_code, retried.get_json()["retries"]) == (200, 2)
    assert admin.json("/incidents")["rows"] == admin.json("/jobs")["rows"] == []
    assert states(failing) == [InstanceState.COMPLETED]


def test_a_job_that_has_not_failed_cannot_be_retried(served: Served) -> None:
    served.deploy(approval_bpmn=straight(user_task("review", asyncBefore=True)))
    starts(served)
    admin = served.person("admin")
    job = admin.json("/jobs")["rows"][0]

    refused = admin.post(f"/jobs/{job['id']}/retry")

    assert refused.status_code == 409
    assert "没有失败" in refused.get_json()["detail"]


def states(served: Served) -> list[InstanceState]:
    with served.database.view(ENGINE) as tx:
        return list(tx.session.scalars(select(ProcessInstance.state)))


def test_resolving_an_incident_tries_the_work_again_and_keeps_the_note(
    failing: Served, licence: dict[str, bool]
) -> None:
    admin = failing.person("admin")
    incident = admin.json("/incidents")["rows"][0]["id"]
    licence["reachable"] = True

    resolved = admin.post(f"/incidents/{incident}/resolve", {"note": "专线已恢复"}).get_json()
    jobs.run_due(failing.database, "w")

    assert resolved["closed_by"] == "admin"
    assert states(failing) == [InstanceState.COMPLETED]
    assert admin.json("/incidents?open=false")["rows"][0]["id"] == incident
    assert admin.post(f"/incidents/{incident}/resolve", {"note": "再次"}).status_code == 409
    with failing.database.view(ENGINE) as tx:
        act = tx.session.scalars(select(Act).where(Act.kind == "incident.resolved")).one()
    assert (act.actor, act.subject, act.reason) == ("admin", "register", "专线已恢复")


def test_work_that_fails_again_is_a_new_incident(failing: Served) -> None:
    admin = failing.person("admin")
    first = admin.json("/incidents")["rows"][0]["id"]

    admin.post(f"/incidents/{first}/resolve", {"note": "已重启"})
    jobs.run_due(failing.database, "w")

    again = admin.json("/incidents")["rows"]
    assert len(again) == 1
    assert again[0]["id"] != first


def test_an_external_task_out_of_retries_can_be_fetched_again(served: Served) -> None:
    served.deploy(approval_bpmn=straight(external_task("seal", "seals")))
    starts(served)
    with served.database.begin(ENGINE) as tx:
        from datetime import timedelta

        task = external_tasks.fetch_and_lock(tx, "maker", [Topic("seals", timedelta(minutes=5))])[0]
    with served.database.begin(ENGINE) as tx:
        external_tasks.fail(tx, task.id, "maker", Failure("no brass"))
    admin = served.person("admin")
    incident = admin.json("/incidents")["rows"][0]

    resolved = admin.post(f"/incidents/{incident['id']}/resolve", {"note": "材料已到"})

    assert resolved.status_code == 200
    assert incident["kind"] == "failedExternalTask"
    with served.database.view(ENGINE) as tx:
        assert tx.session.scalar(select(ExternalTask.retries)) == 1


@pytest.mark.parametrize(("login", "may_read"), [("designer", True), ("supervisor", False), ("taxation-head", False)])
def test_only_an_administrator_resolves(failing: Served, login: str, may_read: bool) -> None:
    person = failing.person(login)
    with failing.database.view(ENGINE) as tx:
        job = tx.session.scalars(select(Job.id)).one()

    assert person.get("/incidents").status_code == person.get("/jobs").status_code == (200 if may_read else 403)
    assert person.post(f"/jobs/{job}/retry").status_code == 403
    assert person.post("/incidents/x/resolve", {"note": "x"}).status_code == 403


def test_unknown_ones_are_not_found(served: Served) -> None:
    admin = served.person("admin")

    assert admin.post("/jobs/nothing/retry").status_code == 404
    assert admin.post("/incidents/nothing/resolve", {"note": "x"}).status_code == 404
