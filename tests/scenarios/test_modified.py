"""Modifying a running instance (Camunda 7's process instance modification)."""

import pytest
from sqlalchemy import select

from engine import modifications
from engine.errors import Conflict, Invalid, NotFound
from engine.modifications import Cancel, Instruction, StartAfter, StartBefore, StartTransition
from engine.tables import Act, ActivityInstance, InstanceState
from tests.diagrams import (
    diagram,
    end,
    external_task,
    flow,
    flows,
    multi_instance,
    parallel,
    start,
    straight,
    sub_process,
    user_task,
)
from tests.scenario import Scenario

CHAIN = straight(user_task("a"), user_task("b"), user_task("c"))
NESTED = straight(
    sub_process("sp", start("s1"), user_task("u"), user_task("v"), end("e1"), flows("s1", "u", "v", "e1")),
    user_task("after"),
)


def modify(scenario: Scenario, *instructions: Instruction, annotation: str | None = None) -> None:
    with scenario.database.begin(scenario.actor) as tx:
        modifications.modify(tx, scenario.root_id, instructions, annotation)


def visits(scenario: Scenario, activity: str) -> list[str]:
    """The ids of the open visits of an activity, the oldest first."""
    with scenario.database.view(scenario.actor) as tx:
        found = select(ActivityInstance.id).where(
            ActivityInstance.activity_id == activity, ActivityInstance.ended_at.is_(None)
        )
        return list(tx.session.scalars(found.order_by(ActivityInstance.seq)))


def test_a_step_is_taken_back_by_cancelling_it_and_starting_before_an_earlier_one(scenario: Scenario) -> None:
    scenario.deploy(CHAIN)
    scenario.start()
    scenario.complete("a")
    modify(scenario, Cancel("b"), StartBefore("a"))
    assert scenario.waits_at() == ["a"]
    scenario.complete("a")
    assert scenario.waits_at() == ["b"]


def test_a_step_begins_anew_when_it_is_cancelled_and_started_again(scenario: Scenario) -> None:
    scenario.deploy(CHAIN)
    scenario.start()
    [before] = visits(scenario, "a")
    modify(scenario, Cancel("a"), StartBefore("a"))
    [now] = visits(scenario, "a")
    assert now != before


def test_what_follows_an_activity_or_stands_at_the_end_of_a_flow_begins(scenario: Scenario) -> None:
    scenario.deploy(CHAIN)
    scenario.start()
    modify(scenario, StartAfter("a"), StartTransition("b-c"))
    assert scenario.waits_at() == ["a", "b", "c"]


