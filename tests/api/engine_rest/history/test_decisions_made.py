"""Decisions that were made, as Camunda's history shows them: which version, what it was asked, what it answered."""

import io
from collections.abc import Mapping
from typing import Any

import pytest

from tests.decisions import dmn, literal, table
from tests.diagrams import element, properties, straight, user_task
from tests.served import Served

RATE = table(
    "rate", [("use", "string")], [("rate", "integer")], (['"住宅"'], ["95"]), (["-"], ["120"]), hit_policy="FIRST"
)
FEE = literal("fee", "rate * area", "amount", requires=["rate"])
SHARES = table(
    "shares",
    [("area", "integer"), ("since", "dateTime")],
    [("share", "integer")],
    (["> 100", "-"], ["3"]),
    (["> 1000", "-"], ["4"]),
    (["-", "-"], ["5"]),
    hit_policy="COLLECT",
    aggregation="SUM",
)
SINCE = "2026-03-01T09:00:00+08:00"


def asks(decision: str) -> Any:
    return element("businessRuleTask", id=f"ask-{decision}", decisionRef=decision, resultVariable=decision)


DRAWN = straight(asks("fee"), asks("shares"), user_task("review", candidateGroups="taxation"))
VARIABLES = {"use": "住宅", "area": 120, "since": SINCE}


def accepting() -> Any:
    return properties(act="accept", outcomes="accept 受理; decline! 不予受理", outcome="acceptance")


@pytest.fixture
def decided(served: Served) -> str:
    """The id of a process for which two decisions were made, one of which required a third."""
    served.deploy(tried_bpmn=DRAWN)
    files = {"fees.dmn": dmn(RATE, FEE, id="fees"), "shares.dmn": dmn(SHARES)}
    body = {name: [(io.BytesIO(content), name)] for name, content in files.items()}
    assert served.person("designer").post("/engine-rest/deployment/create", body).status_code == 200
    variables = {name: {"value": value} for name, value in VARIABLES.items()}
    begun = served.person("designer").post(
        "/engine-rest/process-definition/key/approval/start", {"variables": variables}
    )
    assert begun.status_code == 200, begun.text
    return str(begun.get_json()["id"])


def made(served: Served, query: str = "", by: str = "admin") -> Any:
    return served.person(by).json(f"/engine-rest/history/decision-instance?{query}")


def by_key(served: Served, query: str = "") -> Mapping[str, Any]:
    return {one["decisionDefinitionKey"]: one for one in made(served, query)}


def test_every_decision_is_listed_with_those_that_it_required(served: Served, decided: str) -> None:
    found = by_key(served, "sortBy=evaluationTime&sortOrder=asc")

    definition = served.person("admin").json("/engine-rest/decision-definition/key/rate")
    assert found.keys() == {"rate", "fee", "shares"}
    assert found["fee"]["rootDecisionInstanceId"] is None
    assert found["rate"] == {
        "id": found["rate"]["id"],
        "decisionDefinitionId": definition["id"],
        "decisionDefinitionKey": "rate",
        "decisionDefinitionName": "rate",
        "decisionRequirementsDefinitionId": definition["decisionRequirementsDefinitionId"],
        "decisionRequirementsDefinitionKey": "fees",
        "rootDecisionInstanceId": found["fee"]["id"],
        "evaluationTime": "2026-03-02T09:00:00.000+0800",
        "removalTime": None,
        "processDefinitionId": found["fee"]["processDefinitionId"],
        "processDefinitionKey": "approval",
        "processInstanceId": decided,
        "rootProcessInstanceId": decided,
        "caseDefinitionId": None,
        "caseDefinitionKey": None,
        "caseInstanceId": None,
        "activityId": "ask-fee",
        "activityInstanceId": found["fee"]["activityInstanceId"],
        "userId": None,
        "inputs": [],
        "outputs": [],
        "collectResultValue": None,
        "tenantId": None,
    }
    visits = served.person("admin").json("/engine-rest/history/activity-instance?activityId=ask-fee")
    assert found["fee"]["activityInstanceId"] == visits[0]["id"]


def test_what_was_asked_and_answered_is_included_where_it_is_asked_for(served: Served, decided: str) -> None:
    found = by_key(served, "includeInputs=true&includeOutputs=true")

    (asked,), (answered,) = found["rate"]["inputs"], found["rate"]["outputs"]
    assert (asked["clauseId"], asked["clauseName"], asked["type"], asked["value"]) == (
        "rate_i0",
        "use",
        "String",
        "住宅",
    )
    assert (answered["ruleId"], answered["ruleOrder"]) == ("rate_rule1", 1)
    assert (answered["clauseId"], answered["variableName"], answered["value"]) == ("rate_o0", "rate", 95)
    assert asked["decisionInstanceId"] == answered["decisionInstanceId"] == found["rate"]["id"]
    (amount,) = found["fee"]["outputs"]
    assert (amount["variableName"], amount["value"], amount["ruleId"]) == ("amount", 11400, None)
    assert [(one["type"], one["value"]) for one in found["shares"]["inputs"]] == [
        ("Integer", 120),
        ("Date", "2026-03-01T09:00:00.000+0800"),
    ]
    assert [(one["ruleOrder"], one["value"]) for one in found["shares"]["outputs"]] == [(1, 3), (3, 5)]
    assert found["shares"]["collectResultValue"] == 8


