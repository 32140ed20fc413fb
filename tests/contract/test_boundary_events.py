"""Boundary events over every kind of activity: interrupting once, not interrupting any number of times (Camunda 7)."""

from functools import partial

import pytest

from tests import diagrams
from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    boundary,
    call,
    catch,
    diagram,
    end,
    exclusive,
    external_task,
    flows,
    message,
    multi_instance,
    parallel,
    receive_task,
    signal,
    start,
    sub_process,
    timer,
    user_task,
)

TWICE = multi_instance(cardinality=2)


def inside(*parts: object, id: str = "host") -> Element:
    return sub_process(id, *parts, start("s1"), user_task("x"), end("e1"), flows("s1", "x", "e1"))


HOSTS = {
    "user task": (user_task("host"), "host", ["host"]),
    "external task": (external_task("host", "topic"), "host", ["host"]),
    "receive task": (receive_task("host", "other"), "host", ["host"]),
    "call activity": (call("host", "called"), "host", ["host"]),
    "multi-instance user task": (user_task("host", TWICE), "host#body[host, host]", ["host", "host"]),
    "sub-process": (inside(), "host[x]", ["x"]),
    "multi-instance sub-process": (inside(TWICE), "host#body[host[x], host[x]]", ["x", "x"]),
    "multi-instance call activity": (call("host", "called", TWICE), "host#body[host, host]", ["host", "host"]),
    "nested sub-process": (
        sub_process("host", start("s0"), inside(TWICE, id="in"), end("e0"), flows("s0", "in", "e0")),
        "host[in#body[in[x], in[x]]]",
        ["x", "x"],
    ),
}
EVENTS = {"message": message("m"), "signal": signal("s"), "timer": timer(duration="PT1H")}


guarded = partial(diagrams.guarded, event="b", answer="h", after="n")


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("over", HOSTS)
def test_an_interrupting_event_cancels_the_activity_with_all_its_open_work(run: Run, over: str, kind: str) -> None:
    host, tree, work = HOSTS[over]
    case = run(guarded(host, EVENTS[kind], True)).start()
    assert case.tree == tree
    started = len(case.running)
    case.arrives("b", q=1)
    assert case.tree == "h"
    assert sorted(case.cancelled) == work
    assert [step[0] for step in case.trace] == ["=", *["x"] * started, "+", "-", ">", "+"]
    assert case.variables == {"q": 1}
    assert case.complete("h").has_ended


def test_what_is_cancelled_is_cancelled_from_the_inside_out(run: Run) -> None:
    host, _, _ = HOSTS["multi-instance sub-process"]
    case = run(guarded(host, message("m"), True)).start().message("m")
    assert case.trace == ["xx", "xhost", "xx", "xhost", "xhost#body", "+b", "-b", ">b-h", "+h"]


@pytest.mark.parametrize("kind", ["message", "signal"])
@pytest.mark.parametrize("over", HOSTS)
def test_a_non_interrupting_event_fires_again_and_again(run: Run, over: str, kind: str) -> None:
    host, tree, _ = HOSTS[over]
    case = run(guarded(host, EVENTS[kind], False)).start()
    assert case.arrives("b").tree == f"h, {tree}"
    assert case.arrives("b").tree == f"h, h, {tree}"
    assert case.cancelled == []
    assert len(case.waits_for) == 1 + (over == "receive task")


@pytest.mark.parametrize("over", ["user task", "multi-instance user task", "sub-process"])
def test_a_non_interrupting_timer_fires_once(run: Run, over: str) -> None:
    host, tree, _ = HOSTS[over]
    case = run(guarded(host, timer(duration="PT1H"), False)).start().timer_fires("b")
    assert case.tree == f"h, {tree}"
    assert case.waits_for == []


@pytest.mark.parametrize("over", ["user task", "multi-instance user task", "sub-process"])
def test_a_non_interrupting_cycle_stays_open_until_its_activity_ends(run: Run, over: str) -> None:
    host, _, _ = HOSTS[over]
    case = run(guarded(host, timer(cycle="R/PT1H"), False)).start()
    for _ in range(3):
        case.timer_fires("b")
    assert case.tasks.count("h") == 3
    for task in [name for name in case.tasks if name != "h"]:
        case.complete(task)
    assert case.cancelled == ["b"]
    assert case.tasks == ["h", "h", "h", "n"]


