"""Compensation: what has completed is undone, the last completed first (BPMN 2.0, 13.4.5; Camunda 7)."""

from typing import Any

import pytest

from tests.contract.case import Case
from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    boundary,
    call,
    compensation,
    delegate_task,
    diagram,
    end,
    error,
    event_sub_process,
    exclusive,
    external_task,
    flow,
    flows,
    message,
    multi_instance,
    parallel,
    script_task,
    start,
    sub_process,
    terminate,
    throw,
    undone_by,
    user_task,
)

UNDO = throw("undo", compensation())


def undoable(id: str, *inside: Any, **attributes: Any) -> list[Any]:
    """A user task, and the user task that undoes it: `book` and `undo_book`."""
    return [user_task(id, *inside, **attributes), undone_by(user_task(f"undo_{id}"), id)]


def straight_through(*nodes: Any, before: tuple[str, ...], then: str = "undo") -> bytes:
    """Start, the nodes named one after another, an event that throws compensation, a task, the end."""
    return diagram(start(), *nodes, user_task("after"), end(), flows("start", *before, then, "after", "end"))


BOOKED = straight_through(*undoable("a"), *undoable("b"), user_task("c"), UNDO, before=("a", "b", "c"))


def test_handlers_run_one_after_another_the_last_completed_first(run: Run) -> None:
    case = run(BOOKED).start().complete("a").complete("b").complete("c")
    assert case.tree == "undo, undo_b"
    assert case.complete("undo_b").tree == "undo, undo_a"
    assert case.complete("undo_a").tree == "after"
    assert case.complete("after").has_ended
    assert case.ends_of("undo_a") == case.ends_of("undo_b") == case.ends_of("undo") == ["ended"]


def test_handlers_that_do_not_wait_run_in_one_step(run: Run) -> None:
    xml = straight_through(
        user_task("a"),
        undone_by(script_task("undo_a", "first = ${last}; last = ${'a'}"), "a"),
        user_task("b"),
        undone_by(script_task("undo_b", "last = ${'b'}"), "b"),
        UNDO,
        before=("a", "b"),
    )
    case = run(xml).start(last="nobody").complete("a").complete("b")
    assert case.tree == "after"
    assert case.variables == {"first": "b", "last": "a"}


def test_what_has_not_completed_is_not_undone(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("split"),
        *undoable("a"),
        *undoable("b"),
        UNDO,
        end("a_end"),
        end("b_end"),
        flows("start", "split", "a", "undo", "a_end"),
        flows("split", "b", "b_end"),
    )
    case = run(xml).start().complete("a")
    assert case.tree == "b, undo, undo_a"
    assert case.complete("undo_a").tree == "b"
    assert case.complete("b").has_ended


def test_without_anything_to_undo_the_event_is_passed(run: Run) -> None:
    xml = straight_through(
        exclusive("way", default="way-undo"), flow("way", "a", "${false}"), *undoable("a"), UNDO, before=("way",)
    )
    assert run(xml).start().tree == "after"


@pytest.mark.parametrize("event", [throw, end], ids=["intermediate", "end"])
def test_one_activity_can_be_named(run: Run, event: Any) -> None:
    xml = diagram(
        start(),
        *undoable("a"),
        *undoable("b"),
        event("undo", compensation("a")),
        flows("start", "a", "b", "undo"),
    )
    case = run(xml).start().complete("a").complete("b")
    assert case.tree == "undo, undo_a"
    assert case.complete("undo_a").has_ended
    assert case.ends_of("undo_b") == []


def test_what_was_undone_is_not_undone_again(run: Run) -> None:
    xml = straight_through(
        *undoable("a"), *undoable("b"), throw("first", compensation("b")), UNDO, before=("a", "b", "first")
    )
    case = run(xml).start().complete("a").complete("b").complete("undo_b")
    assert case.tree == "undo, undo_a"
    assert case.complete("undo_a").tree == "after"
    assert case.ends_of("undo_b") == ["ended"]


def test_a_loop_is_undone_as_often_as_it_was_completed(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("again"),
        *undoable("a"),
        exclusive("enough", default="enough-undo"),
        UNDO,
        end(),
        flows("start", "again", "a", "enough", "undo", "end"),
        flow("enough", "again", "${more}"),
    )
    case = run(xml).start().complete("a", more=True).complete("a", more=True).complete("a", more=False)
    for _ in range(3):
        assert case.tree == "undo, undo_a"
        case.complete("undo_a")
    assert case.has_ended


