"""What a .form file may say, and that every fault of it is said at once."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import Bilingual, Form, FormRefused, compile_form
from forms.builders import BUILDERS
from forms.components import COMPONENTS, Role
from forms.kinds import KINDS
from forms.sentences import FIELD, FORM

Component = dict[str, Any]

DOCS = Path(__file__).parents[2] / "docs" / "forms.md"

TEXT = {"type": "textfield", "key": "name"}
NUMBER = {"type": "number", "key": "share"}
SELECT = {"type": "select", "key": "kind", "values": [{"label": "有限责任公司", "value": "limited"}]}
LIST = {"type": "dynamiclist", "path": "rows", "isRepeating": True, "allowAddRemove": True, "components": [TEXT]}


def form(*components: object, **head: object) -> Form:
    return compile_form(json.dumps({"type": "default", "components": components, **head}).encode())


def refusal(*components: object, **head: object) -> list[tuple[str | None, Bilingual]]:
    with pytest.raises(FormRefused) as refused:
        form(*components, **head)
    return [(fault.key, fault.text) for fault in refused.value.faults]


def says(code: str, sentence: Bilingual) -> bool:
    """Whether the sentence is the one of that code, whatever fills its gaps."""
    return sentence.en.startswith(FORM[code].en.partition("{")[0]) and bool(sentence.zh)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b'{"type": "default", "components": [], "components": []}', "not-json"),
        (b'{"type": "default", "components": [NaN]}', "not-json"),
        (b"[]", "not-a-form"),
        (b'{"components": []}', "not-a-form"),
        (b'{"type": "default", "components": {}}', "not-a-form"),
        (b'{"type": "default", "components": []}' + b" " * 256 * 1024, "too-large"),
        (b'{"type": "default", "components": [' + b"[" * 40 + b"]" * 40 + b"]}", "too-deep"),
        (b"[" * 100_000 + b"]" * 100_000, "too-deep"),
    ],
)
def test_compile__not_a_form_at_all(source: bytes, code: str) -> None:
    with pytest.raises(FormRefused) as refused:
        compile_form(source)
    assert [says(code, fault.text) for fault in refused.value.faults] == [True]


def test_compile__a_file_as_the_modeler_writes_it() -> None:
    written = {
        "components": [
            {"text": "# 企业开办", "type": "text", "layout": {"row": "Row_1", "columns": None}, "id": "Field_1"}
        ],
        "type": "default",
        "id": "enterprise-registration",
        "executionPlatform": "Camunda Platform",
        "executionPlatformVersion": "7.24.0",
        "exporter": {"name": "Camunda Modeler", "version": "5.40.0"},
        "schemaVersion": 19,
    }
    compiled = compile_form(json.dumps(written).encode())
    assert compiled.id == "enterprise-registration"
    assert compiled.document == written
    assert compiled.fields == ()


@pytest.mark.parametrize("version", [0, 20, "19", True, None])
def test_compile__schema_version_out_of_reach(version: object) -> None:
    [(_, text)] = refusal(TEXT, schemaVersion=version)
    assert says("schema-version", text)


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ("textfield", "not-a-component"),
        ({"key": "name"}, "no-type"),
        ({"type": "signature", "key": "name"}, "unknown-type"),
        ({"type": ["textfield"], "key": "name"}, "unknown-type"),
        ({"type": "textfield"}, "no-key"),
        ({"type": "textfield", "key": ""}, "no-key"),
        ({"type": "textfield", "key": "名称"}, "bad-key"),
        ({"type": "textfield", "key": "a..b"}, "bad-key"),
        ({"type": "textfield", "key": "a b"}, "bad-key"),
        ({"type": "textfield", "key": 5}, "bad-key"),
        ({"type": "textfield", "key": ".".join("abcdefghijklm")}, "bad-key"),
        ({**LIST, "path": ""}, "no-key"),
        ({**TEXT, "id": 7}, "component-id"),
        ({**TEXT, "requierd": True}, "unknown-property"),
        ({**TEXT, "validate": {"min": 1}}, "unknown-property"),
        ({**NUMBER, "validate": {"pattern": "a"}}, "unknown-property"),
        ({**TEXT, "values": []}, "unknown-property"),
        ({**TEXT, "validate": {"minLength": -1}}, "bad-property"),
        ({**TEXT, "validate": {"required": "yes"}}, "bad-property"),
        ({**TEXT, "validate": {"validationType": "iban"}}, "bad-property"),
        ({**TEXT, "validate": []}, "bad-property"),
        ({**TEXT, "readonly": "true"}, "bad-property"),
        ({**NUMBER, "increment": 0}, "bad-property"),
        ({**NUMBER, "validate": {"max": "many"}}, "bad-property"),
        ({**NUMBER, "validate": {"max": "1e999999"}}, "bad-property"),
        ({**SELECT, "values": []}, "bad-property"),
        ({**SELECT, "values": [{"label": "无"}]}, "bad-property"),
        ({**SELECT, "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "a"}]}, "bad-property"),
        ({**SELECT, "values": [{"label": "甲", "value": []}]}, "bad-property"),
        ({"type": "select", "key": "kind"}, "options-source"),
        ({**SELECT, "valuesKey": "kinds"}, "options-source"),
        ({"type": "datetime", "key": "on", "subtype": "month"}, "bad-property"),
        ({"type": "datetime", "key": "at", "subtype": "time", "timeInterval": 0}, "bad-property"),
        ({key: value for key, value in LIST.items() if key != "isRepeating"}, "bad-property"),
        ({**LIST, "properties": {"max_rows": "501"}}, "bad-property"),
        ({**LIST, "properties": {"min_rows": "9", "max_rows": "3"}}, "bad-range"),
        ({**LIST, "components": {}}, "bad-property"),
        ({**TEXT, "validate": {"minLength": 5, "maxLength": 4}}, "bad-range"),
        ({**NUMBER, "validate": {"min": "10", "max": 9.5}}, "bad-range"),
        ({**TEXT, "validate": {"pattern": "["}}, "bad-pattern"),
        ({**TEXT, "validate": {"pattern": "(a+)+$"}}, "costly-pattern"),
        ({**TEXT, "defaultValue": 5}, "bad-default"),
        ({**NUMBER, "defaultValue": "five"}, "bad-default"),
        ({**SELECT, "defaultValue": "partnership"}, "bad-default"),
        ({"type": "checkbox", "key": "agreed", "defaultValue": "true"}, "bad-default"),
        ({**TEXT, "properties": {"kind": "iban"}}, "unknown-kind"),
        ({**NUMBER, "properties": {"kind": "uscc"}}, "unknown-kind"),
        ({**NUMBER, "properties": {"kind": "money"}}, "unknown-kind"),
    ],
)
def test_compile__what_would_do_nothing_or_something_else_is_refused(component: object, code: str) -> None:
    [(_, text)] = refusal(component)
    assert says(code, text), text


HIDDEN = {"conditional": {"hide": "=agent = true"}}

EXPRESSIONS = [
    {**TEXT, **HIDDEN},
    {**LIST, **HIDDEN},
    {"type": "group", "components": [TEXT], **HIDDEN},
    {"type": "text", "text": "批准", **HIDDEN},
    {**TEXT, "readonly": "=locked"},
    {**TEXT, "label": "=title"},
    {**TEXT, "label": "{{applicant}} 的名称"},
    {**TEXT, "description": "=hint"},
    {**TEXT, "validate": {"minLength": "=shortest", "maxLength": "= longest"}},
    {**TEXT, "validate": {"pattern": "^a", "maxLength": "=longest"}},
    {**TEXT, "appearance": {"prefixAdorner": "=unit"}},
    {**TEXT, "properties": {"required_if": "=agent = true"}},
    {**NUMBER, "validate": {"max": "=limit", "min": "=0"}},
    {"type": "select", "key": "kind", "valuesExpression": "=kinds"},
    {"type": "expression", "key": "sum", "expression": "=a + b", "computeOn": "change"},
    {"type": "text", "text": "=greeting"},
    {"type": "table", "dataSource": "=rows", "columns": []},
    {"type": "table", "dataSource": "rows", "columnsExpression": "=columns"},
]


@pytest.mark.parametrize("component", EXPRESSIONS)
def test_compile__expressions_stand_where_form_js_evaluates_them(component: Component) -> None:
    assert form(component).document["components"] == [component]


@pytest.mark.parametrize(
    ("component", "place"),
    [
        ({**TEXT, "disabled": "=locked"}, "disabled"),
        ({**TEXT, "validate": {"required": "=needed"}}, "validate.required"),
        ({**NUMBER, "decimalDigits": "=digits"}, "decimalDigits"),
        ({"type": "filepicker", "key": "files", "multiple": "=many"}, "multiple"),
        ({**LIST, "allowAddRemove": "=free"}, "allowAddRemove"),
    ],
)
def test_compile__an_expression_that_form_js_would_not_evaluate_is_refused(component: Component, place: str) -> None:
    assert f"“{place}” has to be a fixed value" in refusal(component)[0][1].en


@pytest.mark.parametrize(
    ("component", "place"),
    [
        ({**TEXT, "conditional": {"hide": "agent"}}, "conditional.hide"),
        ({"type": "select", "key": "kind", "valuesExpression": "kinds"}, "valuesExpression"),
        ({"type": "expression", "key": "sum", "expression": "a + b"}, "expression"),
        ({**TEXT, "properties": {"required_if": "true"}}, "properties.required_if"),
    ],
)
def test_compile__what_form_js_would_ignore_for_want_of_a_sign_is_refused(component: Component, place: str) -> None:
    [(_, text)] = refusal(component)
    assert text.en == f"“{place}” has to be a FEEL expression, which begins with “=”."


@pytest.mark.parametrize(
    ("component", "place"),
    [
        ({**TEXT, "conditional": {"hide": "=agent = "}}, "conditional.hide"),
        ({**TEXT, "label": "=title +"}, "label"),
        ({**TEXT, "validate": {"maxLength": "=1 +"}}, "validate.maxLength"),
        ({"type": "table", "dataSource": "=rows[", "columns": []}, "dataSource"),
        ({"type": "expression", "key": "sum", "expression": "=a)] + [(b"}, "expression"),
    ],
)
def test_compile__what_is_no_feel_is_refused_with_its_place(component: Component, place: str) -> None:
    assert [text.en.startswith(f"The FEEL expression of “{place}” is wrong") for _, text in refusal(component)] == [
        True
    ]


def test_compile__an_expression_field_needs_its_expression() -> None:
    [(_, text)] = refusal({"type": "expression", "key": "sum"})
    assert says("bad-property", text)


@pytest.mark.parametrize(
    "component",
    [
        {**TEXT, "defaultValue": "=5"},
        {**TEXT, "validate": {"pattern": "^=", "patternErrorMessage": "={{x}}"}},
        {**SELECT, "values": [{"label": "=", "value": "=5"}]},
        {**TEXT, "properties": {"note": "=5"}},
        {**TEXT, "conditional": {"hide": ""}},
        {**TEXT, "properties": {"required_if": ""}},
    ],
)
def test_compile__what_form_js_takes_literally_is_no_feel(component: Component) -> None:
    assert form(component).fields[0].path == component["key"]


@pytest.mark.parametrize(
    "components",
    [
        [TEXT, TEXT],
        [TEXT, {**NUMBER, "key": "name.first"}],
        [{**NUMBER, "key": "name.first"}, TEXT],
        [TEXT, {"type": "group", "path": "name", "components": [NUMBER]}],
        [{**TEXT, "key": "rows"}, LIST],
        [LIST, {**LIST, "components": [NUMBER]}],
        [LIST, {**NUMBER, "key": "rows.share"}],
        [{**TEXT, "readonly": True}, TEXT],
        [{"type": "group", "path": "a", "components": [TEXT]}, {**TEXT, "key": "a.name"}],
    ],
)
def test_compile__two_components_may_not_write_to_one_place(components: list[Component]) -> None:
    assert any(says("duplicate-key", text) for _, text in refusal(*components))


def test_compile__groups_share_a_path_and_rows_have_keys_of_their_own() -> None:
    compiled = form(
        TEXT,
        {"type": "group", "path": "agent", "components": [TEXT]},
        {"type": "group", "path": "agent", "components": [NUMBER]},
        {"type": "group", "components": [{**TEXT, "key": "address"}]},
        LIST,
    )
    assert [field.path for field in compiled.fields] == [
        "name",
        "agent.name",
        "agent.share",
        "address",
        "rows",
        "rows[].name",
    ]


def test_compile__all_faults_at_once_with_id_and_key() -> None:
    with pytest.raises(FormRefused) as refused:
        form(
            {"type": "signature", "id": "Field_1"},
            {"type": "group", "id": "Group_1", "path": "!", "components": [{**TEXT, "id": "Field_2", "label": "=x +"}]},
            {**LIST, "components": [{**TEXT, "id": "Field_3", "validate": {"pattern": "("}, "colour": "red"}]},
            {**NUMBER, "id": "Field_3"},
            schemaVersion=99,
        )
    found = [(fault.component_id, fault.key) for fault in refused.value.faults]
    assert found == [
        (None, None),
        ("Field_1", None),
        ("Group_1", "!"),
        ("Field_2", "name"),
        ("Field_3", "name"),
        ("Field_3", "share"),
    ]


def test_compile__a_file_of_nothing_but_faults_is_answered_with_the_first_thousand() -> None:
    assert len(refusal(*[{}] * 50_000)) == 1000


def test_compile__id_number_names_the_choice_beside_it() -> None:
    chooser = {"type": "radio", "key": "id_type", "values": [{"label": "居民身份证", "value": "resident-id"}]}
    number = {"type": "textfield", "key": "id_number", "properties": {"kind": "id-number", "type_field": "id_type"}}
    assert form(number, chooser).fields[0].kind == "id-number"
    assert form({**number, "readonly": True}).fields[0].is_readonly
    for wrong in (
        [number],
        [number, {**TEXT, "key": "id_type"}],
        [number, {**chooser, "values": [{"label": "军官证", "value": "officer"}]}],
        [number, {"type": "radio", "key": "id_type", "valuesKey": "types"}],
        [number, {"type": "group", "path": "agent", "components": [chooser]}],
        [{**number, "properties": {"kind": "id-number"}}, chooser],
    ):
        assert [says("type-field", text) for _, text in refusal(*wrong)] == [True]


def test_compile__describes_its_fields_in_document_order() -> None:
    field = form({**SELECT, "id": "Field_9", "label": "企业类型", "validate": {"required": True}}).fields[0]
    assert (field.path, field.label, field.type, field.component_id) == ("kind", "企业类型", "select", "Field_9")
    assert field.is_required
    assert [(option.label, option.value) for option in field.options] == [("有限责任公司", "limited")]


def test_defaults__nested_as_a_submission_is() -> None:
    compiled = form(
        {**TEXT, "key": "agent.name", "defaultValue": "王芳"},
        {**NUMBER, "defaultValue": "2.5"},
        {**NUMBER, "key": "capital", "serializeToString": True, "defaultValue": 500},
        {**TEXT, "key": "number", "readonly": True, "defaultValue": "自动编号"},
        {**TEXT, "key": "empty"},
        {**LIST, "defaultRepetitions": 2, "components": [{**TEXT, "defaultValue": "待填"}]},
    )
    expected = {
        "agent": {"name": "王芳"},
        "share": 2.5,
        "capital": "500",
        "number": "自动编号",
        "rows": [{"name": "待填"}, {"name": "待填"}],
    }
    assert compiled.defaults() == expected
    compiled.defaults()["rows"][0]["name"] = "改"  # type: ignore[index]
    assert compiled.defaults() == expected


def test_every_input_component_has_a_builder() -> None:
    assert {type for type, spec in COMPONENTS.items() if spec.role in (Role.INPUT, Role.EXPRESSION)} == BUILDERS.keys()


def test_docs__name_every_component_validation_kind_and_code() -> None:
    page = DOCS.read_text("utf-8")
    validations = {name for spec in COMPONENTS.values() for name in spec.validations}
    missing = [name for name in [*COMPONENTS, *validations, *KINDS, *FIELD] if f"`{name}`" not in page]
    assert missing == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PROPERTIES = ["key", "path", "id", "label", "validate", "values", "valuesKey", "defaultValue", "properties", "multiple"]
PROPERTIES += [
    "isRepeating",
    "allowAddRemove",
    "defaultRepetitions",
    "subtype",
    "increment",
    "decimalDigits",
    "readonly",
]
LIKELY = st.sampled_from(["a", "a.b", "=x", "time", "5", "uscc", "("]) | st.dictionaries(
    st.sampled_from(["required", "min", "maxLength", "pattern", "kind", "type_field", "min_rows", "hide"]),
    st.sampled_from([True, 5, "5", "(", "a*", "id-number", "a", None]),
)
COMPONENT = st.recursive(
    st.dictionaries(st.sampled_from(PROPERTIES), JSON | LIKELY, max_size=5),
    lambda inner: st.fixed_dictionaries({"components": st.lists(inner, max_size=3)}),
    max_leaves=5,
).flatmap(
    lambda component: st.sampled_from([*COMPONENTS, "?"]).map(lambda type: {"key": "a", **component, "type": type})
)


@given(st.lists(COMPONENT | JSON, max_size=4))
def test_compile__any_json_is_a_form_or_refused(components: list[object]) -> None:
    with suppress(FormRefused):
        assert form(*components).check_draft({}) == {}
