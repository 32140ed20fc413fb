"""The page of Camunda's attributes says of each what becomes of it; it is held against the tables that decide."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from engine.diagram.refusals import REFUSED_ATTRIBUTES, REFUSED_ELEMENTS
from engine.diagram.vocabulary import ACTIVITIES, DECORATION, DECORATION_ATTRIBUTES, NODES, RUNS

PAGE = (Path(__file__).parents[2] / "docs" / "camunda-attributes.md").read_text()
HONOURED = {"same", "better"}
WORK = frozenset({"serviceTask", "sendTask", "businessRuleTask", "messageEventDefinition"})
GROUPS = {
    "nodes": NODES,
    "work": WORK,
    "mapped": ACTIVITIES | {"intermediateCatchEvent", "intermediateThrowEvent", "endEvent"},
}
PREFIX = "camunda:"


class Row(NamedTuple):
    """One name of a row of the page."""

    name: str
    on: frozenset[str]
    is_anywhere: bool
    verdict: str
    note: frozenset[str]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def rows() -> Iterator[Row]:
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| `") or len(cells) != 4:
            continue
        names, on, verdict, note = cells
        groups = re.findall(r"\*(\w+)\*", on)
        elements = frozenset(quoted(on)).union(*(GROUPS.get(group, frozenset()) for group in groups))
        for name in quoted(names):
            yield Row(name, elements, "anywhere" in groups, verdict, frozenset(quoted(note)))


def where_it_runs(name: str) -> frozenset[str]:
    return frozenset(on for on, kind in RUNS.items() if name in kind.attributes | kind.children | kind.extensions)


def named_in_code() -> tuple[set[str], set[str]]:
    """Camunda's names that run or are marks, and those that are refused with advice."""
    runs = {name for kind in RUNS.values() for names in kind for name in names} | DECORATION | DECORATION_ATTRIBUTES
    refused = REFUSED_ATTRIBUTES.keys() | REFUSED_ELEMENTS.keys()
    return {name for name in runs if name.startswith(PREFIX)}, {name for name in refused if name.startswith(PREFIX)}


def test_every_name_is_on_the_page_with_its_verdict() -> None:
    runs, refused = named_in_code()

    assert {row.name for row in rows() if row.verdict in HONOURED} == runs
    assert {row.name for row in rows() if row.verdict == "refused"} == refused
    assert {row.verdict for row in rows()} == HONOURED | {"refused"}


def test_what_is_honoured_is_honoured_just_where_the_page_says() -> None:
    exceptions = {"camunda:asyncAfter": {"eventBasedGateway"}}
    for row in rows():
        if row.verdict in HONOURED and not row.is_anywhere:
            assert where_it_runs(row.name) == row.on - exceptions.get(row.name, set()), row.name


def test_what_is_allowed_anywhere_is_decoration() -> None:
    marks = {row.name for row in rows() if row.is_anywhere and row.verdict in HONOURED}

    assert marks == {name for name in DECORATION | DECORATION_ATTRIBUTES if name.startswith(PREFIX)}


def test_the_note_names_the_parts_of_an_element() -> None:
    for row in rows():
        kind = RUNS.get(row.name)
        if kind is not None and row.name.startswith(PREFIX):
            parts = {part for part in kind.attributes | kind.children if not part.startswith(PREFIX)}
            assert parts <= row.note, row.name


def test_no_name_stands_twice() -> None:
    names = [row.name for row in rows()]

    assert sorted(names) == sorted(set(names))
