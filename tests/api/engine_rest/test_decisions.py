"""Decision definitions and their graphs by way of Camunda's API (Camunda 7.24)."""

import io
from typing import Any

from tests.api.engine_rest.conftest import Tried
from tests.decisions import dmn, literal, table

FEE = table(
    "fee",
    [("area", "integer"), ("use", "string")],
    [("amount", "integer"), ("note", "string")],
    (["> 1000", '"学校","医院"'], ["0", '"免缴"']),
    (["<= 1000", "-"], ["area * 2", '"按面积"']),
    camunda_versionTag="1.0",
    camunda_historyTimeToLive="P30D",
)
ALONE, TOGETHER = dmn(FEE), dmn(FEE, literal("twice", "area * 2"), id="fees")
EVALUATE = "/decision-definition/key/fee/evaluate"


def asks(**variables: object) -> dict[str, object]:
    return {"variables": {name: {"value": value} for name, value in variables.items()}}


def deploys(tried: Tried, content: bytes, name: str = "fees.dmn", status: int = 200) -> Any:
    """As the Modeler deploys a decision."""
    body = {"deployment-name": "fees", "deploy-changed-only": "true", name: [(io.BytesIO(content), name)]}
    answer = tried.designer.post("/engine-rest/deployment/create", body)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def test_a_deployment_names_the_decisions_and_the_graph_that_it_made(tried: Tried) -> None:
    made = deploys(tried, TOGETHER)

    fee, twice = tried.reads("/decision-definition?sortBy=key&sortOrder=asc")
    (graph,) = tried.reads("/decision-requirements-definition")
    assert fee == {
        "id": fee["id"],
        "key": "fee",
        "category": "http://camunda.org/schema/1.0/dmn",
        "name": "fee",
        "version": 1,
        "resource": "fees.dmn",
        "deploymentId": made["id"],
        "tenantId": None,
        "decisionRequirementsDefinitionId": graph["id"],
        "decisionRequirementsDefinitionKey": "fees",
        "historyTimeToLive": 30,
        "versionTag": "1.0",
    }
    assert fee["id"].startswith("fee:1:")
    assert made["deployedDecisionDefinitions"] == {fee["id"]: fee, twice["id"]: twice}
    assert made["deployedDecisionRequirementsDefinitions"] == {graph["id"]: graph}
    assert (graph["key"], graph["name"], graph["version"], graph["resource"]) == ("fees", "fees", 1, "fees.dmn")


def test_an_unchanged_redeploy_is_answered_with_what_is_there(tried: Tried) -> None:
    first, again = deploys(tried, ALONE), deploys(tried, ALONE)

    assert again["deployedDecisionDefinitions"] == first["deployedDecisionDefinitions"]
    assert again["deployedDecisionRequirementsDefinitions"] is None


def test_every_fault_of_a_decision_is_told_with_its_place(tried: Tried) -> None:
    refused = deploys(tried, ALONE.replace(b"area * 2", b"area *").replace(b"&gt; 1000", b"${area}"), status=400)

    faults = refused["details"]["fees.dmn"]["errors"]
    assert refused["type"] == "ParseException"
    assert {fault["mainElementId"] for fault in faults} == {"fee_1input0"}
    assert all(fault["line"] for fault in faults)


FOUND = {
    "key=fee": {"fee"},
    "keyLike=tw%25": {"twice"},
    "versionTag=1.0": {"fee"},
    "version=2": set(),
    "latestVersion=true": {"fee", "twice"},
    "resourceName=fees.dmn": {"fee", "twice"},
    "decisionRequirementsDefinitionKey=fees": {"fee", "twice"},
    "withoutDecisionRequirementsDefinition=true": set(),
    "withoutTenantId=true": {"fee", "twice"},
    "tenantIdIn=410100": set(),
}


def test_decisions_are_found_by_what_is_asked(tried: Tried) -> None:
    deploys(tried, TOGETHER)

    for query, found in FOUND.items():
        assert {one["key"] for one in tried.reads(f"/decision-definition?{query}")} == found, query
        assert tried.reads(f"/decision-definition/count?{query}") == {"count": len(found)}


def test_one_decision_is_read_by_id_and_by_key_and_as_a_file(tried: Tried) -> None:
    deploys(tried, TOGETHER)

    by_key = tried.reads("/decision-definition/key/fee")
    graph = tried.reads("/decision-requirements-definition/key/fees")

    assert tried.reads(f"/decision-definition/{by_key['id']}") == by_key
    assert tried.reads("/decision-definition/key/fee/xml") == {"id": by_key["id"], "dmnXml": TOGETHER.decode()}
    assert tried.reads(f"/decision-requirements-definition/{graph['id']}/xml")["dmnXml"] == TOGETHER.decode()
    tried.does("GET", "/decision-definition/key/fee/diagram")
    tried.does("GET", "/decision-definition/key/other", status=404)
    tried.does("GET", "/decision-definition/key/fee/tenant-id/410100", status=404)
    tried.does("GET", "/decision-requirements-definition/key/other", status=404)


def test_a_decision_decides_on_what_it_is_given(tried: Tried) -> None:
    deploys(tried, ALONE)

    answered = tried.does("POST", EVALUATE, asks(area=2000, use="学校"), by="designer", status=200)

    assert answered == [
        {
            "amount": {"type": "Integer", "value": 0, "valueInfo": {}},
            "note": {"type": "String", "value": "免缴", "valueInfo": {}},
        }
    ]
    assert tried.does("POST", EVALUATE, asks(area=2000, use="仓库"), by="payments", status=200) == []


def test_what_cannot_be_decided_says_where(tried: Tried) -> None:
    deploys(tried, ALONE)

    missing = tried.does("POST", EVALUATE, asks(use="学校"), status=422)
    odd = tried.does("POST", EVALUATE, asks(area="big", use="学校"), status=422)

    assert "area" in missing["message"]
    assert "big" in odd["message"]


def test_others_have_nothing_decided(tried: Tried) -> None:
    deploys(tried, ALONE)

    for login in ("applicant", "taxation", "supervisor"):
        tried.does("POST", EVALUATE, asks(area=1, use="学校"), by=login, status=403)


def test_a_runaway_decision_is_stopped(tried: Tried) -> None:
    deploys(tried, dmn(table("fee", ["count(for i in 1..1000000000 return i)"], ["amount"], (["-"], ["1"]))))

    refused = tried.does("POST", EVALUATE, asks(), status=422)

    assert "fee" in refused["message"]
