"""Everything marshmallow can say of a request is said in Chinese too, with the path of the field."""

from typing import Any

import marshmallow as ma
import pytest

from casework.field_faults import field_faults
from engine.errors import Sentence

ANYTHING_ELSE = "此项不符合要求。"


class Row(ma.Schema):
    name = ma.fields.String(required=True, validate=ma.validate.Length(max=3))


class Everything(ma.Schema):
    text = ma.fields.String(validate=[ma.validate.Length(2, 4), ma.validate.Regexp("^a")])
    short = ma.fields.String(validate=ma.validate.Length(min=2))
    exact = ma.fields.String(validate=ma.validate.Length(equal=4))
    whole = ma.fields.Integer(strict=True, validate=ma.validate.Range(1, 9))
    least = ma.fields.Integer(validate=ma.validate.Range(min=1))
    most = ma.fields.Integer(validate=ma.validate.Range(max=9))
    number = ma.fields.Float()
    yes = ma.fields.Boolean()
    day = ma.fields.Date()
    at = ma.fields.DateTime()
    id = ma.fields.UUID()
    kind = ma.fields.String(validate=ma.validate.OneOf(["person", "enterprise"]))
    object = ma.fields.Dict()
    rows = ma.fields.List(ma.fields.Nested(Row))


def faults(document: Any) -> dict[str, tuple[str, str]]:
    with pytest.raises(ma.ValidationError) as refused:
        Everything().load(document)
    return {fault.path: (fault.code, fault.sentence.zh) for fault in field_faults(refused.value.messages)}


@pytest.mark.parametrize(
    ("field", "value", "code", "zh"),
    [
        ("text", 1, "type", "类型不对，应为文字。"),
        ("text", None, "null", "此项不能为空值。"),
        ("text", "abcde", "length", "长度须在 2 与 4 之间。"),
        ("text", "bcd", "pattern", "格式不对。"),
        ("short", "a", "too-short", "长度不得小于 2。"),
        ("exact", "a", "length", "长度须为 4。"),
        ("whole", 0, "range", "须在 1 与 9 之间。"),
        ("whole", 1.5, "type", "应为整数。"),
        ("least", 0, "range", "不得小于 1。"),
        ("most", 10, "range", "不得大于 9。"),
        ("number", "x", "type", "应为数字。"),
        ("number", "nan", "type", "应为数字。"),
        ("yes", "perhaps", "type", "应为 true 或 false。"),
        ("day", "today", "type", "应为日期，如 2026-11-23。"),
        ("at", "now", "type", "应为日期时间，如 2026-11-23T09:30:00+08:00。"),
        ("id", "1", "type", "应为标识号（UUID）。"),
        ("kind", "dog", "choice", "须为下列之一：person, enterprise。"),
        ("object", [], "type", "类型不对，应为 JSON 对象。"),
        ("rows", {}, "type", "类型不对，应为列表。"),
        ("colour", "red", "unknown", "没有这一项，请核对名称。"),
    ],
)
def test_a_fault_is_told_in_chinese(field: str, value: object, code: str, zh: str) -> None:
    assert faults({field: value}) == {field: (code, zh)}


def test_a_fault_in_a_list_bears_its_row() -> None:
    document = {"rows": [{"name": "甲"}, {}, "x", {"name": "甲乙丙丁"}]}
    assert faults(document) == {
        "rows[1].name": ("required", "此项必填。"),
        "rows[2]": ("type", "类型不对，应为 JSON 对象。"),
        "rows[3].name": ("too-long", "长度不得大于 3。"),
    }


def test_a_sentence_of_our_own_is_told_as_it_is() -> None:
    own = Sentence("两次输入不一致。", "The two entries differ.")
    assert [fault.sentence for fault in field_faults({"again": own, "rows": [own]})] == [own, own]


def test_what_is_not_known_is_still_told_in_both_languages() -> None:
    [fault] = field_faults({"odd": ["Quite odd."]})
    assert fault.sentence == Sentence(ANYTHING_ELSE, "Quite odd.")
