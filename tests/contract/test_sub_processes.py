"""Embedded and event sub-processes and the terminate end event (Camunda 7)."""

import pytest

from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    boundary,
    call,
    catch,
    diagram,
    end,
    event_sub_process,
    external_task,
    flows,
    message,
    multi_instance,
    parallel,
    script_task,
    signal,
    start,
    sub_process,
    terminate,
    timer,
    user_task,
)


def inside(*more: object, id: str = "sp") -> Element:
    return sub_process(id, *more, start("s1"), user_task("u"), end("e1"), flows("s1", "u", "e1"))


def between(host: Element, *more: object) -> bytes:
    return diagram(start(), host, user_task("n"), end(), *more, flows("start", "sp", "n", "end"))


def handler(definition: Element, interrupting: bool = True, id: str = "es", *more: object) -> Element:
    return event_sub_process(
        id,
        start(f"{id}-start", definition, isInterrupting=interrupting),
        user_task(f"{id}-h"),
        end(f"{id}-end"),
        *more,
        flows(f"{id}-start", f"{id}-h", f"{id}-end"),
    )


def two_branches(*ends: Element) -> tuple[object, ...]:
    first, second = (one.attributes["id"] for one in ends)
    branches = (flows("s1", "g", "a", first), flows("g", "b", second))
    return (start("s1"), parallel("g"), user_task("a"), user_task("b"), *ends, *branches)


def test_a_sub_process_is_an_activity_instance_around_its_own(run: Run) -> None:
    case = run(between(inside())).start(x=1)
    assert case.tree == "sp[u]"
    assert case.trace[3:] == [">start-sp", "+sp", "+s1", "-s1", ">s1-u", "+u"]
    case.complete("u", y=2)
    assert case.trace == ["=y", "-u", ">u-e1", "+e1", "-e1", "-sp", ">sp-n", "+n"]
    assert case.variables == {"x": 1, "y": 2}


def test_a_sub_process_ends_with_its_last_token(run: Run) -> None:
    case = run(between(sub_process("sp", *two_branches(end("e1"), end("e2"))))).start()
    assert case.complete("a").tree == "sp[b]"
    assert case.complete("b").tree == "n"


def test_a_sub_process_without_end_event_ends_too(run: Run) -> None:
    host = sub_process("sp", start("s1"), user_task("u"), flows("s1", "u"))
    assert run(between(host)).start().complete("u").tree == "n"


def test_two_tokens_run_a_sub_process_twice(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        user_task("u0"),
        inside(),
        end(),
        flows("start", "g", "sp", "end"),
        flows("g", "u0", "sp"),
    )
    case = run(xml).start().complete("u0")
    assert case.tree == "sp[u], sp[u]"
    assert case.complete("u").tree == "sp[u]"
    assert case.complete("u").has_ended


EVENTS = {"message": message("m"), "signal": signal("s"), "timer": timer(duration="PT1H")}


@pytest.mark.parametrize("kind", EVENTS)
def test_an_interrupting_event_takes_the_place_of_all_else_in_the_process(run: Run, kind: str) -> None:
    xml = diagram(start(), user_task("u"), end(), handler(EVENTS[kind]), flows("start", "u", "end"))
    case = run(xml).start()
    assert case.tree == "u"
    assert len(case.waits_for) == 1
    case.arrives("es-start")
    assert case.tree == "es[es-h]"
    assert case.trace == ["xu", "+es", "+es-start", "-es-start", ">es-start-es-h", "+es-h"]
    assert case.waits_for == []
    assert case.complete("es-h").has_ended


@pytest.mark.parametrize("kind", EVENTS)
def test_an_interrupting_event_in_a_sub_process_ends_in_its_outgoing_flow(run: Run, kind: str) -> None:
    case = run(between(inside(handler(EVENTS[kind])))).start().arrives("es-start")
    assert case.tree == "sp[es[es-h]]"
    assert case.complete("es-h").tree == "n"


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_a_non_interrupting_event_starts_beside_the_rest_any_number_of_times(run: Run, kind: str) -> None:
    xml = diagram(start(), user_task("u"), end(), handler(EVENTS[kind], False), flows("start", "u", "end"))
    case = run(xml).start().arrives("es-start").arrives("es-start")
    assert case.tree == "es[es-h], es[es-h], u"
    assert case.complete("u").tree == "es[es-h], es[es-h]"
    assert len(case.waits_for) == 1
    assert case.arrives("es-start").tree == "es[es-h], es[es-h], es[es-h]"
    assert case.complete("es-h").complete("es-h").complete("es-h").has_ended


