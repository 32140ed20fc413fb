"""Deploying again and taking back by way of Camunda's API (Camunda 7.24); what was used stays."""

from typing import Any

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import diagram, end, flows, message, start, straight, user_task
from tests.served import Served

ONE = straight(user_task("check"))
DEFINITION = "/process-definition/key/approval"


def deployments(tried: Tried) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tried.reads("/deployment?sortBy=deploymentTime&sortOrder=asc")
    return found


def test_what_was_deployed_is_deployed_again_as_a_new_version(tried: Tried) -> None:
    tried.deploy(ONE, more_bpmn=straight(user_task("check"), key="more"))
    [first] = deployments(tried)
    again = {"resourceNames": ["tried.bpmn"], "source": "again"}
    made = tried.does("POST", f"/deployment/{first['id']}/redeploy", again, by="designer", status=200)
    assert made["source"] == "again"
    assert [one["version"] for one in made["deployedProcessDefinitions"].values()] == [2]
    tried.does("POST", f"/deployment/{first['id']}/redeploy", {}, by="designer", status=200)
    assert tried.reads(DEFINITION)["version"] == 3
    assert set(tried.reads("/deployment/registered")) == {one["id"] for one in deployments(tried)}


def test_no_other_file_is_deployed_again(tried: Tried) -> None:
    tried.deploy(ONE)
    [first] = deployments(tried)
    address = f"/deployment/{first['id']}/redeploy"
    tried.does("POST", address, {"resourceNames": ["tried.bpmn", "other.bpmn"]}, by="designer", status=404)
    gone = "/deployment/00000000-0000-7000-8000-000000000000/redeploy"
    tried.does("POST", gone, {}, by="designer", status=404)


def test_a_deployment_of_which_nothing_was_used_is_deleted_whole(tried: Tried) -> None:
    tried.deploy(ONE)
    [first] = deployments(tried)
    tried.does("DELETE", f"/deployment/{first['id']}?cascade=true")
    tried.does("GET", f"/deployment/{first['id']}", status=404)
    tried.does("GET", DEFINITION, status=404)
    tried.does("DELETE", f"/deployment/{first['id']}", status=404)


def test_what_has_run_is_evidence_and_stays(tried: Tried) -> None:
    tried.deploy(ONE)
    [first] = deployments(tried)
    tried.does("DELETE", f"/process-instance/{tried.start()}")
    for path in (f"/deployment/{first['id']}?cascade=true", f"{DEFINITION}?cascade=true"):
        tried.does("DELETE", path, status=409)
    assert tried.reads(DEFINITION)["version"] == 1


def ordered(step: str) -> bytes:
    return diagram(start("ordered", message("order")), user_task(step), end(), flows("ordered", step, "end"))


def test_the_version_before_a_deleted_one_is_started_again_by_what_starts_it(tried: Tried) -> None:
    tried.deploy(ordered("first"))
    tried.deploy(ordered("second"))
    tried.does("DELETE", DEFINITION)
    assert tried.reads(DEFINITION)["version"] == 1
    said = {"messageName": "order", "resultEnabled": True}
    [found] = tried.does("POST", "/message", said, by="payments", status=200)
    assert tried.at(found["processInstance"]["id"]) == ["first"]


def test_a_process_by_which_cases_run_is_not_deleted(served: Served) -> None:
    served.opens()
    admin = served.person("admin")
    [deployment] = admin.json("/engine-rest/deployment")
    for path in ("process-definition/key/approval", f"deployment/{deployment['id']}"):
        assert admin("DELETE", f"/engine-rest/{path}").status_code == 403
    assert served.person("designer")("DELETE", f"/engine-rest/deployment/{deployment['id']}").status_code == 403
