"""Times in a diagram: none that the item holds, none beyond its promise, and no step without one."""

from typing import Any

import pytest

from casework import item_document, lint
from engine.diagram import read_diagram
from engine.diagram.model import Diagram
from tests.casework.test_lint import ITEM
from tests.diagrams import (
    Element,
    boundary,
    call,
    cancel,
    catch,
    diagram,
    end,
    event_sub_process,
    exclusive,
    flow,
    flows,
    inclusive,
    link,
    message,
    multi_instance,
    node,
    only_process,
    parallel,
    properties,
    start,
    straight,
    sub_process,
    task_listener,
    throw,
    timer,
    transaction,
    undone_by,
    user_task,
)

DOCUMENT = item_document.read(
    "item.toml",
    ITEM.replace(
        'inspection = "2WD"', 'inspection = "2WD"\nsurvey = "3WD"\nsix = "6WD"\npublicity = "7ND"\ncall = "24H"'
    )
    .replace('[[participants]]\nrole = "fire"', '[[participants]]\nrole = "water"\n\n[[participants]]\nrole = "fire"')
    .encode(),
)


def read(source: bytes) -> Diagram:
    return read_diagram(source, functions=["limit", "workingDays"], listeners=frozenset({"told"}))


def beside(**own: bytes) -> lint.Surroundings:
    drawn = {key: only_process(source) for key, source in own.items()}
    return lint.Surroundings(DOCUMENT, {}, {"shop", *drawn}, own=drawn)


def told(source: bytes, **own: bytes) -> list[tuple[str | None, str]]:
    return [(fault.element_id, fault.sentence.en) for fault in lint.faults(read(source), beside(**own))]


def warned(step: Element, *around: Any) -> list[str | None]:
    """The steps that are told to have no limit."""
    source = diagram(start(), step, end(), flows("start", "step", "end"), *around)
    return [fault.element_id for fault in lint.warnings(read(source), beside())]


@pytest.mark.parametrize(
    ("definition", "limit"),
    [
        ({"duration": "P7D"}, "publicity"),
        ({"duration": "P1W"}, "publicity"),
        ({"duration": "PT24H"}, "call"),
        ({"duration": "P0Y7DT0H"}, "publicity"),
        ({"duration": "${'P7D'}"}, "publicity"),
        ({"date": "#{workingDays(2)}"}, "inspection"),
        ({"date": "${workingDays(2)}"}, "inspection"),
        ({"date": "${ workingDays( 5 ) }"}, "promised"),
    ],
)
def test_a_time_that_the_item_holds_is_told_with_the_limit_to_write(definition: dict[str, str], limit: str) -> None:
    ((id, sentence),) = told(straight(catch("wait", timer(**definition))))
    assert id == "wait"
    assert f"${{limit('{limit}')}}" in sentence


def test_a_due_date_that_the_item_holds_is_told() -> None:
    ((id, sentence),) = told(straight(user_task("step", candidateGroups="fire", dueDate="${workingDays(3)}")))
    assert (id, "${limit('survey')}" in sentence) == ("step", True)


def test_a_constant_is_told_wherever_a_timer_is_drawn() -> None:
    times_out = task_listener("timeout", "told", timer(duration="P7D"), id="t")
    late = event_sub_process("late", start("in-time", timer(duration="P1W")), end("over"), flows("in-time", "over"))
    raced = [node("eventBasedGateway", "which"), catch("told", message("m")), catch("waited", timer(duration="P7D"))]
    source = diagram(
        start(),
        user_task("step", times_out, candidateGroups="fire"),
        raced,
        end(),
        end("gone"),
        late,
        flows("start", "step", "which", "told", "end"),
        flows("which", "waited", "gone"),
    )
    assert {id for id, _ in told(source)} == {"step", "in-time", "waited"}


@pytest.mark.parametrize(
    "definition",
    [
        {"duration": "P8D"},
        {"duration": "P2D"},  # natural days: the item's two days are working days
        {"date": "${workingDays(4)}"},
        {"date": "${limit('publicity')}"},
        {"duration": "${workingDays(days)}"},
        {"duration": "P1Y"},
        {"date": "2027-01-04T00:00:00Z"},
        {"cycle": "R3/P7D"},  # a reminder is no limit
    ],
)
def test_a_time_that_the_item_does_not_hold_is_the_designer_s(definition: dict[str, str]) -> None:
    watched = user_task("step", candidateGroups="fire")
    remind = boundary("remind", "step", timer(**definition), interrupting="cycle" not in definition)
    source = diagram(
        start(), watched, remind, end(), end("late"), flows("start", "step", "end"), flow("remind", "late")
    )
    assert told(source) == []


def limited(id: str, limit: str, **more: str) -> Element:
    return user_task(id, properties(limit=limit, **more), candidateGroups="fire")


CORRECTS = sub_process(
    "fix", properties(act="correct"), start("a"), limited("b", "six"), end("c"), flows("a", "b", "c")
)


