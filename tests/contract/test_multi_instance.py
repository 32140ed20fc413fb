"""Multi-instance activities: parallel and sequential, counted by their body (Camunda 7)."""

from typing import Any

import pytest

from engine.errors import ExpressionFailed
from engine.interpreter.stimulus import VariablesChanged
from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    boundary,
    call,
    catch,
    delegate_task,
    diagram,
    end,
    exclusive,
    external_task,
    flow,
    flows,
    mapped_in,
    mapped_out,
    message,
    multi_instance,
    receive_task,
    script_task,
    start,
    straight,
    sub_process,
    user_task,
)

BOTH = pytest.mark.parametrize("sequential", [False, True], ids=["parallel", "sequential"])


def looped(sequential: bool = False, **attributes: Any) -> bytes:
    return straight(user_task("u", multi_instance(isSequential=sequential, **attributes)), user_task("n"))


def test_a_parallel_body_opens_all_items_and_ends_with_the_last(run: Run) -> None:
    case = run(looped(cardinality=3)).start()
    assert case.tree == "u#body[u, u, u]"
    assert case.trace[3:] == ["+u#body", "+u", "+u", "+u"]
    assert case.complete("u", nth=1).tree == "u#body[u, u]"
    assert case.complete("u").tree == "u#body[u]"
    assert case.complete("u").tree == "n"
    assert case.trace == ["-u", "-u#body", ">u-n", "+n"]


def test_a_sequential_body_opens_one_item_after_another(run: Run) -> None:
    case = run(looped(True, cardinality=3)).start()
    for _ in range(2):
        assert case.tree == "u#body[u]"
        case.complete("u")
        assert case.trace == ["-u", "+u"]
    assert case.complete("u").tree == "n"


@BOTH
def test_each_item_has_its_element_in_its_own_scope(run: Run, sequential: bool) -> None:
    task = user_task(
        "u",
        multi_instance(collection="items", elementVariable="it", isSequential=sequential),
        candidateGroups="${it}",
    )
    case = run(straight(task)).start(items=["fire", "tax"])
    seen = []
    while case.work:
        asked = case.open("u")
        seen.append((asked.attributes["candidate_groups"], case.scopes[asked.scope_ids[0]]))
        case.complete("u")
    assert seen == [(["fire"], {"it": "fire"}), (["tax"], {"it": "tax"})]
    assert case.variables == {"items": ["fire", "tax"]}


@BOTH
@pytest.mark.parametrize("collection", ["items", "${items}", "${given.list}"])
def test_a_collection_is_a_variable_or_an_expression(run: Run, collection: str, sequential: bool) -> None:
    case = run(looped(sequential, collection=collection, elementVariable="it"))
    case.start(items=["a", "b"], given={"list": ["a", "b"]})
    assert case.complete("u").complete("u").tree == "n"


def test_a_collection_may_be_json_text(run: Run) -> None:
    case = run(looped(collection="items", elementVariable="it")).start(items='["a", "b"]')
    assert [case.scopes[id] for id in case.instances_of("u", "userTask")] == [{"it": "a"}, {"it": "b"}]


@BOTH
def test_the_number_may_be_an_expression(run: Run, sequential: bool) -> None:
    case = run(looped(sequential, cardinality="${k}")).start(k=2)
    assert case.complete("u").complete("u").tree == "n"


@BOTH
@pytest.mark.parametrize("attributes", [{"collection": "items", "elementVariable": "it"}, {"cardinality": "${0}"}])
def test_without_items_the_body_is_passed_through(run: Run, attributes: dict[str, str], sequential: bool) -> None:
    case = run(looped(sequential, **attributes)).start(items=[])
    assert case.tree == "n"
    assert case.trace[3:6] == [">start-u", "+u#body", "-u#body"]


@BOTH
@pytest.mark.parametrize("wrong", [None, 5, "fire", {"a": 1}, "[" * 100_000])
def test_a_collection_that_is_no_list_is_refused(run: Run, wrong: object, sequential: bool) -> None:
    with pytest.raises(ExpressionFailed) as refused:
        run(looped(sequential, collection="items", elementVariable="it")).start(items=wrong)
    assert refused.value.element_id == "u"


@BOTH
@pytest.mark.parametrize("wrong", [-1, "many", None, True, float("inf")])
def test_a_number_that_is_none_is_refused(run: Run, wrong: object, sequential: bool) -> None:
    with pytest.raises(ExpressionFailed):
        run(looped(sequential, cardinality="${k}")).start(k=wrong)


