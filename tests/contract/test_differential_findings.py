"""Where the interpreter and the rules of a diagram once differed from what Camunda 7 does with the same diagram."""

import pytest

from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    boundary,
    catch,
    conditional,
    diagram,
    end,
    event_gateway,
    event_sub_process,
    exclusive,
    faults_of,
    flow,
    flows,
    inclusive,
    message,
    parallel,
    script_task,
    signal,
    start,
    sub_process,
    terminate,
    throw,
    user_task,
)


def beside_waiting(released: Element) -> bytes:
    """A task whose end stops everything, beside a branch that waits for `released` and then notes that it went on."""
    return diagram(
        start(),
        parallel("both"),
        user_task("decide"),
        end("stop", terminate()),
        released,
        script_task("note", "noted = ${true}"),
        end(),
        flows("start", "both", "decide", "stop"),
        flows("both", released.attributes["id"], "note", "end"),
    )


def test_what_a_completions_variables_release_goes_on_before_the_completed_task(run: Run) -> None:
    case = run(beside_waiting(catch("when", conditional("${x == 1}")))).start().complete("decide", x=1)
    assert case.has_ended
    assert case.variables == {"x": 1, "noted": True}


def test_a_boundary_event_of_the_completed_task_starts_while_the_task_runs(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("u"),
        boundary("b", "u", conditional("${x == 1}"), interrupting=False),
        user_task("h"),
        user_task("n"),
        end(),
        flows("start", "u", "n", "end"),
        flows("b", "h", "end"),
    )
    case = run(xml).start().complete("u", x=1)
    assert [mark for mark in case.trace if mark[0] in "+-"] == ["+b", "-b", "+h", "-u", "+n"]


@pytest.mark.parametrize("kind", ["condition", "signal"])
def test_receivers_released_together_go_on_in_document_order(run: Run, kind: str) -> None:
    waits = conditional("${x == 1}") if kind == "condition" else signal("go")
    xml = diagram(
        start(),
        parallel("all"),
        *[catch(f"c{n}", waits) for n in (1, 2, 3)],
        *[script_task(f"s{n}", f"last = ${{{n}}}") for n in (1, 2, 3)],
        user_task("tell"),
        end(),
        *[flows("all", f"c{n}", f"s{n}", "end") for n in (1, 2, 3)],
        flows("start", "all", "tell", "thrown", "end"),
        throwing("thrown", kind),
    )
    case = run(xml).start().complete("tell")
    assert [mark for mark in case.trace if mark in ("+s1", "+s2", "+s3")] == ["+s1", "+s2", "+s3"]
    assert case.variables["last"] == 3


def throwing(id: str, kind: str) -> Element:
    """What makes the receivers go on."""
    return script_task(id, "x = ${1}") if kind == "condition" else throw(id, signal("go"))


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")], ids=" then ".join)
def test_an_inclusive_join_does_not_wait_for_what_comes_only_round_a_loop(run: Run, order: tuple[str, str]) -> None:
    """BPMN 2.0, 13.4.3: not for a token that can reach also one of the flows by which a token has come."""
    xml = diagram(
        start(),
        exclusive("m"),
        parallel("split"),
        inclusive("some", default="some-never"),
        user_task("a"),
        user_task("never"),
        inclusive("joined"),
        user_task("b"),
        parallel("both"),
        user_task("decide"),
        exclusive("x", default="x-end"),
        end(),
        flows("start", "m", "split", "some"),
        flow("some", "a", "${true}"),
        flows("some", "never", "joined", "both"),
        flows("a", "joined"),
        flows("split", "b", "both", "decide", "x"),
        flow("x", "m", "${again}"),
        flow("x", "end"),
    )
    case = run(xml).start()
    for again in (True, False):
        case.complete(order[0]).complete(order[1]).complete("decide", again=again)
    assert case.has_ended


SAME = [message("m"), signal("s")]


@pytest.mark.parametrize("definition", SAME, ids=["message", "signal"])
def test_two_events_of_a_gateway_do_not_wait_for_the_same(definition: Element) -> None:
    xml = diagram(
        start(),
        event_gateway("g"),
        catch("one", definition),
        catch("two", definition),
        end(),
        flows("start", "g", "one", "end"),
        flows("g", "two", "end"),
    )
    assert [element for element, _ in faults_of(xml)] == ["two"]


@pytest.mark.parametrize("definition", SAME, ids=["message", "signal"])
def test_a_sub_process_and_its_boundary_do_not_wait_for_the_same(definition: Element) -> None:
    handler = event_sub_process("es", start("es-start", definition), end("es-end"), flows("es-start", "es-end"))
    xml = diagram(
        start(),
        sub_process("sp", start("s1"), user_task("u"), end("e1"), flows("s1", "u", "e1"), handler),
        boundary("b", "sp", definition),
        end(),
        flows("start", "sp", "end"),
        flows("b", "end"),
    )
    assert len(faults_of(xml)) == 1
