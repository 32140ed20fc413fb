"""Compensation of sub-processes and by event sub-processes (BPMN 2.0, 13.4.5; Camunda 7)."""

from typing import Any

from tests.contract.conftest import Run
from tests.contract.undoing import UNDO, booking, straight_through, undoable
from tests.diagrams import (
    Element,
    compensation,
    diagram,
    end,
    error,
    event_sub_process,
    external_task,
    flows,
    message,
    parallel,
    script_task,
    start,
    sub_process,
    throw,
    undone_by,
    user_task,
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
