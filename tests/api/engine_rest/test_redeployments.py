"""Deploying again and taking back by way of Camunda's API (Camunda 7.24); what was used stays."""

import json
from typing import Any

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import call, diagram, end, flows, message, start, straight, user_task
from tests.served import Served
from tests.supervised import supervised

__all__ = ["supervised"]

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


CALLED = straight(user_task("look"), key="called")
ASKED = json.dumps({"type": "default", "id": "asked", "components": [{"type": "textfield", "key": "name"}]}).encode()


def test_what_another_process_calls_or_shows_is_not_deleted(tried: Tried) -> None:
    asks = user_task("ask", formRef="asked", formRefBinding="latest")
    tried.deploy(CALLED)
    tried.served.deploy(asked_form=ASKED)
    tried.deploy(straight(call("calls", "called"), asks, key="caller"))
    called, asked, caller = (f"/deployment/{one['id']}" for one in deployments(tried))
    for path in (called, asked, "/process-definition/key/called"):
        assert "caller" in tried.does("DELETE", path, status=409)["message"]

    for path in (caller, asked, called):
        tried.does("DELETE", path)
    assert deployments(tried) == []


def test_a_called_process_keeps_one_version(tried: Tried) -> None:
    tried.deploy(CALLED, caller_bpmn=straight(call("calls", "called"), key="caller"))
    tried.deploy(straight(user_task("see"), key="called"))
    tried.does("DELETE", "/process-definition/key/called")
    tried.does("DELETE", "/process-definition/key/called", status=409)
    assert tried.reads("/process-definition/key/called")["version"] == 1


def test_the_process_of_supervision_orders_is_not_deleted(supervised: Served) -> None:
    deleted = supervised.person("admin")("DELETE", "/engine-rest/process-definition/key/supervision-order")
    assert (deleted.status_code, "督办单" in deleted.get_json()["message"]) == (403, True)
