"""By way of Camunda's API nobody reads, ends or changes of a case what the office's own door does not let them."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from casework.office_messages import SENT_BY
from engine import jobs
from engine.ports import ENGINE
from engine.tables import Subscription
from tests.diagrams import (
    catch,
    diagram,
    end,
    external_task,
    flows,
    message,
    parallel,
    properties,
    receive_task,
    signal,
    start,
    straight,
    user_task,
)
from tests.served import APPLICATION_FORM, Person, Served, accept, item

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

    for name, door in SENT_BY.items():
        said = {"messageName": name, "processInstanceId": instance_of(office, number)}
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


WAITING = diagram(
    start(),
    accept(),
    parallel("fork"),
    receive_task("register", "registered"),
    catch("storm", signal("typhoon")),
    receive_task("answer", "case-supplemented", properties(act="correct")),
    parallel("join"),
    user_task("deliver", name="送达\nDelivery", candidateGroups="window"),
    end(),
    flows("start", "accept", "fork", "register", "join", "deliver", "end"),
    flows("fork", "storm", "join"),
    flows("fork", "answer", "join"),
)


@pytest.fixture
def confidential(served: Served) -> str:
    """The number of a case that an administrator does not know of, which waits for a message and a signal."""
    served.deploy(approval_bpmn=WAITING, application_form=json.dumps(APPLICATION_FORM).encode(), item_toml=item())
    number = str(served.submits("window", confidential=True)["number"])
    served.person("window").post(f"/cases/{number}/accept")
    return number


def waits_at(served: Served, activity_id: str) -> str:
    """The execution at which a case waits."""
    with served.database.view(ENGINE) as tx:
        waiting = tx.session.scalars(select(Subscription).where(Subscription.activity_id == activity_id)).one()
        return str(waiting.owner_id)


def told(person: Person, path: str, body: Any) -> tuple[int, object]:
    answer = person.post(f"/engine-rest{path}", body)
    return answer.status_code, answer.get_json(silent=True)


NOBODY = "0190b1e6-0000-7000-8000-000000000000"


def test_what_waits_in_a_case_out_of_sight_is_answered_like_what_there_is_not(
    served: Served, confidential: str
) -> None:
    admin = served.person("admin")

    for said in ({"resultEnabled": True}, {"resultEnabled": True, "processVariables": {"company": {"value": "x"}}}):
        message = {"messageName": "registered", **said}
        known, unknown = {"businessKey": confidential}, {"businessKey": "000000202601010099"}
        assert told(admin, "/message", message | known) == told(admin, "/message", message | unknown)
        assert told(admin, "/message", message | known | {"all": True})[1] == []
    signalled = [{"name": "typhoon", "executionId": one} for one in (waits_at(served, "storm"), NOBODY)]
    assert told(admin, "/signal", signalled[0]) == told(admin, "/signal", signalled[1])
    for activity in ("register", "storm", "answer"):
        for path in (
            "signal",
            "messageSubscriptions/registered/trigger",
            "messageSubscriptions/case-supplemented/trigger",
        ):
            there = told(admin, f"/execution/{waits_at(served, activity)}/{path}", {})
            assert (there[0], there) == (404, told(admin, f"/execution/{NOBODY}/{path}", {}))


def test_a_signal_of_an_administrator_does_not_reach_a_case_out_of_sight(served: Served, confidential: str) -> None:
    forged = {"name": "typhoon", "variables": {"company": {"value": "x"}}}
    assert told(served.person("admin"), "/signal", forged)[0] == 204

    assert told(served.person("payments"), "/signal", forged)[0] == 403
    while jobs.run_due(served.database, "worker"):
        pass
    assert waits_at(served, "storm")


def test_a_connected_system_wakes_what_waits_for_it_in_a_confidential_case(served: Served, confidential: str) -> None:
    payments = served.person("payments")

    assert told(payments, "/message", {"messageName": "registered", "businessKey": confidential})[0] == 204
    assert told(payments, f"/execution/{waits_at(served, 'storm')}/signal", {})[0] == 204


def test_a_message_starts_nothing_under_the_number_of_a_case(served: Served, confidential: str) -> None:
    begun = diagram(start("asked", message("ask")), user_task("act"), end(), flows("asked", "act", "end"), key="begun")
    served.deploy(begun_bpmn=begun)

    refused = told(served.person("payments"), "/message", {"messageName": "ask", "businessKey": confidential})

    assert refused[0] == 400
    assert served.person("admin").json("/engine-rest/process-instance/count?processDefinitionKey=begun") == {"count": 0}


def test_an_administrator_does_not_touch_work_for_a_case_out_of_sight(stamping: Served) -> None:
    receipt = stamping.submits("window", confidential=True)
    stamping.person("window").post(f"/cases/{receipt['number']}/accept")
    [work] = stamping.person("payments").post("/engine-rest/external-task/fetchAndLock", FETCH).get_json()
    admin = stamping.person("admin")
    acts: dict[str, Any] = {
        "lock": {"workerId": "a", "lockDuration": 1000},
        "unlock": {},
        "complete": {"workerId": "w"},
        "extendLock": {"workerId": "w", "newDuration": 1000},
    }

    for act, body in acts.items():
        there = told(admin, f"/external-task/{work['id']}/{act}", body)
        assert (there[0], there) == (404, told(admin, f"/external-task/{NOBODY}/{act}", body))
    for act, said in {"retries": {"retries": 3}, "priority": {"priority": 3}}.items():
        assert admin.put(f"/engine-rest/external-task/{work['id']}/{act}", said).status_code == 404
