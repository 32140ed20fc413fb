"""A parallel join that one of its branches never reaches is told; a join that every choice reaches is not."""

from typing import Any

import pytest

from engine.diagram import read_diagram
from tests.diagrams import (
    Element,
    boundary,
    catch,
    definitions,
    diagram,
    end,
    event_sub_process,
    exclusive,
    flow,
    flows,
    inclusive,
    link,
    message,
    node,
    parallel,
    process,
    start,
    sub_process,
    terminate,
    throw,
    timer,
    user_task,
)

YES = "${yes}"


def told(*parts: Any) -> list[str | None]:
    """The joins of a process that are told to wait for ever."""
    read = read_diagram(diagram(start(), *parts))
    return [fault.element_id for fault in read.warnings if "wait for ever" in fault.sentence.en]


def chosen(gateway: str, yes: str, no: str) -> list[Element]:
    return [exclusive(gateway, default=f"{gateway}-{no}"), flow(gateway, yes, YES), flow(gateway, no)]


TASKS: list[Element] = [user_task("one"), user_task("two")]
SPLIT = [parallel("split"), flow("start", "split"), flow("split", "one"), flow("split", "two")]
JOIN = [parallel("join"), end(), flow("one", "join"), flow("two", "join"), flow("join", "end")]

STARVED: dict[str, list[Any]] = {
    "exclusive branches": [flow("start", "which"), chosen("which", "one", "two"), TASKS, JOIN],
    "inclusive branches": [
        flow("start", "which"),
        inclusive("which"),
        flow("which", "one", YES),
        flow("which", "two", YES),
        TASKS,
        JOIN,
    ],
    "a branch that may end before": [
        SPLIT,
        TASKS,
        chosen("which", "join", "over"),
        end("over"),
        parallel("join"),
        end(),
        flow("one", "which"),
        flow("two", "join"),
        flow("join", "end"),
    ],
    "a branch that a boundary event leaves": [
        SPLIT,
        TASKS,
        JOIN,
        boundary("late", "one", timer(duration="P3D")),
        end("given-up"),
        flow("late", "given-up"),
    ],
    "whichever event comes first": [
        node("eventBasedGateway", "which"),
        catch("one", message("answer")),
        catch("two", timer(duration="P9D")),
        JOIN,
        flow("start", "which"),
        flow("which", "one"),
        flow("which", "two"),
    ],
    "a boundary event that leads into the join itself": [
        SPLIT,
        TASKS,
        JOIN,
        boundary("told", "one", message("answer")),
        flow("told", "join"),
    ],
    "a condition on one of a task's ways": [
        user_task("both"),
        TASKS,
        JOIN,
        flow("start", "both"),
        flow("both", "one", YES),
        flow("both", "two"),
    ],
    "a way back into one branch": [
        parallel("join"),
        TASKS,
        end(),
        flow("start", "join"),
        flow("join", "one"),
        chosen("which", "join", "end"),
        flow("one", "which"),
    ],
}


@pytest.mark.parametrize("what", STARVED)
def test_a_join_whose_branch_is_only_taken_by_choice_is_told(what: str) -> None:
    assert told(*STARVED[what]) == ["join"]


REACHED: dict[str, list[Any]] = {
    "parallel branches": [SPLIT, TASKS, JOIN],
    "a choice within a branch": [
        SPLIT,
        user_task("two"),
        chosen("one", "left", "right"),
        user_task("left"),
        user_task("right"),
        exclusive("merged"),
        flow("left", "merged"),
        flow("right", "merged"),
        parallel("join"),
        end(),
        flow("merged", "join"),
        flow("two", "join"),
        flow("join", "end"),
    ],
    "a loop within a branch": [
        SPLIT,
        TASKS,
        chosen("again", "one", "join"),
        parallel("join"),
        end(),
        flow("one", "again"),
        flow("two", "join"),
        flow("join", "end"),
    ],
    "a branch that ends everything": [
        SPLIT,
        TASKS,
        chosen("which", "over", "join"),
        end("over", terminate()),
        parallel("join"),
        end(),
        flow("one", "which"),
        flow("two", "join"),
        flow("join", "end"),
    ],
    "a loop around both": [
        exclusive("again"),
        parallel("split"),
        TASKS,
        parallel("join"),
        chosen("which", "again", "end"),
        end(),
        flow("start", "again"),
        flow("again", "split"),
        flow("split", "one"),
        flow("split", "two"),
        flow("one", "join"),
        flow("two", "join"),
        flow("join", "which"),
    ],
    "a branch by way of a link": [
        parallel("split"),
        TASKS,
        throw("away", link("on")),
        catch("here", link("on")),
        parallel("join"),
        end(),
        flow("start", "split"),
        flow("split", "one"),
        flow("split", "two"),
        flow("one", "away"),
        flow("here", "join"),
        flow("two", "join"),
        flow("join", "end"),
    ],
    "a sub-process that is interrupted from within": [
        SPLIT,
        user_task("two"),
        sub_process(
            "one",
            start("begun"),
            user_task("inside"),
            end("done"),
            flows("begun", "inside", "done"),
            event_sub_process("stop", start("stopped", message("stop")), end("over"), flows("stopped", "over")),
        ),
        JOIN,
    ],
    "a boundary event whose way comes back before the join": [
        SPLIT,
        TASKS,
        exclusive("merged"),
        parallel("join"),
        end(),
        boundary("told", "one", message("answer")),
        flow("one", "merged"),
        flow("told", "merged"),
        flow("merged", "join"),
        flow("two", "join"),
        flow("join", "end"),
    ],
    "a reminder that interrupts nothing": [
        SPLIT,
        TASKS,
        JOIN,
        boundary("remind", "one", timer(duration="P3D"), interrupting=False),
        end("reminded"),
        flow("remind", "reminded"),
    ],
    "an inclusive join of inclusive branches": [
        flow("start", "which"),
        inclusive("which"),
        flow("which", "one", YES),
        flow("which", "two", YES),
        TASKS,
        inclusive("join"),
        end(),
        flow("one", "join"),
        flow("two", "join"),
        flow("join", "end"),
    ],
    "exclusive branches joined by an exclusive gateway": [
        flow("start", "which"),
        chosen("which", "one", "two"),
        TASKS,
        exclusive("join"),
        end(),
        flow("one", "join"),
        flow("two", "join"),
        flow("join", "end"),
    ],
}


@pytest.mark.parametrize("what", REACHED)
def test_a_join_that_every_choice_reaches_is_not_told(what: str) -> None:
    assert told(*REACHED[what]) == []


def test_a_join_inside_a_sub_process_is_told() -> None:
    inner = sub_process("inner", start(), flow("start", "which"), chosen("which", "one", "two"), TASKS, JOIN)
    whole = definitions(process(start("begin"), inner, end("over"), flows("begin", "inner", "over")))
    assert [fault.element_id for fault in read_diagram(whole).warnings] == ["join"]


def test_twenty_parallel_choices_are_played_at_once() -> None:
    """The tokens are moved one after another, not in every order."""
    branches = [
        [
            chosen(f"which-{number}", f"left-{number}", f"right-{number}"),
            user_task(f"left-{number}"),
            user_task(f"right-{number}"),
            exclusive(f"merged-{number}"),
            flow("split", f"which-{number}"),
            flow(f"left-{number}", f"merged-{number}"),
            flow(f"right-{number}", f"merged-{number}"),
            flow(f"merged-{number}", "join"),
        ]
        for number in range(20)
    ]
    assert (
        told(flow("start", "split"), parallel("split"), *branches, parallel("join"), end(), flow("join", "end")) == []
    )