def test_a_non_interrupting_timer_starts_once_and_a_cycle_again_and_again(run: Run) -> None:
    once = run(between(inside(handler(timer(duration="PT1H"), False)))).start().timer_fires("es-start")
    assert once.tree == "sp[es[es-h], u]"
    assert once.waits_for == []
    cycle = run(between(inside(handler(timer(cycle="R/PT1H"), False)))).start()
    assert cycle.timer_fires("es-start").timer_fires("es-start").tree == "sp[es[es-h], es[es-h], u]"


def test_an_armed_event_does_not_keep_the_process_open(run: Run) -> None:
    xml = diagram(start(), user_task("u"), end(), handler(timer(duration="PT2H")), flows("start", "u", "end"))
    case = run(xml).start().complete("u")
    assert case.has_ended
    assert case.cancelled == ["es-start"]


def test_what_a_non_interrupting_event_started_keeps_its_sub_process_open(run: Run) -> None:
    case = run(between(inside(handler(message("m"), False)))).start().message("m").complete("u")
    assert case.tree == "sp[es[es-h]]"
    assert case.complete("es-h").tree == "n"


def test_an_interrupting_event_disarms_the_others_of_its_scope_and_cancels_what_they_started(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("u"),
        end(),
        handler(message("m1"), id="es1"),
        handler(message("m2"), False, id="es2"),
        handler(message("m3"), id="es3"),
        flows("start", "u", "end"),
    )
    case = run(xml).start().message("m2")
    assert case.tree == "es2[es2-h], u"
    case.message("m1")
    assert case.tree == "es1[es1-h]"
    assert case.waits_for == []
    assert sorted(case.cancelled) == ["es2-h", "es2-start", "es3-start", "u"]


def test_a_boundary_event_stays_armed_while_an_event_sub_process_takes_over_inside(run: Run) -> None:
    """Camunda 7 forgets the boundary events of a sub-process then: a drawn deadline would silently do nothing."""
    xml = diagram(
        start(),
        inside(handler(message("m"))),
        boundary("b", "sp", timer(duration="PT1H")),
        user_task("late"),
        end(),
        flows("start", "sp", "end"),
        flows("b", "late", "end"),
    )
    case = run(xml).start().message("m")
    assert case.tree == "sp[es[es-h]]"
    assert case.waits_for == ["timer:@b"]
    assert case.timer_fires("b").tree == "late"


OVER = {
    "multi-instance user task": (user_task("sp", multi_instance(cardinality=3)), ["sp", "sp", "sp"]),
    "sub-process": (inside(), ["u"]),
    "multi-instance sub-process": (inside(multi_instance(cardinality=3)), ["u", "u", "u"]),
    "call activity": (call("sp", "called"), ["sp"]),
    "multi-instance call activity": (call("sp", "called", multi_instance(cardinality=2)), ["sp", "sp"]),
    "nested sub-process": (
        sub_process(
            "sp", start("s0"), inside(multi_instance(cardinality=2), id="in"), end("e0"), flows("s0", "in", "e0")
        ),
        ["u", "u"],
    ),
}


@pytest.mark.parametrize("over", OVER)
def test_an_interrupting_event_sub_process_cancels_all_open_work_below(run: Run, over: str) -> None:
    host, work = OVER[over]
    case = run(between(host, handler(message("m")))).start().message("m")
    assert case.tree == "es[es-h]"
    assert case.cancelled == work
    assert case.complete("es-h").has_ended


def test_each_item_of_a_multi_instance_has_its_own_event_sub_process(run: Run) -> None:
    case = run(between(inside(multi_instance(cardinality=2), handler(message("m"))))).start()
    assert case.waits_for == ["message:m@es-start", "message:m@es-start"]
    assert case.arrives("es-start", nth=1).tree == "sp#body[sp[es[es-h]], sp[u]]"
    assert case.complete("u").complete("es-h").tree == "n"