def test_two_events_do_not_undo_the_same(run: Run) -> None:
    xml = diagram(
        start(),
        *undoable("a"),
        parallel("split"),
        throw("one", compensation()),
        throw("two", compensation()),
        parallel("join"),
        end(),
        flows("start", "a", "split", "one", "join", "end"),
        flows("split", "two", "join"),
    )
    case = run(xml).start().complete("a")
    assert case.tree == "join, one, undo_a"
    assert case.complete("undo_a").has_ended


# Embedded sub-processes


def booking(*handlers: Any, **attributes: Any) -> Element:
    """A sub-process of two tasks that can be undone."""
    return sub_process(
        "booking",
        start("s"),
        *undoable("hotel"),
        *undoable("flight"),
        end("e"),
        flows("s", "hotel", "flight", "e"),
        *handlers,
        **attributes,
    )


def test_a_completed_sub_process_is_undone_part_by_part(run: Run) -> None:
    case = run(straight_through(*undoable("visa"), booking(), UNDO, before=("visa", "booking"))).start()
    case.complete("visa").complete("hotel").complete("flight")
    assert case.tasks == ["undo_flight"]
    assert case.complete("undo_flight").tasks == ["undo_hotel"]
    assert case.complete("undo_hotel").tasks == ["undo_visa"]
    assert case.complete("undo_visa").tree == "after"


def test_handlers_inside_a_sub_process_belong_to_the_visit_that_they_undo(run: Run) -> None:
    case = run(straight_through(booking(), UNDO, before=("booking",))).start()
    (visit,) = case.instances_of("booking")
    case.complete("hotel").complete("flight")
    (undoing,) = (one for one in case.running.values() if one.activity_id == "undo_flight")
    assert undoing.parent_id == visit


def test_a_sub_process_that_has_not_completed_is_not_undone(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("split"),
        booking(),
        user_task("charge"),
        UNDO,
        end("one"),
        end("two"),
        flows("start", "split", "booking", "one"),
        flows("split", "charge", "undo", "two"),
    )
    case = run(xml).start().complete("hotel").complete("charge")
    assert case.tree == "booking[flight]"
    assert case.complete("flight").has_ended


def test_an_event_inside_a_sub_process_reaches_no_further(run: Run) -> None:
    inner = sub_process(
        "inner", start("s"), *undoable("b"), throw("undo", compensation()), end("e"), flows("s", "b", "undo", "e")
    )
    case = run(straight_through(*undoable("a"), inner, before=("a",), then="inner")).start().complete("a").complete("b")
    assert case.tree == "inner[undo, undo_b]"
    assert case.complete("undo_b").tree == "after"


def test_the_handler_of_a_sub_process_goes_in_place_of_those_of_its_parts(run: Run) -> None:
    whole = [booking(), undone_by(user_task("undo_booking"), "booking")]
    case = run(straight_through(*whole, UNDO, before=("booking",))).start().complete("hotel").complete("flight")
    assert case.tree == "undo, undo_booking"
    assert case.complete("undo_booking").tree == "after"


def test_handlers_see_what_the_sub_process_knew_when_it_completed(run: Run) -> None:
    inner = sub_process(
        "inner",
        start("s"),
        script_task("local", "local room = ${wanted}"),
        user_task("book"),
        undone_by(external_task("cancel", "${room}"), "book"),
        end("e"),
        flows("s", "local", "book", "e"),
    )
    xml = straight_through(inner, user_task("c"), UNDO, before=("inner", "c"))
    case = run(xml).start(wanted="101").complete("book").complete("c", wanted="none")
    assert case.open("cancel").attributes["topic"] == "101"
    assert "room" not in case.variables
    assert case.remembered
    assert case.complete("cancel").tree == "after"
    assert not case.remembered


def by_event(*parts: Any) -> Element:
    """A compensation event sub-process with these parts, which begin with `es`."""
    return event_sub_process("undoing", start("es", compensation()), *parts)


