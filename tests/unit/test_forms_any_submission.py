"""Whatever JSON is submitted: it is stored or rejected, and nothing else happens."""

from contextlib import suppress
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from forms import FormRejected
from tests.drawn_forms import (
    FIGURE,
    FILE,
    MOMENT,
    NUMBER,
    RADIO,
    REQUIRED,
    SHAREHOLDERS,
    TAGS,
    TEXT,
    TICK,
    form,
    rejection,
)


def test_check__a_number_too_long_to_be_written_is_rejected_wherever_it_stands() -> None:
    endless = 10**5000
    assert rejection(form({**NUMBER, "key": "it"}), {"it": endless}) == [("it", "too-large")]
    row = {"name": "甲", "id_type": endless, "id_number": "11010519491231002X"}
    assert ("shareholders[0].id_type", "not-an-option") in rejection(form(SHAREHOLDERS), {"shareholders": [row]})


EVERYTHING = form(
    {**TEXT, "key": "a", "validate": {"required": True, "maxLength": 9, "pattern": "^a+$"}},
    {**TEXT, "key": "b", "properties": {"kind": "uscc"}},
    {**TEXT, "key": "c", "validate": {"validationType": "email"}},
    {**NUMBER, "key": "d.e", "validate": {"min": -5, "max": 5}, "decimalDigits": 2, "increment": 0.5},
    {**FIGURE, "key": "f", "properties": {"kind": "money"}},
    {**TICK, "key": "g", **REQUIRED},
    {**RADIO, "key": "h"},
    {**TAGS, "key": "i"},
    {**MOMENT, "key": "j", "disallowPassedDates": True, "timeInterval": 30},
    {**FILE, "key": "k", "multiple": True},
    {"type": "select", "key": "l", "valuesKey": "a"},
    {**SHAREHOLDERS, "path": "m"},
)
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
SCALAR |= st.sampled_from(["91110000600037341L", "limited", "uscc", "2026-01-31T08:00+08:00", "12.5", "\ud800", "a@b"])
JSON = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcdefghijklm"), inner, max_size=5),
    max_leaves=12,
)
ROWS = st.lists(st.fixed_dictionaries({}, optional={"name": JSON, "id_type": JSON, "id_number": JSON}), max_size=4)
SUBMISSION = st.fixed_dictionaries({}, optional={**dict.fromkeys("abcdefghijkl", JSON), "m": ROWS | JSON})


@settings(max_examples=300)
@given(SUBMISSION | JSON, st.dictionaries(st.sampled_from("ab"), JSON), st.none() | st.dates())
def test_check__any_json_is_stored_or_rejected(values: object, context: dict[str, object], today: date | None) -> None:
    with suppress(FormRejected):
        EVERYTHING.check(values, context=context, today=today)
    with suppress(FormRejected):
        EVERYTHING.check_draft(values)


@given(SUBMISSION)
def test_check__what_was_stored_is_accepted_again_unchanged(values: dict[str, object]) -> None:
    relaxed = form({**TEXT, "key": "b", "properties": {"kind": "uscc"}}, {**FIGURE, "key": "f"}, {**TAGS, "key": "i"})
    with suppress(FormRejected):
        stored = relaxed.check(values)
        assert relaxed.check(stored) == stored
