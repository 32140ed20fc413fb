"""A called process is an instance of its own, under its caller's lock: its end, error or end by force comes back."""

import pytest
from sqlalchemy import select

from engine.errors import DiagramRefused, NotDeployed, UncaughtError
from engine.instances import RunsAway
from engine.tables import InstanceState, ProcessInstance
from tests.diagrams import (
    call,
    caller,
    diagram,
    end,
    error,
    escalation,
    flow,
    flows,
    mapped_in,
    mapped_out,
    message,
    multi_instance,
    receive_task,
    start,
    straight,
    throw,
    user_task,
)
from tests.scenario import Scenario

SURVEY = straight(user_task("visit"), key="survey")
UNSAFE = diagram(
    start(), user_task("visit"), end("failed", error("unsafe")), flows("start", "visit", "failed"), key="survey"
)


def test_the_call_waits_for_the_called_process_and_hands_over_only_what_is_named(scenario: Scenario) -> None:
    surveyed = call(
        "survey",
        "survey",
        mapped_in(source="address", target="place"),
        mapped_out(source="conclusion", target="survey_conclusion"),
    )
    scenario.deploy(SURVEY, straight(surveyed, user_task("after")))
    scenario.start(address="人民路 12 号", secret="内部")
    assert scenario.waits_at() == ["visit"]
    scenario.complete("visit", conclusion="pass", note="现场已整改")
    assert scenario.waits_at() == ["after"]
    assert scenario.variables() == {"address": "人民路 12 号", "secret": "内部", "survey_conclusion": "pass"}


def test_every_called_instance_belongs_to_its_case(scenario: Scenario) -> None:
    each = multi_instance(collection="${buildings}", elementVariable="building")
    scenario.deploy(SURVEY, straight(call("survey", "survey", each, mapped_in(source="building", target="building"))))
    scenario.start(buildings=["1 号楼", "2 号楼", "3 号楼"])
    with scenario.database.view(scenario.actor) as tx:
        roots = tx.session.scalars(select(ProcessInstance.root_id)).all()
    assert roots == [scenario.root_id] * 4
    for _ in range(3):
        scenario.complete("visit")
    assert scenario.has_ended()
    assert not scenario.open_work()


def test_interrupting_the_call_ends_the_called_process_with_all_its_work(scenario: Scenario) -> None:
    scenario.deploy(SURVEY, caller(message("case-withdrawn"), after=None))
    scenario.start()
    scenario.message("case-withdrawn")
    assert scenario.waits_at() == ["answer"]
    with scenario.database.view(scenario.actor) as tx:
        called = select(ProcessInstance.state).where(ProcessInstance.parent_id.is_not(None))
        assert tx.session.scalars(called).all() == [InstanceState.CANCELLED]


def test_an_error_of_the_called_process_reaches_the_call(scenario: Scenario) -> None:
    scenario.deploy(UNSAFE, caller(error("unsafe"), after=None))
    scenario.start()
    scenario.complete("visit")
    assert scenario.waits_at() == ["answer"]


def test_an_escalation_of_the_called_process_reaches_the_call_and_both_go_on(scenario: Scenario) -> None:
    escalating = straight(throw("tell", escalation("delay")), user_task("visit"), key="survey")
    scenario.deploy(escalating, caller(escalation("delay"), interrupting=False, after=None))
    scenario.start()
    assert scenario.waits_at() == ["answer", "visit"]


def test_the_version_is_chosen_when_the_call_is_reached(scenario: Scenario) -> None:
    scenario.deploy(SURVEY, straight(user_task("before"), call("survey", "survey")))
    scenario.start()
    scenario.deploy(straight(user_task("video"), key="survey"))
    scenario.complete("before")
    assert scenario.waits_at() == ["video"]


