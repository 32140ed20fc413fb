"""A business rule task has a decision made by a deployed table; which version decided what is evidence of the case."""

import json
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from engine import decisions, deployments, instances
from engine.deployments import Published, Unchanged
from engine.dmn import DecisionFailed
from engine.errors import DiagramRefused, ExpressionFailed, NotDeployed
from engine.queries import decision_definitions
from engine.tables import Act, DecisionDefinition, RequirementsDefinition
from tests.decisions import dmn, literal, table
from tests.diagrams import diagram, element, exclusive, flow, flows, multi_instance, start, straight, user_task
from tests.scenario import REGION, Scenario

MATTERS = (
    "matters",
    ["area", "use"],
    ["matter"],
    (["> 1000", "-"], ['"消防设计"']),
    (["-", '"学校","医院"'], ['"日照分析"']),
)


def asks(result: str = "found", **attributes: str) -> bytes:
    """A diagram whose rule task asks for `matters`, before a person looks at the result."""
    rules = element("businessRuleTask", id="rules", decisionRef="matters", resultVariable=result, **attributes)
    return straight(rules, user_task("review"))


def of(key: str, **binding: str) -> bytes:
    """The same in a process of another name."""
    return asks(**binding).replace(b'id="approval"', f'id="{key}"'.encode())


def deploys(scenario: Scenario, files: Mapping[str, bytes], unchanged: Unchanged = Unchanged.KEPT) -> Published:
    with scenario.database.begin(scenario.actor) as tx:
        return deployments.deploy(tx, files, region=REGION, unchanged=unchanged)


def collected(*rows: str) -> bytes:
    """A table that always answers with these texts."""
    return dmn(table("matters", ["1"], ["matter"], *((["-"], [row]) for row in rows), hit_policy="COLLECT"))


@pytest.mark.parametrize(
    ("mapping", "found"),
    [
        ({}, [{"matter": "消防设计"}, {"matter": "日照分析"}]),
        ({"mapDecisionResult": "resultList"}, [{"matter": "消防设计"}, {"matter": "日照分析"}]),
        ({"mapDecisionResult": "collectEntries"}, ["消防设计", "日照分析"]),
    ],
    ids=["default", "resultList", "collectEntries"],
)
def test_the_rules_that_match_become_a_variable(scenario: Scenario, mapping: dict[str, str], found: object) -> None:
    deploys(scenario, {"a.bpmn": asks(**mapping), "m.dmn": dmn(table(*MATTERS, hit_policy="COLLECT"))})

    scenario.start(area=2000, use="学校")

    assert scenario.waits_at() == ["review"]
    assert scenario.variables()["found"] == found


@pytest.mark.parametrize(("mapping", "found"), [("singleEntry", "日照分析"), ("singleResult", {"matter": "日照分析"})])
def test_a_single_result_is_taken_out_of_its_list(scenario: Scenario, mapping: str, found: object) -> None:
    deploys(scenario, {"a.bpmn": asks(mapDecisionResult=mapping), "m.dmn": dmn(table(*MATTERS))})

    scenario.start(area=500, use="医院")

    assert scenario.variables()["found"] == found


def test_no_rule_that_matches_is_no_single_result(scenario: Scenario) -> None:
    deploys(scenario, {"a.bpmn": asks(mapDecisionResult="singleEntry"), "m.dmn": dmn(table(*MATTERS))})

    scenario.start(area=500, use="仓库")

    assert scenario.variables()["found"] is None


def test_several_rows_are_no_single_result(scenario: Scenario) -> None:
    deploys(scenario, {"a.bpmn": asks(mapDecisionResult="singleResult"), "m.dmn": collected('"a"', '"b"')})

    with pytest.raises(ExpressionFailed) as refused:
        scenario.start()

    assert refused.value.element_id == "rules"


def test_a_decision_that_fails_refuses_the_command_and_names_the_rule(scenario: Scenario) -> None:
    deploys(scenario, {"a.bpmn": asks(), "m.dmn": collected("missing + 1")})

    with pytest.raises(DecisionFailed) as refused:
        scenario.start()

    assert "“matters”" in refused.value.detail.zh
    assert "第 1 条规则" in refused.value.detail.zh
    assert "“missing”" in refused.value.detail.zh


def test_in_an_asynchronous_step_it_becomes_an_incident(scenario: Scenario) -> None:
    rules = element(
        "businessRuleTask",
        element("camunda:failedJobRetryTimeCycle", "R1/PT1M"),
        id="rules",
        decisionRef="matters",
        resultVariable="found",
        asyncBefore="true",
    )
    deploys(scenario, {"a.bpmn": straight(rules, user_task("review")), "m.dmn": collected("missing + 1")})

    scenario.start()
    scenario.time_passes(minutes=1)
    scenario.time_passes(minutes=1)

    (incident,) = scenario.incidents()
    assert "matters" in incident
    assert "missing" in incident


