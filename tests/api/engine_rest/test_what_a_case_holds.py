"""A connected system brings a case what it has found out, under names of its own; what the case holds by right (its
application, its departments' forms and outcomes, what its process writes) nobody overwrites from outside."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from casework import held_variables
from engine.ports import ENGINE
from engine.tables import Job, ProcessInstance, Subscription, Variable
from tests.diagrams import (
    boundary,
    call,
    catch,
    diagram,
    end,
    external_task,
    flows,
    left,
    mapped,
    mapped_in,
    multi_instance,
    parallel,
    properties,
    receive_task,
    script_task,
    signal,
    start,
    straight,
    throw,
    user_task,
)
from tests.served import APPLICATION_FORM, REVIEW, REVIEW_FORM, Served, accept, item
from tests.statements import statements
from tests.supervised import supervised

__all__ = ["supervised"]

REVIEWED = user_task(
    "review",
    properties(act="review", outcomes=REVIEW, outcome="agreed"),
    candidateGroups="taxation",
    formRef="review",
    formRefBinding="latest",
)
HELD = {
    "company": "a field of the application",
    "case_number": "the case's number",
    "submitted_by": "who submitted",
    "matters": "who takes part",
    "finding": "a field of a later step's form",
    "acceptance": "the outcome of another step",
    "comment": "the reasons of a step",
}


def approval(*waiting: Any) -> bytes:
    """The window accepts, the case waits for a connected system, taxation reviews."""
    names = [one.attributes["id"] for one in waiting]
    chain = flows("start", "accept", *names, "review", "end")
    return diagram(start(), accept(), *waiting, REVIEWED, end(), chain)


def opened(served: Served, drawn: bytes, **more: bytes) -> str:
    """The number of a case that stands where its diagram waits first after acceptance."""
    files = {
        "approval_bpmn": drawn,
        "application_form": json.dumps(APPLICATION_FORM).encode(),
        "review_form": json.dumps(REVIEW_FORM).encode(),
        "item_toml": item(),
    }
    served.deploy(**files | more)
    return served.accepted()


def variables(served: Served) -> dict[str, Any]:
    """Everything that the only case's own process holds."""
    with served.database.view(ENGINE) as tx:
        instance = tx.session.scalars(select(ProcessInstance).where(ProcessInstance.parent_id.is_(None))).one()
        found = tx.session.scalars(select(Variable).where(Variable.scope_id == instance.id))
        return {one.name: one.text if one.number is None else one.number for one in found}


def brought(**values: Any) -> dict[str, Any]:
    return {name: {"value": value} for name, value in values.items()}


def waiting_at(served: Served) -> str:
    """The execution at which the only subscription of a case waits."""
    with served.database.view(ENGINE) as tx:
        found = tx.session.scalars(select(Subscription).where(Subscription.root_id.is_not(None))).one()
        return str(found.owner_id or found.instance_id)


def work(served: Served, topic: str = "registry") -> str:
    """The id of the only piece of work of a topic, fetched by the connected system."""
    topics = [{"topicName": topic, "lockDuration": 60_000}]
    body = {"workerId": "w", "maxTasks": 5, "topics": topics}
    [one] = served.person("payments").post("/engine-rest/external-task/fetchAndLock", body).get_json()
    return str(one["id"])


def says(served: Served, path: str, body: dict[str, Any]) -> tuple[int, str]:
    """What a connected system is answered."""
    answer = served.person("payments").post(f"/engine-rest{path}", body)
    return answer.status_code, answer.text


DOORS = ["message", "all", "trigger", "execution", "signal", "one-signal"]


def through(served: Served, door: str, number: str, said: dict[str, Any]) -> tuple[int, str]:
    """Brings variables to the case by one of the doors for events."""
    match door:
        case "message":
            return says(served, "/message", {"messageName": "found", "businessKey": number, "processVariables": said})
        case "all":
            return says(served, "/message", {"messageName": "found", "all": True, "processVariables": said})
        case "trigger":
            path = f"/execution/{waiting_at(served)}/messageSubscriptions/found/trigger"
            return says(served, path, {"variables": said})
        case "execution":
            return says(served, f"/execution/{waiting_at(served)}/signal", {"variables": said})
        case "signal":
            return says(served, "/signal", {"name": "found", "variables": said})
        case _:
            body = {"name": "found", "executionId": waiting_at(served), "variables": said}
            return says(served, "/signal", body)


@pytest.mark.parametrize("door", DOORS)
def test_an_event_from_outside_changes_nothing_that_the_case_holds(served: Served, door: str) -> None:
    waits = catch("wait", signal("found")) if "signal" in door else receive_task("wait", "found")
    number = opened(served, approval(waits))
    before = variables(served)

    for name in HELD:
        status, told = through(served, door, number, brought(score=1, **{name: "另一家公司"}))
        assert (status, name in told) == (403, True), told
    assert variables(served) == before
    assert (waiting_at(served), queued(served)) != ("", 1)

    assert through(served, door, number, brought(score=1))[0] == 204