def shop(*parts: Any) -> bytes:
    return diagram(*parts, key="shop")


TOO_LONG = {
    "one after another": shop(
        start(), limited("one", "inspection"), limited("two", "survey"), limited("last", "inspection"), end(),
        flows("start", "one", "two", "last", "end"),
    ),
    "one alone": shop(start(), limited("last", "six"), end(), flows("start", "last", "end")),
    "by the longer of two branches": shop(
        start(), parallel("split"), limited("one", "inspection"), limited("two", "survey"), parallel("join"),
        limited("last", "survey"), end(),
        flow("start", "split"), flow("split", "one"), flow("split", "two"), flow("one", "join"), flow("two", "join"),
        flows("join", "last", "end"),
    ),
    "by way of an event on a border": shop(
        start(), limited("one", "survey"), boundary("late", "one", timer(duration="P1D")), limited("last", "survey"),
        end(), end("over"), flows("start", "one", "end"), flows("late", "last", "over"),
    ),
    "inside a sub-process": shop(
        start(), sub_process("inner", start("a"), limited("last", "six"), end("b"), flows("a", "last", "b")), end(),
        flows("start", "inner", "end"),
    ),
    "in a sub-process of a sub-process": shop(
        start(),
        sub_process(
            "outer", start("a"), limited("one", "survey"),
            sub_process("inner", start("b"), limited("last", "survey"), end("c"), flows("b", "last", "c")),
            end("d"), flows("a", "one", "inner", "d"),
        ),
        end(), flows("start", "outer", "end"),
    ),
    "behind inclusive branches": shop(
        start(), inclusive("split"), limited("one", "survey"), limited("two", "inspection"), inclusive("join"),
        limited("last", "survey"), end(), flow("start", "split"), flow("split", "one", "${a}"),
        flow("split", "two", "${b}"), flow("one", "join"), flow("two", "join"), flows("join", "last", "end"),
    ),
    "by way of a link": shop(
        start(), limited("one", "survey"), throw("away", link("on")), catch("here", link("on")),
        limited("last", "survey"), end(), flows("start", "one", "away"), flows("here", "last", "end"),
    ),
    "in an event sub-process": shop(
        start(), limited("one", "survey"), end(), flows("start", "one", "end"),
        event_sub_process("again", start("asked", message("m")), limited("last", "six"), end("done"),
                          flows("asked", "last", "done")),
    ),
    "as often as the step is done": shop(
        start(), user_task("last", multi_instance(cardinality=2, isSequential=True), properties(limit="survey"),
                           candidateGroups="fire"),
        end(), flows("start", "last", "end"),
    ),
    "by waiting for a limit": shop(
        start(), catch("last", timer(date="${limit('six')}")), end(), flows("start", "last", "end")
    ),
    "after a transaction that is cancelled": shop(
        start(),
        transaction("trial", start("a"), limited("one", "survey"), end("b", cancel()), flows("a", "one", "b")),
        boundary("undone", "trial", cancel()), limited("last", "survey"), end(), end("over"),
        flows("start", "trial", "end"), flows("undone", "last", "over"),
    ),
    "after acceptance": shop(
        start(),
        user_task("accept", properties(act="accept", outcomes="accept 受理; decline 不予受理"), candidateGroups="fire"),
        limited("last", "six"), end(), flows("start", "accept", "last", "end"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TOO_LONG)
def test_steps_that_together_take_longer_than_the_promise_are_told(what: str) -> None:
    ((id, sentence),) = told(TOO_LONG[what])
    assert id == "last"
    assert "more than the 5 working days" in sentence


def test_steps_of_a_called_process_count_where_it_is_called() -> None:
    called = diagram(start(), limited("inner", "six"), end(), flows("start", "inner", "end"), key="inspections")
    source = shop(start(), call("go", "inspections"), end(), flows("start", "go", "end"))
    ((id, sentence),) = told(source, inspections=called)
    assert (id, "inner (six)" in sentence) == ("shop", True)


LONG_ENOUGH = {
    "as long as the promise": shop(
        start(), limited("one", "inspection"), limited("two", "survey"), end(), flows("start", "one", "two", "end")
    ),
    "a loop counts once": shop(
        start(), exclusive("again"), limited("one", "survey"), exclusive("done", default="done-end"), end(),
        flows("start", "again", "one", "done"), flow("done", "end"), flow("done", "again", "${again}"),
    ),
    "parallel branches do not add up": shop(
        start(), parallel("split"), limited("one", "survey"), limited("two", "survey"), parallel("join"), end(),
        flow("start", "split"), flow("split", "one"), flow("split", "two"), flow("one", "join"), flow("two", "join"),
        flow("join", "end"),
    ),
    "the applicant's time is not the office's": shop(start(), CORRECTS, end(), flows("start", "fix", "end")),
    "before acceptance the promise does not run": shop(
        start(), limited("early", "six"),
        user_task("accept", properties(act="accept", outcomes="accept 受理; decline 不予受理"), candidateGroups="fire"),
        end(), flows("start", "early", "accept", "end"),
    ),
    "behind the decision the promise is kept": shop(
        start(),
        user_task("decide", properties(act="decide", outcomes="approve 准予; refuse 不予"), candidateGroups="fire"),
        limited("late", "six"), end(), flows("start", "decide", "late", "end"),
    ),
    "what a reminder begins runs beside the step": shop(
        start(), limited("one", "survey"), boundary("remind", "one", timer(duration="P1D"), interrupting=False),
        limited("two", "survey"), end(), end("reminded"), flows("start", "one", "end"),
        flows("remind", "two", "reminded"),
    ),
    "items at the same time do not add up": shop(
        start(), user_task("one", multi_instance(cardinality=9), properties(limit="survey"), candidateGroups="fire"),
        end(), flows("start", "one", "end"),
    ),
    "a withdrawal ends the time": shop(
        start(), limited("one", "survey"), end(), flows("start", "one", "end"),
        event_sub_process("withdrawal", start("asked", message("m"), properties(act="withdraw")),
                          limited("late", "six"), end("done"), flows("asked", "late", "done")),
    ),
    "what undoes a step is on no path": shop(
        start(), limited("one", "survey"), undone_by(limited("undo", "six"), "one"), end(),
        flows("start", "one", "end"),
    ),
    "natural days are no working days": shop(
        start(), limited("one", "publicity"), end(), flows("start", "one", "end")
    ),
    "another process is no case's": diagram(start(), limited("one", "six"), end(), flows("start", "one", "end")),
}  # fmt: skip


@pytest.mark.parametrize("what", LONG_ENOUGH)
def test_steps_that_the_promise_has_room_for_are_right(what: str) -> None:
    assert told(LONG_ENOUGH[what]) == []


def test_a_thousand_steps_are_one_path() -> None:
    steps = [limited(f"n{number}", "inspection") for number in range(1000)]
    ((_, sentence),) = told(shop(start(), *steps, end(), flows("start", *(f"n{n}" for n in range(1000)), "end")))
    assert "come to 2000 working days" in sentence


LIMITLESS = {
    "of a department without a limit": user_task("step", candidateGroups="water"),
    "of its heads": user_task("step", candidateGroups="water/head"),
    "of the window": user_task("step", candidateGroups="window"),
    "of the applicant": user_task("step", assignee="${submitted_by}"),
    "of a department that is named": user_task("step", properties(department="water"), candidateGroups="${who}"),
}


@pytest.mark.parametrize("what", LIMITLESS)
def test_a_step_that_would_never_be_late_is_warned_of(what: str) -> None:
    assert warned(LIMITLESS[what]) == ["step"]


HELD = {
    "of a department with a limit": user_task("step", candidateGroups="fire"),
    "of the lead, who has one": user_task("step", candidateGroups="lead"),
    "with a limit of its own": user_task("step", properties(limit="inspection"), candidateGroups="water"),
    "with a due date": user_task("step", candidateGroups="water", dueDate="${workingDays(1)}"),
    "of a group known when a case runs": user_task("step", candidateGroups="${matter.role}"),
    "of one person": user_task("step", assignee="${handler}"),
    "an acceptance, which receipt holds": user_task("step", properties(act="accept"), candidateGroups="window"),
}


@pytest.mark.parametrize("what", HELD)
def test_a_step_that_can_be_late_is_not_warned_of(what: str) -> None:
    assert warned(HELD[what]) == []


def test_a_timer_on_the_step_or_around_it_is_a_limit() -> None:
    late = [boundary("late", "step", timer(duration="P3D")), end("gone"), flow("late", "gone")]
    assert warned(user_task("step", assignee="${submitted_by}"), *late) == []
    inner = user_task("inner", assignee="${submitted_by}")
    assert warned(sub_process("step", start("a"), inner, end("b"), flows("a", "inner", "b")), *late) == []


def test_a_timed_event_sub_process_or_a_timeout_listener_is_a_limit_too() -> None:
    open_ended = user_task("step", assignee="${submitted_by}")
    late = event_sub_process("late", start("in-time", timer(duration="P9D")), end("over"), flows("in-time", "over"))
    assert warned(open_ended, late) == []
    inner = sub_process(
        "step", start("a"), user_task("in", candidateGroups="water"), end("b"), late, flows("a", "in", "b")
    )
    assert warned(inner) == []
    times_out = task_listener("timeout", "told", timer(duration="P9D"), id="t")
    assert warned(user_task("step", times_out, candidateGroups="water")) == []


def test_an_event_sub_process_that_waits_for_a_message_is_no_limit() -> None:
    told_so = event_sub_process("told", start("m", message("m")), end("over"), flows("m", "over"))
    assert warned(user_task("step", candidateGroups="water"), told_so) == ["step"]
