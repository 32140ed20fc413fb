"""The saved state: what it depends on, and that another process and another release can go on from it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from engine.errors import Conflict
from engine.interpreter import advance
from engine.interpreter.stimulus import Completed
from tests.contract.case import Case, live_nodes
from tests.diagrams import (
    Element,
    boundary,
    call,
    catch,
    conditional,
    diagram,
    end,
    event_gateway,
    event_sub_process,
    exclusive,
    external_task,
    flow,
    flows,
    inclusive,
    message,
    multi_instance,
    parallel,
    signal,
    start,
    straight,
    sub_process,
    timer,
    user_task,
)

ROUND = (user_task("u"), exclusive("m"), exclusive("x", default="x-last"))
AGAIN = (flows("m", "u", "x"), flow("x", "m", "${again}"))


def looping(*beside: Element | list[Element], entry: str = "start", last: str = "end") -> bytes:
    """A loop of one task that goes on while `again` is true."""
    ahead = [] if entry != "start" else [flow("start", "m")]
    return diagram(start(), *ROUND, *AGAIN, *ahead, flow("x", last, id="x-last"), end(), *beside)


HANDLER = event_sub_process(
    "es", start("es-start", message("stop")), user_task("h"), end("es-end"), flows("es-start", "h", "es-end")
)
WAITING_BRANCH: list[Element | list[Element]] = [
    parallel("g"),
    parallel("j"),
    user_task("wait"),
    flow("start", "g"),
    flow("g", "m"),
    flows("g", "wait", "j", "end"),
]
REMINDER: list[Element | list[Element]] = [
    boundary("b", "u", message("remind"), False),
    user_task("reminder"),
    end("e2"),
    flows("b", "reminder", "e2"),
]
INCLUSIVE_BRANCH: list[Element | list[Element]] = [
    inclusive("g"),
    inclusive("j"),
    user_task("wait"),
    flow("start", "g"),
    flow("g", "m", "${true}"),
    flow("g", "wait", "${true}"),
    flows("wait", "j", "end"),
]
LOOPS: dict[str, tuple[bytes, Callable[[Case], object]]] = {
    "alone": (looping(), lambda case: None),
    "beside an armed event sub-process": (looping(HANDLER), lambda case: None),
    "beside a waiting parallel branch": (looping(*WAITING_BRANCH, entry="g", last="j"), lambda case: None),
    "beside a waiting inclusive branch": (looping(*INCLUSIVE_BRANCH, entry="g", last="j"), lambda case: None),
    "beside an open reminder": (looping(*REMINDER), lambda case: case.message("remind")),
}


@pytest.mark.parametrize("beside", LOOPS)
def test_a_state_after_many_rounds_is_like_that_after_the_first(beside: str) -> None:
    xml, prepare = LOOPS[beside]
    case = Case(xml).start()
    prepare(case)
    case.complete("u", again=True)
    first = live_nodes(case.state or "")
    for _ in range(3_000):
        case.complete("u", again=True)
    assert live_nodes(case.state or "") == first
    assert case.tasks.count("u") == 1
    case.complete("u", again=False)
    for rest in case.tasks:
        case.complete(rest)
    assert case.has_ended


def test_a_loop_through_a_split_and_a_join_leaves_nothing_behind() -> None:
    xml = diagram(
        start(),
        exclusive("m"),
        exclusive("x", default="x-end"),
        parallel("g"),
        parallel("j"),
        user_task("a"),
        user_task("b"),
        end(),
        flows("start", "m", "g", "a", "j"),
        flows("g", "b", "j", "x"),
        flow("x", "m", "${again}"),
        flow("x", "end"),
    )
    case = Case(xml).start()
    for _ in range(1_000):
        case.complete("a", again=True)
        assert live_nodes(case.state or "") == {"b": 1, "j": 1}
        case.complete("b")
        assert live_nodes(case.state or "") == {"a": 1, "b": 1}


def test_a_chain_of_a_thousand_nodes_runs_through() -> None:
    names = [f"t{number}" for number in range(1_000)]
    case = Case(straight(*[Element("task", {"id": name}) for name in names])).start()
    assert case.has_ended
    assert case.trace.count("-t999") == 1


def test_a_finished_instance_has_no_state() -> None:
    case = Case(straight(user_task("a"))).start().complete("a")
    assert case.state == ""


def test_the_state_says_no_more_than_what_is_open() -> None:
    case = Case(straight(user_task("a"), user_task("b"))).start(secret="nobody reads this").complete("a")
    assert json.loads(case.state or "") == {"v": 1, "nodes": ["b"], "tokens": [["0003", -1, 0, "started"]]}


def test_a_state_is_refused_by_a_definition_that_lacks_its_node() -> None:
    case = Case(straight(user_task("a"))).start()
    case.definition = Case(straight(user_task("other"))).definition
    with pytest.raises(Conflict):
        case.complete("a")


EVERYTHING = diagram(
    start(),
    parallel("g"),
    user_task("a"),
    boundary("a-timer", "a", timer(cycle="R/PT1H"), False),
    user_task("looped", multi_instance(cardinality=3)),
    user_task("one-by-one", multi_instance(cardinality=3, isSequential=True)),
    sub_process(
        "sp",
        multi_instance(collection="items", elementVariable="it"),
        start("s1"),
        user_task("u"),
        end("e1"),
        event_sub_process(
            "es", start("es-start", message("m")), user_task("h"), end("es-end"), flows("es-start", "h", "es-end")
        ),
        flows("s1", "u", "e1"),
    ),
    event_gateway("eg"),
    catch("by-message", message("paid-${items[0]}")),
    catch("by-timer", timer(duration="PT1H")),
    catch("by-condition", conditional("${x == 1}")),
    catch("by-signal", signal("s")),
    call("called", "called"),
    external_task("external", "topic"),
    user_task("later", asyncBefore=True, asyncAfter=True),
    parallel("j"),
    user_task("last"),
    end(),
    *[flows("g", name, "j") for name in ("a", "looped", "one-by-one", "sp", "called", "external", "later")],
    flows("g", "j"),
    flows("g", "by-condition", "j"),
    flows("g", "by-signal", "j"),
    flows("g", "eg", "by-message", "j"),
    flows("eg", "by-timer", "j"),
    flows("a-timer", "j"),
    flows("start", "g"),
    flows("j", "last", "end"),
)


def everything(case: Case) -> Iterator[Callable[[], Case]]:
    """A whole life of the diagram above, step by step."""
    yield lambda: case.start(items=["a", "b"], x=0)
    yield lambda: case.complete("looped", nth=1)
    yield lambda: case.complete("one-by-one")
    yield lambda: case.message("paid-a")
    yield lambda: case.arrives("es-start", nth=1)
    yield lambda: case.go_on("later")
    yield lambda: case.complete("later")
    yield lambda: case.go_on("later")
    yield lambda: case.timer_fires("a-timer")
    yield lambda: case.complete("u")
    yield lambda: case.complete("h")
    yield lambda: case.complete("looped")
    yield lambda: case.complete("one-by-one")
    yield lambda: case.set(x=1)
    yield lambda: case.signal("s")
    yield lambda: case.complete("called")
    yield lambda: case.complete("external")
    yield lambda: case.complete("looped")
    yield lambda: case.complete("one-by-one")


def test_a_step_is_the_same_whether_or_not_the_definition_was_read_again_before_it() -> None:
    straight_on, reloading = Case(EVERYTHING), Case(EVERYTHING, reloading=True)
    for step, again in zip(everything(straight_on), everything(reloading), strict=True):
        assert step().trace == again().trace
        assert straight_on.state == reloading.state
    assert straight_on.tree == "a, j"


GO_ON = """
import json, sys
from engine.diagram import read_diagram
from engine.interpreter import advance, build
from engine.interpreter.stimulus import Completed
from itertools import count

for case in json.load(sys.stdin):
    definition = build(read_diagram(case["xml"].encode()).processes[0])
    numbers = count(1000)
    step = advance(
        definition, case["state"], {None: case["variables"]}, Completed(case["task"]),
        new_id=lambda: str(next(numbers)), functions={},
    )
    print(json.dumps([type(change).__name__ for change in step.changes]))
"""


def test_another_process_goes_on_where_this_one_stopped() -> None:
    """Every state of a whole life, each continued by completing one of its tasks in a fresh Python."""
    case, batch, expected = Case(EVERYTHING), [], []
    for step in everything(case):
        step()
        task = case.open("a")
        batch.append({"xml": EVERYTHING.decode(), "state": case.state, "variables": case.variables, "task": task.id})
        expected.append(continued(case, task.id))
    ran = subprocess.run(
        [sys.executable, "-c", GO_ON], input=json.dumps(batch), capture_output=True, text=True, check=True
    )
    assert [json.loads(line) for line in ran.stdout.splitlines()] == expected


def continued(case: Case, task: str) -> list[str]:
    step = advance(
        case.definition, case.state, {None: case.variables}, Completed(task), new_id=lambda: "next", functions={}
    )
    return [type(change).__name__ for change in step.changes]
