"""Restarting what is over (Camunda 7's process instance restart)."""

from typing import Any

import pytest
from sqlalchemy import func, select

from engine import history_deletion, restarts, suspensions
from engine.errors import Conflict, Invalid, NotFound, Suspended
from engine.midst import Beginning
from engine.modifications import StartAfter, StartBefore, StartTransition
from engine.store import contents
from engine.store.values import Binary, TypedValue
from engine.tables import Act, Blob, ProcessInstance, Variable
from tests.diagrams import (
    diagram,
    end,
    event_sub_process,
    flows,
    message,
    parallel,
    start,
    straight,
    sub_process,
    user_task,
)
from tests.scenario import Scenario

CHAIN = straight(user_task("a"), user_task("b"), user_task("c"))


def over(scenario: Scenario, drawn: bytes = CHAIN, **variables: Any) -> str:
    """The id of an instance that was cancelled after its first step."""
    scenario.deploy(drawn)
    scenario.start(business_key="申请-7", **variables)
    scenario.complete("a", decision="yes")
    scenario.cancel()
    return scenario.root_id


def restarted(scenario: Scenario, *beginnings: Beginning, **how: bool) -> Scenario:
    """The same scenario about the instance that does the old one anew."""
    with scenario.database.begin(scenario.actor) as tx:
        scenario.root_id = restarts.restart(tx, scenario.root_id, beginnings, **how).id
    return scenario


def test_it_begins_in_the_midst_with_what_the_old_one_held_last(scenario: Scenario) -> None:
    old = over(scenario, amount=1)
    anew = restarted(scenario, StartBefore("b"))
    assert anew.root_id != old
    assert anew.waits_at() == ["b"]
    assert anew.variables() == {"amount": 1, "decision": "yes"}
    anew.complete("b")
    anew.complete("c")
    assert anew.has_ended()


def test_it_may_begin_with_what_the_old_one_was_started_with(scenario: Scenario) -> None:
    over(scenario, amount=1)
    assert restarted(scenario, StartBefore("a"), initially=True).variables() == {"amount": 1}


def test_several_beginnings_run_side_by_side_in_their_order(scenario: Scenario) -> None:
    over(scenario)
    anew = restarted(scenario, StartAfter("b"), StartTransition("a-b"))
    assert anew.waits_at() == ["b", "c"]


def test_values_keep_their_types(scenario: Scenario) -> None:
    scenario.deploy(CHAIN)
    spelt = TypedValue("Json", '{"b": 1,  "a": 2}')
    scenario.start(parts=spelt, count=TypedValue("Long", "7"), half=0.5, empty=None, at=scenario.world.now)
    held = spellings(scenario)
    scenario.cancel()
    assert held["parts"] == ("Json", spelt.text)
    assert held["count"][0] == "Long"
    assert spellings(restarted(scenario, StartBefore("b"))) == held


def spellings(scenario: Scenario) -> dict[str, tuple[str, str | None]]:
    """The type and the text of each variable as it is stored."""
    kept = select(Variable.name, Variable.type, Variable.text).where(Variable.scope_id == scenario.root_id)
    with scenario.database.view(scenario.actor) as tx:
        return {row.name: (row.type, row.text) for row in tx.session.execute(kept)}


def test_its_files_are_kept_once_and_outlive_the_history_of_the_old_one(scenario: Scenario) -> None:
    scenario.deploy(CHAIN)
    scenario.start(plan=Binary("File", {"filename": "plan.txt"}, content=b"plan"))
    scenario.cancel()
    old = scenario.root_id
    restarted(scenario, StartBefore("b"))
    with scenario.database.begin(scenario.actor) as tx:
        assert tx.session.scalar(select(func.count(Blob.id))) == 1
        history_deletion.delete(tx, old)
    with scenario.database.view(scenario.actor) as tx:
        row = tx.session.get_one(Variable, (scenario.root_id, "plan"))
        assert (row.type, contents.get(tx, row.bytes_id or "").read()) == ("File", b"plan")


def test_its_event_sub_processes_listen(scenario: Scenario) -> None:
    handler = event_sub_process(
        "es", start("called", message("stop")), user_task("h"), end("es-end"), flows("called", "h", "es-end")
    )
    drawn = diagram(start(), user_task("a"), user_task("b"), end(), handler, flows("start", "a", "b", "end"))
    over(scenario, drawn)
    anew = restarted(scenario, StartBefore("b"))
    anew.message("stop")
    assert anew.waits_at() == ["h"]


def test_the_evidence_names_the_old_one_and_the_business_key_stays(scenario: Scenario) -> None:
    old = over(scenario)
    restarted(scenario, StartBefore("b"))
    with scenario.database.view(scenario.actor) as tx:
        act = tx.session.scalars(
            select(Act).where(Act.root_id == scenario.root_id, Act.kind == restarts.RESTARTED)
        ).one()
        instance = tx.session.get_one(ProcessInstance, scenario.root_id)
        assert (act.actor, act.subject, act.new) == (scenario.actor.login, old, "start before b")
        assert (instance.business_key, instance.restarted_from) == ("申请-7", old)
    assert restarted_key(scenario) is None


def restarted_key(scenario: Scenario) -> str | None:
    scenario.cancel()
    restarted(scenario, StartBefore("b"), with_business_key=False)
    with scenario.database.view(scenario.actor) as tx:
        return tx.session.get_one(ProcessInstance, scenario.root_id).business_key


def test_what_runs_is_not_restarted(scenario: Scenario) -> None:
    scenario.deploy(CHAIN)
    scenario.start()
    with pytest.raises(Conflict):
        restarted(scenario, StartBefore("b"))
    assert scenario.waits_at() == ["a"]


def test_nothing_of_a_suspended_definition_is_restarted(scenario: Scenario) -> None:
    over(scenario)
    with scenario.database.begin(scenario.actor) as tx:
        instance = tx.session.get_one(ProcessInstance, scenario.root_id)
        suspensions.turn_definition(tx, instance.definition_id, is_suspended=True)
    with pytest.raises(Suspended):
        restarted(scenario, StartBefore("b"))


def test_a_beginning_that_means_nothing_is_refused(scenario: Scenario) -> None:
    inner = sub_process("sp", start("s1"), user_task("u"), end("e1"), flows("s1", "u", "e1"))
    drawn = diagram(
        start(), user_task("a"), parallel("fork"), inner, user_task("b"), parallel("join"), end(),
        flows("start", "a", "fork", "sp", "join", "end"), flows("fork", "b", "join"),
    )  # fmt: skip
    over(scenario, drawn)
    for beginning in (StartBefore("x"), StartBefore("u"), StartAfter("fork"), StartTransition("x")):
        with pytest.raises(Invalid):
            restarted(scenario, beginning)
    assert restarted(scenario, StartBefore("sp")).waits_at() == ["u"]


def test_what_there_is_not_is_not_restarted(scenario: Scenario) -> None:
    over(scenario)
    scenario.root_id = "none"
    with pytest.raises(NotFound):
        restarted(scenario, StartBefore("a"))
