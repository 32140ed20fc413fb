"""What a form accepts, what it stores, and that it lists every fault of a submission at once."""

import pytest

from forms import FieldFault, FormRejected
from tests.drawn_forms import (
    FIGURE,
    FILE,
    NUMBER,
    RADIO,
    REQUIRED,
    SHAREHOLDERS,
    TAGS,
    TEXT,
    TICK,
    Component,
    form,
    options,
    outcome,
    rejection,
)


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
        (FILE, "files::0190-a", ["0190-a"]),
        ({**FILE, "multiple": True}, ["files::a", "b"], ["a", "b"]),
        (FILE, "files::", "wrong-type"),
        (FILE, "files::files::a", "wrong-type"),
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