def test_a_compensation_event_sub_process_goes_in_place_of_the_handlers(run: Run) -> None:
    undoing = by_event(user_task("record"), end("ee"), flows("es", "record", "ee"))
    case = run(straight_through(booking(undoing), UNDO, before=("booking",))).start()
    assert case.complete("hotel").complete("flight").tasks == ["record"]
    assert case.complete("record").tree == "after"
    assert case.ends_of("undo_hotel") == case.ends_of("undo_flight") == []


def test_a_compensation_event_sub_process_can_throw_for_the_parts(run: Run) -> None:
    undoing = by_event(
        throw("rethrow", compensation("flight")), user_task("record"), end("ee"), flows("es", "rethrow", "record", "ee")
    )
    case = run(straight_through(booking(undoing), UNDO, before=("booking",))).start()
    assert case.complete("hotel").complete("flight").tasks == ["undo_flight"]
    assert case.complete("undo_flight").tasks == ["record"]
    assert case.complete("record").tree == "after"
    assert case.ends_of("undo_hotel") == []


def test_a_compensation_event_sub_process_is_not_armed_while_its_scope_runs(run: Run) -> None:
    undoing = by_event(user_task("record"), end("ee"), flows("es", "record", "ee"))
    case = run(straight_through(booking(undoing), UNDO, before=("booking",))).start()
    assert case.waits_for == []
    assert case.tree == "booking[hotel]"


def test_nested_sub_processes_are_undone_from_the_last_part_to_the_first(run: Run) -> None:
    inner = sub_process("inner", start("is"), *undoable("b"), *undoable("c"), end("ie"), flows("is", "b", "c", "ie"))
    outer = sub_process(
        "outer", start("os"), *undoable("a"), inner, *undoable("d"), end("oe"), flows("os", "a", "inner", "d", "oe")
    )
    case = run(straight_through(outer, UNDO, before=("outer",))).start()
    for name in "abcd":
        case.complete(name)
    for name in "dcba":
        assert case.tasks == [f"undo_{name}"]
        case.complete(f"undo_{name}")
    assert case.tree == "after"


# Event sub-processes


def test_an_interrupting_event_sub_process_undoes_what_had_completed_around_it(run: Run) -> None:
    withdrawn = event_sub_process(
        "withdrawal",
        start("w", message("withdrawn")),
        throw("undo", compensation()),
        end("we"),
        flows("w", "undo", "we"),
    )
    xml = diagram(start(), *undoable("a"), *undoable("b"), end(), flows("start", "a", "b", "end"), withdrawn)
    case = run(xml).start().complete("a").message("withdrawn")
    assert case.tree == "withdrawal[undo, undo_a]"
    assert case.ends_of("b") == ["cancelled"]
    assert case.complete("undo_a").has_ended


def test_an_event_sub_process_undoes_its_own_and_what_is_around_it_in_one_order(run: Run) -> None:
    asked = event_sub_process(
        "asked",
        start("q", message("question"), isInterrupting=False),
        *undoable("answer"),
        user_task("think"),
        throw("undo", compensation()),
        end("qe"),
        flows("q", "answer", "think", "undo", "qe"),
    )
    xml = diagram(
        start(), *undoable("a"), *undoable("b"), user_task("c"), end(), flows("start", "a", "b", "c", "end"), asked
    )
    case = run(xml).start().complete("a").message("question").complete("answer").complete("b").complete("think")
    for name in ("b", "answer", "a"):
        assert [task for task in case.tasks if task.startswith("undo")] == [f"undo_{name}"]
        case.complete(f"undo_{name}")
    assert case.tree == "c"


def test_what_is_not_yet_undone_when_an_event_interrupts_can_still_be_undone(run: Run) -> None:
    failed = event_sub_process(
        "failure", start("f", error("stuck")), throw("rest", compensation()), end("fe"), flows("f", "rest", "fe")
    )
    xml = straight_through(*undoable("a"), *undoable("b"), UNDO, failed, before=("a", "b"))
    case = run(xml).start().complete("a").complete("b").fail_with("undo_b", "stuck")
    assert case.tree == "failure[rest, undo_a]"
    assert case.ends_of("undo_b") == ["cancelled"]
    assert case.complete("undo_a").has_ended


# Multi-instance


