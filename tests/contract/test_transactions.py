"""Transactions: cancelled, what runs in them ends, what was completed is undone, and the cancel event is left by
(BPMN 2.0, 10.3.6 and 13.4.2; Camunda 7)."""

from typing import Any

from tests.contract.conftest import Run
from tests.diagrams import (
    boundary,
    cancel,
    compensation,
    diagram,
    end,
    error,
    event_sub_process,
    exclusive,
    flow,
    flows,
    message,
    multi_instance,
    parallel,
    start,
    sub_process,
    throw,
    transaction,
    undone_by,
    user_task,
)


def undoable(id: str, *inside: Any) -> list[Any]:
    return [user_task(id, *inside), undone_by(user_task(f"undo_{id}"), id)]


def booked(*inside: Any, id: str = "tx") -> list[Any]:
    """A transaction of two tasks that can be undone, which the decision behind them may cancel."""
    return [
        transaction(
            id,
            start("s"),
            *undoable("hotel"),
            *undoable("flight"),
            user_task("confirm"),
            exclusive("way", default="way-ok"),
            end("ok"),
            end("failed", cancel()),
            flows("s", "hotel", "flight", "confirm", "way", "ok"),
            flow("way", "failed", "${refused}"),
            *inside,
        ),
        boundary("cancelled", id, cancel()),
    ]


def around(*nodes: Any, then: tuple[str, ...] = ("tx", "after")) -> bytes:
    """The transaction leads to `after`, its cancel boundary event to `sorry`."""
    return diagram(
        start(),
        *nodes,
        user_task("after"),
        user_task("sorry"),
        end(),
        end("given_up"),
        flows("start", *then, "end"),
        flows("cancelled", "sorry", "given_up"),
    )


def test_a_transaction_that_succeeds_is_a_sub_process(run: Run) -> None:
    case = run(around(*booked())).start().complete("hotel").complete("flight").complete("confirm", refused=False)
    assert case.tree == "after"
    assert case.ends_of("tx") == ["ended"]
    assert case.ends_of("undo_hotel") == []


def test_a_cancelled_transaction_undoes_what_it_completed_and_leaves_by_its_cancel_event(run: Run) -> None:
    case = run(around(*booked())).start().complete("hotel").complete("flight").complete("confirm", refused=True)
    assert case.tree == "tx[failed, undo_flight]"
    assert case.complete("undo_flight").tree == "tx[failed, undo_hotel]"
    assert case.complete("undo_hotel").tree == "sorry"
    assert case.ends_of("failed") == ["ended"]
    assert case.ends_of("tx") == ["cancelled"]
    assert case.complete("sorry").has_ended


def test_with_nothing_completed_a_transaction_is_cancelled_at_once(run: Run) -> None:
    tx = [
        transaction("tx", start("s"), end("failed", cancel()), flow("s", "failed")),
        boundary("cancelled", "tx", cancel()),
    ]
    case = run(around(*tx)).start()
    assert case.tree == "sorry"
    assert case.ends_of("tx") == ["cancelled"]


def test_cancelling_ends_what_still_runs_in_the_transaction(run: Run) -> None:
    tx = transaction(
        "tx",
        start("s"),
        parallel("split"),
        *undoable("a"),
        *undoable("b"),
        end("failed", cancel()),
        end("done"),
        flows("s", "split", "a", "failed"),
        flows("split", "b", "done"),
        event_sub_process("asked", start("q", message("question")), end("qe"), flow("q", "qe")),
    )
    case = run(around(tx, boundary("cancelled", "tx", cancel()))).start()
    assert case.waits_for == ["message:question@q"]
    case.complete("a")
    assert case.tree == "tx[failed, undo_a]"
    assert case.waits_for == []
    assert case.ends_of("b") == ["cancelled"]
    assert case.complete("undo_a").tree == "sorry"
    assert case.ends_of("undo_b") == []


def test_what_the_transaction_does_not_contain_is_not_undone_when_it_is_cancelled(run: Run) -> None:
    case = run(around(*undoable("before"), *booked(), then=("before", "tx", "after"))).start().complete("before")
    case.complete("hotel").complete("flight").complete("confirm", refused=True)
    assert case.complete("undo_flight").complete("undo_hotel").tree == "sorry"
    assert case.ends_of("undo_before") == []


