"""Process definitions by way of Camunda's API: start forms, statistics, calls, suspension (Camunda 7.24)."""

import json
from typing import Any

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import call, diagram, end, external_task, flows, start, straight, user_task
from tests.served import Served

APPLICATION = {
    "id": "request",
    "type": "default",
    "components": [
        {"id": "f1", "type": "textfield", "key": "company", "label": "名称", "validate": {"required": True}},
        {"id": "f2", "type": "number", "key": "staff", "label": "人数", "validate": {"min": 1}},
    ],
}


def with_form(**form: str) -> bytes:
    return diagram(start(**form), user_task("check"), end(), flows("start", "check", "end"))


REFERRED = with_form(formRef="request", formRefBinding="deployment")
DEFINITION = "/process-definition/key/approval"


def deployed(tried: Tried, content: bytes = REFERRED) -> None:
    tried.deploy(content, request_form=json.dumps(APPLICATION).encode())


def test_a_start_form_by_reference_is_told_under_both_distributions_names(tried: Tried) -> None:
    deployed(tried)
    reference = {"key": "request", "binding": "deployment", "version": None}
    form = tried.reads(f"{DEFINITION}/startForm")
    assert form == {"key": None, "camundaFormRef": reference, "operatonFormRef": reference, "contextPath": None}
    wire_id = tried.reads(DEFINITION)["id"]
    assert tried.reads(f"/process-definition/{wire_id}/startForm") == form
    assert tried.reads(f"{DEFINITION}/deployed-start-form") == APPLICATION


def test_a_start_form_by_the_name_of_its_file_is_found_in_its_own_deployment(tried: Tried) -> None:
    deployed(tried, with_form(formKey="camunda-forms:deployment:request.form"))
    assert tried.reads(f"{DEFINITION}/startForm")["key"] == "camunda-forms:deployment:request.form"
    assert tried.reads(f"{DEFINITION}/deployed-start-form") == APPLICATION


def test_there_is_no_start_form_where_none_is_drawn(tried: Tried) -> None:
    tried.deploy(straight(user_task("check")))
    for path in ("startForm", "deployed-start-form"):
        assert tried.does("GET", f"{DEFINITION}/{path}", status=400)["type"] == "BadUserRequestException"
    assert tried.reads(f"{DEFINITION}/form-variables") == {}


def test_a_file_that_was_not_deployed_is_not_found_and_a_page_elsewhere_is_no_file(tried: Tried) -> None:
    tried.deploy(with_form(formKey="camunda-forms:deployment:gone.form"))
    tried.does("GET", f"{DEFINITION}/deployed-start-form", status=404)
    tried.deploy(with_form(formKey="https://example.org/form"))
    tried.does("GET", f"{DEFINITION}/deployed-start-form", status=400)


def test_a_process_starts_with_a_form_that_holds(tried: Tried) -> None:
    deployed(tried)
    body = {"businessKey": "K-1", "variables": {"company": {"value": "知微"}, "staff": {"value": 12}}}
    begun = tried.does("POST", f"{DEFINITION}/submit-form", body, by="designer", status=200)
    assert begun["businessKey"] == "K-1"
    found = tried.reads(f"/process-instance/{begun['id']}/variables")
    assert {name: one["value"] for name, one in found.items()} == {"company": "知微", "staff": 12}


def test_a_form_that_does_not_hold_starts_nothing(tried: Tried) -> None:
    deployed(tried)
    refused = tried.does(
        "POST", f"{DEFINITION}/submit-form", {"variables": {"staff": {"value": 0}}}, by="designer", status=400
    )
    assert "company" in refused["message"]
    assert "staff" in refused["message"]
    assert tried.reads("/process-instance/count") == {"count": 0}


def test_no_case_is_begun_with_a_form(served: Served) -> None:
    number = served.opens().accepted()
    body = {"businessKey": number, "variables": {}}
    answer = served.person("designer").post("/engine-rest/process-definition/key/approval/submit-form", body)
    assert answer.status_code == 400


FAILING = straight(user_task("check"), external_task("register", "tax"))


def statistics(tried: Tried, query: str = "") -> dict[str, Any]:
    return {one["id"]: one for one in tried.reads(f"{DEFINITION}/statistics{query}")}


