"""What an activity begins with and leaves behind, on a real database: local variables, results of handlers."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from engine.store.values import value_of
from engine.tables import Variable, VariableChange
from tests.diagrams import catch, delegate_task, element, external_task, given, left, mapped, straight, timer, user_task
from tests.scenario import Scenario


def local_variables(scenario: Scenario) -> dict[str, object]:
    """The present variables of the case that are not the process's own."""
    with scenario.database.view(scenario.actor) as tx:
        rows = tx.session.scalars(select(Variable).where(Variable.scope_id != scenario.root_id)).all()
        return {row.name: value_of(row) for row in rows}


def test_local_variables_end_with_their_activity_and_stay_in_the_history(scenario: Scenario) -> None:
    scenario.deploy(
        straight(
            user_task("review", mapped(given("draft", "${item}"), left("title", "${draft} 已审"))), user_task("after")
        )
    )
    scenario.start(item="食品")
    assert local_variables(scenario) == {"draft": "食品"}

    scenario.complete("review", draft="药品")

    assert local_variables(scenario) == {}
    assert scenario.variables()["title"] == "药品 已审"
    with scenario.database.view(scenario.actor) as tx:
        drafts = tx.session.scalars(
            select(VariableChange).where(VariableChange.name == "draft").order_by(VariableChange.seq)
        )
        assert [value_of(row) for row in drafts] == ["食品", "药品"]


def test_a_timer_reads_the_inputs_of_its_event(scenario: Scenario) -> None:
    scenario.deploy(
        straight(catch("pause", timer(duration="${wait}"), mapped(given("wait", "P${days}D"))), user_task("after"))
    )
    scenario.start(days=2)

    scenario.time_passes(days=2, milliseconds=-1)
    assert scenario.waits_at() == []
    scenario.time_passes(milliseconds=1)
    assert scenario.waits_at() == ["after"]


def test_a_handler_sees_the_inputs_and_its_result_variable_receives_what_it_returns(scenario: Scenario) -> None:
    def seal(variables: Mapping[str, object], *, key: str) -> Mapping[str, object]:
        return {"number": f"{variables['prefix']}-1", "copies": 2}

    scenario.database.ports = replace(scenario.database.ports, delegates={"seal": seal})
    printed = delegate_task(
        "print", "seal", mapped(given("prefix", "${year}"), left("slip", "${seal.number}")), resultVariable="seal"
    )
    scenario.deploy(straight(printed, user_task("after")))
    scenario.start(year="2026")

    scenario.due_work_runs()

    assert scenario.waits_at() == ["after"]
    assert scenario.variables() == {"year": "2026", "seal": {"number": "2026-1", "copies": 2}, "slip": "2026-1"}


def test_a_worker_is_handed_the_inputs(scenario: Scenario) -> None:
    roles = element("camunda:list", element("camunda:value", "fire"), element("camunda:value", "${lead}"))
    scenario.deploy(straight(external_task("notify", "mail", mapped(given("to", roles))), user_task("after")))
    scenario.start(lead="housing")

    scenario.worker_fetches("mail")

    assert local_variables(scenario) == {"to": ["fire", "housing"]}
