"""Conditional events: tried when armed and at every change of a variable they may see (Camunda 7)."""

import pytest

from engine.errors import EngineError, ExpressionFailed
from engine.interpreter.stimulus import VariablesChanged
from tests import diagrams
from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    boundary,
    call,
    catch,
    conditional,
    diagram,
    end,
    event_sub_process,
    flows,
    mapped_out,
    multi_instance,
    parallel,
    receive_task,
    script_task,
    start,
    straight,
    sub_process,
    user_task,
)

X_IS_1 = conditional("${x == 1}")


def guarded(interrupting: bool, definition: Element = X_IS_1, host: Element | None = None) -> bytes:
    return diagrams.guarded(host or user_task("u"), definition, interrupting, event="b", answer="h", after="n")


def watched(interrupting: bool, *main: Element) -> bytes:
    names = [element.attributes["id"] for element in main]
    return diagram(
        start(),
        *main,
        end(),
        event_sub_process(
            "es",
            start("es-start", X_IS_1, isInterrupting=interrupting),
            user_task("h"),
            end("es-end"),
            flows("es-start", "h", "es-end"),
        ),
        flows("start", *names, "end"),
    )


def test_a_catch_event_passes_when_its_condition_holds_already(run: Run) -> None:
    assert run(straight(catch("c", X_IS_1), user_task("u"))).start(x=1).tree == "u"


def test_a_catch_event_passes_when_a_change_makes_its_condition_true(run: Run) -> None:
    case = run(straight(catch("c", X_IS_1), user_task("u"))).start(x=0)
    assert case.set(x=0).tree == "c"
    assert case.set(x=1).tree == "u"


def test_a_condition_on_a_variable_that_is_missing_does_not_hold(run: Run) -> None:
    case = run(straight(catch("c", X_IS_1), user_task("u"))).start()
    assert case.set(y=1).tree == "c"
    assert case.set(x=1).tree == "u"


def test_a_condition_that_is_neither_true_nor_false_is_refused(run: Run) -> None:
    case = run(straight(user_task("z"), catch("c", conditional("${x}")))).start(x="yes")
    with pytest.raises(ExpressionFailed) as refused:
        case.complete("z")
    assert refused.value.element_id == "c"


def test_another_branch_may_make_it_true(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        catch("c", X_IS_1),
        user_task("u"),
        end(),
        flows("start", "g", "c", "end"),
        flows("g", "u", "end"),
    )
    assert run(xml).start(x=0).complete("u", x=1).has_ended


@pytest.mark.parametrize("looped", [False, True])
def test_an_interrupting_boundary_event_fires_once(run: Run, looped: bool) -> None:
    host = user_task("u", multi_instance(cardinality=2)) if looped else user_task("u")
    case = run(guarded(True, host=host)).start(x=0).set(x=0)
    assert "u" in case.tree
    assert case.set(x=1).tree == "h"
    assert case.set(x=1).tree == "h"


def test_a_non_interrupting_boundary_event_fires_at_every_change_while_it_is_true(run: Run) -> None:
    case = run(guarded(False)).start(x=0)
    assert case.set(x=1).tree == "h, u"
    assert case.set(x=1).tree == "h, h, u"
    assert case.set(x=0).tree == "h, h, u"
    assert case.set(y=5).tree == "h, h, u"
    assert case.set(x=1).set(y=6).tree == "h, h, h, h, u"
    assert case.complete("u").set(x=1).tree == "h, h, h, h, n"


def test_each_variable_of_one_command_is_a_change(run: Run) -> None:
    assert run(guarded(False)).start(x=0).set(x=1, y=1, z=1).tree == "h, h, h, u"


def test_conditions_can_be_tried_without_a_change(run: Run) -> None:
    case = run(guarded(False)).start(x=1)
    assert case.tree == "h, u"
    assert case.tell(VariablesChanged()).tree == "h, h, u"


