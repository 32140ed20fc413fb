"""Start events, intermediate catch events, event-based gateways and links (Camunda 7)."""

import pytest

from engine.errors import Conflict, NotFound
from engine.interpreter.step import WorkKind
from tests.contract.conftest import Run
from tests.diagrams import (
    catch,
    conditional,
    diagram,
    end,
    event_gateway,
    exclusive,
    flows,
    link,
    message,
    parallel,
    receive_task,
    signal,
    start,
    straight,
    sub_process,
    throw,
    timer,
    user_task,
)


@pytest.mark.parametrize(
    ("definition", "waits_for"),
    [
        (message("paid"), "message:paid@c"),
        (signal("holiday"), "signal:holiday@c"),
        (timer(duration="PT1H"), "timer:@c"),
        (timer(date="2020-01-01T00:00:00Z"), "timer:@c"),
        (timer(cycle="R2/PT1H"), "timer:@c"),
        (timer(cycle="0 0/30 * * * ?"), "timer:@c"),
    ],
)
def test_a_catch_event_waits_and_passes_once(run: Run, definition: object, waits_for: str) -> None:
    case = run(straight(catch("c", definition), user_task("u"))).start()
    assert case.waits_for == [waits_for]
    assert case.tree == "c"
    case.arrives("c", q=1)
    assert case.tree == "u"
    assert case.waits_for == []
    assert case.variables == {"q": 1}


def test_a_timer_leaves_with_its_definition_unevaluated(run: Run) -> None:
    case = run(straight(catch("c", timer(duration="${unknown}")))).start()
    assert case.open("c").attributes == {}


def test_a_message_name_is_evaluated_when_the_event_is_reached(run: Run) -> None:
    case = run(straight(catch("c", message("paid-${number}")), user_task("u"))).start(number=7)
    assert case.waits_for == ["message:paid-7@c"]
    assert case.message("paid-7").tree == "u"


def test_two_receivers_of_one_message_are_two_subscriptions(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        catch("c1", message("m")),
        catch("c2", message("m")),
        user_task("a"),
        user_task("b"),
        end(),
        flows("start", "g", "c1", "a", "end"),
        flows("g", "c2", "b", "end"),
    )
    case = run(xml).start()
    assert case.waits_for == ["message:m@c1", "message:m@c2"]
    assert case.arrives("c1").tree == "a, c2"


def test_a_process_begins_at_the_start_event_that_is_named(run: Run) -> None:
    xml = diagram(
        start(),
        start("by-message", message("submitted")),
        user_task("a"),
        user_task("b"),
        end(),
        flows("start", "a", "end"),
        flows("by-message", "b", "end"),
    )
    assert run(xml).start().tree == "a"
    assert run(xml).start(at="by-message", v=1).tree == "b"
    with pytest.raises(NotFound):
        run(xml).start(at="a")


@pytest.mark.parametrize("definition", [message("m"), signal("s"), timer(duration="PT1H"), conditional("${x > 1}")])
def test_a_process_that_only_an_event_starts_begins_there_without_waiting(run: Run, definition: object) -> None:
    xml = diagram(start("s", definition), user_task("a"), end(), flows("s", "a", "end"))
    case = run(xml).start(x=0)
    assert case.tree == "a"
    assert case.waits_for == []


STARTS = {
    "none": (),
    "message": (message("m"),),
    "signal": (signal("s"),),
    "timer": (timer(duration="PT1H"),),
    "condition": (conditional("${x > 1}"),),
}


def started_by(kinds: str) -> bytes:
    """A process with a start event of each kind, each with a task of that name behind it."""
    parts = [(start(f"by-{kind}", *STARTS[kind]), user_task(kind), flows(f"by-{kind}", kind)) for kind in kinds.split()]
    return diagram(*parts)


@pytest.mark.parametrize(
    ("kinds", "begun"),
    [
        ("message none", "none"),
        ("none condition", "none"),
        ("message timer", "timer"),
        ("timer message signal", "timer"),
    ],
)
def test_of_several_start_events_the_none_or_the_timer_one_needs_no_name(run: Run, kinds: str, begun: str) -> None:
    assert run(started_by(kinds)).start(x=0).tree == begun


