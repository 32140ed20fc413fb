"""Compensation: what has completed is undone, the last completed first (BPMN 2.0, 13.4.5; Camunda 7)."""

from typing import Any

import pytest

from tests.contract.case import Case
from tests.contract.conftest import Run
from tests.contract.undoing import BOOKED, UNDO, straight_through, undoable
from tests.diagrams import (
    Element,
    compensation,
    diagram,
    end,
    exclusive,
    external_task,
    flow,
    flows,
    multi_instance,
    parallel,
    script_task,
    start,
    sub_process,
    throw,
    undone_by,
    user_task,
)


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
