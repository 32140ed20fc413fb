"""BPMN errors: the nearest catcher takes them (Camunda 7)."""

from itertools import count

import pytest

from engine.interpreter import advance
from engine.interpreter.step import WorkOpened
from engine.interpreter.stimulus import Completed, Start
from tests.contract.case import definition_of
from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    boundary,
    call,
    diagram,
    end,
    error,
    event_sub_process,
    exclusive,
    external_task,
    flow,
    flows,
    mapped_out,
    message,
    multi_instance,
    parallel,
    start,
    straight,
    sub_process,
    user_task,
)


def failing(*more: Element, code: str = "e1") -> Element:
    """A sub-process that ends in an error once its task is done."""
    return sub_process("sp", start("s1"), user_task("u"), end("e1", error(code)), flows("s1", "u", "e1"), *more)


def around(host: Element, *boundaries: Element) -> bytes:
    handlers = [element.attributes["id"] for element in boundaries]
    return diagram(
        start(),
        host,
        *boundaries,
        user_task("n"),
        *[user_task(f"after-{id}") for id in handlers],
        end(),
        flows("start", "sp", "n", "end"),
        *[flows(id, f"after-{id}", "end") for id in handlers],
    )


@pytest.mark.parametrize("code", ["e1", None])
def test_a_boundary_event_catches_by_code_or_any(run: Run, code: str | None) -> None:
    case = run(around(failing(), boundary("b", "sp", error(code)))).start().complete("u")
    assert case.tree == "after-b"
    assert case.trace == ["-u", ">u-e1", "+e1", "xe1", "xsp", "+b", "-b", ">b-after-b", "+after-b"]


def test_an_error_that_nothing_catches_ends_the_instance_for_its_caller_to_catch(run: Run) -> None:
    case = run(around(failing(), boundary("b", "sp", error("e2")))).start().complete("u")
    assert case.has_ended
    assert case.error == ("e1", None)
    assert case.tree == ""


def test_an_uncaught_error_names_the_element_that_threw_it() -> None:
    definition = definition_of(around(failing()))
    numbers = count(1)
    begun = advance(definition, None, {}, Start(), new_id=lambda: str(next(numbers)), functions={})
    task = next(change.id for change in begun.changes if isinstance(change, WorkOpened))
    step = advance(definition, begun.state, {}, Completed(task), new_id=lambda: str(next(numbers)), functions={})
    assert (step.error, step.error_at) == (("e1", None), "e1")


def test_an_uncaught_error_cancels_all_other_work(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        user_task("u"),
        user_task("w"),
        end(),
        end("failed", error("e1")),
        flows("start", "g", "u", "failed"),
        flows("g", "w", "end"),
    )
    case = run(xml).start().complete("u")
    assert case.error == ("e1", None)
    assert case.cancelled == ["w"]


def test_the_catching_event_cancels_parallel_work_in_the_sub_process(run: Run) -> None:
    host = sub_process(
        "sp",
        start("s1"),
        parallel("g"),
        user_task("u"),
        user_task("w"),
        end("e1"),
        end("ee", error("e1")),
        flows("s1", "g", "u", "ee"),
        flows("g", "w", "e1"),
    )
    case = run(around(host, boundary("b", "sp", error("e1")))).start().complete("u")
    assert case.tree == "after-b"
    assert case.cancelled == ["w"]


def test_the_very_code_beats_any_code_on_the_same_activity(run: Run) -> None:
    case = run(around(failing(), boundary("any", "sp", error()), boundary("one", "sp", error("e1"))))
    assert case.start().complete("u").tree == "after-one"


def test_the_nearer_catcher_beats_the_more_exact_one(run: Run) -> None:
    inner = failing()
    outer = sub_process(
        "so",
        start("s0"),
        inner,
        boundary("bi", "sp", error()),
        user_task("hi"),
        end("e0"),
        flows("s0", "sp", "e0"),
        flows("bi", "hi", "e0"),
    )
    xml = diagram(
        start(),
        outer,
        boundary("bo", "so", error("e1")),
        user_task("ho"),
        end(),
        flows("start", "so", "end"),
        flows("bo", "ho", "end"),
    )
    assert run(xml).start().complete("u").tree == "so[hi]"


def test_an_error_passes_through_scopes_that_do_not_catch_it(run: Run) -> None:
    outer = sub_process("so", start("s0"), failing(), end("e0"), flows("s0", "sp", "e0"))
    xml = diagram(
        start(),
        outer,
        boundary("bo", "so", error("e1")),
        user_task("ho"),
        end(),
        flows("start", "so", "end"),
        flows("bo", "ho", "end"),
    )
    case = run(xml).start().complete("u")
    assert case.tree == "ho"
    assert case.trace[3:6] == ["xe1", "xsp", "xso"]


def test_code_and_message_become_variables(run: Run) -> None:
    xml = diagram(
        start(),
        external_task("sp", "topic"),
        boundary("b", "sp", error("e1", errorCodeVariable="code", errorMessageVariable="text")),
        user_task("h"),
        end(),
        flows("start", "sp", "end"),
        flows("b", "h", "end"),
    )
    case = run(xml).start().fail_with("sp", "e1", message="no answer", tried=3)
    assert case.tree == "h"
    assert case.variables == {"tried": 3, "code": "e1", "text": "no answer"}
    assert case.cancelled == []