def each(sequential: bool = False) -> Element:
    return multi_instance(collection="${rooms}", elementVariable="room", isSequential=sequential)


def test_the_items_of_a_parallel_multi_instance_are_undone_at_once_each_with_its_element(run: Run) -> None:
    booked = [user_task("book", each()), undone_by(external_task("cancel", "${room}"), "book")]
    case = run(straight_through(*booked, UNDO, before=("book",))).start(rooms=["101", "102", "103"])
    for _ in range(3):
        case.complete("book")
    cancelling = [work for work in case.work.values() if work.activity_id == "cancel"]
    assert sorted(str(work.attributes["topic"]) for work in cancelling) == ["101", "102", "103"]
    for _ in range(3):
        case.complete("cancel")
    assert case.tree == "after"
    assert not case.remembered


def test_the_items_of_a_sequential_multi_instance_are_undone_from_the_last_to_the_first(run: Run) -> None:
    booked = [user_task("book", each(sequential=True)), undone_by(external_task("cancel", "${room}"), "book")]
    case = run(straight_through(*booked, UNDO, before=("book",))).start(rooms=["101", "102"])
    case.complete("book").complete("book")
    assert case.open("cancel").attributes["topic"] == "102"
    assert case.complete("cancel").open("cancel").attributes["topic"] == "101"
    assert case.complete("cancel").tree == "after"


def test_a_multi_instance_is_not_undone_before_it_is_complete(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("split"),
        user_task("book", multi_instance(cardinality=2)),
        undone_by(user_task("cancel"), "book"),
        user_task("throw"),
        UNDO,
        end("one"),
        end("two"),
        flows("start", "split", "book", "one"),
        flows("split", "throw", "undo", "two"),
    )
    case = run(xml).start().complete("book").complete("throw")
    assert case.tasks == ["book"]
    assert case.complete("book").has_ended


def test_only_completed_items_are_undone(run: Run) -> None:
    booked = [
        user_task("book", multi_instance(cardinality=3, until="${nrOfCompletedInstances == 2}")),
        undone_by(user_task("cancel"), "book"),
    ]
    case = run(straight_through(*booked, UNDO, before=("book",))).start().complete("book").complete("book")
    assert case.tasks == ["cancel", "cancel"]


def test_each_instance_of_a_multi_instance_sub_process_is_undone_with_its_own_variables(run: Run) -> None:
    inner = sub_process(
        "inner",
        multi_instance(collection="${rooms}", elementVariable="room"),
        start("s"),
        user_task("book"),
        undone_by(external_task("cancel", "${room}"), "book"),
        end("e"),
        flows("s", "book", "e"),
    )
    case = run(straight_through(inner, UNDO, before=("inner",))).start(rooms=["101", "102"])
    case.complete("book", nth=1).complete("book")
    topics = [work.attributes["topic"] for work in case.work.values() if work.activity_id == "cancel"]
    assert sorted(map(str, topics)) == ["101", "102"]
    assert case.complete("cancel").complete("cancel").tree == "after"


# What handlers can be, and what becomes of them


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


# Changes that the diagram does not draw


def test_cancelling_the_instance_undoes_nothing(run: Run) -> None:
    case = run(BOOKED).start().complete("a").complete("b").cancel()
    assert case.has_ended
    assert case.ends_of("undo_a") == case.ends_of("undo_b") == []


def test_a_jump_back_keeps_what_can_be_undone(run: Run) -> None:
    case = run(BOOKED).start().complete("a").complete("b").start_before("a").cancel("c")
    case.complete("a").complete("b").complete("c")
    for name in "baba":
        assert case.tree == f"undo, undo_{name}"
        case.complete(f"undo_{name}")
    assert case.tree == "after"


def test_a_handler_that_is_cancelled_counts_as_carried_out(run: Run) -> None:
    case = run(BOOKED).start().complete("a").complete("b").complete("c").cancel("undo_b")
    assert case.tree == "undo, undo_a"
    assert case.cancel("undo_a").tree == "after"


def test_cancelling_the_event_leaves_the_rest_to_be_undone_later(run: Run) -> None:
    case: Case = run(BOOKED).start().complete("a").complete("b").complete("c").start_before("c").cancel("undo")
    assert case.complete("c").tree == "undo, undo_a"