def test_the_completion_condition_sees_the_counters_and_cancels_the_rest(run: Run) -> None:
    case = run(looped(cardinality=4, until="${nrOfCompletedInstances / nrOfInstances >= 0.5}")).start()
    assert case.complete("u").tree == "u#body[u, u, u]"
    assert case.complete("u").tree == "n"
    assert case.trace == ["-u", "xu", "xu", "-u#body", ">u-n", "+n"]
    assert case.cancelled == ["u", "u"]


@BOTH
def test_the_completion_condition_may_read_what_the_item_wrote(run: Run, sequential: bool) -> None:
    case = run(looped(sequential, cardinality=4, until="${agreed == 1}")).start()
    assert "u#body" in case.complete("u", agreed=0).tree
    assert case.complete("u", agreed=1).tree == "n"


@BOTH
def test_the_completion_condition_sees_the_item_that_has_ended(run: Run, sequential: bool) -> None:
    case = run(looped(sequential, collection="items", elementVariable="it", until="${it == 'b' && loopCounter == 1}"))
    assert "u#body" in case.start(items=["a", "b", "c"]).complete("u").tree
    assert case.complete("u").tree == "n"


@BOTH
def test_a_completion_condition_that_fails_refuses_the_step(run: Run, sequential: bool) -> None:
    case = run(looped(sequential, cardinality=3, until="${agreed == 1}")).start()
    with pytest.raises(ExpressionFailed) as refused:
        case.complete("u")
    assert refused.value.element_id == "u"
    assert case.complete("u", agreed=1).tree == "n"


def test_no_further_item_begins_when_enough_have_ended(run: Run) -> None:
    case = run(looped(True, collection="items", elementVariable="it", until="${true}")).start(items=["a", "b"])
    case.complete("u")
    assert case.trace == ["-u", "-u#body", ">u-n", "+n"]


def test_the_active_ones_are_counted_too(run: Run) -> None:
    case = run(looped(cardinality=3, until="${nrOfActiveInstances == 1}")).start()
    assert case.complete("u").complete("u").tree == "n"


def test_items_that_do_not_wait_run_one_after_another(run: Run) -> None:
    counting = script_task(
        "u", "seen = ${seen * 10 + loopCounter}", multi_instance(cardinality=4, until="${nrOfCompletedInstances == 3}")
    )
    case = run(straight(counting, user_task("n"))).start(seen=9)
    assert case.tree == "n"
    assert case.variables == {"seen": 9012}


ACTIVITIES: dict[str, Element] = {
    "user task": user_task("u", multi_instance(cardinality=2)),
    "external task": external_task("u", "topic", multi_instance(cardinality=2)),
    "delegate": delegate_task("u", "name", multi_instance(cardinality=2)),
    "receive task": receive_task("u", "m", multi_instance(cardinality=2)),
    "call activity": call("u", "called", multi_instance(cardinality=2)),
}


@pytest.mark.parametrize("kind", ACTIVITIES)
def test_every_kind_of_activity_can_be_repeated(run: Run, kind: str) -> None:
    case = run(straight(ACTIVITIES[kind], user_task("n"))).start()
    assert case.tree == "u#body[u, u]"
    answer = case.arrives if kind == "receive task" else case.complete
    answer("u")
    assert case.tree == "u#body[u]"
    answer("u")
    assert case.tree == "n"


def host(*loop: Element) -> Element:
    return sub_process(
        "sp",
        *loop,
        start("s1"),
        script_task("s", "y = ${'init'}"),
        user_task("u"),
        user_task("v"),
        end("e1"),
        flows("s1", "s", "u", "v", "e1"),
    )


@BOTH
def test_a_variable_set_in_an_item_is_the_processs(run: Run, sequential: bool) -> None:
    loop = multi_instance(collection="items", elementVariable="it", isSequential=sequential)
    case = run(straight(host(loop))).start(items=["a", "b"]).complete("u", y="A")
    assert case.variables["y"] == "A"


def test_the_condition_of_a_repeated_sub_process_cancels_the_other_items_with_all_below(run: Run) -> None:
    case = run(straight(host(multi_instance(cardinality=3, until="${nrOfCompletedInstances == 1}")), user_task("n")))
    case.start().complete("u").complete("u").complete("v")
    assert case.tree == "n"
    assert case.trace[5:10] == ["xv", "xsp", "xu", "xsp", "-sp#body"]


@BOTH
def test_completing_an_item_may_change_its_element(run: Run, sequential: bool) -> None:
    case = run(looped(sequential, collection="items", elementVariable="it"))
    case.start(items=["a", "b"], it="outer")
    scope = case.open("u").id
    case.complete("u", it="X")
    assert case.scopes[scope] == {"it": "X"}
    assert case.variables["it"] == "outer"


