"""States saved by every release so far, in tests/golden: each must load for ever, and its instance must finish.

A file holds the diagram, the state, the variables by scope, and the answers that bring the instance to its end: what
happens, at which node, at which of its tokens, with which variables. Files are added with a release, never changed.
"""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engine.interpreter import advance
from engine.interpreter.stimulus import Completed, Continued, EventArrived, Stimulus
from tests.contract.case import definition_of

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.json"))
ANSWERS: Mapping[str, type[Completed] | type[EventArrived]] = {"completed": Completed, "arrived": EventArrived}


def test_there_are_saved_states() -> None:
    assert GOLDEN


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_an_instance_saved_by_a_former_release_goes_on_to_its_end(path: Path) -> None:
    saved = json.loads(path.read_text())
    definition, state = definition_of(saved["diagram"].encode()), saved["state"]
    scopes = {None if id == "" else id: values for id, values in saved["variables"].items()}
    numbers = count(1)
    for answer in saved["answers"]:
        step = advance(
            definition, state, scopes, stimulus(answer, state), new_id=lambda: f"n{next(numbers)}", functions={}
        )
        state = step.state
    assert step.ended


def stimulus(answer: Mapping[str, Any], state: str) -> Stimulus:
    document = json.loads(state)
    tokens = [row[0] for row in document["tokens"] if document["nodes"][row[2]] == answer["at"]]
    id = tokens[answer.get("nth", 0)]
    if answer["what"] == "continued":
        return Continued(id)
    return ANSWERS[answer["what"]](id, answer.get("variables", {}))