FOUND = {
    "decisionDefinitionKey=rate": {"rate"},
    "decisionDefinitionKeyIn=rate,shares": {"rate", "shares"},
    "decisionDefinitionNameLike=sh%25": {"shares"},
    "processDefinitionKey=approval": {"rate", "fee", "shares"},
    "processDefinitionKey=other": set(),
    "activityIdIn=ask-fee": {"rate", "fee"},
    "rootDecisionInstancesOnly=true": {"fee", "shares"},
    "decisionRequirementsDefinitionKey=fees": {"rate", "fee"},
    "evaluatedBefore=2026-03-02T09:00:00.000%2B0800": {"rate", "fee", "shares"},
    "evaluatedAfter=2026-03-02T09:00:01.000%2B0800": set(),
    "userId=designer": set(),
    "caseInstanceId=none": set(),
    "withoutTenantId=true": {"rate", "fee", "shares"},
}


def test_decisions_are_found_by_what_is_asked(served: Served, decided: str) -> None:
    for query, found in FOUND.items():
        assert by_key(served, query).keys() == found, query
        counted = served.person("admin").json(f"/engine-rest/history/decision-instance/count?{query}")
        assert counted == {"count": len(found)}
    root = by_key(served)["fee"]
    assert by_key(served, f"rootDecisionInstanceId={root['id']}").keys() == {"rate"}
    assert by_key(served, f"processInstanceId={decided}&activityInstanceIdIn={root['activityInstanceId']}").keys() == {
        "rate",
        "fee",
    }


def test_one_is_read_by_its_id(served: Served, decided: str) -> None:
    fee = by_key(served)["fee"]
    admin = served.person("admin")

    assert admin.json(f"/engine-rest/history/decision-instance/{fee['id']}") == fee
    with_outputs = admin.json(f"/engine-rest/history/decision-instance/{fee['id']}?includeOutputs=true")
    assert [one["value"] for one in with_outputs["outputs"]] == [11400]
    assert admin.get(f"/engine-rest/history/decision-instance/{decided}").status_code == 404


def test_the_metrics_count_decisions_and_the_cells_they_looked_at(served: Served, decided: str) -> None:
    admin = served.person("admin")

    # rate: (1 input + 1 output) × 2 rules; shares: (2 + 1) × 3; an expression: 1
    assert admin.json("/engine-rest/metrics/executed-decision-instances/sum") == {"result": 3}
    assert admin.json("/engine-rest/metrics/executed-decision-elements/sum") == {"result": 4 + 9 + 1}


def test_the_history_of_decisions_goes_with_that_of_their_process(served: Served, decided: str) -> None:
    admin = served.person("admin")
    assert admin("DELETE", f"/engine-rest/process-instance/{decided}").status_code == 204
    assert admin("DELETE", f"/engine-rest/history/process-instance/{decided}").status_code == 204

    assert made(served) == []
    assert admin.post("/engine-rest/history/decision-instance/delete", {}).status_code == 403


def test_nobody_reads_decisions_who_reads_no_processes(served: Served, decided: str) -> None:
    assert served.person("applicant").get("/engine-rest/history/decision-instance").status_code == 403


def test_of_a_case_no_value_is_shown_and_of_a_confidential_one_nothing(served: Served) -> None:
    secret = dmn(table("risk", [("staff", "integer")], ["level"], ([">= 10"], ['"高"']), (["< 10"], ['"低"'])))
    opened = straight(asks("risk"), user_task("accept", accepting(), candidateGroups="window"))
    served.deploy(risk_dmn=secret)
    served.opens(drawn=opened)
    served.submits()
    confidential = served.submits()["number"]
    kept = {"confidential": True, "reason": "涉密"}
    assert served.person("lead").put(f"/cases/{confidential}/confidentiality", kept).status_code == 200

    (seen,) = made(served, "includeInputs=true&includeOutputs=true")

    assert (seen["activityId"], seen["inputs"], seen["outputs"]) == ("ask-risk", [], [])
    assert served.person("admin").json("/engine-rest/metrics/decision-instances/sum") == {"result": 1}