def queued(served: Served) -> int:
    """How many receivers are still to hear a signal."""
    with served.database.view(ENGINE) as tx:
        return len(tx.session.scalars(select(Job).where(Job.kind == "throw_signal")).all())


ENDS: dict[str, dict[str, Any]] = {
    "complete": {},
    "bpmnError": {"errorCode": "unknown"},
    "failure": {"errorMessage": "not now", "retries": 1},
}


@pytest.mark.parametrize("act", ENDS)
def test_a_worker_changes_nothing_that_the_case_holds(served: Served, act: str) -> None:
    opened(served, approval(external_task("ask", "registry")))
    before, task = variables(served), work(served)

    for name in HELD:
        body = {"workerId": "w", **ENDS[act], "variables": brought(score=1, **{name: "另一家公司"})}
        status, told = says(served, f"/external-task/{task}/{act}", body)
        assert (status, name in told) == (403, True), told

    assert variables(served) == before
    body = {"workerId": "w", "variables": brought(score=7), "localVariables": brought(company="另一家公司")}
    assert says(served, f"/external-task/{task}/complete", body)[0] == 204
    assert variables(served) == before | {"score": 7}


def test_the_refusal_says_what_to_do(served: Served) -> None:
    number = opened(served, approval(receive_task("wait", "found")))

    _, told = through(served, "message", number, brought(finding="同意", company="另一家公司"))

    said = json.loads(told)
    assert said["type"] == "AuthorizationException"
    assert "company, finding" in said["message"]
    assert "name of its own" in said["message"] or "自己的变量名" in said["message"]


def test_what_the_diagram_itself_writes_is_the_diagrams(served: Served) -> None:
    drawn = approval(
        script_task("fee", "fee = ${12}"), external_task("stamp", "stamping", mapped(left("stamp_number", "${stamp}")))
    )
    opened(served, drawn)
    task = work(served, "stamping")

    forged = {"workerId": "w", "variables": brought(fee=1)}
    assert says(served, f"/external-task/{task}/complete", forged)[0] == 403
    own = {"workerId": "w", "variables": brought(stamp="7", stamp_number="7")}
    assert says(served, f"/external-task/{task}/complete", own)[0] == 204
    assert variables(served)["stamp_number"] == "7"


def test_what_the_output_parameters_of_a_piece_of_work_name_is_its_to_bring(served: Served) -> None:
    opened(served, approval(external_task("ask", "registry", mapped(left("company", "${company}")))))

    body = {"workerId": "w", "variables": brought(company="核准后的名称")}
    assert says(served, f"/external-task/{work(served)}/complete", body)[0] == 204

    assert variables(served)["company"] == "核准后的名称"


def test_a_form_that_only_shows_a_value_does_not_hold_it(served: Served) -> None:
    shown = {"id": "f3", "type": "number", "key": "score", "label": "信用分", "disabled": True}
    form = REVIEW_FORM | {"components": [*REVIEW_FORM["components"], shown]}
    opened(served, approval(external_task("ask", "registry")))
    served.deploy(review_form=json.dumps(form).encode())

    body = {"workerId": "w", "variables": brought(score=7)}
    assert says(served, f"/external-task/{work(served)}/complete", body)[0] == 204


def test_a_form_deployed_since_counts_too(served: Served) -> None:
    opened(served, approval(external_task("ask", "registry")))
    task = work(served)
    refused = {"workerId": "w", "variables": brought(company="x")}
    assert says(served, f"/external-task/{task}/complete", refused)[0] == 403

    added = {"id": "f3", "type": "number", "key": "score", "label": "评分"}
    form = REVIEW_FORM | {"components": [*REVIEW_FORM["components"], added]}
    served.deploy(review_form=json.dumps(form).encode())

    body = {"workerId": "w", "variables": brought(score=7)}
    assert says(served, f"/external-task/{task}/complete", body)[0] == 403


CHECKED = straight(
    external_task("ask", "registry"),
    user_task("hear", properties(act="hear"), candidateGroups="taxation", formRef="hearing", formRefBinding="latest"),
    key="checked",
)
RECORD = {"id": "f2", "type": "textfield", "key": "record", "label": "听证笔录", "validate": {"required": True}}
HEARING_FORM = REVIEW_FORM | {"id": "hearing", "components": [RECORD]}


