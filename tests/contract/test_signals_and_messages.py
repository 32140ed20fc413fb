"""Signals and messages that a diagram throws (Camunda 7)."""

from engine.diagram.model import EventKind
from tests.contract.conftest import Run
from tests.diagrams import (
    boundary,
    catch,
    diagram,
    end,
    event_sub_process,
    flows,
    message,
    parallel,
    signal,
    start,
    straight,
    sub_process,
    throw,
    user_task,
)


def test_a_thrown_message_leaves_the_instance(run: Run) -> None:
    case = run(straight(throw("t", message("notice")))).start()
    assert case.has_ended
    assert [(thrown.kind, thrown.name, thrown.activity_id) for thrown in case.thrown] == [
        (EventKind.MESSAGE, "notice", "t")
    ]


def test_a_thrown_signal_leaves_the_instance_with_its_evaluated_name(run: Run) -> None:
    case = run(straight(throw("t", signal("holiday-${region}")))).start(region="440300")
    assert [(thrown.kind, thrown.name) for thrown in case.thrown] == [(EventKind.SIGNAL, "holiday-440300")]


def test_a_signal_reaches_the_catch_event_of_another_branch(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        catch("c", signal("s")),
        user_task("u"),
        throw("t", signal("s")),
        end(),
        flows("start", "g", "c", "end"),
        flows("g", "u", "t", "end"),
    )
    case = run(xml).start().complete("u")
    assert case.has_ended
    assert case.cancelled == ["c"]


def test_a_signal_end_event_throws_too(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        catch("c", signal("s")),
        user_task("u"),
        end(),
        end("e2", signal("s")),
        flows("start", "g", "c", "end"),
        flows("g", "u", "e2"),
    )
    assert run(xml).start().complete("u").has_ended


def test_one_signal_reaches_every_catcher_of_the_instance(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        catch("c1", signal("s")),
        catch("c2", signal("s")),
        user_task("w"),
        boundary("bw", "w", signal("s"), False),
        user_task("u"),
        throw("t", signal("s")),
        *[user_task(name) for name in ("h1", "h2", "hw", "v")],
        end(),
        event_sub_process(
            "es",
            start("es-start", signal("s"), isInterrupting=False),
            user_task("hes"),
            end("es-end"),
            flows("es-start", "hes", "es-end"),
        ),
        flows("start", "g", "c1", "h1", "end"),
        flows("g", "c2", "h2", "end"),
        flows("g", "w", "end"),
        flows("bw", "hw", "end"),
        flows("g", "u", "t", "v", "end"),
    )
    case = run(xml).start().complete("u")
    assert case.tree == "es[hes], h1, h2, hw, v, w"
    assert case.waits_for == ["signal:s@bw", "signal:s@es-start"]


def test_a_signal_does_not_reach_what_is_armed_later_in_the_step(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        throw("t", signal("s")),
        catch("c", signal("s")),
        user_task("a"),
        user_task("d"),
        end(),
        flows("start", "g", "t", "a", "end"),
        flows("g", "c", "d", "end"),
    )
    assert run(xml).start().tree == "a, c"


def test_a_signal_reaches_what_was_armed_earlier_in_the_step(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        catch("c", signal("s")),
        throw("t", signal("s")),
        user_task("a"),
        user_task("d"),
        end(),
        flows("start", "g", "c", "d", "end"),
        flows("g", "t", "a", "end"),
    )
    assert run(xml).start().tree == "a, d"


def test_a_signal_may_interrupt_its_own_thrower(run: Run) -> None:
    inside = sub_process(
        "sp", start("s1"), throw("t", signal("s")), user_task("u"), end("e1"), flows("s1", "t", "u", "e1")
    )
    xml = diagram(
        start(),
        inside,
        boundary("b", "sp", signal("s")),
        user_task("h"),
        end(),
        flows("start", "sp", "end"),
        flows("b", "h", "end"),
    )
    case = run(xml).start()
    assert case.tree == "h"
    assert case.ends_of("t") == ["cancelled"]


def test_a_signals_evaluated_name_is_remembered(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        catch("c", signal("s-${v}")),
        user_task("u"),
        throw("t", signal("s-${v}")),
        user_task("d"),
        end(),
        flows("start", "g", "c", "d", "end"),
        flows("g", "u", "t", "end"),
    )
    case = run(xml).start(v=1)
    assert case.waits_for == ["signal:s-1@c"]
    assert case.complete("u", v=2).tree == "c"