def test_a_variable_local_to_a_task_is_not_what_its_completion_writes(run: Run) -> None:
    case = run(straight(user_task("u"), user_task("n"))).start()
    task = case.open("u").id
    case.tell(VariablesChanged({"draft": 1}, task)).complete("u", draft=2)
    assert case.scopes[task] == {"draft": 1}
    assert case.variables == {"draft": 2}


def test_a_variable_local_to_a_sub_process_hides_the_processs_and_is_gone_with_it(run: Run) -> None:
    inside = sub_process(
        "sp", start("s1"), user_task("u"), script_task("s", "seen = ${x}"), end("e1"), flows("s1", "u", "s", "e1")
    )
    case = run(straight(inside, script_task("t", "left = ${x}"), user_task("n"))).start(x="outer")
    scope = case.instances_of("sp")[0]
    case.tell(VariablesChanged({"x": "inner"}, scope)).complete("u", x="changed")
    assert case.scopes[scope] == {"x": "changed"}
    assert case.variables == {"x": "outer", "seen": "changed", "left": "outer"}


def test_a_parallel_body_has_as_many_items_as_the_collection_had_at_the_start(run: Run) -> None:
    case = run(looped(collection="items", elementVariable="it")).start(items=["a", "b"]).set(items=["a", "b", "c"])
    assert case.complete("u").complete("u").tree == "n"


def test_nested_bodies_count_for_themselves(run: Run) -> None:
    inner = sub_process(
        "sp",
        multi_instance(cardinality=2),
        start("s1"),
        user_task("u", multi_instance(cardinality=3, until="${nrOfCompletedInstances == 2}")),
        end("e1"),
        flows("s1", "u", "e1"),
    )
    case = run(straight(inner, user_task("n"))).start()
    assert case.complete("u").tree == "sp#body[sp[u#body[u, u, u]], sp[u#body[u, u]]]"
    assert case.complete("u").tree == "sp#body[sp[u#body[u, u, u]]]"
    assert case.complete("u").complete("u").tree == "n"


def test_a_repeated_activity_in_a_loop_counts_anew(run: Run) -> None:
    xml = diagram(
        start(),
        exclusive("k"),
        user_task("u", multi_instance(cardinality=2)),
        exclusive("x", default="x-end"),
        end(),
        flows("start", "k", "u", "x"),
        flow("x", "k", "${again}"),
        flow("x", "end"),
    )
    case = run(xml).start()
    for _ in range(3):
        case.complete("u", again=True).complete("u")
        assert case.tree == "u#body[u, u]"
    assert case.complete("u", again=False).complete("u").has_ended


def test_each_item_calls_with_its_own_element(run: Run) -> None:
    called = call(
        "c",
        "called",
        multi_instance(collection="items", elementVariable="it"),
        mapped_in(source="it", target="x"),
        mapped_out(source="y", target="y"),
    )
    case = run(straight(called)).start(items=["a", "b"])
    assert [work.attributes["variables"] for work in case.work.values()] == [{"x": "a"}, {"x": "b"}]
    case.complete("c", y=1).complete("c", y=2)
    assert case.has_ended
    assert case.variables["y"] == 2


def test_an_item_waits_for_its_own_message(run: Run) -> None:
    inside = sub_process(
        "sp",
        multi_instance(collection="items", elementVariable="it"),
        start("s1"),
        catch("c", message("paid-${it}")),
        user_task("u"),
        end("e1"),
        flows("s1", "c", "u", "e1"),
    )
    case = run(straight(inside)).start(items=["a", "b"])
    assert case.message("paid-b").tree == "sp#body[sp[c], sp[u]]"


def test_two_hundred_departments_sign_and_the_last_one_moves_on(run: Run) -> None:
    case = run(looped(collection="items", elementVariable="it")).start(items=list(range(200)))
    assert len(case.tasks) == 200
    for number in range(199):
        case.complete("u", nth=(number * 7) % (200 - number))
    assert case.tree == "u#body[u]"
    assert case.complete("u").tree == "n"


def test_the_boundary_event_of_a_repeated_task_interrupts_what_is_left(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("u", multi_instance(cardinality=3)),
        boundary("b", "u", message("m")),
        user_task("h"),
        end(),
        flows("start", "u", "end"),
        flows("b", "h", "end"),
    )
    case = run(xml).start().complete("u").message("m")
    assert case.tree == "h"
    assert case.cancelled == ["u", "u"]
    assert case.ends_of("u") == ["cancelled", "ended", "cancelled", "cancelled"]