def test_what_runs_is_counted_by_definition_and_by_activity(tried: Tried) -> None:
    tried.deploy(FAILING)
    tried.start()
    second = tried.start()
    [one] = tried.reads("/process-definition/statistics?failedJobs=true&incidents=true")
    assert (one["instances"], one["failedJobs"], one["incidents"]) == (2, 0, [])
    assert (one["definition"]["key"], one["id"]) == ("approval", one["definition"]["id"])
    assert one["@class"].endswith("ProcessDefinitionStatisticsResultDto")
    assert {id: found["instances"] for id, found in statistics(tried).items()} == {"check": 2}
    modification = {"type": "startAfterActivity", "activityId": "check"}
    tried.does("POST", f"/process-instance/{second}/modification", {"instructions": [modification]})
    assert {id: found["instances"] for id, found in statistics(tried).items()} == {"check": 2, "register": 1}


def test_open_incidents_are_counted_where_that_is_asked(tried: Tried) -> None:
    tried.deploy(straight(external_task("register", "tax")))
    tried.start()
    fetch = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "tax", "lockDuration": 60_000}]}
    [task] = tried.does("POST", "/external-task/fetchAndLock", fetch, by="payments", status=200)
    failure = {"workerId": "w", "errorMessage": "超时", "retries": 0}
    tried.does("POST", f"/external-task/{task['id']}/failure", failure, by="payments")
    counted = [{"incidentType": "failedExternalTask", "incidentCount": 1}]
    assert statistics(tried)["register"]["incidents"] == []
    assert statistics(tried, "?incidents=true")["register"]["incidents"] == counted
    assert statistics(tried, "?incidentsForType=failedJob")["register"]["incidents"] == []
    tried.does("GET", f"{DEFINITION}/statistics?incidents=true&incidentsForType=failedJob", status=400)


def test_who_may_not_see_a_case_does_not_count_it(served: Served) -> None:
    served.opens()
    served.submits("window", confidential=True)
    address = "/engine-rest/process-definition/key/approval/statistics"
    assert served.person("admin").json(address) == []


def test_the_processes_that_a_diagram_names_are_told_with_the_activities_that_call_them(tried: Tried) -> None:
    tried.deploy(
        straight(call("first", "called"), call("second", "called"), call("open", "${which}"), call("gone", "nothing")),
        called_bpmn=straight(user_task("check"), key="called"),
    )
    [called] = tried.reads(f"{DEFINITION}/static-called-process-definitions")
    assert (called["key"], called["calledFromActivityIds"]) == ("called", ["first", "second"])
    assert called["callingProcessDefinitionId"] == tried.reads(DEFINITION)["id"]


def test_a_suspended_definition_starts_nothing_until_it_is_activated(tried: Tried) -> None:
    tried.deploy(FAILING)
    tried.does("PUT", f"{DEFINITION}/suspended", {"suspended": True})
    assert tried.reads(DEFINITION)["suspended"] is True
    assert tried.reads("/process-definition/count?suspended=true") == {"count": 1}
    refused = tried.does("POST", f"{DEFINITION}/start", {}, by="designer", status=400)
    assert refused["type"] == "SuspendedEntityInteractionException"
    tried.does("PUT", "/process-definition/suspended", {"processDefinitionKey": "approval", "suspended": False})
    tried.start()


def test_the_instances_of_a_definition_are_suspended_with_it_where_that_is_asked(tried: Tried) -> None:
    tried.deploy(FAILING)
    started = tried.start()
    tried.does("PUT", f"{DEFINITION}/suspended", {"suspended": True, "includeProcessInstances": True})
    assert tried.reads(f"/process-instance/{started}")["suspended"] is True


def test_a_case_goes_on_whoever_suspends_its_definition(served: Served) -> None:
    number = served.opens().accepted()
    admin, lead = served.person("admin"), served.person("lead")
    [case] = lead.json(f"/engine-rest/process-instance?businessKey={number}")
    whole = {"suspended": True, "includeProcessInstances": True}
    assert admin.put("/engine-rest/process-definition/key/approval/suspended", whole).status_code == 204
    assert lead.json(f"/engine-rest/process-instance/{case['id']}")["suspended"] is False
    assert admin.put(f"/engine-rest/process-instance/{case['id']}/suspended", whole).status_code == 403
    asked = whole | {"processInstanceIds": [case["id"]]}
    assert admin.put("/engine-rest/process-instance/suspended", asked).status_code == 403


def test_nothing_is_suspended_that_nobody_names(tried: Tried) -> None:
    tried.deploy(FAILING)
    for path in ("/process-definition/suspended", "/process-instance/suspended"):
        tried.does("PUT", path, {"suspended": True}, status=400)
    later = {"suspended": True, "executionDate": "2026-03-03T09:00:00.000+0800", "includeProcessInstances": True}
    tried.does("PUT", f"{DEFINITION}/suspended", later, status=400)