def test_a_hazard_leaves_the_transaction_without_undoing_anything(run: Run) -> None:
    """BPMN 2.0, 10.3.6: an error interrupts a transaction like any activity."""
    hazard = [boundary("hazard", "tx", error("crash")), user_task("repair"), end("repaired")]
    xml = around(*booked(), *hazard, flows("hazard", "repair", "repaired"))
    case = run(xml).start().complete("hotel").fail_with("flight", "crash")
    assert case.tree == "repair"
    assert case.ends_of("undo_hotel") == []


def test_an_error_of_a_handler_is_a_hazard_of_the_transaction_being_cancelled(run: Run) -> None:
    hazard = [boundary("hazard", "tx", error("crash")), user_task("repair"), end("repaired")]
    xml = around(*booked(), *hazard, flows("hazard", "repair", "repaired"))
    case = run(xml).start().complete("hotel").complete("flight").complete("confirm", refused=True)
    assert case.fail_with("undo_flight", "crash").tree == "repair"


def test_a_transaction_that_succeeded_can_be_undone_later(run: Run) -> None:
    xml = around(*booked(), throw("undo", compensation("tx")), then=("tx", "undo", "after"))
    case = run(xml).start().complete("hotel").complete("flight").complete("confirm", refused=False)
    assert case.tasks == ["undo_flight"]
    assert case.complete("undo_flight").complete("undo_hotel").tree == "after"


def test_of_nested_transactions_only_the_one_that_is_cancelled_is_undone(run: Run) -> None:
    inner = [*booked(id="inner")]
    inner[1] = boundary("inner_cancelled", "inner", cancel())
    tx = transaction(
        "tx",
        start("os"),
        *undoable("visa"),
        *inner,
        user_task("rest"),
        exclusive("merge"),
        exclusive("outcome", default="outcome-oe"),
        end("oe"),
        end("outer_failed", cancel()),
        flows("os", "visa", "inner", "merge", "rest", "outcome", "oe"),
        flow("inner_cancelled", "merge"),
        flow("outcome", "outer_failed", "${all_refused}"),
    )
    case = run(around(tx, boundary("cancelled", "tx", cancel()))).start().complete("visa").complete("hotel")
    case.complete("flight").complete("confirm", refused=True).complete("undo_flight").complete("undo_hotel")
    assert case.tree == "tx[rest]"
    case.complete("rest", all_refused=True)
    assert case.tasks == ["undo_visa"]
    assert case.complete("undo_visa").tree == "sorry"


def test_cancelling_a_transaction_undoes_the_one_that_succeeded_inside_it(run: Run) -> None:
    inner = sub_process("inner", start("is"), *undoable("hotel"), end("ie"), flows("is", "hotel", "ie"))
    tx = transaction("tx", start("s"), inner, end("failed", cancel()), flows("s", "inner", "failed"))
    case = run(around(tx, boundary("cancelled", "tx", cancel()))).start().complete("hotel")
    assert case.tasks == ["undo_hotel"]
    assert case.complete("undo_hotel").tree == "sorry"


def test_a_multi_instance_transaction_is_left_as_a_whole(run: Run) -> None:
    """Camunda 7: the cancel event is attached to all instances together."""
    xml = around(*booked(multi_instance(cardinality=2)))
    case = run(xml).start().complete("hotel").complete("flight").complete("confirm", refused=True)
    assert case.tree == "tx#body[tx[failed, undo_flight], tx[hotel]]"
    assert case.complete("undo_flight").complete("undo_hotel").tree == "sorry"
    assert case.ends_of("tx") == ["cancelled"] * 3


def test_an_error_of_a_handler_can_start_what_undoes_the_rest(run: Run) -> None:
    stuck = event_sub_process(
        "stuck",
        start("f", error("crash")),
        throw("rest", compensation()),
        end("fe", error("given up")),
        flows("f", "rest", "fe"),
    )
    xml = around(
        *booked(stuck), boundary("hazard", "tx", error("given up")), flow("hazard", "sorry2"), user_task("sorry2")
    )
    case = run(xml).start().complete("hotel").complete("flight").complete("confirm", refused=True)
    assert case.fail_with("undo_flight", "crash").tasks == ["undo_hotel"]
    assert case.complete("undo_hotel").tree == "sorry2"
