"""What can undo an activity, and what becomes of it when it fails or is interrupted."""

import pytest

from tests.contract.conftest import Run
from tests.contract.undoing import UNDO, booking, straight_through, undoable
from tests.diagrams import (
    boundary,
    call,
    compensation,
    delegate_task,
    diagram,
    end,
    error,
    exclusive,
    external_task,
    flow,
    flows,
    message,
    multi_instance,
    parallel,
    start,
    sub_process,
    terminate,
    throw,
    undone_by,
    user_task,
)

HANDLERS = {
    "external task": external_task("undo_a", "undo"),
    "delegate": delegate_task("undo_a", "undo"),
    "call": call("undo_a", "other"),
    "multi-instance": user_task("undo_a", multi_instance(cardinality=1)),
    "sub-process": sub_process("undo_a", start("us"), user_task("inside"), end("ue"), flows("us", "inside", "ue")),
}


@pytest.mark.parametrize("kind", HANDLERS)
def test_any_activity_can_be_a_handler(run: Run, kind: str) -> None:
    xml = straight_through(user_task("a"), undone_by(HANDLERS[kind], "a"), UNDO, before=("a",))
    case = run(xml).start().complete("a")
    assert case.complete("inside" if kind == "sub-process" else "undo_a").tree == "after"


def test_a_handler_may_be_asynchronous(run: Run) -> None:
    xml = straight_through(
        user_task("a"), undone_by(user_task("undo_a", asyncBefore=True, asyncAfter=True), "a"), UNDO, before=("a",)
    )
    case = run(xml).start().complete("a").go_on("undo_a").complete("undo_a")
    assert case.tree == "undo"
    assert case.go_on("undo_a").tree == "after"


def test_an_activity_that_ends_asynchronously_can_be_undone_at_once(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("split"),
        *undoable("a", asyncAfter=True),
        user_task("b"),
        UNDO,
        end("one"),
        end("two"),
        flows("start", "split", "a", "one"),
        flows("split", "b", "undo", "two"),
    )
    case = run(xml).start().complete("a").complete("b")
    assert case.tasks == ["undo_a"]
    assert case.complete("undo_a").go_on("a").has_ended


def test_an_error_of_a_handler_is_caught_around_the_event_that_threw(run: Run) -> None:
    inner = sub_process(
        "inner", start("s"), *undoable("b"), throw("undo", compensation()), end("e"), flows("s", "b", "undo", "e")
    )
    xml = straight_through(
        inner,
        boundary("caught", "inner", error("stuck")),
        user_task("answer"),
        end("answered"),
        flows("caught", "answer", "answered"),
        before=(),
        then="inner",
    )
    case = run(xml).start().complete("b").fail_with("undo_b", "stuck")
    assert case.tree == "answer"
    assert case.ends_of("undo_b") == ["cancelled"]


def test_an_activity_does_not_catch_what_its_own_handler_throws(run: Run) -> None:
    xml = straight_through(
        *undoable("a"),
        boundary("caught", "a", error("stuck")),
        end("answered"),
        flow("caught", "answered"),
        UNDO,
        before=("a",),
    )
    case = run(xml).start().complete("a").fail_with("undo_a", "stuck")
    assert case.error == ("stuck", None)


def test_a_boundary_event_of_a_handler_goes_on_within_the_compensation(run: Run) -> None:
    xml = straight_through(
        *undoable("a"),
        *undoable("b"),
        boundary("late", "undo_b", message("late")),
        user_task("remind"),
        end("reminded"),
        flows("late", "remind", "reminded"),
        UNDO,
        before=("a", "b"),
    )
    case = run(xml).start().complete("a").complete("b").message("late")
    assert case.tree == "remind, undo"
    assert case.complete("remind").tree == "undo, undo_a"


def test_what_a_handler_does_is_not_undone(run: Run) -> None:
    handler = sub_process("undo_a", start("us"), *undoable("inside"), end("ue"), flows("us", "inside", "ue"))
    xml = straight_through(
        user_task("a"), undone_by(handler, "a"), throw("first", compensation()), UNDO, before=("a", "first")
    )
    assert run(xml).start().complete("a").complete("inside").tree == "after"


def test_ending_the_scope_forgets_what_could_have_been_undone(run: Run) -> None:
    case = run(diagram(start(), booking(), end(), flows("start", "booking", "end"))).start()
    case.complete("hotel").complete("flight")
    assert case.has_ended
    assert case.ends_of("undo_hotel") == []


def test_a_terminated_sub_process_has_completed(run: Run) -> None:
    inner = sub_process("inner", start("s"), *undoable("b"), end("stop", terminate()), flows("s", "b", "stop"))
    case = run(straight_through(inner, UNDO, before=("inner",))).start().complete("b")
    assert case.tasks == ["undo_b"]


def test_an_interrupted_sub_process_is_not_undone(run: Run) -> None:
    late = [boundary("late", "booking", message("late")), flow("late", "merge"), exclusive("merge")]
    case = run(straight_through(booking(), *late, UNDO, before=("booking", "merge"))).start().complete("hotel")
    assert case.message("late").tree == "after"