@pytest.mark.parametrize(
    ("binding", "reached"),
    [
        ({"calledElementBinding": "version", "calledElementVersion": "1"}, "visit"),
        ({"calledElementBinding": "versionTag", "calledElementVersionTag": "2026"}, "visit"),
        ({"calledElementBinding": "latest"}, "video"),
    ],
)
def test_a_call_may_be_bound_to_a_version(scenario: Scenario, binding: dict[str, str], reached: str) -> None:
    scenario.deploy(straight(user_task("visit"), key="survey", versionTag="2026"))
    scenario.deploy(straight(user_task("video"), key="survey", versionTag="2027"))
    scenario.deploy(straight(call("survey", "survey", **binding)))
    scenario.start()
    assert scenario.waits_at() == [reached]


def test_a_process_that_is_not_deployed_refuses_the_command(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("before"), call("survey", "nowhere")))
    scenario.start()
    with pytest.raises(NotDeployed) as refused:
        scenario.complete("before")
    assert refused.value.element_id == "survey"
    assert scenario.waits_at() == ["before"]


def test_processes_that_call_each_other_without_end_are_refused(scenario: Scenario) -> None:
    scenario.deploy(straight(call("again", "approval")))
    with pytest.raises(RunsAway):
        scenario.start()


def test_a_message_to_the_case_finds_the_called_process(scenario: Scenario) -> None:
    scenario.deploy(straight(receive_task("wait", "paid"), key="fee"), straight(call("fee", "fee"), user_task("after")))
    scenario.start()
    scenario.message("paid")
    assert scenario.waits_at() == ["after"]


def test_cancelling_the_case_ends_everything_below_it(scenario: Scenario) -> None:
    nested = diagram(
        start(), call("inner", "survey"), end(), flow("start", "inner"), flow("inner", "end"), key="middle"
    )
    scenario.deploy(SURVEY, nested, straight(call("outer", "middle")))
    scenario.start()
    scenario.cancel()
    assert scenario.state() == InstanceState.CANCELLED
    assert not scenario.open_work()


def test_the_business_key_goes_down_as_the_modeler_maps_it(scenario: Scenario) -> None:
    handed = mapped_in(businessKey="#{execution.processBusinessKey}")
    scenario.deploy(SURVEY, straight(call("survey", "survey", handed)))
    scenario.start(business_key="A-1")
    with scenario.database.view(scenario.actor) as tx:
        assert tx.session.scalars(select(ProcessInstance.business_key)).all() == ["A-1", "A-1"]


def test_an_interrupting_escalation_goes_before_the_end_of_the_called_process(scenario: Scenario) -> None:
    escalating = straight(throw("tell", escalation("delay")), key="survey")
    scenario.deploy(escalating, caller(escalation("delay"), after=None))
    scenario.start()
    assert scenario.waits_at() == ["answer"]


def test_what_the_called_process_knew_is_handed_back_with_its_error(scenario: Scenario) -> None:
    scenario.deploy(UNSAFE, caller(error("unsafe"), mapped_out(source="finding", target="finding"), after=None))
    scenario.start()
    scenario.complete("visit", finding="疏散通道被占用")
    assert scenario.variables() == {"finding": "疏散通道被占用"}


def test_an_error_that_nothing_catches_refuses_the_command_and_names_its_element(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(start(), user_task("visit"), end("failed", error("unsafe")), flows("start", "visit", "failed"))
    )
    scenario.start()
    with pytest.raises(UncaughtError) as refused:
        scenario.complete("visit")
    assert refused.value.element_id == "failed"
    assert scenario.waits_at() == ["visit"]


def test_a_binding_to_the_deployment_finds_what_the_deployment_kept_unchanged(scenario: Scenario) -> None:
    def surveyed(last: str) -> bytes:
        return straight(call("survey", "survey", calledElementBinding="deployment"), user_task(last))

    scenario.deploy(SURVEY, surveyed("after"))
    scenario.deploy(SURVEY, surveyed("then"))
    scenario.deploy(straight(user_task("video"), key="survey"))
    scenario.start()
    assert scenario.waits_at() == ["visit"]


def test_two_files_of_one_deployment_with_the_same_process_are_refused(scenario: Scenario) -> None:
    with pytest.raises(DiagramRefused):
        scenario.deploy(SURVEY, straight(user_task("video"), key="survey"))
