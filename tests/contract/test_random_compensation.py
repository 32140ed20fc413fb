"""Whatever is nested in whatever, what was completed is undone once, the last completed first.

A process of tasks and sub-processes is run to an event that compensates; the tasks that undo must come in the order in
which the blocks tell it, whether or not anything but the stored text survives each act.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.case import Case
from tests.diagrams import (
    compensation,
    diagram,
    end,
    event_sub_process,
    flow,
    flows,
    multi_instance,
    start,
    sub_process,
    throw,
    undone_by,
    user_task,
)

MOST_TASKS = 500


@dataclass(frozen=True)
class Task:
    """A user task, and perhaps one that undoes it."""

    can_be_undone: bool

    def draw(self, name: str) -> list[Any]:
        return [user_task(name), undone_by(user_task(f"undo_{name}"), name) if self.can_be_undone else ()]

    def undone(self, name: str) -> list[str]:
        return [f"undo_{name}"] if self.can_be_undone else []


@dataclass(frozen=True)
class Sub:
    """A sub-process, several times one after another, that is undone by its parts, by a handler of its own, or by an
    event sub-process, which may throw for the parts first."""

    parts: "tuple[Block, ...]"
    how: str
    times: int | None

    def draw(self, name: str) -> list[Any]:
        loop = () if self.times is None else multi_instance(cardinality=self.times, isSequential=True)
        inside = drawn(self.parts, f"{name}s", f"{name}e", name)
        handler = undone_by(user_task(f"undo_{name}"), name) if self.how == "handler" else ()
        return [sub_process(name, loop, inside, self.event(name)), handler]

    def event(self, name: str) -> Any:
        if self.how not in ("event", "event that throws"):
            return ()
        first, last, again = f"{name}es", f"{name}ee", f"{name}again"
        between = [again] if self.how == "event that throws" else []
        throws = [throw(again, compensation())] if between else []
        ways = flows(first, *between, f"undo_{name}", last)
        return event_sub_process(
            f"{name}undoing", start(first, compensation()), throws, user_task(f"undo_{name}"), end(last), ways
        )

    def undone(self, name: str) -> list[str]:
        parts = [] if self.how in ("handler", "event") else undone(self.parts, name)
        own = [] if self.how == "parts" else [f"undo_{name}"]
        return (parts + own) * (1 if self.times is None else self.times)


Block = Task | Sub


def named(blocks: Sequence[Block], within: str) -> Iterator[tuple[str, Block]]:
    return ((f"{within}{letter}", block) for letter, block in zip("abcdefgh", blocks, strict=False))


def drawn(blocks: Sequence[Block], first: str, last: str, within: str) -> list[Any]:
    """The blocks one after another between a start and an end."""
    names = [name for name, _ in named(blocks, within)]
    ways = [flow(before, after) for before, after in pairwise([first, *names, last])]
    return [start(first), [block.draw(name) for name, block in named(blocks, within)], end(last), ways]


def undone(blocks: Sequence[Block], within: str) -> list[str]:
    """The tasks that undo them, in their order."""
    return list(chain.from_iterable(block.undone(name) for name, block in reversed(list(named(blocks, within)))))


HOW = st.sampled_from(["parts", "handler", "event", "event that throws"])
BLOCKS = st.recursive(
    st.builds(Task, st.booleans()),
    lambda blocks: st.builds(
        Sub, st.lists(blocks, min_size=1, max_size=3).map(tuple), HOW, st.none() | st.integers(1, 2)
    ),
    max_leaves=6,
)


@given(blocks=st.lists(BLOCKS, min_size=1, max_size=4), reloading=st.booleans())
@settings(max_examples=40)
def test_what_was_completed_is_undone_once_the_last_first(blocks: list[Block], reloading: bool) -> None:
    names = [name for name, _ in named(blocks, "")]
    xml = diagram(
        start(),
        [block.draw(name) for name, block in named(blocks, "")],
        [throw("undo", compensation()), throw("again", compensation()), user_task("after"), end()],
        flows("start", *names, "undo", "again", "after", "end"),
    )
    case = Case(xml, reloading=reloading).start()
    done: list[str] = []
    for _ in takewhile_waiting(case):
        (task,) = case.tasks
        done.append(task)
        case.complete(task)
    assert [task for task in done if task.startswith("undo_")] == undone(blocks, "")
    assert case.tree == "after"
    assert not case.remembered


def takewhile_waiting(case: Case) -> Iterator[int]:
    for number in count():
        if case.tasks == ["after"]:
            return
        assert number < MOST_TASKS
        yield number
