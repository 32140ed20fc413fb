"""The parallel gateway: a join fires when as many tokens have come as it has incoming flows (Camunda 7)."""

from tests.contract.conftest import Run
from tests.diagrams import diagram, end, exclusive, flow, flows, parallel, script_task, start, user_task


def tasks(names: str) -> list[object]:
    return [user_task(name) for name in names.split()]


def test_a_split_runs_its_branches_in_document_order_and_the_join_waits_for_all(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        parallel("j"),
        *tasks("a b t"),
        end(),
        flows("start", "g", "a", "j"),
        flows("g", "b", "j"),
        flows("j", "t", "end"),
    )
    case = run(xml).start()
    assert case.trace[2:] == [">start-g", "+g", "-g", ">g-a", ">g-b", "+a", "+b"]
    assert case.complete("a", va=1).tree == "b, j"
    assert case.complete("b", vb=2).tree == "t"
    assert case.trace == ["=vb", "-b", ">b-j", "-j", ">j-t", "+t"]
    assert case.variables == {"va": 1, "vb": 2}
    assert case.complete("t").has_ended


def test_neither_branch_overwrites_what_the_other_wrote(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("m"),
        parallel("g"),
        parallel("j"),
        exclusive("x", default="x-end"),
        *tasks("a b t"),
        end(),
        flows("start", "m", "g", "a", "j"),
        flows("g", "b", "j", "t", "x"),
        flow("x", "m", "${!(okA && okB)}"),
        flow("x", "end"),
    )
    case = run(xml).start().complete("a", okA=False).complete("b", okB=True).complete("t")
    assert case.tree == "a, b"
    case.complete("a", okA=True).complete("b", okB=True).complete("t")
    assert case.has_ended


def test_each_branch_runs_as_far_as_it_can_before_the_next(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        parallel("j"),
        *[script_task(name, f"x = ${{'{name}'}}") for name in ("a", "a2", "b", "b2")],
        user_task("t"),
        end(),
        flows("start", "g", "a", "a2", "j"),
        flows("g", "b", "b2", "j"),
        flows("j", "t", "end"),
    )
    case = run(xml).start()
    begun = [step for step in case.trace if step[0] == "+"]
    assert begun == ["+start", "+g", "+a", "+a2", "+j", "+b", "+b2", "+t"]
    assert case.variables == {"x": "b2"}


def test_a_split_and_join_in_a_loop(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("m"),
        exclusive("x", default="x-end"),
        parallel("g"),
        parallel("j"),
        *tasks("a b"),
        end(),
        flows("start", "m", "g", "a", "j"),
        flows("g", "b", "j", "x"),
        flow("x", "m", "${again}"),
        flow("x", "end"),
    )
    case = run(xml).start()
    for _ in range(3):
        assert case.complete("a", again=True).tree == "b, j"
        assert case.complete("b", again=True).tree == "a, b"
    assert case.complete("a", again=False).complete("b", again=False).has_ended


def test_a_loop_inside_one_branch(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("m"),
        exclusive("x", default="x-j"),
        parallel("g"),
        parallel("j"),
        *tasks("a b t"),
        end(),
        flows("start", "g", "m", "a", "x"),
        flow("x", "m", "${again}"),
        flow("x", "j"),
        flows("g", "b", "j", "t", "end"),
    )
    case = run(xml).start()
    assert case.complete("a", again=True).tree == "a, b"
    assert case.complete("b").tree == "a, j"
    assert case.complete("a", again=True).tree == "a, j"
    assert case.complete("a", again=False).tree == "t"


EXCESS = diagram(
    start(),
    exclusive("xm"),
    parallel("g"),
    parallel("j"),
    *tasks("a b c t"),
    end(),
    flows("start", "g", "a", "xm"),
    flows("g", "b", "xm", "j"),
    flows("g", "c", "j", "t", "end"),
)


def test_a_join_counts_tokens_and_not_the_flows_they_came_by(run: Run) -> None:
    case = run(EXCESS).start().complete("a")
    assert case.tree == "b, c, j"
    assert case.complete("b").tree == "c, t"
    assert case.complete("c").tree == "j, t"
    assert case.complete("t").tree == "j"
    assert not case.has_ended


def test_a_token_after_the_join_has_fired_waits_for_the_next_round(run: Run) -> None:
    case = run(EXCESS).start().complete("a").complete("c")
    assert case.tree == "b, t"
    assert case.complete("b").complete("t").tree == "j"
    assert not case.has_ended


def test_an_exclusive_split_before_a_parallel_join_is_a_deadlock(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("x", default="x-b"),
        parallel("j"),
        *tasks("a b t"),
        end(),
        flows("start", "x"),
        flow("x", "a", "${true}"),
        flow("x", "b"),
        flows("a", "j"),
        flows("b", "j", "t", "end"),
    )
    case = run(xml).start().complete("a")
    assert case.tree == "j"
    assert not case.has_ended


def test_empty_branches_are_tokens_too(run: Run) -> None:
    one = diagram(
        start(), parallel("g"), parallel("j"), *tasks("a"), end(), flow("g", "j"), flows("start", "g", "a", "j", "end")
    )
    case = run(one).start()
    assert case.tree == "a, j"
    assert case.complete("a").has_ended
    two = diagram(
        start(),
        parallel("g"),
        parallel("j"),
        end(),
        flow("g", "j", id="one"),
        flow("g", "j", id="two"),
        flows("start", "g"),
        flows("j", "end"),
    )
    assert run(two).start().has_ended


def test_a_gateway_joins_and_splits_at_once(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        parallel("h"),
        *tasks("a b c d"),
        end(),
        flows("start", "g", "a", "h"),
        flows("g", "b", "h", "c", "end"),
        flows("h", "d", "end"),
    )
    case = run(xml).start().complete("a").complete("b")
    assert case.tree == "c, d"
    assert case.complete("c").tree == "d"
    assert case.complete("d").has_ended


def test_one_branch_may_end_beside_a_join(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        parallel("j"),
        *tasks("a b c"),
        end(),
        end("e1"),
        flows("start", "g", "a", "j"),
        flows("g", "b", "j", "end"),
        flows("g", "c", "e1"),
    )
    case = run(xml).start().complete("c").complete("a")
    assert case.tree == "b, j"
    assert case.complete("b").has_ended


def test_nested_splits_and_joins(run: Run) -> None:
    xml = diagram(
        start(),
        *[parallel(name) for name in ("g", "g2", "j2", "j")],
        *tasks("a b c t"),
        end(),
        flows("start", "g", "a", "j"),
        flows("g", "g2", "b", "j2"),
        flows("g2", "c", "j2", "j", "t", "end"),
    )
    case = run(xml).start()
    assert case.complete("b").tree == "a, c, j2"
    assert case.complete("c").tree == "a, j"
    assert case.complete("a").tree == "t"
