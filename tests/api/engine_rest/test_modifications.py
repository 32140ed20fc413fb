"""Modifying process instances by way of Camunda's API (Camunda 7.24)."""

import pytest

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import straight, user_task
from tests.served import Served

CHAIN = straight(user_task("a"), user_task("b"), user_task("c"))


@pytest.fixture
def chain(tried: Tried) -> Tried:
    tried.deploy(CHAIN)
    return tried


def test_instructions_are_carried_out_in_their_order(chain: Tried) -> None:
    started = chain.start()
    body = {
        "instructions": [
            {"type": "cancel", "activityId": "a"},
            {"type": "startBeforeActivity", "activityId": "c", "variables": {"amount": {"value": 3}}},
            {"type": "startTransition", "transitionId": "a-b"},
        ],
        "annotation": "更正",
        "skipCustomListeners": True,
    }
    chain.does("POST", f"/process-instance/{started}/modification", body)
    assert chain.at(started) == ["b", "c"]
    assert chain.reads(f"/process-instance/{started}/variables/amount")["value"] == 3


def test_an_activity_instance_is_cancelled_by_its_id_on_the_wire(chain: Tried) -> None:
    started = chain.start()
    [visit] = chain.reads(f"/process-instance/{started}/activity-instances")["childActivityInstances"]
    cancel = {"type": "cancel", "activityInstanceId": visit["id"]}
    chain.does("POST", f"/process-instance/{started}/modification", {"instructions": [cancel]})
    chain.does("GET", f"/process-instance/{started}", status=404)


@pytest.mark.parametrize(
    "instruction",
    [
        {"type": "cancel"},
        {"type": "startBeforeActivity"},
        {"type": "startTransition", "activityId": "a"},
        {"type": "jump", "activityId": "a"},
        {"type": "startBeforeActivity", "activityId": "x"},
        {"type": "startBeforeActivity", "activityId": "b", "variables": {"v": {"value": 1, "local": True}}},
    ],
    ids=["cancels nothing", "starts nothing", "no flow", "no such type", "no such activity", "local"],
)
def test_an_instruction_that_means_nothing_is_a_bad_request(chain: Tried, instruction: dict[str, object]) -> None:
    started = chain.start()
    chain.does("POST", f"/process-instance/{started}/modification", {"instructions": [instruction]}, status=400)
    assert chain.at(started) == ["a"]


def test_several_instances_of_a_definition_are_modified_all_or_none(chain: Tried) -> None:
    both = [chain.start(), chain.start()]
    body = {
        "processDefinitionId": chain.reads("/process-definition/key/approval")["id"],
        "processInstanceIds": both,
        "instructions": [{"type": "cancel", "activityId": "a"}, {"type": "startBeforeActivity", "activityId": "b"}],
    }
    chain.does("POST", "/modification/execute", body)
    assert [chain.at(one) for one in both] == [["b"], ["b"]]
    mixed = body | {"processInstanceIds": [*both, chain.start()]}
    mixed["instructions"] = [{"type": "cancel", "activityId": "b"}, {"type": "startBeforeActivity", "activityId": "c"}]
    chain.does("POST", "/modification/execute", mixed, status=400)
    assert [chain.at(one) for one in both] == [["b"], ["b"]]


def test_nobody_modifies_the_process_of_a_case(served: Served) -> None:
    number = served.opens().accepted()
    [case] = served.person("lead").json(f"/engine-rest/process-instance?businessKey={number}")
    body = {"instructions": [{"type": "startBeforeActivity", "activityId": "deliver"}]}
    address = f"/engine-rest/process-instance/{case['id']}/modification"
    assert served.person("admin").post(address, body).status_code == 403
    assert served.person("designer").post(address, body).status_code == 403
