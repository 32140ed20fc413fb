"""What is refused in a .form file before its components are looked at."""

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import FormRefused, FormRejected, compile_form
from tests.drawn_forms import FIGURE, FILE, MOMENT, NUMBER, RADIO, SHAREHOLDERS, TAGS, TEXT, TICK, Component


def written(**changes: object) -> bytes:
    field = {"id": "f1", "type": "textfield", "key": "name", "label": "名称"} | changes
    return json.dumps({"id": "form", "type": "default", "components": [field]}).encode()


@pytest.mark.parametrize("character", ["\ud800", "\x00"])
@pytest.mark.parametrize("place", ["label", "id", "key", "description"])
def test_characters_that_cannot_be_stored_are_refused_wherever_they_stand(place: str, character: str) -> None:
    with pytest.raises(FormRefused) as refused:
        compile_form(written(**{place: f"a{character}"}))

    assert [fault.text.en[:41] for fault in refused.value.faults] == ["The form contains characters that cannot "]


@pytest.mark.parametrize("name", ["\ud800", "\x00"])
def test_such_a_character_in_a_property_s_name_is_refused(name: str) -> None:
    with pytest.raises(FormRefused):
        compile_form(written(**{"properties": {name: "1"}}))


def test_the_refusal_of_a_repeated_name_can_itself_be_written() -> None:
    with pytest.raises(FormRefused) as refused:
        compile_form(b'{"\\ud800": 1, "\\ud800": 2}')

    assert refused.value.faults[0].text.en.encode()


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert compile_form(written(label="\U00020000")).fields[0].label == "\U00020000"


FIELDS: list[Component] = [TEXT, NUMBER, FIGURE, TICK, RADIO, TAGS, MOMENT, FILE]
WHOLE: Component = {
    "id": "form",
    "type": "default",
    "components": [{"id": f"f{place}", "key": f"k{place}", **field} for place, field in enumerate(FIELDS)]
    + [SHAREHOLDERS],
}
ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 0, -1, 1e308, 10**400, "", "a", "(", "=a > 1", "审", [], {}, [{}], {"a": [1]}]
)


def parts(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where everything stands in a document: what holds it, and its key or place there."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from parts(value[key])


def test_the_whole_form_is_sound() -> None:
    assert len(compile_form(json.dumps(WHOLE).encode()).fields) > len(FIELDS)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), ODD | st.none()), min_size=1, max_size=5))
def test_a_form_with_parts_in_wrong_places_is_compiled_or_refused(edits: list[tuple[int, int, object]]) -> None:
    document = copy.deepcopy(WHOLE)
    for one, other, odd in edits:
        places = list(parts(document))
        (holder, key), (source, name) = places[one % len(places)], places[other % len(places)]
        holder[key] = copy.deepcopy(source[name] if odd is None else odd)
    with suppress(FormRefused, FormRejected):
        form = compile_form(json.dumps(document).encode())
        form.check({field.path: "91110000600037341L" for field in form.fields})
