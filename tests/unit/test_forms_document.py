"""What is refused in a .form file before its components are looked at."""

import json

import pytest

from forms import FormRefused, compile_form


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