def test_an_error_from_outside_reaches_only_the_boundary_of_its_own_activity(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        external_task("a", "a"),
        external_task("z", "z"),
        boundary("ba", "a", error("e1")),
        boundary("bz", "z", error("e1")),
        user_task("ha"),
        user_task("hz"),
        end(),
        flows("start", "g", "a", "end"),
        flows("g", "z", "end"),
        flows("ba", "ha", "end"),
        flows("bz", "hz", "end"),
    )
    assert run(xml).start().fail_with("a", "e1").tree == "ha, z"


def test_an_error_from_outside_that_nothing_catches_ends_the_instance(run: Run) -> None:
    case = run(straight(user_task("u"))).start().fail_with("u", "e1", message="refused")
    assert case.has_ended
    assert case.error == ("e1", "refused")


def test_an_error_of_one_item_cancels_all_items(run: Run) -> None:
    host = sub_process(
        "sp",
        multi_instance(cardinality=3),
        start("s1"),
        user_task("u"),
        exclusive("x", default="x-e1"),
        end("ee", error("bad")),
        end("e1"),
        flows("s1", "u", "x"),
        flow("x", "ee", "${bad}"),
        flow("x", "e1"),
    )
    case = run(around(host, boundary("b", "sp", error("bad")))).start()
    case.complete("u", bad=False).complete("u", bad=True)
    assert case.tree == "after-b"
    assert case.cancelled == ["u"]


def test_the_boundary_of_a_multi_instance_task_catches_for_all_its_items(run: Run) -> None:
    xml = around(user_task("sp", multi_instance(cardinality=3)), boundary("b", "sp", error("e1")))
    case = run(xml).start().fail_with("sp", "e1", nth=1)
    assert case.tree == "after-b"
    assert case.cancelled == ["sp", "sp"]


def test_an_error_of_a_called_process_is_caught_on_the_call_and_its_variables_are_mapped(run: Run) -> None:
    called = call("sp", "called", mapped_out(source="reason", target="why"))
    case = run(around(called, boundary("b", "sp", error("e1")))).start()
    case.fail_with("sp", "e1", reason="no seal", secret=1)
    assert case.tree == "after-b"
    assert case.variables == {"why": "no seal"}


def handler(caught: str | None = "e1", finish: Element | None = None, id: str = "es") -> Element:
    begin = start(f"{id}-start", error(caught))
    done = end(f"{id}-end", *([] if finish is None else [finish]))
    return event_sub_process(id, begin, user_task(f"{id}-h"), done, flows(f"{id}-start", f"{id}-h", f"{id}-end"))


def test_an_event_sub_process_catches_before_the_boundary_of_its_scope(run: Run) -> None:
    case = run(around(failing(handler()), boundary("b", "sp", error("e1")))).start().complete("u")
    assert case.tree == "sp[es[es-h]]"
    assert case.complete("es-h").tree == "n"


def test_an_event_sub_process_does_not_catch_what_is_thrown_in_itself(run: Run) -> None:
    again = handler(finish=error("e1"))
    case = run(around(failing(again), boundary("b", "sp", error("e1")))).start().complete("u").complete("es-h")
    assert case.tree == "after-b"


def test_an_error_out_of_another_event_sub_process_reaches_the_boundary(run: Run) -> None:
    withdrawn = event_sub_process(
        "es",
        start("es-start", message("m")),
        user_task("h"),
        end("es-end", error("e2")),
        flows("es-start", "h", "es-end"),
    )
    case = run(around(failing(withdrawn), boundary("b", "sp", error("e2")))).start().message("m")
    assert case.tree == "sp[es[h]]"
    assert case.complete("h").tree == "after-b"


def test_the_processs_event_sub_process_catches_from_a_sub_process(run: Run) -> None:
    xml = diagram(start(), failing(), user_task("n"), end(), handler(), flows("start", "sp", "n", "end"))
    case = run(xml).start().complete("u")
    assert case.tree == "es[es-h]"
    assert case.complete("es-h").has_ended


def test_an_inner_boundary_beats_the_processs_event_sub_process(run: Run) -> None:
    xml = diagram(
        start(),
        failing(),
        boundary("b", "sp", error("e1")),
        user_task("hb"),
        end(),
        handler(),
        flows("start", "sp", "end"),
        flows("b", "hb", "end"),
    )
    assert run(xml).start().complete("u").tree == "hb"


def test_the_very_code_beats_any_code_among_event_sub_processes(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("u"),
        end("failed", error("e1")),
        handler(None, id="any"),
        handler("e1", id="one"),
        flows("start", "u", "failed"),
    )
    assert run(xml).start().complete("u").tree == "one[one-h]"


def test_an_event_sub_process_catches_for_a_task_without_boundary(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        user_task("u"),
        user_task("w"),
        end(),
        handler(),
        flows("start", "g", "u", "end"),
        flows("g", "w", "end"),
    )
    case = run(xml).start().fail_with("u", "e1")
    assert case.tree == "es[es-h]"
    assert case.cancelled == ["w"]


def test_an_error_event_sub_process_does_not_run_by_itself(run: Run) -> None:
    xml = diagram(start(), user_task("u"), end(), handler(), flows("start", "u", "end"))
    case = run(xml).start()
    assert case.tree == "u"
    assert case.complete("u").has_ended
