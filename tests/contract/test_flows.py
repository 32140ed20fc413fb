"""Sequence flows: conditions, defaults, implicit splits and merges, the exclusive gateway (Camunda 7)."""

import pytest

from engine.errors import EngineError, ExpressionFailed, NoFlowTaken
from tests.contract.conftest import Run
from tests.diagrams import diagram, end, exclusive, flow, flows, parallel, script_task, start, user_task

A_B_D = (user_task("a"), user_task("b"), user_task("d"), end())
OUT = (flows("a", "end"), flows("b", "end"), flows("d", "end"))


@pytest.mark.parametrize(("v", "reached"), [(1, "a"), (2, "b"), (9, "d")])
def test_an_exclusive_gateway_takes_the_first_true_flow_else_the_default(run: Run, v: int, reached: str) -> None:
    xml = diagram(
        start(),
        exclusive("x", default="x-d"),
        *A_B_D,
        flows("start", "x"),
        flow("x", "a", "${v == 1}"),
        flow("x", "b", "${v == 2}"),
        flow("x", "d"),
        *OUT,
    )
    assert run(xml).start(v=v).tree == reached


def test_an_exclusive_gateway_asks_in_document_order_and_the_default_last(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("x", default="x-d"),
        *A_B_D,
        flows("start", "x"),
        flow("x", "d"),
        flow("x", "b", "${true}"),
        flow("x", "a", "${true}"),
        *OUT,
    )
    assert run(xml).start().tree == "b"


def test_a_condition_behind_the_taken_flow_is_not_evaluated(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("x"),
        *A_B_D,
        flows("start", "x"),
        flow("x", "a", "${true}"),
        flow("x", "b", "${unknown == 1}"),
        *OUT,
    )
    assert run(xml).start().tree == "a"


def test_a_gateway_without_a_way_on_refuses_the_step(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("u"),
        exclusive("x"),
        *A_B_D,
        flows("start", "u", "x"),
        flow("x", "a", "${v == 1}"),
        flow("x", "b", "${v == 2}"),
        *OUT,
    )
    case = run(xml).start(v=3)
    with pytest.raises(NoFlowTaken) as refused:
        case.complete("u")
    assert refused.value.element_id == "x"
    assert case.tree == "u"


@pytest.mark.parametrize("condition", ["${nope == 1}", "${v}"])
def test_a_condition_must_be_known_and_true_or_false(run: Run, condition: str) -> None:
    xml = diagram(
        start(),
        exclusive("x", default="x-b"),
        *A_B_D,
        flows("start", "x"),
        flow("x", "a", condition),
        flow("x", "b"),
        *OUT,
    )
    with pytest.raises(ExpressionFailed) as refused:
        run(xml).start(v="yes")
    assert refused.value.element_id == "x-a"


def test_two_flows_to_one_target_are_two_flows(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("x", default="other"),
        user_task("a"),
        end(),
        flows("start", "x"),
        flow("x", "a", "${v == 1}", id="one"),
        flow("x", "a", id="other"),
        flows("a", "end"),
    )
    assert ">one" in run(xml).start(v=1).trace
    assert ">other" in run(xml).start(v=2).trace


@pytest.mark.parametrize(("v", "reached"), [(1, "a, d"), (2, "b, d"), (3, "d")])
def test_a_task_takes_every_flow_that_holds(run: Run, v: int, reached: str) -> None:
    xml = diagram(
        start(),
        user_task("t"),
        *A_B_D,
        flows("start", "t"),
        flow("t", "a", "${v == 1}"),
        flow("t", "b", "${v == 2}"),
        flow("t", "d"),
        *OUT,
    )
    assert run(xml).start(v=v).complete("t").tree == reached


@pytest.mark.parametrize(("v", "reached"), [(1, "a"), (2, "d")])
def test_a_tasks_default_flow_is_taken_only_for_want_of_others(run: Run, v: int, reached: str) -> None:
    xml = diagram(
        start(),
        user_task("t", default="t-d"),
        *A_B_D,
        flows("start", "t"),
        flow("t", "a", "${v == 1}"),
        flow("t", "d"),
        *OUT,
    )
    assert run(xml).start(v=v).complete("t").tree == reached


def test_a_default_flow_is_not_taken_beside_an_unconditional_one(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("t", default="t-b"),
        *A_B_D,
        flows("start", "t"),
        flow("t", "a", "${false}"),
        flow("t", "b"),
        flow("t", "d"),
        *OUT,
    )
    assert run(xml).start().complete("t").tree == "d"


def test_a_task_whose_conditions_all_fail_cannot_be_left(run: Run) -> None:
    xml = diagram(start(), user_task("t"), *A_B_D, flows("start", "t"), flow("t", "a", "${false}"), *OUT)
    case = run(xml).start()
    with pytest.raises(NoFlowTaken) as refused:
        case.complete("t")
    assert refused.value.element_id == "t"
    assert case.tree == "t"


def test_a_start_event_splits_too(run: Run) -> None:
    xml = diagram(start(), *A_B_D, flows("start", "a"), flows("start", "b"), *OUT)
    assert run(xml).start().tree == "a, b"


def test_a_task_with_two_incoming_flows_runs_once_for_each_token(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        user_task("a"),
        user_task("b"),
        user_task("t"),
        end(),
        flows("start", "g", "a", "t"),
        flows("g", "b", "t", "end"),
    )
    case = run(xml).start().complete("a")
    assert case.tree == "b, t"
    assert case.complete("b").tree == "t, t"
    assert case.complete("t").tree == "t"
    assert case.complete("t").has_ended


def test_an_exclusive_merge_passes_each_token(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        exclusive("m"),
        user_task("a"),
        user_task("b"),
        user_task("t"),
        end(),
        flows("start", "g", "a", "m"),
        flows("g", "b", "m", "t", "end"),
    )
    assert run(xml).start().complete("a").complete("b").tree == "t, t"


def test_a_loop_without_anything_that_waits_is_stopped(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("m"),
        script_task("s", "x = ${x + 1}"),
        exclusive("x", default="x-end"),
        end(),
        flows("start", "m", "s", "x"),
        flow("x", "m", "${x > 0}"),
        flow("x", "end"),
    )
    with pytest.raises(EngineError) as refused:
        run(xml).start(x=1)
    assert refused.value.element_id in {"m", "s", "x"}


@pytest.mark.parametrize(
    ("script", "begun"),
    [("x = ${listOf(x, x)}", "云"), ("x = ${listOf(x)}", "云"), ("y = ${x}", "云" * 90_000)],
    ids=["doubling", "deepening", "repeating"],
)
def test_a_loop_that_writes_without_bound_is_stopped(run: Run, script: str, begun: str) -> None:
    xml = diagram(
        start(), exclusive("m"), script_task("s", script), flows("start", "m", "s"), flow("s", "m", "${true}")
    )
    with pytest.raises(EngineError) as refused:
        run(xml).start(x=begun)
    assert f"“{script[0]}”" in refused.value.detail.en
