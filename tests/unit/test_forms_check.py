"""What a form accepts, what it stores, and that it lists every fault of a submission at once."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import FieldFault, Form, FormRejected, compile_form

Component = dict[str, Any]


def form(*components: Component) -> Form:
    return compile_form(json.dumps({"type": "default", "components": components}).encode())


def rejection(compiled: Form, values: object, **circumstances: Any) -> list[tuple[str, str]]:
    with pytest.raises(FormRejected) as rejected:
        compiled.check(values, **circumstances)
    return [(fault.path, fault.code) for fault in rejected.value.faults]


def outcome(component: Component, value: object, **circumstances: Any) -> object:
    """The stored value, or the code of the one fault."""
    try:
        return form({"key": "it", **component}).check({"it": value}, **circumstances)["it"]
    except FormRejected as rejected:
        [fault] = rejected.faults
        return fault.code


def options(*values: object) -> list[Component]:
    return [{"label": str(value), "value": value} for value in values]


TEXT = {"type": "textfield"}
NUMBER = {"type": "number"}
FIGURE = {"type": "number", "serializeToString": True}
TICK = {"type": "checkbox"}
RADIO = {"type": "radio", "values": options("limited", "partnership")}
TAGS = {"type": "taglist", "values": options("fire", "tax")}
FILE = {"type": "filepicker"}
REQUIRED = {"validate": {"required": True}}


@pytest.mark.parametrize(
    ("component", "value", "expected"),
    [
        (TEXT, "大连", "大连"),
        (TEXT, 5, "wrong-type"),
        (TEXT, True, "wrong-type"),
        (TEXT, ["大连"], "wrong-type"),
        (TEXT, "a\x00b", "unprintable"),
        (TEXT, "\ud800", "unprintable"),
        ({"type": "textarea"}, "第一行\n第二行", "第一行\n第二行"),
        ({"type": "textarea"}, "长" * 20_001, "too-long"),
        (NUMBER, 5, 5),
        (NUMBER, 2.5, 2.5),
        (NUMBER, "5", "wrong-type"),
        (NUMBER, True, "wrong-type"),
        (NUMBER, False, "wrong-type"),
        (NUMBER, float("inf"), "wrong-type"),
        (NUMBER, float("nan"), "wrong-type"),
        (NUMBER, 2**53, "too-large"),
        (FIGURE, "12.50", "12.50"),
        (FIGURE, 12.5, "wrong-type"),
        (FIGURE, "1e3", "wrong-type"),
        (FIGURE, "１２", "wrong-type"),
        (FIGURE, "9" * 31, "wrong-type"),
        (TICK, True, True),
        (TICK, "true", "wrong-type"),
        (TICK, 1, "wrong-type"),
        (TICK, 0, "wrong-type"),
        (RADIO, "limited", "limited"),
        (RADIO, "cooperative", "not-an-option"),
        (RADIO, ["limited"], "wrong-type"),
        ({"type": "select", "values": options(1)}, True, "not-an-option"),
        ({"type": "select", "values": options(True)}, 1, "not-an-option"),
        (TAGS, ["tax", "fire"], ["tax", "fire"]),
        (TAGS, "tax", "wrong-type"),
        (TAGS, ["tax", "tax"], "chosen-twice"),
        (TAGS, ["tax", {}], "wrong-type"),
        (TAGS, ["tax", "police"], "not-an-option"),
        ({**TAGS, "type": "checklist"}, ["tax"], ["tax"]),
        (FILE, "0190-a", ["0190-a"]),
        (FILE, ["0190-a"], ["0190-a"]),
        (FILE, ["a", "b"], "too-many-files"),
        ({**FILE, "multiple": True}, ["a", "b"], ["a", "b"]),
        (FILE, ["../etc"], "wrong-type"),
        (FILE, {"id": "a"}, "wrong-type"),
    ],
)
def test_check__the_json_type_of_each_component(component: Component, value: object, expected: object) -> None:
    assert outcome(component, value) == expected


@pytest.mark.parametrize(
    ("component", "blank", "stored", "code"),
    [
        (TEXT, None, "", "required"),
        (TEXT, "", "", "required"),
        (TEXT, " \u3000", "", "required"),
        (NUMBER, None, None, "required"),
        (FIGURE, "", None, "required"),
        (TICK, None, False, "not-ticked"),
        (TICK, False, False, "not-ticked"),
        (RADIO, None, None, "required"),
        (RADIO, "", None, "required"),
        (TAGS, [], [], "required"),
        ({"type": "datetime"}, None, None, "required"),
        (FILE, [], [], "required"),
    ],
)
def test_check__blank_is_stored_as_form_js_submits_it_and_is_not_enough_when_required(
    component: Component, blank: object, stored: object, code: str
) -> None:
    drawn = {"key": "it", **component}
    assert form(drawn).check({"it": blank}) == {"it": stored}
    assert form(drawn).check({}) == {"it": stored}
    assert rejection(form({**drawn, **REQUIRED}), {"it": blank}) == [("it", code)]
    assert rejection(form({**drawn, **REQUIRED}), {}) == [("it", code)]


@pytest.mark.parametrize(
    ("component", "accepted", "refused", "code"),
    [
        ({**TEXT, "validate": {"minLength": 2}}, "大连", " 大 ", "too-short"),
        ({**TEXT, "validate": {"maxLength": "2"}}, " 大连 ", "大连市", "too-long"),
        ({**TEXT, "validate": {"pattern": r"^\d{6}$"}}, "210202", "210202\n", "pattern"),
        ({**TEXT, "validate": {"pattern": "a"}}, "xax", "xyx", "pattern"),
        ({**TEXT, "validate": {"pattern": "^a"}}, "a" * 1000, "a" * 1001, "too-long"),
        ({**TEXT, "validate": {"pattern": "^a", "maxLength": 3}}, "aaa", "aaaa", "too-long"),
        ({**TEXT, "validate": {"validationType": "email"}}, "li.na+a@dl.gov.example", "li.na@-dl", "email"),
        ({**TEXT, "validate": {"validationType": "email"}}, "a@localhost", "@localhost", "email"),
        ({**TEXT, "validate": {"validationType": "phone"}}, "+8641182345678", "82345678", "phone"),
        ({**TEXT, "validate": {"validationType": "phone"}}, "008641182345678", "+0641182345678", "phone"),
        ({**NUMBER, "validate": {"min": 1}}, 1, 0.99, "too-small"),
        ({**NUMBER, "validate": {"min": 1}}, 1, 0, "too-small"),
        ({**NUMBER, "validate": {"max": "0.3"}}, 0.3, 0.31, "too-large"),
        ({**NUMBER, "decimalDigits": 2}, 2.5, 0.001, "too-many-decimals"),
        ({**NUMBER, "decimalDigits": 0}, 7, 7.5, "too-many-decimals"),
        ({**NUMBER, "decimalDigits": 6}, 0.000001, 1e-7, "too-many-decimals"),
        ({**NUMBER, "increment": 0.1}, 0.3, 0.35, "not-a-multiple"),
        ({**NUMBER, "increment": "500"}, -1000, 1200, "not-a-multiple"),
        ({**FIGURE, "validate": {"max": "10"}}, "10.00", "10.01", "too-large"),
        ({**FIGURE, "decimalDigits": 2}, "9.990", "9.991", "too-many-decimals"),
        ({**FIGURE, "increment": "0.01"}, "9" * 30 + ".01", "9" * 30 + ".011", "not-a-multiple"),
    ],
)
def test_check__validations(component: Component, accepted: object, refused: object, code: str) -> None:
    assert outcome(component, accepted) == accepted
    assert outcome(component, refused) == code


TIME = {"type": "datetime", "subtype": "time"}
MOMENT = {"type": "datetime", "subtype": "datetime", "timeSerializingFormat": "utc_offset"}


@pytest.mark.parametrize(
    ("component", "accepted", "refused"),
    [
        ({"type": "datetime"}, "2026-01-31", "2026-02-30"),
        ({"type": "datetime"}, "2028-02-29", "20260131"),
        ({"type": "datetime"}, "2026-12-31", "2026-W05-6"),
        ({"type": "datetime"}, "2026-12-31", "2026-12-31T08:00"),
        (TIME, "08:00", "08:00+08:00"),
        (TIME, "23:59", "24:00"),
        ({**TIME, "timeSerializingFormat": "utc_offset"}, "08:00+08:00", "08:00"),
        ({**TIME, "timeSerializingFormat": "utc_normalized"}, "00:00Z", "00:00+00:00"),
        (MOMENT, "2026-01-31T08:00+08:00", "2026-01-31T08:00"),
        (MOMENT, "2026-01-31T08:00-03:30", "2026-01-31 08:00+08:00"),
        ({**MOMENT, "timeSerializingFormat": "no_timezone"}, "2026-01-31T08:00", "2026-01-31T8:00"),
        (MOMENT, "2026-01-31T08:00+08:00", 1769817600),
    ],
)
def test_check__a_datetime_is_written_as_form_js_writes_it(
    component: Component, accepted: str, refused: object
) -> None:
    assert outcome(component, accepted) == accepted
    assert outcome(component, refused) == "wrong-type"


@pytest.mark.parametrize(("value", "expected"), [("08:30", "08:30"), ("08:40", "time-step")])
def test_check__time_keeps_to_its_interval(value: str, expected: str) -> None:
    assert outcome({**TIME, "timeInterval": 15}, value) == expected


@pytest.mark.parametrize(
    ("component", "today", "passed"),
    [
        ({"type": "datetime"}, "2026-03-02", "2026-03-01"),
        (MOMENT, "2026-03-02T00:00+08:00", "2026-03-01T23:59+08:00"),
        ({**MOMENT, "timeSerializingFormat": "utc_normalized"}, "2026-03-01T16:00Z", "2026-03-01T15:59Z"),
        (MOMENT, "9999-12-31T23:00-10:00", "0001-01-01T00:00+10:00"),
    ],
)
def test_check__passed_dates_are_held_against_the_office_date_when_it_is_known(
    component: Component, today: str, passed: str
) -> None:
    strict = {**component, "disallowPassedDates": True}
    assert outcome(strict, today, today=date(2026, 3, 2)) == today
    assert outcome(strict, passed, today=date(2026, 3, 2)) == "date-passed"
    assert outcome(strict, passed) == passed


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("uscc", " 91110000600037341l ", "91110000600037341L"),
        ("uscc", "91110000600037341M", "uscc"),
        ("resident-id", "11010519491231002x", "11010519491231002X"),
        ("resident-id", "110105194912310021", "resident-id"),
        ("mobile", "13912345678", "13912345678"),
        ("mobile", "12912345678", "mobile"),
        ("mobile", "+8613912345678", "mobile"),
        ("money", "500000", "500000.00"),
        ("money", "0.5", "0.50"),
        ("money", "-1", "money"),
        ("money", "1.005", "money"),
        ("money", "1,000", "money"),
        ("percent", "33.3333", "33.3333"),
        ("percent", "100", "100"),
        ("percent", "100.01", "percent"),
    ],
)
def test_check__field_kinds(kind: str, value: str, expected: str) -> None:
    assert outcome({**TEXT, "properties": {"kind": kind}}, value) == expected


def test_check__kinds_on_numbers() -> None:
    assert outcome({**FIGURE, "properties": {"kind": "money"}}, "7.5") == "7.50"
    assert outcome({**NUMBER, "properties": {"kind": "percent"}}, 12.5) == 12.5
    assert outcome({**NUMBER, "properties": {"kind": "percent"}}, -1) == "percent"


def test_check__a_birth_date_after_today() -> None:
    component = {**TEXT, "properties": {"kind": "resident-id"}}
    number = "11010519491231002X"
    assert outcome(component, number, today=date(1949, 12, 30)) == "born-later"
    assert outcome(component, number, today=date(1949, 12, 31)) == number


SHAREHOLDERS = {
    "type": "dynamiclist",
    "path": "shareholders",
    "isRepeating": True,
    "allowAddRemove": True,
    "properties": {"min_rows": "1", "max_rows": "3"},
    "components": [
        {"type": "textfield", "key": "name", **REQUIRED},
        {"type": "select", "key": "id_type", "values": options("resident-id", "uscc", "passport"), **REQUIRED},
        {
            "type": "textfield",
            "key": "id_number",
            "properties": {"kind": "id-number", "type_field": "id_type"},
            **REQUIRED,
        },
    ],
}


def test_check__the_document_number_follows_the_type_chosen_in_its_row() -> None:
    rows = [
        {"name": "沈静怡", "id_type": "resident-id", "id_number": "11010519491231002X"},
        {"name": "大连海帆贸易有限公司", "id_type": "uscc", "id_number": "91110000600037341L"},
        {"name": "K. Tanaka", "id_type": "passport", "id_number": "tr1234567"},
    ]
    stored = form(SHAREHOLDERS).check({"shareholders": rows})["shareholders"]
    assert stored == [*rows[:2], {**rows[2], "id_number": "TR1234567"}]
    swapped = [{**rows[0], "id_type": "uscc"}, {**rows[1], "id_type": "resident-id"}, {**rows[2], "id_number": "?"}]
    assert rejection(form(SHAREHOLDERS), {"shareholders": swapped}) == [
        ("shareholders[0].id_number", "uscc"),
        ("shareholders[1].id_number", "resident-id"),
        ("shareholders[2].id_number", "id-number"),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], [("shareholders", "too-few-rows")]),
        (None, [("shareholders", "too-few-rows")]),
        ([{}] * 4, [("shareholders", "too-many-rows")]),
        ({}, [("shareholders", "wrong-type")]),
        ("rows", [("shareholders", "wrong-type")]),
        ([5], [("shareholders[0]", "wrong-type")]),
    ],
)
def test_check__rows(rows: object, expected: list[tuple[str, str]]) -> None:
    assert rejection(form(SHAREHOLDERS), {"shareholders": rows}) == expected


def test_check__never_more_than_500_rows() -> None:
    free = form({**SHAREHOLDERS, "properties": {}, "components": [{**TEXT, "key": "name"}]})
    rows = [{"name": "大连"}] * 500
    assert free.check({"shareholders": rows}) == {"shareholders": rows}
    assert rejection(free, {"shareholders": [*rows, {}]}) == [("shareholders", "too-many-rows")]


def test_check__rows_that_cannot_be_added_or_removed() -> None:
    fixed = form({**SHAREHOLDERS, "allowAddRemove": False, "properties": {}, "components": [{**TEXT, "key": "name"}]})
    assert rejection(fixed, {"shareholders": [{}, {}]}) == [("shareholders", "rows-fixed")]
    shown = {"shareholders": [{"name": "甲"}, {"name": "乙"}]}
    assert fixed.check(shown, context=shown) == shown


def test_check__a_list_that_does_not_repeat_is_a_group() -> None:
    single = form({**SHAREHOLDERS, "isRepeating": False, "properties": {}, "components": [{**TEXT, "key": "name"}]})
    assert single.check({"shareholders": {"name": "甲"}}) == {"shareholders": {"name": "甲"}}


def test_check__options_from_the_data_the_form_was_shown_with() -> None:
    compiled = form({"type": "select", "key": "bank", "valuesKey": "banks"})
    plain, labelled = {"banks": ["icbc"]}, {"banks": [{"label": "工商银行", "value": "icbc"}]}
    assert compiled.check({"bank": "icbc"}, context=plain) == {"bank": "icbc"}
    assert compiled.check({"bank": "icbc"}, context=labelled) == {"bank": "icbc"}
    assert rejection(compiled, {"bank": "ccb"}, context=labelled) == [("bank", "not-an-option")]
    assert rejection(compiled, {"bank": "icbc"}) == [("bank", "options-unknown")]
    assert compiled.check({}) == {"bank": None}


def test_check__all_faults_at_once_with_their_paths() -> None:
    compiled = form(
        {**TEXT, "key": "name", "validate": {"minLength": 4, "pattern": "^[a-z]+$"}},
        {"type": "group", "path": "agent", "components": [{**TEXT, "key": "phone", **REQUIRED}]},
        {**NUMBER, "key": "capital.amount", "validate": {"min": 1}, "decimalDigits": 0},
        SHAREHOLDERS,
    )
    values = {"name": "甲", "capital": {"amount": 0.5}, "shareholders": [{"name": "甲", "id_type": "visa"}]}
    assert rejection(compiled, values) == [
        ("name", "too-short"),
        ("name", "pattern"),
        ("agent.phone", "required"),
        ("capital.amount", "too-small"),
        ("capital.amount", "too-many-decimals"),
        ("shareholders[0].id_type", "not-an-option"),
        ("shareholders[0].id_number", "required"),
    ]


def test_check__only_declared_and_writable_fields_are_stored() -> None:
    compiled = form(
        {**TEXT, "key": "name"},
        {**TEXT, "key": "number", "readonly": True, **REQUIRED},
        {**TEXT, "key": "state", "disabled": True},
        {"type": "button", "action": "submit"},
    )
    values = {"name": "甲", "number": "forged", "state": "done", "assignee": "admin"}
    assert compiled.check(values) == {"name": "甲"}


@pytest.mark.parametrize("key", ["Meta", "load", "fields", "_schema", "context", "__class__", "0"])
def test_check__a_key_may_be_any_word(key: str) -> None:
    compiled = form({**TEXT, "key": f"a.{key}"}, {**NUMBER, "key": f"b.{key}"})
    assert compiled.check({"a": {key: "x"}, "b": {key: 1}}) == {"a": {key: "x"}, "b": {key: 1}}
    assert rejection(compiled, {"a": {key: 1}}) == [(f"a.{key}", "wrong-type")]


@pytest.mark.parametrize("values", [None, [], "text", 5, True])
def test_check__a_submission_is_an_object(values: object) -> None:
    assert rejection(form(TEXT | {"key": "name"}), values) == [("", "wrong-type")]


def test_check__a_fault_speaks_both_languages() -> None:
    with pytest.raises(FormRejected) as rejected:
        form({**TEXT, "key": "name", "validate": {"maxLength": 2}}).check({"name": "大连市"})
    [fault] = rejected.value.faults
    assert fault == FieldFault("name", fault.text, "too-long")
    assert (fault.text.zh, fault.text.en) == ("最多允许 2 个字符。", "Write at most 2 characters.")


def test_draft__types_and_fixed_options_only() -> None:
    compiled = form(
        {**TEXT, "key": "name", "validate": {"required": True, "minLength": 9}},
        {**NUMBER, "key": "capital", "validate": {"min": 5}},
        {"type": "select", "key": "bank", "valuesKey": "banks"},
        SHAREHOLDERS,
    )
    draft = {"name": "甲", "capital": 1, "bank": "icbc", "shareholders": [{"id_number": "91"}, {}]}
    assert compiled.check_draft(draft) == draft
    assert compiled.check_draft({}) == {}
    with pytest.raises(FormRejected) as rejected:
        compiled.check_draft({"capital": "1", "shareholders": [{"name": 1, "id_type": "visa"}]})
    assert [(fault.path, fault.code) for fault in rejected.value.faults] == [
        ("capital", "wrong-type"),
        ("shareholders[0].name", "wrong-type"),
        ("shareholders[0].id_type", "not-an-option"),
    ]


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


@settings(max_examples=300, deadline=None)
@given(SUBMISSION | JSON, st.dictionaries(st.sampled_from("ab"), JSON), st.none() | st.dates())
def test_check__any_json_is_stored_or_rejected(values: object, context: dict[str, object], today: date | None) -> None:
    with suppress(FormRejected):
        EVERYTHING.check(values, context=context, today=today)
    with suppress(FormRejected):
        EVERYTHING.check_draft(values)


@settings(deadline=None)
@given(SUBMISSION)
def test_check__what_was_stored_is_accepted_again_unchanged(values: dict[str, object]) -> None:
    relaxed = form({**TEXT, "key": "b", "properties": {"kind": "uscc"}}, {**FIGURE, "key": "f"}, {**TAGS, "key": "i"})
    with suppress(FormRejected):
        stored = relaxed.check(values)
        assert relaxed.check(stored) == stored