def test_a_called_process_holds_what_its_caller_holds_and_the_other_way_round(served: Served) -> None:
    calls = call("check", "checked", mapped_in(variables="all"), mapped_in(source="company", target="asked_of"))
    number = opened(
        served,
        approval(receive_task("wait", "found"), calls),
        checked_bpmn=CHECKED,
        hearing_form=json.dumps(HEARING_FORM).encode(),
    )

    assert through(served, "message", number, brought(record="并无异议"))[0] == 403
    assert through(served, "message", number, brought(score=1))[0] == 204
    task = work(served)
    for name in ("company", "finding", "agreed", "record", "asked_of"):
        body = {"workerId": "w", "variables": brought(**{name: "x"})}
        assert says(served, f"/external-task/{task}/complete", body)[0] == 403, name


def test_whose_turn_it_is_in_a_loop_is_not_changed_from_outside(served: Served) -> None:
    each = multi_instance(collection="${departments}", elementVariable="department")
    number = opened(served, approval(receive_task("wait", "found"), external_task("ask", "registry", each)))
    listed = {"departments": {"value": '["taxation"]', "type": "Json"}}
    assert through(served, "message", number, listed)[0] == 204

    body = {"workerId": "w", "variables": brought(department="bank")}
    assert says(served, f"/external-task/{work(served)}/complete", body)[0] == 403


def test_a_signal_that_one_receiver_refuses_reaches_nobody(served: Served) -> None:
    opened(served, approval(catch("wait", signal("found"))))
    served.deploy(tried_bpmn=straight(catch("wait", signal("found")), user_task("after"), key="tried"))
    served.person("designer").post("/engine-rest/process-definition/key/tried/start")

    refused = says(served, "/signal", {"name": "found", "variables": brought(company="另一家公司")})

    assert (refused[0], queued(served)) == (403, 0)
    assert says(served, "/signal", {"name": "found", "variables": brought(score=1)})[0] == 204
    assert queued(served) == 2


def test_a_process_without_a_case_takes_every_name(served: Served) -> None:
    opened(served, approval(receive_task("wait", "found")))
    served.deploy(tried_bpmn=straight(external_task("ask", "registry"), user_task("after"), key="tried"))
    served.person("designer").post("/engine-rest/process-definition/key/tried/start")

    body = {"workerId": "w", "variables": brought(company="另一家公司", case_number="1")}
    assert says(served, f"/external-task/{work(served)}/complete", body)[0] == 204


def test_what_a_diagram_sends_to_a_case_is_its_designers_will(served: Served) -> None:
    """A boundary event of the same tree hears a message that the process throws with a payload of its own."""
    drawn = diagram(
        start(),
        accept(),
        parallel("fork"),
        REVIEWED,
        boundary("told", "review", signal("inner"), interrupting=False),
        user_task("noted", candidateGroups="window"),
        end("noted-end"),
        external_task("ask", "registry"),
        throw("throw", signal("inner", mapped_in(sourceExpression="${score}", target="finding"))),
        end("asked"),
        end(),
        flows("start", "accept", "fork", "review", "end"),
        flows("fork", "ask", "throw", "asked"),
        flows("told", "noted", "noted-end"),
    )
    opened(served, drawn)

    body = {"workerId": "w", "variables": brought(score=7)}
    assert says(served, f"/external-task/{work(served)}/complete", body)[0] == 204
    assert variables(served)["finding"] == 7


def test_every_variable_that_a_case_begins_with_is_its_own(served: Served) -> None:
    rounds = b"[limits.rounds]\ncoordination = 2\n"
    number = opened(served, approval(receive_task("wait", "found")), item_toml=item() + rounds)
    begun = set(variables(served))
    assert {"company", "case_number", "item", "applicant_name", "submitted_by", "rounds"} <= begun

    for name in begun:
        assert through(served, "message", number, brought(**{name: "x"}))[0] == 403, name


def test_a_supervision_order_begins_with_what_is_its_own(supervised: Served) -> None:
    order = {"department": "taxation", "demand": "请说明原因", "origin": "REPORT", "source": "专报第 3 期"}
    assert supervised.person("supervisor").post("/supervision-orders", order).status_code == 201

    assert set(variables(supervised)) == held_variables.OF_ORDERS


def test_completing_a_cases_external_task_costs_one_statement_more_at_most(served: Served) -> None:
    steps = [external_task(step, "registry") for step in ("first", "second", "third")]
    opened(served, approval(*steps))
    body = {"workerId": "w", "variables": brought(score=1)}
    assert says(served, f"/external-task/{work(served)}/complete", body)[0] == 204
    second = work(served)

    with statements(served.database.engine) as asked:
        assert says(served, f"/external-task/{second}/complete", body)[0] == 204

    assert len([one for one in asked if "FROM deployment" in one]) == 1
    assert not [one for one in asked if "form_definition" in one]
