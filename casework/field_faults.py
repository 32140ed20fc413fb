"""What marshmallow says of something that was handed in, field by field, in Chinese and English. Knows no door."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Sentence


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One value that is not acceptable. `path` reads like `materials[0].id`."""

    path: str
    code: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Phrase:
    """One of marshmallow's sentences, its code and what it is in Chinese."""

    english: re.Pattern[str]
    code: str
    zh: str


def _phrase(english: str, code: str, zh: str) -> Phrase:
    return Phrase(re.compile(english, re.DOTALL), code, zh)


PHRASES = (
    _phrase(r"Missing data for required field\.", "required", "此项必填。"),
    _phrase(r"Field may not be null\.", "null", "此项不能为空值。"),
    _phrase(r"Unknown field\.", "unknown", "没有这一项，请核对名称。"),
    _phrase(r"Invalid input type\.|Invalid type\.|Not a valid mapping type\.", "type", "类型不对，应为 JSON 对象。"),
    _phrase(r"Not a valid list\.|Not a valid tuple\.", "type", "类型不对，应为列表。"),
    _phrase(r"Not a valid string\.|Not a valid utf-8 string\.", "type", "类型不对，应为文字。"),
    _phrase(r"Not a valid integer\.", "type", "应为整数。"),
    _phrase(r"Not a valid number\.|Special numeric values .*", "type", "应为数字。"),
    _phrase(r"Number too large\.", "too-large", "数字过大。"),
    _phrase(r"Not a valid boolean\.", "type", "应为 true 或 false。"),
    _phrase(r"Not a valid (?:naive |aware )?datetime\.", "type", "应为日期时间，如 2026-11-23T09:30:00+08:00。"),
    _phrase(r"Not a valid date\.", "type", "应为日期，如 2026-11-23。"),
    _phrase(r"Not a valid (?:naive |aware )?time\.", "type", "应为时间，如 09:30。"),
    _phrase(r"Not a valid UUID\.", "type", "应为标识号（UUID）。"),
    _phrase(r"Shorter than minimum length (?P<min>\d+)\.", "too-short", "长度不得小于 {min}。"),
    _phrase(r"Longer than maximum length (?P<max>\d+)\.", "too-long", "长度不得大于 {max}。"),
    _phrase(r"Length must be between (?P<min>\d+) and (?P<max>\d+)\.", "length", "长度须在 {min} 与 {max} 之间。"),
    _phrase(r"Length must be (?P<equal>\d+)\.", "length", "长度须为 {equal}。"),
    _phrase(
        r"Must be greater than or equal to (?P<min>\S+) and less than or equal to (?P<max>\S+)\.",
        "range",
        "须在 {min} 与 {max} 之间。",
    ),
    _phrase(r"Must be greater than or equal to (?P<min>\S+)\.", "range", "不得小于 {min}。"),
    _phrase(r"Must be less than or equal to (?P<max>\S+)\.", "range", "不得大于 {max}。"),
    _phrase(r"Must be one of: (?P<choices>.*)\.", "choice", "须为下列之一：{choices}。"),
    _phrase(r"String does not match expected pattern\.", "pattern", "格式不对。"),
)  # fmt: skip


def field_faults(messages: object) -> list[FieldFault]:
    """Every fault in marshmallow's nested messages, in the order of the fields."""
    return list(_walk(messages, ""))


def _walk(messages: object, path: str) -> Iterator[FieldFault]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _walk(inner, _joined(path, key))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _walk(inner, path)
    else:
        yield _fault(path, messages)


def _joined(path: str, key: Any) -> str:
    if key == "_schema":
        return path
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)


def _fault(path: str, message: object) -> FieldFault:
    if isinstance(message, Sentence):
        return FieldFault(path, "invalid", message)
    english = str(message)
    for phrase in PHRASES:
        if match := phrase.english.fullmatch(english):
            return FieldFault(path, phrase.code, Sentence(phrase.zh.format(**match.groupdict()), english))
    return FieldFault(path, "invalid", Sentence("此项不符合要求。", english))
