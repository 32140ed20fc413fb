"""Diagrams of what can be undone, for the tests of compensation."""

from typing import Any

from tests.diagrams import (
    Element,
    compensation,
    diagram,
    end,
    flows,
    start,
    sub_process,
    throw,
    undone_by,
    user_task,
)

UNDO = throw("undo", compensation())


def undoable(id: str, *inside: Any, **attributes: Any) -> list[Any]:
    """A user task, and the user task that undoes it: `book` and `undo_book`."""
    return [user_task(id, *inside, **attributes), undone_by(user_task(f"undo_{id}"), id)]


def straight_through(*nodes: Any, before: tuple[str, ...], then: str = "undo") -> bytes:
    """Start, the nodes named one after another, an event that throws compensation, a task, the end."""
    return diagram(start(), *nodes, user_task("after"), end(), flows("start", *before, then, "after", "end"))


BOOKED = straight_through(*undoable("a"), *undoable("b"), user_task("c"), UNDO, before=("a", "b", "c"))


def booking(*handlers: Any, **attributes: Any) -> Element:
    """A sub-process of two tasks that can be undone."""
    return sub_process(
        "booking",
        start("s"),
        *undoable("hotel"),
        *undoable("flight"),
        end("e"),
        flows("s", "hotel", "flight", "e"),
        *handlers,
        **attributes,
    )
