"""Which variables an expression sees, which scopes are read for it, and where a value is written."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

from engine.diagram import read_diagram
from engine.interpreter import Definition, advance, build
from engine.interpreter.step import ActivityStarted, Step, VariableSet, WorkOpened
from engine.interpreter.stimulus import Completed, Start
from tests.diagrams import (
    diagram,
    end,
    exclusive,
    flow,
    flows,
    multi_instance,
    script_task,
    start,
    straight,
    sub_process,
    user_task,
)


class Watched(Mapping[str | None, Mapping[str, object]]):
    """Variables by scope that remember which scopes were read, in order."""

    def __init__(self, scopes: dict[str | None, dict[str, object]]) -> None:
        self._scopes, self.read = scopes, list[str | None]()

    def __getitem__(self, scope_id: str | None) -> Mapping[str, object]:
        self.read.append(scope_id)
        return self._scopes.get(scope_id, {})

    def __iter__(self) -> Iterator[str | None]:
        return iter(self._scopes)

    def __len__(self) -> int:
        return len(self._scopes)


def definition_of(xml: bytes) -> Definition:
    return build(read_diagram(xml).processes[0])


def run(definition: Definition, state: str | None, variables: Mapping[str | None, Any], stimulus: Any) -> Step:
    numbers = count(1 if state is None else 100)
    return advance(definition, state, variables, stimulus, new_id=lambda: str(next(numbers)), functions={})


def opened(step: Step) -> list[WorkOpened]:
    return [change for change in step.changes if isinstance(change, WorkOpened)]


INSIDE = straight(
    sub_process(
        "sp",
        start("s1"),
        user_task("u"),
        exclusive("x", default="x-e1"),
        end("e1"),
        end("e2"),
        flows("s1", "u", "x"),
        flow("x", "e2", "${amount > limit}"),
        flow("x", "e1"),
    ),
    user_task("n"),
)


def test_no_scope_is_read_when_no_expression_asks() -> None:
    definition = definition_of(straight(user_task("a"), user_task("b")))
    begun = run(definition, None, {}, Start())
    variables = Watched({})
    run(definition, begun.state, variables, Completed(opened(begun)[0].id))
    assert variables.read == []


def test_scopes_are_read_from_the_innermost_outwards_and_no_further_than_the_name() -> None:
    definition = definition_of(INSIDE)
    begun = run(definition, None, {}, Start())
    scope = next(
        change.id for change in begun.changes if isinstance(change, ActivityStarted) and change.activity_id == "sp"
    )
    inner = Watched({scope: {"amount": 5, "limit": 3}, None: {"limit": 9}})
    run(definition, begun.state, inner, Completed(opened(begun)[0].id))
    assert set(inner.read) == {scope}
    outer = Watched({scope: {"amount": 5}, None: {"limit": 9}})
    run(definition, begun.state, outer, Completed(opened(begun)[0].id))
    assert set(outer.read) == {scope, None}
    assert outer.read.index(scope) < outer.read.index(None)


def test_a_value_is_written_where_its_name_is_found_and_seen_by_the_rest_of_the_step() -> None:
    definition = definition_of(
        straight(
            sub_process(
                "sp",
                start("s1"),
                user_task("u"),
                script_task("s", "amount = ${amount + 1}\ncopy = ${amount}"),
                end("e1"),
                flows("s1", "u", "s", "e1"),
            ),
            script_task("t", "amount = ${amount * 100}"),
            user_task("n"),
        )
    )
    begun = run(definition, None, {}, Start())
    scope = next(
        change.id for change in begun.changes if isinstance(change, ActivityStarted) and change.activity_id == "sp"
    )
    step = run(definition, begun.state, {scope: {"amount": 5}, None: {"amount": 2}}, Completed(opened(begun)[0].id))
    sets = [change for change in step.changes if isinstance(change, VariableSet)]
    assert [(change.scope_id, change.name, change.value) for change in sets] == [
        (scope, "amount", 6),
        (None, "copy", 6),
        (None, "amount", 200),
    ]


def test_a_change_names_the_activity_instance_that_made_it() -> None:
    definition = definition_of(straight(user_task("a"), script_task("s", "y = ${x}"), user_task("b")))
    begun = run(definition, None, {}, Start(variables={"x": 1}))
    assert [change.activity_instance_id for change in begun.changes if isinstance(change, VariableSet)] == [None]
    task = opened(begun)[0].id
    step = run(definition, begun.state, {None: {"x": 1}}, Completed(task, {"z": 2}))
    script = next(change.id for change in step.changes if isinstance(change, ActivityStarted))
    by = {change.name: change.activity_instance_id for change in step.changes if isinstance(change, VariableSet)}
    assert by == {"z": task, "y": script}


def test_the_scopes_of_work_lead_from_the_innermost_to_the_process() -> None:
    definition = definition_of(
        straight(
            sub_process(
                "sp", start("s1"), user_task("u", multi_instance(cardinality=1)), end("e1"), flows("s1", "u", "e1")
            )
        )
    )
    begun = run(definition, None, {}, Start())
    started = {
        (change.activity_id, change.type): change.id for change in begun.changes if isinstance(change, ActivityStarted)
    }
    assert opened(begun)[0].scope_ids == (
        started["u", "userTask"],
        started["u", "multiInstanceBody"],
        started["sp", "subProcess"],
    )


def test_one_definition_serves_many_threads_at_once() -> None:
    definition = definition_of(
        diagram(
            start(),
            user_task("u", multi_instance(collection="items", elementVariable="it")),
            user_task("n"),
            end(),
            flows("start", "u", "n", "end"),
        )
    )

    def one(size: int) -> list[str]:
        step = run(definition, None, {None: {"items": list(range(size))}}, Start())
        scopes: dict[str | None, dict[str, object]] = {None: {"items": list(range(size))}}
        while len(opened(step)) != 1 or opened(step)[0].activity_id != "n":
            task = open_tasks(step.state)[0]
            step = run(definition, step.state, scopes, Completed(task))
        return [work.activity_id for work in opened(step)]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(1, 40))) == [["n"]] * 39


def open_tasks(state: str) -> list[str]:
    document = json.loads(state)
    return [row[0] for row in document["tokens"] if document["nodes"][row[2]] == "u"]