def test_which_version_decided_what_is_evidence(scenario: Scenario) -> None:
    deploys(scenario, {"a.bpmn": asks(), "m.dmn": dmn(table(*MATTERS, hit_policy="COLLECT"))})

    scenario.start(area=2000, use="仓库")

    with scenario.database.view(scenario.actor) as tx:
        act = tx.session.scalars(select(Act).where(Act.kind == "decision.made")).one()
        definition = tx.session.scalars(select(DecisionDefinition)).one()
    assert (act.subject, act.property) == ("rules", f"matters:1:{definition.id}")
    assert json.loads(act.old or "") == {"inputs": {"area": 2000, "use": "仓库"}, "rules": [1]}
    assert json.loads(act.new or "") == {"result": [{"matter": "消防设计"}]}


def test_the_latest_version_decides_unless_the_diagram_says_otherwise(scenario: Scenario) -> None:
    deploys(
        scenario,
        {
            "latest.bpmn": asks(),
            "v1.bpmn": of("first", decisionRefBinding="version", decisionRefVersion="1"),
            "tag.bpmn": of("tagged", decisionRefBinding="versionTag", decisionRefVersionTag="旧"),
            "with.bpmn": of("together", decisionRefBinding="deployment"),
            "m.dmn": dmn(table("matters", ["1"], ["matter"], (["-"], ['"old"']), camunda_versionTag="旧")),
        },
    )
    deploys(scenario, {"m.dmn": collected('"new"')})

    decided = {
        key: Scenario(scenario.database, scenario.world).start(key).variables()["found"]
        for key in ("approval", "first", "tagged", "together")
    }

    new, old = [{"matter": "new"}], [{"matter": "old"}]
    assert decided == {"approval": new, "first": old, "tagged": old, "together": old}


def test_a_decision_that_is_not_deployed_refuses_the_command(scenario: Scenario) -> None:
    deploys(scenario, {"a.bpmn": asks()})

    with pytest.raises(NotDeployed) as refused:
        scenario.start()

    assert "matters" in refused.value.detail.en


def test_each_item_of_a_multi_instance_has_its_own_decision(scenario: Scenario) -> None:
    rules = element(
        "businessRuleTask",
        multi_instance(collection="${uses}", elementVariable="use", isSequential="true"),
        id="rules",
        decisionRef="matters",
        resultVariable="found",
        mapDecisionResult="singleEntry",
    )
    deploys(scenario, {"a.bpmn": straight(rules), "m.dmn": dmn(table(*MATTERS))})

    scenario.start(area=1, uses=["学校", "仓库"])

    with scenario.database.view(scenario.actor) as tx:
        acts = tx.session.scalars(select(Act).where(Act.kind == "decision.made").order_by(Act.seq)).all()
    assert [json.loads(act.new or "")["result"] for act in acts] == [[{"matter": "日照分析"}], []]


def test_an_unchanged_file_keeps_its_version(scenario: Scenario) -> None:
    first, again, other = (
        deploys(scenario, {"m.dmn": file}) for file in (collected('"a"'), collected('"a"'), collected('"b"'))
    )

    assert [one.version for made in (first, again, other) for one in made.decisions] == [1, 1, 2]
    assert again.unchanged == ("m.dmn",)


def test_a_file_of_several_decisions_is_a_graph(scenario: Scenario) -> None:
    file = dmn(literal("base", "area * 2", "doubled"), literal("fee", "doubled + 1", requires=["base"]), id="fees")

    made = deploys(scenario, {"fees.dmn": file})

    with scenario.database.view(scenario.actor) as tx:
        graph = tx.session.scalars(select(RequirementsDefinition)).one()
        decided = decisions.ready(tx, decision_definitions.latest(tx, "fee")).decide({"area": 100})
    assert (graph.key, graph.version, {one.requirements_id for one in made.decisions}) == ("fees", 1, {graph.id})
    assert decided.rows == [{"result": 201}]


def test_faults_of_decisions_and_diagrams_come_together(scenario: Scenario) -> None:
    with pytest.raises(DiagramRefused) as refused:
        deploys(scenario, {"a.bpmn": straight(element("complexGateway", id="odd")), "m.dmn": collected("1 +")})

    assert {fault.resource for fault in refused.value.faults} == {"a.bpmn", "m.dmn"}


def test_the_same_decision_in_two_files_is_refused(scenario: Scenario) -> None:
    with pytest.raises(DiagramRefused):
        deploys(scenario, {"a.dmn": collected('"a"'), "b.dmn": collected('"b"')})


def test_decisions_in_a_loop_do_not_hold_up_the_office(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instances, "MOST_SECONDS", 0.2)
    rules = element("businessRuleTask", id="rules", decisionRef="matters", resultVariable="found")
    looping = diagram(start(), exclusive("m"), rules, flows("start", "m", "rules"), flow("rules", "m", "${true}"))
    deploys(scenario, {"a.bpmn": looping, "m.dmn": dmn(table(*MATTERS, hit_policy="COLLECT"))})

    with pytest.raises(instances.RunsAway):
        scenario.start(area=100, use="学校")
