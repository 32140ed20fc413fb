"""Reads scenario files: YAML with the line of every step and argument. Knows the grammar, runs nothing.

Plain YAML 1.2 scalars: true, false, null, whole and decimal numbers; everything else is text, also dates and times.
No anchors, no tags, no key twice.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from casework.scenarios import grammar
from casework.scenarios.mismatch import Mismatch
from engine.errors import Sentence

MOST_CHARACTERS = 1 << 20
TAG = "tag:yaml.org,2002:"
SCENARIO, STEPS, ITEM = "scenario", "steps", "item"

A_MAPPING = Sentence("“名称: 值”", "“name: value” pairs")
A_SCENARIO = Sentence("键 scenario（场景名称）和 steps（步骤）", "the keys scenario (its name) and steps")


class PlainLoader(yaml.SafeLoader):
    """Reads only what looks the same to every reader."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Raises ComposerError for an alias: a scenario is read from top to bottom."""
        if self.check_event(yaml.AliasEvent):
            where = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not read here", where)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


RESOLVED = (
    ("bool", r"(?:true|false)\Z", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]{0,14})\Z", [*"-0123456789"]),
    ("float", r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,10}\Z", [*"-0123456789"]),
    ("null", r"(?:null)?\Z", ["n", ""]),
)
for tag, pattern, first_characters in RESOLVED:
    PlainLoader.add_implicit_resolver(f"{TAG}{tag}", re.compile(pattern), first_characters)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story. `lines` are those of its arguments; `refused` is what the office is to answer."""

    line: int
    verb: str
    argument: object
    lines: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, str] | None = None

    def line_of(self, key: str | None) -> int:
        """Where an argument stands, else where the step does."""
        return self.lines.get(key or "", self.line)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file: what it is called, which item it is about (None: the package's), and its steps."""

    name: str
    item: str | None
    steps: tuple[Step, ...]


def read_scenario(path: Path) -> Scenario:
    """A scenario with every step checked against the grammar. Raises Mismatch at the first line that is wrong."""
    top = _entries(_root(path))
    if set(top) - {SCENARIO, STEPS, ITEM} or not {SCENARIO, STEPS} <= set(top):
        raise Mismatch(A_SCENARIO, _keys(top), line=1)
    steps = top[STEPS]
    if not isinstance(steps, yaml.SequenceNode):
        raise Mismatch(grammar.KINDS[list], _text_of(steps), line=_line(steps))
    item = _value(top[ITEM]) if ITEM in top else None
    return Scenario(
        name=str(_value(top[SCENARIO])),
        item=None if item is None else str(item),
        steps=tuple(_step(node) for node in steps.value),
    )


def read_values(path: Path) -> Mapping[str, object]:
    """A file of values, such as an application. Raises Mismatch."""
    return {key: _value(node) for key, node in _entries(_root(path)).items()}


def _root(path: Path) -> yaml.Node:
    try:
        text = path.read_text(encoding="utf-8")
        node = PlainLoader(text[:MOST_CHARACTERS]).get_single_node()
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise Mismatch(Sentence("有效的 YAML", "valid YAML"), _plain(wrong.problem or "?"), line=line) from wrong
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as wrong:
        raise Mismatch(Sentence("可读的 YAML 文件", "a readable YAML file"), _plain(wrong), line=1) from wrong
    if node is None:
        raise Mismatch(A_MAPPING, Sentence("空文件", "an empty file"), line=1)
    return node


def _step(node: yaml.Node) -> Step:
    entries = _entries(node)
    verbs = [name for name in entries if name != grammar.REFUSED]
    if len(verbs) != 1 or verbs[0] not in grammar.VERBS:
        known = Sentence(f"一个动词：{'、'.join(grammar.VERBS)}", f"one verb: {', '.join(grammar.VERBS)}")
        raise Mismatch(known, _keys(entries), line=_line(node))
    said = entries[verbs[0]]
    argument, lines = _checked(said, grammar.VERBS[verbs[0]])
    refused, _ = _checked(entries[grammar.REFUSED], grammar.REFUSAL) if grammar.REFUSED in entries else (None, None)
    return Step(_line(node), verbs[0], argument, lines, refused)


def _checked(node: yaml.Node, form: grammar.Form) -> tuple[Any, dict[str, int]]:
    """A step's arguments with their lines."""
    argument = _value(node)
    lines = {key: _line(value) for key, value in _entries(node).items()} if isinstance(argument, dict) else {}
    for name, expected, found in grammar.faults(form, argument):
        raise Mismatch(expected, found, line=lines.get(name or "", _line(node)))
    return argument, lines


def _entries(node: yaml.Node) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise Mismatch(A_MAPPING, _text_of(node), line=_line(node))
    entries: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in entries:
            once = Sentence("每个名称只出现一次", "each name once")
            raise Mismatch(once, _text_of(key), line=_line(key))
        entries[key.value] = value
    return entries


def _value(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return {key: _value(value) for key, value in _entries(node).items()}
    if isinstance(node, yaml.SequenceNode):
        return [_value(value) for value in node.value]
    return SCALARS.get(node.tag.removeprefix(TAG), str)(node.value)


SCALARS: Mapping[str, Callable[[str], object]] = {
    "bool": lambda text: text == "true",
    "int": int,
    "float": float,
    "null": lambda _: None,
}


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _keys(entries: Mapping[str, object]) -> Sentence:
    return _plain(", ".join(entries) or "—")


def _text_of(node: yaml.Node) -> Sentence:
    return _plain(node.value if isinstance(node, yaml.ScalarNode) else "…")


def _plain(value: object) -> Sentence:
    return Sentence(f"“{value}”", f"“{value}”")