def test_an_interrupting_cycle_ends_with_its_first_time(run: Run) -> None:
    case = run(guarded(user_task("host"), timer(cycle="R3/PT1H"), True)).start().timer_fires("b")
    assert case.tree == "h"
    assert case.waits_for == []


def test_the_event_is_disarmed_when_the_activity_ends(run: Run) -> None:
    case = run(guarded(user_task("host"), message("m"), True)).start()
    assert case.waits_for == ["message:m@b"]
    assert case.open("b").owner_id == case.open("host").id
    case.complete("host")
    assert case.tree == "n"
    assert case.waits_for == []
    assert case.cancelled == ["b"]


def test_what_a_boundary_event_started_outlives_the_activity(run: Run) -> None:
    case = run(guarded(user_task("host"), message("m"), False)).start().message("m").message("m").complete("host")
    assert case.tree == "h, h, n"
    assert not case.complete("n").complete("h").has_ended
    assert case.complete("h").has_ended


def test_two_events_on_one_activity(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("host"),
        boundary("bt", "host", timer(duration="PT1H"), False),
        boundary("bm", "host", message("m")),
        user_task("reminder"),
        user_task("h"),
        end(),
        flows("start", "host", "end"),
        flows("bt", "reminder", "end"),
        flows("bm", "h", "end"),
    )
    case = run(xml).start().timer_fires("bt")
    assert case.tree == "host, reminder"
    assert case.message("m").tree == "h, reminder"


def test_a_boundary_path_may_lead_back_to_its_activity(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("k"),
        user_task("host"),
        boundary("b", "host", message("m")),
        user_task("h"),
        end(),
        flows("start", "k", "host", "end"),
        flows("b", "h", "k"),
    )
    case = run(xml).start()
    for _ in range(3):
        assert case.message("m").tree == "h"
        assert case.complete("h").tree == "host"
    assert case.complete("host").has_ended


def test_a_boundary_path_may_join_the_main_one(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("host"),
        boundary("b", "host", message("m"), False),
        user_task("h"),
        parallel("j"),
        end(),
        flows("start", "host", "j"),
        flows("b", "h", "j", "end"),
    )
    case = run(xml).start().message("m").complete("h")
    assert case.tree == "host, j"
    assert case.complete("host").has_ended


def test_what_a_boundary_event_started_keeps_its_sub_process_open(run: Run) -> None:
    host = sub_process(
        "sp",
        start("s1"),
        user_task("u"),
        boundary("b", "u", message("m"), False),
        user_task("h"),
        end("e1"),
        flows("s1", "u", "e1"),
        flows("b", "h", "e1"),
    )
    case = run(diagram(start(), host, user_task("n"), end(), flows("start", "sp", "n", "end"))).start()
    assert case.message("m").complete("u").tree == "sp[h]"
    assert case.complete("h").tree == "n"


def test_each_item_of_a_multi_instance_has_its_own_inner_events(run: Run) -> None:
    host = sub_process(
        "sp",
        multi_instance(cardinality=2),
        start("s1"),
        user_task("u"),
        boundary("b", "u", timer(duration="PT1H"), False),
        user_task("h"),
        end("e1"),
        flows("s1", "u", "e1"),
        flows("b", "h", "e1"),
    )
    case = run(diagram(start(), host, user_task("n"), end(), flows("start", "sp", "n", "end"))).start()
    assert case.timer_fires("b", nth=1).tree == "sp#body[sp[h, u], sp[u]]"
    case.complete("u").complete("u").complete("h")
    assert case.tree == "n"


def test_an_event_that_waits_elsewhere_is_not_touched(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        user_task("a"),
        boundary("b", "a", timer(duration="PT1H")),
        catch("c", timer(duration="PT1H")),
        user_task("h"),
        end(),
        flows("start", "g", "a", "end"),
        flows("g", "c", "end"),
        flows("b", "h", "end"),
    )
    case = run(xml).start().timer_fires("b")
    assert case.tree == "c, h"