@pytest.mark.parametrize(("interrupting", "reached"), [(True, "h"), (False, "h, u#body[u]")])
def test_a_boundary_condition_may_watch_the_counters_of_a_multi_instance(
    run: Run, interrupting: bool, reached: str
) -> None:
    enough = conditional("${nrOfCompletedInstances == 2}", variableName="nrOfCompletedInstances")
    host = user_task("u", multi_instance(cardinality=3))
    case = run(guarded(interrupting, enough, host)).start().complete("u")
    assert case.tree == "u#body[u, u]"
    assert case.complete("u").tree == reached


def test_each_counter_of_a_multi_instance_is_a_variable_that_changes(run: Run) -> None:
    case = run(guarded(False, host=user_task("u", multi_instance(cardinality=2)))).start(x=0).set(x=1)
    assert case.tree == "h, u#body[u, u]"
    assert case.complete("u").tree == "h, h, h, u#body[u]"
    assert case.complete("u").tree == "h, h, h, h, h, n"


def test_a_condition_may_watch_one_variable_only(run: Run) -> None:
    case = run(guarded(False, conditional("${x == 1}", variableName="y"))).start(x=0)
    assert case.set(x=1).tree == "u"
    assert case.set(y=1).tree == "h, u"


@pytest.mark.parametrize(("interrupting", "reached"), [(True, "h"), (False, "h, u")])
def test_a_boundary_condition_that_holds_already_fires_when_it_is_armed(
    run: Run, interrupting: bool, reached: str
) -> None:
    case = run(guarded(interrupting)).start(x=1)
    assert case.tree == reached
    assert case.cancelled == []


@pytest.mark.parametrize(("interrupting", "reached"), [(True, "h"), (False, "h, n")])
def test_completing_a_task_may_make_its_own_boundary_condition_true(run: Run, interrupting: bool, reached: str) -> None:
    case = run(guarded(interrupting)).start(x=0).complete("u", x=1)
    assert case.tree == reached
    assert case.ends_of("u") == ["cancelled" if interrupting else "ended"]


def test_an_interrupting_event_sub_process_takes_over_as_soon_as_the_condition_holds(run: Run) -> None:
    assert run(watched(True, user_task("u"))).start(x=1).tree == "es[h]"
    assert run(watched(True, user_task("u"))).start(x=0).set(x=1).tree == "es[h]"
    case = run(watched(True, script_task("s", "x = ${1}"), user_task("u"))).start(x=0)
    assert case.tree == "es[h]"
    assert case.ends_of("s") == ["cancelled"]


def test_a_non_interrupting_event_sub_process_starts_at_every_change_while_it_is_true(run: Run) -> None:
    case = run(watched(False, user_task("u"))).start(x=0).set(x=1).set(x=1)
    assert case.tree == "es[h], es[h], u"
    scripts = (script_task("s", "x = ${1}"), script_task("s2", "y = ${1}"), user_task("u"))
    assert run(watched(False, *scripts)).start(x=0).tree == "es[h], es[h], u"


def test_a_variable_given_at_the_start_is_a_change_too(run: Run) -> None:
    assert run(watched(False, user_task("u"))).start(x=1).tree == "es[h], es[h], u"


def test_a_variable_set_inside_a_sub_process_is_seen_outside(run: Run) -> None:
    inside = sub_process(
        "sp", start("s1"), script_task("s", "x = ${1}"), user_task("u"), end("e1"), flows("s1", "s", "u", "e1")
    )
    assert run(guarded(True, host=inside)).start(x=0).tree == "h"


def test_a_variable_set_outside_is_seen_inside_a_sub_process(run: Run) -> None:
    inside = sub_process("sp", start("s1"), catch("c", X_IS_1), user_task("h"), end("e1"), flows("s1", "c", "h", "e1"))
    xml = diagram(
        start(),
        parallel("g"),
        inside,
        user_task("u"),
        end(),
        flows("start", "g", "sp", "end"),
        flows("g", "u", "end"),
    )
    assert run(xml).start(x=0).complete("u", x=1).tree == "sp[h]"


