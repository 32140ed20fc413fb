"""Registered listeners on a real database: they hear of claims and lateness, and refuse whole commands."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine import deployments, user_tasks
from engine.diagram.model import Heard
from engine.errors import DiagramRefused, ListenerFailed
from engine.ports import Submission
from engine.transaction import Database
from tests.diagrams import straight, task_listener, timer, user_task
from tests.scenario import REGION, Scenario
from tests.world import World


def note(variables: Mapping[str, object], *, heard: Heard) -> Mapping[str, object]:
    """Keeps what was heard in a list."""
    before = variables.get("heard")
    return {"heard": [*(before if isinstance(before, list) else []), heard.moment]}


def refuse(variables: Mapping[str, object], *, heard: Heard) -> Mapping[str, object]:
    raise ValueError("not before the fee is paid")


@pytest.fixture
def listening(database: Database, world: World) -> Scenario:
    database.ports = replace(database.ports, diagram_listeners={"note": note, "refuse": refuse})
    return Scenario(database, world)


def test_a_claim_and_a_handing_on_are_heard_of(listening: Scenario) -> None:
    told = [task_listener(moment, "note") for moment in ("create", "assignment", "update", "complete")]
    listening.deploy(straight(user_task("review", told), user_task("after")))
    listening.start()
    with listening.database.begin(listening.actor) as tx:
        user_tasks.claim(tx, listening.task("review"))

    listening.complete("review")

    assert listening.variables()["heard"] == ["create", "update", "assignment", "complete"]


@pytest.mark.parametrize(
    ("definition", "times"), [({"duration": "P1D"}, 1), ({"cycle": "R/P1D"}, 3)], ids=["once", "cycle"]
)
def test_a_timeout_is_heard_of_when_it_comes(listening: Scenario, definition: dict[str, str], times: int) -> None:
    late = task_listener("timeout", "note", timer(**definition), id="late")
    listening.deploy(straight(user_task("review", late), user_task("after")))
    listening.start()

    for _ in range(3):
        listening.time_passes(days=1)

    assert listening.variables()["heard"] == ["timeout"] * times
    assert listening.waits_at() == ["review"]
    listening.complete("review")
    assert "job" not in listening.open_work()


def test_a_listener_that_refuses_leaves_the_task_open(listening: Scenario) -> None:
    listening.deploy(straight(user_task("review", task_listener("complete", "refuse")), user_task("after")))
    listening.start()

    with pytest.raises(ListenerFailed, match="fee"), listening.database.begin(listening.actor) as tx:
        user_tasks.complete(tx, listening.task("review"), Submission({"agreed": True}))

    assert listening.waits_at() == ["review"]
    assert listening.variables() == {}


def test_a_deployment_names_registered_listeners_only(listening: Scenario) -> None:
    drawn = straight(user_task("review", task_listener("create", "gone")))

    with pytest.raises(DiagramRefused) as refusal, listening.database.begin(listening.actor) as tx:
        deployments.deploy(tx, {"a.bpmn": drawn}, region=REGION)

    [fault] = refusal.value.faults
    assert (fault.element_id, "note, refuse" in fault.sentence.en) == ("review", True)