def test_one_of_several_is_cancelled_by_its_id(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", multi_instance(cardinality=3)), user_task("after")))
    scenario.start()
    first, *_ = [one for one in visits(scenario, "review") if one != body(scenario)]
    modify(scenario, Cancel(id=first))
    assert scenario.waits_at() == ["review", "review"]


def body(scenario: Scenario) -> str:
    with scenario.database.view(scenario.actor) as tx:
        found = select(ActivityInstance.id).where(ActivityInstance.type == "multiInstanceBody")
        return tx.session.scalars(found).one()


def test_one_more_takes_part_in_a_parallel_review_and_all_of_it_is_cancelled_by_its_body(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review", multi_instance(cardinality=2)), user_task("after")))
    scenario.start()
    modify(scenario, StartBefore("review"))
    assert scenario.waits_at() == ["review"] * 3
    modify(scenario, Cancel("review#multiInstanceBody"), StartAfter("review"))
    assert scenario.waits_at() == ["after"]


def test_variables_of_an_instruction_are_there_before_the_activity_begins(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("a"), user_task("b", candidateGroups="${group}"), user_task("c")))
    scenario.start()
    modify(scenario, StartBefore("b", variables={"group": "fire"}))
    assert scenario.waits_at() == ["a", "b"]
    assert scenario.variables() == {"group": "fire"}


def test_an_activity_in_a_running_sub_process_begins_within_it(scenario: Scenario) -> None:
    scenario.deploy(NESTED)
    scenario.start()
    modify(scenario, Cancel("u"), StartBefore("v"))
    assert scenario.waits_at() == ["v"]
    scenario.complete("v")
    assert scenario.waits_at() == ["after"]


def test_in_a_sub_process_that_does_not_run_nothing_begins(scenario: Scenario) -> None:
    scenario.deploy(NESTED)
    scenario.start()
    modify(scenario, Cancel("u"), StartBefore("after"))
    with pytest.raises(Invalid):
        modify(scenario, StartBefore("v"))
    modify(scenario, StartBefore("sp"))
    assert scenario.waits_at() == ["after", "u"]


def test_of_several_running_sub_processes_the_one_that_is_meant_has_to_be_said(scenario: Scenario) -> None:
    scenario.deploy(NESTED)
    scenario.start()
    modify(scenario, StartBefore("sp"))
    first, second = visits(scenario, "sp")
    with pytest.raises(Invalid):
        modify(scenario, StartBefore("v"))
    modify(scenario, StartBefore("v", ancestor_id=second))
    modify(scenario, Cancel(id=first))
    assert scenario.waits_at() == ["u", "v"]


def test_an_instance_of_which_nothing_remains_is_over(scenario: Scenario) -> None:
    scenario.deploy(NESTED)
    scenario.start()
    modify(scenario, Cancel("sp"))
    assert scenario.state() == InstanceState.CANCELLED
    assert scenario.open_work() == {}
    with pytest.raises(Conflict):
        modify(scenario, StartBefore("after"))


def test_a_token_that_waits_for_its_job_is_cancelled(scenario: Scenario) -> None:
    fork = diagram(
        start(),
        parallel("fork"),
        external_task("register", "tax", asyncBefore="true"),
        user_task("review"),
        end(),
        flows("start", "fork", "register", "end"),
        flows("fork", "review", "end"),
    )
    scenario.deploy(fork)
    scenario.start()
    modify(scenario, Cancel("register"))
    assert scenario.open_work()["job"] == 0
    scenario.complete("review")
    assert scenario.has_ended()


@pytest.mark.parametrize(
    "instruction",
    [Cancel("b"), Cancel(id="00000000-0000-7000-8000-000000000000"), StartBefore("x"), StartTransition("x")],
    ids=["nothing open", "no such visit", "no such activity", "no such flow"],
)
def test_what_means_nothing_is_refused_and_changes_nothing(scenario: Scenario, instruction: Instruction) -> None:
    scenario.deploy(CHAIN)
    scenario.start()
    with pytest.raises(Invalid):
        modify(scenario, StartBefore("c"), instruction)
    assert scenario.waits_at() == ["a"]


def test_after_a_step_with_several_ways_on_the_way_has_to_be_said(scenario: Scenario) -> None:
    ways = diagram(
        start(),
        user_task("a"),
        user_task("b"),
        user_task("c"),
        end(),
        flows("start", "a"),
        flow("a", "b", "${way == 'b'}"),
        flow("a", "c", "${way == 'c'}"),
        flows("b", "end"),
        flows("c", "end"),
    )
    scenario.deploy(ways)
    scenario.start()
    with pytest.raises(Invalid):
        modify(scenario, StartAfter("a"))
    modify(scenario, StartTransition("a-c"))
    assert scenario.waits_at() == ["a", "c"]


def test_a_modification_is_evidence_with_its_reason(scenario: Scenario) -> None:
    scenario.deploy(CHAIN)
    scenario.start()
    modify(scenario, Cancel("a"), StartBefore("c"), annotation="误操作更正")
    with scenario.database.view(scenario.actor) as tx:
        act = tx.session.scalars(select(Act).where(Act.kind == "instance.modified")).one()
    assert (act.actor, act.new, act.reason) == ("taxation", "cancel a; start before c", "误操作更正")


def test_what_there_is_not_is_not_modified(scenario: Scenario) -> None:
    with scenario.database.begin(scenario.actor) as tx, pytest.raises(NotFound):
        modifications.modify(tx, tx.new_id(), [Cancel("a")])
