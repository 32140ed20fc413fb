"""What a diagram refers to and is not deployed: told when it is deployed, and again, with the remedy, when it is
reached."""

import json
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from engine import definitions, deployments
from engine.errors import NotDeployed
from engine.queries import not_deployed
from engine.tables import ProcessDefinition
from tests.decisions import dmn, literal
from tests.diagrams import Element, call, element, straight, user_task
from tests.scenario import REGION, Scenario

FORM = json.dumps({"id": "opinion", "type": "default", "components": []}).encode()
DECISION = dmn(literal("risk", "1"))
CALLED = straight(user_task("visit"), key="survey")
TICK = "tick it as an additional file"


def shows(**binding: str) -> Element:
    return user_task("review", name="审查", formRef="opinion", **binding)


def asks(**binding: str) -> Element:
    return element("businessRuleTask", id="rules", decisionRef="risk", resultVariable="found", **binding)


def calls(**binding: str) -> Element:
    return call("ask", "survey", **binding)


FOR_GOOD: Mapping[str, tuple[Element, str]] = {
    "form with the diagram": (shows(formRefBinding="deployment"), TICK),
    "form of any version": (shows(formRefBinding="latest"), "Deploy it."),
    "form of a version": (shows(formRefBinding="version", formRefVersion="2"), "in version 2"),
    "decision with the diagram": (asks(decisionRefBinding="deployment"), TICK),
    "decision of any version": (asks(), "Deploy it."),
    "decision of a version": (asks(decisionRefBinding="version", decisionRefVersion="2"), "in version 2"),
    "decision of a tag": (asks(decisionRefBinding="versionTag", decisionRefVersionTag="{二}"), "tagged “{二}”"),
    "process with the diagram": (calls(calledElementBinding="deployment"), TICK),
    "process of any version": (calls(), "Deploy it."),
    "process of a version": (calls(calledElementBinding="version", calledElementVersion="2"), "in version 2"),
    "process of a tag": (calls(calledElementBinding="versionTag", calledElementVersionTag="b"), "tagged “b”"),
}


def deploys(scenario: Scenario, **files: bytes) -> None:
    """Files by name; the last underscore is the dot."""
    named = {".".join(name.rsplit("_", 1)): content for name, content in files.items()}
    with scenario.database.begin(scenario.actor) as tx:
        deployments.deploy(tx, named, region=REGION)


def missing(scenario: Scenario) -> dict[str | None, str]:
    """What the diagram that was deployed would not find, by element."""
    with scenario.database.view(scenario.actor) as tx:
        newest = select(ProcessDefinition).where(ProcessDefinition.key == "approval")
        definition = tx.session.scalars(newest.order_by(ProcessDefinition.version.desc())).first()
        assert definition is not None
        found = not_deployed.missing(tx, definition, definitions.load(tx, definition.id).process)
    return {fault.element_id: fault.sentence.en for fault in found}


@pytest.mark.parametrize("what", FOR_GOOD)
def test_what_is_not_there_is_told_at_once_and_refuses_the_command_that_comes_to_it(
    scenario: Scenario, what: str
) -> None:
    step, remedy = FOR_GOOD[what]
    deploys(scenario, approval_bpmn=straight(step))

    ((element_id, sentence),) = missing(scenario).items()
    with pytest.raises(NotDeployed) as refused:
        scenario.start()

    assert element_id == refused.value.element_id == step.attributes["id"]
    assert sentence == refused.value.detail.en
    assert remedy in sentence
    assert step.attributes.get("name", step.attributes["id"]) in sentence


@pytest.mark.parametrize(
    "step",
    [
        shows(formRefBinding="deployment"),
        shows(formRefBinding="version", formRefVersion="1"),
        asks(decisionRefBinding="deployment"),
        asks(),
        calls(calledElementBinding="deployment"),
        calls(calledElementBinding="version", calledElementVersion="1"),
        user_task("review", formKey="camunda-forms:deployment:opinion.form"),
    ],
    ids=lambda step: " ".join(step.attributes.values()),
)
def test_what_comes_with_the_diagram_is_there(scenario: Scenario, step: Element) -> None:
    deploys(scenario, approval_bpmn=straight(step), opinion_form=FORM, risk_dmn=DECISION, survey_bpmn=CALLED)

    assert missing(scenario) == {}


def test_what_was_deployed_before_is_not_in_the_deployment(scenario: Scenario) -> None:
    deploys(scenario, opinion_form=FORM, risk_dmn=DECISION, survey_bpmn=CALLED)
    steps = [
        shows(formRefBinding="deployment"),
        asks(decisionRefBinding="deployment"),
        calls(calledElementBinding="deployment"),
        user_task("old", formKey="camunda-forms:deployment:opinion.form"),
        user_task("page", formKey="embedded:deployment:opinion.html"),
        user_task("newest", formRef="opinion", formRefBinding="latest"),
    ]
    deploys(scenario, approval_bpmn=straight(*steps))

    assert missing(scenario).keys() == {"review", "rules", "ask", "old", "page"}


def test_what_is_named_when_the_case_runs_is_not_told_before(scenario: Scenario) -> None:
    steps = [
        user_task("form", formRef="${form}", formRefBinding="latest"),
        element("businessRuleTask", id="rules", decisionRef="${decision}", resultVariable="found"),
        call("ask", "${called}"),
        user_task("elsewhere", formKey="https://forms.example.org/opinion"),
    ]
    deploys(scenario, approval_bpmn=straight(*steps))

    assert missing(scenario) == {}


def versions(scenario: Scenario) -> int:
    """How many versions the diagram has."""
    with scenario.database.view(scenario.actor) as tx:
        of_key = select(func.count()).where(ProcessDefinition.key == "approval")
        return tx.session.scalar(of_key) or 0


def test_deployed_together_at_last_the_diagram_finds_what_it_is_bound_to(scenario: Scenario) -> None:
    """An unchanged diagram gets a new version then: its latest means the deployment in which the form was missing."""
    drawn = straight(shows(formRefBinding="deployment"), calls(calledElementBinding="deployment"))
    deploys(scenario, approval_bpmn=drawn)

    deploys(scenario, approval_bpmn=drawn, opinion_form=FORM, survey_bpmn=CALLED)

    assert (versions(scenario), missing(scenario)) == (2, {})
    deploys(scenario, approval_bpmn=drawn, opinion_form=FORM, survey_bpmn=CALLED)
    assert versions(scenario) == 2


def test_a_changed_form_reaches_the_diagram_that_is_bound_to_it_even_by_way_of_a_call(scenario: Scenario) -> None:
    inner = straight(shows(formRefBinding="deployment"), key="survey")
    drawn = straight(calls(calledElementBinding="deployment"))
    deploys(scenario, approval_bpmn=drawn, opinion_form=FORM, survey_bpmn=inner)

    deploys(scenario, approval_bpmn=drawn, opinion_form=FORM + b" ", survey_bpmn=inner)

    assert versions(scenario) == 2


def test_what_is_bound_to_the_latest_leaves_the_diagram_its_version(scenario: Scenario) -> None:
    drawn = straight(shows(formRefBinding="latest"))
    deploys(scenario, approval_bpmn=drawn, opinion_form=FORM)

    deploys(scenario, approval_bpmn=drawn, opinion_form=FORM + b" ")

    assert versions(scenario) == 1