def test_a_local_variable_is_a_change_only_where_it_is_seen(run: Run) -> None:
    inside = sub_process(
        "sp",
        multi_instance(cardinality=2),
        start("s1"),
        catch("c", X_IS_1),
        user_task("h"),
        end("e1"),
        flows("s1", "c", "h", "e1"),
    )
    case = run(diagram(start(), inside, end(), flows("start", "sp", "end"))).start(x=0)
    item = case.instances_of("sp", "subProcess")[1]
    assert case.tell(VariablesChanged({"x": 1}, item)).tree == "sp#body[sp[c], sp[h]]"
    assert case.set(x=1).tree == "sp#body[sp[h], sp[h]]"


def test_a_local_variable_elsewhere_is_no_change(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        user_task("u"),
        boundary("b", "u", X_IS_1, False),
        user_task("h"),
        sub_process("sp", start("s1"), user_task("v"), end("e1"), flows("s1", "v", "e1")),
        end(),
        flows("start", "g", "u", "end"),
        flows("g", "sp", "end"),
        flows("b", "h", "end"),
    )
    case = run(xml).start(x=0).set(x=1)
    assert case.tree == "h, sp[v], u"
    assert case.tell(VariablesChanged({"y": 1}, case.instances_of("sp")[0])).tree == "h, sp[v], u"


def test_a_local_variable_of_the_host_is_seen_by_its_boundary_condition(run: Run) -> None:
    inside = sub_process("sp", start("s1"), user_task("u"), end("e1"), flows("s1", "u", "e1"))
    case = run(guarded(True, host=inside)).start(x=0)
    assert case.tell(VariablesChanged({"x": 1}, case.instances_of("sp")[0])).tree == "h"


def test_what_a_called_process_hands_back_is_a_change(run: Run) -> None:
    called = call("u", "called", mapped_out(source="y", target="x"))
    assert run(guarded(True, host=called)).start(x=0).complete("u", y=1).tree == "h"


def test_what_a_message_brings_is_a_change(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        receive_task("r", "m"),
        user_task("u"),
        boundary("b", "u", X_IS_1),
        user_task("h"),
        end(),
        flows("start", "g", "r", "end"),
        flows("g", "u", "end"),
        flows("b", "h", "end"),
    )
    assert run(xml).start(x=0).message("m", x=1).tree == "h"


def test_a_condition_that_was_true_for_a_moment_has_fired(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        user_task("w"),
        boundary("b", "w", X_IS_1),
        user_task("u"),
        script_task("a", "x = ${1}"),
        script_task("a2", "x = ${0}"),
        user_task("h"),
        end(),
        flows("start", "g", "w", "end"),
        flows("g", "u", "a", "a2", "end"),
        flows("b", "h", "end"),
    )
    case = run(xml).start(x=0).complete("u")
    assert case.tree == "h"
    assert case.variables == {"x": 0}


def test_two_activities_may_wait_for_the_same_condition(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        user_task("a"),
        user_task("z"),
        boundary("ba", "a", X_IS_1),
        boundary("bz", "z", X_IS_1),
        user_task("ha"),
        user_task("hz"),
        end(),
        flows("start", "g", "a", "end"),
        flows("g", "z", "end"),
        flows("ba", "ha", "end"),
        flows("bz", "hz", "end"),
    )
    assert run(xml).start(x=0).set(x=1).tree == "ha, hz"


@pytest.mark.parametrize("first", ["c", "a"])
def test_a_branch_may_set_it_before_or_after_it_is_armed_in_the_same_step(run: Run, first: str) -> None:
    branches = {"c": flows("g", "c", "u2", "end"), "a": flows("g", "a", "u1", "end")}
    xml = diagram(
        start(),
        parallel("g"),
        catch("c", X_IS_1),
        script_task("a", "x = ${1}"),
        user_task("u1"),
        user_task("u2"),
        end(),
        flows("start", "g"),
        branches.pop(first),
        *branches.values(),
    )
    assert run(xml).start(x=0).tree == "u1, u2"


def test_a_handler_that_keeps_its_own_condition_alive_is_stopped(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("u"),
        boundary("b", "u", X_IS_1, False),
        script_task("again", "y = ${1}"),
        end(),
        flows("start", "u", "end"),
        flows("b", "again", "end"),
    )
    case = run(xml).start(x=0)
    with pytest.raises(EngineError):
        case.set(x=1)
    assert case.tree == "u"