def test_an_event_sub_process_has_event_sub_processes_of_its_own(run: Run) -> None:
    inner = handler(message("m2"), id="inner")
    xml = diagram(start(), user_task("u"), end(), handler(message("m1"), True, "es", inner), flows("start", "u", "end"))
    case = run(xml).start()
    assert case.waits_for == ["message:m1@es-start"]
    assert case.message("m1").message("m2").tree == "es[inner[inner-h]]"
    assert case.complete("inner-h").has_ended


def test_an_event_sub_process_may_run_through_without_a_stop(run: Run) -> None:
    counting = event_sub_process(
        "es",
        start("es-start", message("m"), isInterrupting=False),
        script_task("count", "n = ${n + 1}"),
        end("es-end"),
        flows("es-start", "count", "es-end"),
    )
    xml = diagram(start(), user_task("u"), end(), counting, flows("start", "u", "end"))
    case = run(xml).start(n=0).message("m").message("m")
    assert case.tree == "u"
    assert case.variables == {"n": 2}


def test_a_terminate_end_event_ends_the_process(run: Run) -> None:
    case = run(
        diagram(
            start(),
            parallel("g"),
            user_task("a"),
            user_task("b"),
            end(),
            end("te", terminate()),
            flows("start", "g", "a", "end"),
            flows("g", "b", "te"),
        )
    )
    case.start().complete("b")
    assert case.has_ended
    assert case.trace == ["-b", ">b-te", "xa", "+te", "-te"]


def test_a_terminate_end_event_ends_only_its_own_sub_process(run: Run) -> None:
    host = sub_process("sp", *two_branches(end("e1"), end("te", terminate())))
    case = run(between(host)).start().complete("b")
    assert case.tree == "n"
    assert case.cancelled == ["a"]
    assert case.ends_of("sp") == ["ended"]


@pytest.mark.parametrize(("sequential", "after"), [(False, "sp#body[sp[a, b]]"), (True, "sp#body[sp[a, b]]")])
def test_a_terminate_end_event_ends_one_item_of_a_multi_instance(run: Run, sequential: bool, after: str) -> None:
    looped = multi_instance(cardinality=2, isSequential=sequential)
    host = sub_process("sp", looped, *two_branches(end("e1"), end("te", terminate())))
    case = run(between(host)).start().complete("b")
    assert case.tree == after
    assert case.complete("b").tree == "n"


def test_a_terminate_end_event_in_an_event_sub_process_ends_only_that(run: Run) -> None:
    stopping = event_sub_process(
        "es",
        start("es-start", message("m"), isInterrupting=False),
        user_task("h"),
        end("te", terminate()),
        flows("es-start", "h", "te"),
    )
    xml = diagram(start(), user_task("u"), end(), stopping, flows("start", "u", "end"))
    assert run(xml).start().message("m").complete("h").tree == "u"


def test_a_terminate_end_event_cancels_what_event_sub_processes_do(run: Run) -> None:
    xml = diagram(
        start(), user_task("u"), end("te", terminate()), handler(message("m"), False), flows("start", "u", "te")
    )
    case = run(xml).start().message("m").complete("u")
    assert case.has_ended
    assert "es-h" in case.cancelled


def test_terminating_cancels_every_kind_of_open_work(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        user_task("a"),
        user_task("looped", multi_instance(cardinality=2)),
        sub_process(
            "sub",
            start("s1"),
            user_task("u"),
            boundary("bt", "u", timer(duration="PT1H"), False),
            end("e1"),
            flows("s1", "u", "e1"),
            flows("bt", "e1"),
        ),
        call("called", "called"),
        external_task("external", "topic"),
        catch("caught", message("m")),
        user_task("later", asyncBefore=True),
        end(),
        end("te", terminate()),
        flows("start", "g", "a", "te"),
        *[flows("g", name, "end") for name in ("looped", "sub", "called", "external", "caught", "later")],
    )
    case = run(xml).start().complete("a")
    assert case.has_ended
    assert sorted(case.cancelled) == ["bt", "called", "caught", "external", "later", "looped", "looped", "u"]
