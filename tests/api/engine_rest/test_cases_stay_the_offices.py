"""By way of Camunda's API nobody reads, ends or changes of a case what the office's own door does not let them."""

import json
from urllib.parse import quote

import pytest

from casework.office_messages import SENT_BY
from tests.diagrams import diagram, end, external_task, flows, properties, start, straight, user_task
from tests.served import APPLICATION_FORM, Served, accept, item

OVERSEERS = ("supervisor", "lead", "admin")


@pytest.fixture
def office(served: Served) -> Served:
    return served.opens()


def instance_of(office: Served, number: str) -> str:
    [found] = office.person("lead").json(f"/engine-rest/process-instance?businessKey={number}")
    return str(found["id"])


def state(office: Served, number: str) -> str:
    return str(office.person("window").json(f"/cases/{number}")["state"])


def test_who_oversees_reads_nothing_of_what_the_applicant_filled_in(office: Served) -> None:
    number = office.accepted()
    variables = f"/engine-rest/process-instance/{instance_of(office, number)}/variables"

    for overseer in OVERSEERS:
        assert office.person(overseer).json(variables) == {}
        assert office.person(overseer).get(f"{variables}/secret").status_code == 404


def test_what_the_applicant_filled_in_is_not_guessed_by_counting(office: Served) -> None:
    office.accepted()

    for condition in ("secret_eq_N-17", "secret_like_N%", "staff_gt_1", "secret_neq_x"):
        found = office.person("supervisor").json(f"/engine-rest/process-instance/count?variables={quote(condition)}")
        assert found == {"count": 0}, condition


def test_an_administrator_ends_no_case(office: Served) -> None:
    number = office.accepted()

    refused = office.person("admin")("DELETE", f"/engine-rest/process-instance/{instance_of(office, number)}")

    assert (refused.status_code, refused.get_json()["type"]) == (403, "AuthorizationException")
    assert state(office, number) == "ACCEPTED"


def test_an_administrator_sets_no_variable_of_a_case(office: Served) -> None:
    number = office.accepted()
    address = f"/engine-rest/process-instance/{instance_of(office, number)}/variables"
    admin = office.person("admin")

    one = admin("PUT", f"{address}/acceptance", {"value": "decline"})
    several = admin.post(address, {"modifications": {"company": {"value": "另一家公司"}}})

    assert (one.status_code, several.status_code) == (403, 403)


def test_a_connected_system_sends_no_message_in_the_place_of_an_act_on_the_case(office: Served) -> None:
    number = office.accepted()

    for message, door in SENT_BY.items():
        said = {"messageName": message, "processInstanceId": instance_of(office, number)}
        refused = office.person("payments").post("/engine-rest/message", said)
        assert (refused.status_code, door in refused.get_json()["message"]) == (403, True)
    assert state(office, number) == "ACCEPTED"


STAMPED = diagram(
    start(),
    accept(),
    external_task("stamp", "stamping"),
    user_task("deliver", name="送达\nDelivery", candidateGroups="window"),
    end(),
    flows("start", "accept", "stamp", "deliver", "end"),
)
FETCH = {"workerId": "w", "maxTasks": 5, "topics": [{"topicName": "stamping", "lockDuration": 60_000}]}


@pytest.fixture
def stamping(served: Served) -> Served:
    served.deploy(approval_bpmn=STAMPED, application_form=json.dumps(APPLICATION_FORM).encode(), item_toml=item())
    return served


def test_an_administrator_knows_of_no_work_for_a_confidential_case(stamping: Served) -> None:
    window = stamping.person("window")
    receipt = stamping.submits("window", confidential=True)
    window.post(f"/cases/{receipt['number']}/accept")
    admin = stamping.person("admin")

    assert admin.json("/engine-rest/external-task") == []
    assert admin.json("/engine-rest/external-task/count") == {"count": 0}
    assert admin.post("/engine-rest/external-task/fetchAndLock", FETCH).get_json() == []
    [work] = stamping.person("payments").post("/engine-rest/external-task/fetchAndLock", FETCH).get_json()
    assert work["businessKey"] == receipt["number"]
    assert admin.get(f"/engine-rest/external-task/{work['id']}").status_code == 404


def test_nobody_starts_a_process_that_workers_would_take_for_a_case(office: Served) -> None:
    address = "/engine-rest/process-definition/key/approval/start"

    refused = office.person("designer").post(address, {"businessKey": office.accepted()})

    assert (refused.status_code, refused.get_json()["type"]) == (400, "BadUserRequestException")


def test_an_approval_of_an_extension_is_tried_out_without_a_case(served: Served) -> None:
    outcomes = "approve 同意 Approve; refuse 不同意 Refuse"
    step = user_task("grant", properties(act="extend", outcomes=outcomes, kind="complex"), candidateGroups="window")
    served.deploy(tried_bpmn=straight(step, key="tried"))
    served.person("designer").post("/engine-rest/process-definition/key/tried/start")
    window = served.person("window")

    done = window.post(f"/engine-rest/task/{window.task()}/complete", {"variables": {"outcome": {"value": "approve"}}})

    assert done.status_code == 204, done.text
