"""The inclusive gateway: a join waits as long as a token of its scope can still reach it."""

import pytest

from engine.errors import NoFlowTaken
from tests.contract.conftest import Run
from tests.diagrams import (
    boundary,
    diagram,
    end,
    exclusive,
    flow,
    flows,
    inclusive,
    message,
    parallel,
    start,
    sub_process,
    user_task,
)


def tasks(names: str) -> list[object]:
    return [user_task(name) for name in names.split()]


BOTH = (flow("g", "a", "${true}"), flow("g", "b", "${true}"))


@pytest.mark.parametrize(("x", "reached"), [(0, "d"), (1, "a"), (2, "a, b")])
def test_all_true_flows_are_taken_else_the_default_and_the_join_waits_for_those(run: Run, x: int, reached: str) -> None:
    xml = diagram(
        start(),
        inclusive("g", default="g-d"),
        inclusive("j"),
        *tasks("a b d t"),
        end(),
        flows("start", "g"),
        flow("g", "a", "${x > 0}"),
        flow("g", "b", "${x > 1}"),
        flow("g", "d"),
        flows("a", "j"),
        flows("b", "j"),
        flows("d", "j", "t", "end"),
    )
    case = run(xml).start(x=x)
    assert case.tree == reached
    *others, last = case.tasks
    for name in others:
        case.complete(name)
        assert "j" in case.tree
    assert case.complete(last).tree == "t"


def test_without_a_true_flow_and_a_default_the_step_is_refused(run: Run) -> None:
    xml = diagram(
        start(),
        inclusive("g"),
        *tasks("a b"),
        flows("start", "g"),
        flow("g", "a", "${false}"),
        flow("g", "b", "${false}"),
    )
    with pytest.raises(NoFlowTaken) as refused:
        run(xml).start()
    assert refused.value.element_id == "g"


def test_a_flow_without_condition_counts_as_true(run: Run) -> None:
    xml = diagram(
        start(),
        inclusive("g", default="g-d"),
        *tasks("a b d"),
        flows("start", "g"),
        flow("g", "a", "${false}"),
        flow("g", "b"),
        flow("g", "d"),
    )
    assert run(xml).start().tree == "b"


ELSEWHERE = diagram(
    start(),
    inclusive("g"),
    inclusive("j"),
    exclusive("x", default="x-j"),
    *tasks("a b t"),
    end(),
    end("e1"),
    flows("start", "g"),
    *BOTH,
    flows("a", "x"),
    flow("x", "e1", "${stop}"),
    flow("x", "j"),
    flows("b", "j", "t", "end"),
)


def test_the_join_waits_for_a_branch_that_may_end_elsewhere(run: Run) -> None:
    case = run(ELSEWHERE).start().complete("b")
    assert case.tree == "a, j"
    assert case.complete("a", stop=False).tree == "t"


def test_the_join_fires_when_the_last_expected_token_ended_elsewhere(run: Run) -> None:
    """Camunda 7 leaves the instance standing at the join for good; BPMN 2.0, 13.4.3 lets it go on, and so do we."""
    assert run(ELSEWHERE).start().complete("b").complete("a", stop=True).tree == "t"


def test_the_join_fires_when_the_expected_activity_was_interrupted(run: Run) -> None:
    xml = diagram(
        start(),
        inclusive("g"),
        inclusive("j"),
        *tasks("a b h t"),
        boundary("ba", "a", message("stop")),
        end(),
        end("e1"),
        flows("start", "g"),
        *BOTH,
        flows("a", "j"),
        flows("b", "j", "t", "end"),
        flows("ba", "h", "e1"),
    )
    case = run(xml).start().complete("b")
    assert case.tree == "a, j"
    assert case.message("stop").tree == "h, t"


def test_a_split_and_join_in_a_loop(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("m"),
        exclusive("x", default="x-end"),
        inclusive("g"),
        inclusive("j"),
        *tasks("a b"),
        end(),
        flows("start", "m", "g"),
        *BOTH,
        flows("a", "j"),
        flows("b", "j", "x"),
        flow("x", "m", "${again}"),
        flow("x", "end"),
    )
    case = run(xml).start()
    for _ in range(3):
        assert case.complete("a", again=True).tree == "b, j"
        assert case.complete("b", again=True).tree == "a, b"
    assert case.complete("a", again=False).complete("b").has_ended


def test_a_loop_of_which_one_branch_is_taken(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("m"),
        exclusive("x", default="x-end"),
        inclusive("g"),
        inclusive("j"),
        *tasks("a b"),
        end(),
        flows("start", "m", "g"),
        flow("g", "a", "${true}"),
        flow("g", "b", "${false}"),
        flows("a", "j"),
        flows("b", "j", "x"),
        flow("x", "m", "${again}"),
        flow("x", "end"),
    )
    case = run(xml).start()
    assert case.complete("a", again=True).tree == "a"
    assert case.complete("a", again=False).has_ended