@pytest.mark.parametrize("kinds", ["message signal", "signal message", "condition message"])
def test_of_several_start_events_that_need_an_event_one_has_to_be_named(run: Run, kinds: str) -> None:
    with pytest.raises(Conflict) as refused:
        run(started_by(kinds)).start(x=0)
    assert refused.value.element_id == "approval"
    assert run(started_by(kinds)).start(at="by-message").tree == "message"


GATEWAY = diagram(
    start(),
    event_gateway("g"),
    catch("m", message("paid")),
    catch("t", timer(duration="PT1H")),
    catch("s", signal("holiday")),
    catch("c", conditional("${x == 1}")),
    *[user_task(name) for name in "abdf"],
    end(),
    flows("start", "g", "m", "a", "end"),
    flows("g", "t", "b", "end"),
    flows("g", "s", "d", "end"),
    flows("g", "c", "f", "end"),
)


@pytest.mark.parametrize(("event", "reached"), [("m", "a"), ("t", "b"), ("s", "d")])
def test_the_first_event_of_a_gateway_wins_and_the_others_are_cancelled(run: Run, event: str, reached: str) -> None:
    case = run(GATEWAY).start(x=0)
    assert case.tree == "g"
    assert len(case.waits_for) == 3
    case.arrives(event)
    assert case.tree == reached
    assert case.waits_for == []
    assert sorted([*case.cancelled, event]) == ["m", "s", "t"]
    assert case.trace == ["xg", f">g-{event}", f"+{event}", f"-{event}", f">{event}-{reached}", f"+{reached}"]


def test_a_condition_wins_when_it_becomes_true(run: Run) -> None:
    case = run(GATEWAY).start(x=0).set(x=1)
    assert case.tree == "f"
    assert sorted(case.cancelled) == ["m", "s", "t"]


def test_a_condition_that_is_true_already_wins_at_once(run: Run) -> None:
    assert run(GATEWAY).start(x=1).tree == "f"


def test_a_receive_task_can_follow_an_event_gateway(run: Run) -> None:
    xml = diagram(
        start(),
        event_gateway("g"),
        receive_task("m", "paid"),
        catch("t", timer(duration="PT5H")),
        user_task("a"),
        user_task("b"),
        end(),
        flows("start", "g", "m", "a", "end"),
        flows("g", "t", "b", "end"),
    )
    assert run(xml).start().message("paid").tree == "a"


def test_an_event_gateway_in_a_loop_is_armed_anew(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("k"),
        event_gateway("g"),
        catch("m", message("more")),
        catch("t", timer(duration="PT1H")),
        end(),
        flows("start", "k", "g", "m", "k"),
        flows("g", "t", "end"),
    )
    case = run(xml).start()
    for _ in range(3):
        case.message("more")
        assert case.waits_for == ["message:more@m", "timer:@t"]
    assert case.timer_fires("t").has_ended


def test_a_link_leads_to_its_catch_event_without_a_flow(run: Run) -> None:
    xml = diagram(
        start(),
        throw("t", link("on")),
        catch("c", link("on")),
        user_task("u"),
        end(),
        flows("start", "t"),
        flows("c", "u", "end"),
    )
    case = run(xml).start()
    assert case.tree == "u"
    assert [step for step in case.trace if step[0] == ">"] == [">start-t", ">c-u"]


def test_two_throwing_links_lead_to_one_catch_event(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        throw("t1", link("on")),
        throw("t2", link("on")),
        catch("c", link("on")),
        user_task("u"),
        end(),
        flows("start", "g", "t1"),
        flows("g", "t2"),
        flows("c", "u", "end"),
    )
    assert run(xml).start().tree == "u, u"


def test_a_link_stays_in_its_scope(run: Run) -> None:
    def linked(prefix: str) -> list[object]:
        return [throw(f"{prefix}t", link("on")), catch(f"{prefix}c", link("on")), user_task(f"{prefix}u")]

    inside = sub_process("sp", start("s1"), *linked("in-"), end("e1"), flows("s1", "in-t"), flows("in-c", "in-u", "e1"))
    xml = diagram(start(), inside, *linked(""), end(), flows("start", "sp", "t"), flows("c", "u", "end"))
    case = run(xml).start()
    assert case.tree == "sp[in-u]"
    assert case.complete("in-u").tree == "u"


def test_the_kind_of_work_says_what_is_waited_for(run: Run) -> None:
    case = run(straight(catch("c", message("paid")))).start()
    assert case.open("c").kind is WorkKind.MESSAGE
    assert case.open("c").owner_id == case.open("c").id
