"""Cancelling activity instances and putting tokens before activities, from outside (Camunda 7's modification)."""

import pytest

from engine.errors import Conflict, NotFound
from engine.interpreter.stimulus import Cancelled, StartedBefore
from tests.contract.conftest import Run
from tests.diagrams import (
    boundary,
    diagram,
    end,
    event_sub_process,
    flows,
    message,
    multi_instance,
    parallel,
    start,
    straight,
    sub_process,
    user_task,
)

CHAIN = straight(user_task("a"), user_task("b"), user_task("c"))


def inside(*more: object) -> bytes:
    host = sub_process("sp", *more, start("s1"), user_task("u"), user_task("v"), end("e1"), flows("s1", "u", "v", "e1"))
    return straight(host, user_task("n"))


def test_cancelling_the_instance_cancels_everything_from_the_inside_out(run: Run) -> None:
    handler = event_sub_process(
        "es",
        start("es-start", message("m"), isInterrupting=False),
        user_task("h"),
        end("es-end"),
        flows("es-start", "h", "es-end"),
    )
    xml = diagram(
        start(),
        parallel("g"),
        user_task("a"),
        sub_process("sp", start("s1"), user_task("u"), end("e1"), flows("s1", "u", "e1")),
        end(),
        handler,
        flows("start", "g", "a", "end"),
        flows("g", "sp", "end"),
    )
    case = run(xml).start().message("m").cancel()
    assert case.has_ended
    assert case.error is None
    assert case.trace == ["xa", "xu", "xsp", "xh", "xes"]
    assert sorted(case.cancelled) == ["a", "es-start", "h", "u"]


def test_a_jump_forward_starts_there_and_cancels_here(run: Run) -> None:
    case = run(CHAIN).start().start_before("c").cancel("a")
    assert case.tree == "c"
    assert case.complete("c").has_ended


def test_a_jump_back_in_a_parallel_branch_brings_one_token_to_the_join(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        parallel("j"),
        user_task("a"),
        user_task("b"),
        user_task("t"),
        end(),
        flows("start", "g", "a", "j"),
        flows("g", "b", "j", "t", "end"),
    )
    case = run(xml).start().complete("a").complete("b").start_before("a").cancel("t")
    assert case.complete("a").tree == "j"


def test_cancelling_the_last_token_cancels_the_instance(run: Run) -> None:
    case = run(CHAIN).start().cancel("a")
    assert case.has_ended


def test_a_scope_left_empty_is_cancelled_too(run: Run) -> None:
    case = run(inside()).start().start_before("n").cancel("u")
    assert case.tree == "n"
    assert case.ends_of("sp") == ["cancelled"]


def test_cancelling_one_of_several_leaves_the_others(run: Run) -> None:
    case = run(inside()).start()
    case.start_before("v", scope="sp").cancel("u")
    assert case.tree == "sp[v]"
    assert case.complete("v").tree == "n"


def test_a_sub_process_is_cancelled_with_all_below(run: Run) -> None:
    case = run(inside(multi_instance(cardinality=2))).start().start_before("n").cancel("sp", type="multiInstanceBody")
    assert case.tree == "n"
    assert case.cancelled == ["u", "u"]


def test_an_item_can_be_taken_away_and_the_body_ends_with_the_rest(run: Run) -> None:
    case = run(straight(user_task("u", multi_instance(cardinality=3)), user_task("n"))).start()
    case.cancel("u", nth=1, type="userTask")
    assert case.tree == "u#body[u, u]"
    assert case.complete("u").complete("u").tree == "n"


def test_a_body_is_complete_when_the_last_open_item_is_taken_away_and_others_have_ended(run: Run) -> None:
    """Camunda 7 cancels the whole body then; the other departments' signatures would be lost."""
    case = run(straight(user_task("u", multi_instance(cardinality=2)), user_task("n"))).start()
    assert case.complete("u").cancel("u", type="userTask").tree == "n"


def test_a_body_whose_items_are_all_taken_away_is_cancelled(run: Run) -> None:
    case = run(straight(user_task("u", multi_instance(cardinality=2)), user_task("n"))).start()
    case.cancel("u", type="userTask").cancel("u", type="userTask")
    assert case.has_ended
    assert "+n" not in case.trace


def test_an_item_can_be_added_to_a_running_parallel_body(run: Run) -> None:
    loop = multi_instance(cardinality=2, until="${nrOfCompletedInstances == 3 && loopCounter == 2}")
    case = run(straight(user_task("u", loop), user_task("n"))).start()
    case.start_before("u", scope="u", type="multiInstanceBody")
    assert case.tree == "u#body[u, u, u]"
    assert case.complete("u").complete("u").complete("u").tree == "n"


def test_a_repeated_activity_is_started_with_its_body(run: Run) -> None:
    case = run(straight(user_task("a"), user_task("u", multi_instance(cardinality=2)))).start().start_before("u")
    assert case.tree == "a, u#body[u, u]"


def test_what_does_not_exist_or_does_not_belong_there_is_refused(run: Run) -> None:
    case = run(inside(boundary("b", "u", message("m")))).start()
    scope = case.instances_of("sp")[0]
    for stimulus in (StartedBefore("nothing"), StartedBefore("v", "nothing"), Cancelled("nothing")):
        with pytest.raises(NotFound):
            case.tell(stimulus)
    for stimulus in (StartedBefore("v"), StartedBefore("n", scope), StartedBefore("b", scope)):
        with pytest.raises(Conflict):
            case.tell(stimulus)
    with pytest.raises(NotFound):
        case.tell(Cancelled(case.open("b").id))
