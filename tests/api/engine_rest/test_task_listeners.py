"""Task listeners hear every change of a task, by whichever door: `update` of each, `assignment` of a new assignee
(Camunda 7.24, User Task Events). Nothing is changed while the instance is suspended."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from casework.people import Appointment, NewPerson, enter
from casework.tables import Role
from engine import instances
from engine.diagram.model import Heard
from engine.ports import ENGINE
from engine.queries import scopes
from engine.store.values import value_of
from engine.tables import ProcessInstance
from tests.diagrams import straight, task_listener, user_task
from tests.served import PDF, Person, Served

MOMENTS = ("assignment", "update")


def note(variables: Mapping[str, object], *, heard: Heard) -> Mapping[str, object]:
    """Keeps what was heard in a list."""
    before = variables.get("heard")
    return {"heard": [*(before if isinstance(before, list) else []), heard.moment]}


@pytest.fixture
def listening(served: Served) -> Served:
    """A process that somebody tries out, whose only task stands in the inbox of the taxation department."""
    served.database.ports = replace(served.database.ports, diagram_listeners={"note": note})
    begin(served, *(task_listener(moment, "note") for moment in MOMENTS))
    return served


@pytest.fixture
def silent(served: Served) -> Served:
    """The same process, to which nobody listens."""
    begin(served)
    return served


def begin(served: Served, *told: Any) -> None:
    step = user_task("check", told, candidateGroups="taxation")
    served.deploy(tried_bpmn=straight(step, user_task("after", candidateGroups="window"), key="tried"))
    started = served.person("designer").post("/engine-rest/process-definition/key/tried/start")
    assert started.status_code == 200, started.text


def the_task(served: Served) -> str:
    [row] = served.person("taxation-head").json("/engine-rest/task")
    return str(row["id"])


def heard(served: Served) -> list[object]:
    """What listeners have heard since this was asked last."""
    with served.database.begin(ENGINE) as tx:
        instance = tx.session.scalars(select(ProcessInstance)).one()
        said = scopes.visible(tx, [instance.id], ["heard"]).get("heard")
        found = [] if said is None else value_of(said)
        instances.set_variables(tx, instance.id, {"heard": []})
    assert isinstance(found, list)
    return found


Act = Callable[[Person, str], Any]


def posts(path: str, **body: Any) -> Act:
    return lambda person, task: person.post(path.format(task=task), body)


def puts(path: str, **body: Any) -> Act:
    return lambda person, task: person.put(path.format(task=task), body)


TASK, INBOX = "/engine-rest/task/{task}", "/inbox/{task}"
REASON = {"reason": "出差"}
GIVEN: dict[str, Act] = {
    "claim": posts(f"{TASK}/claim", userId="taxation-head"),
    "claim for another": posts(f"{TASK}/claim", userId="taxation"),
    "assignee": posts(f"{TASK}/assignee", userId="taxation"),
    "identity link": posts(f"{TASK}/identity-links", userId="taxation", type="assignee"),
    "task": puts(TASK, assignee="taxation"),
    "delegate": posts(f"{TASK}/delegate", userId="taxation"),
    "the office's claim": posts(f"{INBOX}/claim"),
    "the office's assign": posts(f"{INBOX}/assign", assignee="taxation"),
    "the office's transfer": posts(f"{INBOX}/transfer", to={"login": "taxation"}, **REASON),
    "the office's delegate": posts(f"{INBOX}/delegate", to="taxation", **REASON),
}
TAKEN: dict[str, Act] = {
    "unclaim": posts(f"{TASK}/unclaim"),
    "no assignee": posts(f"{TASK}/assignee"),
    "identity link": posts(f"{TASK}/identity-links/delete", userId="taxation-head", type="assignee"),
    "the office's release": posts(f"{INBOX}/release"),
}
CHANGED: dict[str, Act] = {
    "comment": posts(f"{TASK}/comment/create", message="请核对"),
    "attachment": lambda person, task: person.post(
        f"/engine-rest/task/{task}/attachment/create", {"content": (io.BytesIO(PDF), "a.pdf")}
    ),
    "local variable": puts(f"{TASK}/localVariables/seen", value=1),
}


def does(served: Served, act: Act) -> None:
    answer = act(served.person("taxation-head"), the_task(served))
    assert answer.status_code in (200, 204), answer.text


@pytest.mark.parametrize("act", GIVEN)
def test_whoever_gets_a_task_is_heard_of(listening: Served, act: str) -> None:
    does(listening, GIVEN[act])

    assert heard(listening) == ["update", "assignment"]


@pytest.mark.parametrize("act", TAKEN)
def test_that_nobody_holds_a_task_any_more_is_heard_of(listening: Served, act: str) -> None:
    does(listening, GIVEN["claim"])
    heard(listening)

    does(listening, TAKEN[act])

    assert heard(listening) == ["update", "assignment"]


@pytest.mark.parametrize("act", CHANGED)
def test_what_changes_beside_the_assignee_is_an_update(listening: Served, act: str) -> None:
    does(listening, CHANGED[act])

    assert heard(listening) == ["update"]


def test_comments_and_files_that_are_taken_back_are_updates(listening: Served) -> None:
    head, task = listening.person("taxation-head"), the_task(listening)
    for act in ("comment", "attachment"):
        does(listening, CHANGED[act])
    [comment] = head.json(f"/engine-rest/task/{task}/comment")
    [file] = head.json(f"/engine-rest/task/{task}/attachment")
    heard(listening)

    assert head.put(f"/engine-rest/task/{task}/comment", {"id": comment["id"], "message": "不缺"}).status_code == 204
    assert head("DELETE", f"/engine-rest/task/{task}/comment").status_code == 204
    assert head("DELETE", f"/engine-rest/task/{task}/attachment/{file['id']}").status_code == 204

    assert heard(listening) == ["update"] * 3


def test_a_variable_of_the_process_is_no_change_of_the_task(listening: Served) -> None:
    does(listening, puts(f"{TASK}/variables/seen", value=1))

    assert heard(listening) == []


def test_completing_what_nobody_had_claimed_gives_it_an_assignee_first(listening: Served) -> None:
    does(listening, posts(f"{TASK}/complete"))

    assert heard(listening) == ["update", "assignment"]


def test_completing_what_one_has_claimed_assigns_nothing(listening: Served) -> None:
    does(listening, GIVEN["claim"])
    heard(listening)

    does(listening, posts(f"{TASK}/complete"))

    assert heard(listening) == []


def test_a_delegate_s_answer_is_heard_of(listening: Served) -> None:
    does(listening, GIVEN["delegate"])
    heard(listening)

    answer = listening.person("taxation").post(f"/engine-rest/task/{the_task(listening)}/resolve")

    assert (answer.status_code, heard(listening)) == (204, ["update", "assignment"])


def test_what_a_leaver_hands_over_is_heard_of(listening: Served) -> None:
    with listening.database.begin(ENGINE) as tx:
        post = (Appointment(Role.OFFICER, "taxation"),)
        enter(tx, NewPerson("taxation-second", "温如玉", "科员", post), "no password opens this")
    does(listening, GIVEN["claim"])
    does(listening, GIVEN["delegate"])
    heard(listening)
    admin = listening.person("admin")

    owner = admin.post("/people/taxation-head/hand-over", {"reason": "调岗", "to": "taxation-second"})
    assert (owner.status_code, heard(listening)) == (200, ["update"]), owner.text

    held = admin.post("/people/taxation/hand-over", {"reason": "调岗"})
    assert (held.status_code, heard(listening)) == (200, ["update", "assignment"]), held.text


def suspend(served: Served, *, suspended: bool) -> None:
    with served.database.view(ENGINE) as tx:
        instance_id = tx.session.scalars(select(ProcessInstance.id)).one()
    said = {"suspended": suspended}
    address = f"/engine-rest/process-instance/{instance_id}/suspended"
    assert served.person("admin").put(address, said).status_code == 204


@pytest.mark.parametrize("act", GIVEN)
def test_nobody_gets_a_task_of_a_suspended_instance(silent: Served, act: str) -> None:
    suspend(silent, suspended=True)

    answer = GIVEN[act](silent.person("taxation-head"), the_task(silent))

    is_office = "office" in act
    told = answer.get_json()["code" if is_office else "type"]
    assert (answer.status_code, told) == (
        (409, "suspended") if is_office else (400, "SuspendedEntityInteractionException")
    )
    suspend(silent, suspended=False)
    does(silent, GIVEN[act])


@pytest.mark.parametrize("act", TAKEN)
def test_nobody_gives_back_a_task_of_a_suspended_instance(silent: Served, act: str) -> None:
    does(silent, GIVEN["claim"])
    suspend(silent, suspended=True)

    answer = TAKEN[act](silent.person("taxation-head"), the_task(silent))

    assert answer.status_code == (409 if "office" in act else 400)
    assert silent.person("taxation-head").json(f"/engine-rest/task/{the_task(silent)}")["assignee"]
