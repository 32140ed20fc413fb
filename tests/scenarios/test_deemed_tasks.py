"""A task that the host deems completed: what nobody did is decided, and the case goes on."""

import pytest

from engine import user_tasks
from engine.errors import Conflict
from engine.ports import ENGINE, Submission
from engine.store import instance_rows
from engine.tables import TaskState, UserTask
from tests.diagrams import diagram, end, exclusive, flow, flows, start, user_task
from tests.scenario import Scenario

DECIDING = diagram(
    start(),
    user_task("review", candidateGroups="fire"),
    exclusive("agreed"),
    user_task("certify", candidateGroups="fire"),
    end(),
    flows("start", "review", "agreed"),
    flow("agreed", "certify", "${opinion == 'agree'}"),
    flow("agreed", "end", "${opinion != 'agree'}"),
    flows("certify", "end"),
)


def deem(scenario: Scenario, task_id: str) -> None:
    with scenario.database.begin(ENGINE) as tx:
        root = instance_rows.lock_tree_of(tx, scenario.root_id)
        task = tx.session.get_one(UserTask, task_id)
        user_tasks.deem_completed(tx, root, task, Submission({"opinion": "agree"}, "deemed", "逾期"))


def test_a_deemed_task_carries_the_case_on_and_stays_with_whoever_held_it(scenario: Scenario) -> None:
    scenario.deploy(DECIDING)
    scenario.start()
    task_id = scenario.task("review")
    with scenario.database.begin(scenario.actor) as tx:
        user_tasks.claim(tx, task_id)

    deem(scenario, task_id)

    assert scenario.waits_at() == ["certify"]
    with scenario.database.view(ENGINE) as tx:
        task = tx.session.get_one(UserTask, task_id)
    assert (task.state, task.outcome, task.comment) == (TaskState.COMPLETED, "deemed", "逾期")
    assert (task.assignee, task.ended_by) == (scenario.actor.login, ENGINE.login)


def test_what_somebody_has_completed_cannot_be_deemed(scenario: Scenario) -> None:
    scenario.deploy(DECIDING)
    scenario.start()
    task_id = scenario.task("review")
    scenario.complete("review", opinion="object")

    with pytest.raises(Conflict):
        deem(scenario, task_id)

    assert scenario.waits_at() == []