def test_the_join_waits_for_a_branch_that_loops_before_it(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("m"),
        exclusive("x", default="x-j"),
        inclusive("g"),
        inclusive("j"),
        *tasks("a b t"),
        end(),
        flows("start", "g"),
        flow("g", "a", "${true}"),
        flow("g", "m", "${true}"),
        flows("m", "b", "x"),
        flow("x", "m", "${again}"),
        flow("x", "j"),
        flows("a", "j", "t", "end"),
    )
    case = run(xml).start().complete("a")
    assert case.complete("b", again=True).tree == "b, j"
    assert case.complete("b", again=True).tree == "b, j"
    assert case.complete("b", again=False).tree == "t"


@pytest.mark.parametrize(("v", "taken"), [(1, "b"), (2, "b2")])
def test_the_join_follows_a_parallel_and_an_exclusive_split(run: Run, v: int, taken: str) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        exclusive("x", default="x-b2"),
        inclusive("j"),
        *tasks("a b b2 t"),
        end(),
        flows("start", "g", "a", "j"),
        flows("g", "x"),
        flow("x", "b", "${v == 1}"),
        flow("x", "b2"),
        flows("b", "j"),
        flows("b2", "j", "t", "end"),
    )
    case = run(xml).start(v=v).complete("a")
    assert case.tree == f"{taken}, j"
    assert case.complete(taken).tree == "t"


def test_the_join_waits_for_a_long_branch(run: Run) -> None:
    xml = diagram(
        start(),
        inclusive("g"),
        inclusive("j"),
        *tasks("a b b2 b3 t"),
        end(),
        flows("start", "g"),
        *BOTH,
        flows("b", "b2", "b3", "j"),
        flows("a", "j", "t", "end"),
    )
    case = run(xml).start().complete("a").complete("b").complete("b2")
    assert case.tree == "b3, j"
    assert case.complete("b3").tree == "t"


def test_the_join_fires_for_as_many_tokens_as_it_has_flows_and_again_for_the_rest(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("xm"),
        parallel("g"),
        inclusive("j"),
        *tasks("a b c t"),
        end(),
        flows("start", "g", "a", "xm"),
        flows("g", "b", "xm", "j"),
        flows("g", "c", "j", "t", "end"),
    )
    case = run(xml).start()
    assert case.complete("a").tree == "b, c, j"
    assert case.complete("b").tree == "c, t"
    assert case.complete("c").tree == "t, t"


def test_a_token_behind_the_join_that_can_come_back_does_not_stop_a_lone_one(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        inclusive("j"),
        exclusive("m"),
        exclusive("x", default="x-end"),
        *tasks("a b r t"),
        end(),
        flows("start", "g", "a", "j"),
        flows("g", "b", "j", "t", "x"),
        flow("x", "m", "${again}"),
        flows("m", "r", "j"),
        flow("x", "end"),
    )
    case = run(xml).start().complete("a").complete("b")
    assert case.complete("t", again=True).tree == "r"
    assert case.complete("r").tree == "t"
    assert case.complete("t", again=False).has_ended


def test_a_token_elsewhere_in_the_process_does_not_stop_the_join(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g0"),
        parallel("j0"),
        inclusive("g"),
        inclusive("j"),
        *tasks("w a b t"),
        end(),
        flows("start", "g0", "w", "j0"),
        flows("g0", "g"),
        *BOTH,
        flows("a", "j"),
        flows("b", "j", "t", "j0", "end"),
    )
    case = run(xml).start().complete("a").complete("b")
    assert case.tree == "t, w"
    assert case.complete("t").complete("w").has_ended


def test_two_joins_that_each_can_reach_the_other_wait_for_good(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        inclusive("j1"),
        inclusive("j2"),
        exclusive("x1", default="x1-end"),
        exclusive("x2", default="x2-end"),
        *tasks("a b"),
        end(),
        flows("start", "g", "a", "j1", "x1"),
        flows("g", "b", "j2", "x2"),
        flow("x1", "j2", "${false}"),
        flow("x2", "j1", "${false}"),
        flow("x1", "end"),
        flow("x2", "end"),
    )
    assert run(xml).start().complete("a").complete("b").tree == "j1, j2"


def test_a_join_in_a_sub_process_looks_at_its_own_scope(run: Run) -> None:
    inside = sub_process(
        "sp",
        start("s1"),
        inclusive("g"),
        inclusive("j"),
        *tasks("a b t"),
        end("e1"),
        flows("s1", "g"),
        *BOTH,
        flows("a", "j"),
        flows("b", "j", "t", "e1"),
    )
    case = run(diagram(start(), inside, end(), flows("start", "sp", "end"))).start()
    assert case.complete("a").tree == "sp[b, j]"
    assert case.complete("b").tree == "sp[t]"
    assert case.complete("t").has_ended
