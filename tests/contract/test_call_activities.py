"""Call activities: what is handed over, what comes back, errors and escalations of the called process (Camunda 7)."""

import pytest

from engine.diagram.model import Binding
from engine.errors import ExpressionFailed
from engine.interpreter.step import WorkKind
from engine.interpreter.stimulus import Completed, ErrorThrown, Resumed, Start
from tests import diagrams
from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    call,
    diagram,
    end,
    error,
    escalation,
    event_sub_process,
    flows,
    mapped_in,
    mapped_out,
    multi_instance,
    parallel,
    start,
    straight,
    user_task,
)


def calling(*mappings: Element, **attributes: str) -> bytes:
    return straight(call("c", "called", *mappings, **attributes), user_task("n"))


def test_a_call_waits_for_the_called_process(run: Run) -> None:
    case = run(calling()).start(x=1)
    asked = case.open("c")
    assert asked.kind is WorkKind.CALL
    assert asked.attributes == {
        "called_element": "called",
        "binding": Binding.LATEST,
        "version": None,
        "variables": {},
        "business_key": None,
    }
    case.complete("c", y=2)
    assert case.tree == "n"
    assert case.variables == {"x": 1}


def test_called_element_version_and_business_key_are_evaluated(run: Run) -> None:
    called = call(
        "c",
        "${which}",
        mapped_in(businessKey="${number}"),
        calledElementBinding="version",
        calledElementVersion="${1 + 1}",
    )
    attributes = run(straight(called)).start(which="fire-check", number="A-7").open("c").attributes
    assert (attributes["called_element"], attributes["business_key"]) == ("fire-check", "A-7")
    assert (attributes["binding"], attributes["version"]) == (Binding.VERSION, 2)


@pytest.mark.parametrize(
    ("mappings", "given"),
    [
        ([mapped_in(source="x", target="z")], {"z": 1}),
        ([mapped_in(sourceExpression="${x + 1}", target="z")], {"z": 2}),
        ([mapped_in(variables="all")], {"x": 1, "k": 7}),
        ([mapped_in(variables="all"), mapped_in(source="x", target="z")], {"x": 1, "k": 7, "z": 1}),
        ([mapped_in(variables="all", local=True)], {}),
        ([mapped_in(source="nope", target="z")], {"z": None}),
    ],
)
def test_only_what_is_mapped_is_handed_over(run: Run, mappings: list[Element], given: dict[str, object]) -> None:
    case = run(calling(*mappings)).start(x=1, k=7)
    assert case.open("c").attributes["variables"] == given


@pytest.mark.parametrize(
    ("mappings", "after"),
    [
        ([mapped_out(source="y", target="w")], {"x": 1, "w": 2}),
        ([mapped_out(sourceExpression="${y * 10}", target="w")], {"x": 1, "w": 20}),
        ([mapped_out(variables="all")], {"x": 5, "y": 2}),
        ([mapped_out(source="nix", target="w")], {"x": 1, "w": None}),
    ],
)
def test_only_what_is_mapped_comes_back(run: Run, mappings: list[Element], after: dict[str, object]) -> None:
    case = run(calling(*mappings)).start(x=1).complete("c", y=2, x=5)
    assert case.variables == after


def test_what_comes_back_locally_stays_with_the_call(run: Run) -> None:
    case = run(calling(mapped_out(variables="all", local=True))).start(x=1)
    id = case.open("c").id
    case.complete("c", y=2)
    assert case.variables == {"x": 1}
    assert case.scopes[id] == {"y": 2}


def test_a_mapping_that_cannot_be_evaluated_refuses_the_step(run: Run) -> None:
    with pytest.raises(ExpressionFailed) as refused:
        run(calling(mapped_in(sourceExpression="${nope}", target="z"))).start()
    assert refused.value.element_id == "c"


def guarded(definition: Element, interrupting: bool, *mappings: Element) -> bytes:
    host = call("c", "called", *mappings)
    return diagrams.guarded(host, definition, interrupting, event="b", answer="h", after="n")


def test_an_error_of_the_called_process_takes_the_boundary(run: Run) -> None:
    case = run(guarded(error("e1", errorCodeVariable="code"), True)).start().fail_with("c", "e1")
    assert case.tree == "h"
    assert case.variables == {"code": "e1"}
    assert case.cancelled == []


def test_an_error_that_the_caller_does_not_catch_leaves_the_caller_too(run: Run) -> None:
    case = run(guarded(error("e2"), True)).start().fail_with("c", "e1", message="gone")
    assert case.has_ended
    assert case.error == ("e1", "gone")


def test_an_error_of_the_called_process_may_be_caught_by_an_event_sub_process(run: Run) -> None:
    handler = event_sub_process(
        "es", start("es-start", error("e1")), user_task("h"), end("es-end"), flows("es-start", "h", "es-end")
    )
    xml = diagram(start(), call("c", "called"), end(), handler, flows("start", "c", "end"))
    assert run(xml).start().fail_with("c", "e1").tree == "es[h]"


def test_an_interrupting_escalation_of_the_called_process_cancels_the_call(run: Run) -> None:
    case = run(guarded(escalation("late"), True)).start().escalate("c", "late")
    assert case.tree == "h"
    assert case.cancelled == ["c"]


def test_a_non_interrupting_escalation_maps_variables_and_the_called_process_goes_on(run: Run) -> None:
    case = run(guarded(escalation("late"), False, mapped_out(source="y", target="w"))).start()
    assert case.escalate("c", "late", y=3).tree == "c, h"
    assert case.variables == {"w": 3}
    assert case.complete("c", y=4).tree == "h, n"
    assert case.variables == {"w": 4}


def forked(*inside: Element) -> bytes:
    """Two branches: a call with a task `n` behind it, then a task `b`."""
    nodes = parallel("g"), call("c", "called"), user_task("n"), user_task("b"), end(), *inside
    return diagram(start(), *nodes, flows("start", "g", "c", "n", "end"), flows("g", "b", "end"))


def test_what_is_beside_a_call_stands_back_until_the_called_process_waits(run: Run) -> None:
    case = run(forked())
    assert case.step(Start()).is_unfinished
    assert case.tree == "c"
    assert not case.step(Resumed()).is_unfinished
    assert case.tree == "b, c"


def test_what_the_called_process_sets_off_goes_before_what_stands_back(run: Run) -> None:
    case = run(forked())
    case.step(Start())
    case.step(Completed(case.open("c").id))
    assert case.tree == "n"
    case.step(Resumed())
    assert case.tree == "b, n"


def test_what_stands_back_behind_an_interrupted_call_never_begins(run: Run) -> None:
    handler = event_sub_process(
        "es", start("es-start", error("e1")), user_task("h"), end("es-end"), flows("es-start", "h", "es-end")
    )
    case = run(forked(handler))
    case.step(Start())
    case.step(ErrorThrown(case.open("c").id, "e1"))
    case.step(Resumed())
    assert case.tree == "es[h]"
    assert not case.ends_of("b")
    assert case.cancelled == []


def test_a_call_with_nothing_beside_it_is_one_step(run: Run) -> None:
    assert not run(calling()).step(Start()).is_unfinished


def test_items_of_a_multi_instance_call_begin_one_after_another(run: Run) -> None:
    case = run(straight(call("c", "called", multi_instance(collection="${them}", elementVariable="it"))))
    assert case.step(Start(variables={"them": [1, 2]})).is_unfinished
    assert case.tree == "c#body[c]"
    case.step(Resumed())
    assert case.tree == "c#body[c, c]"
    assert [case.scopes[id]["it"] for id in case.instances_of("c", "callActivity")] == [1, 2]
