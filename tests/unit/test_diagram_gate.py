"""Hostile files: refused as a whole, before anything is understood, and by nothing else than DiagramRefused."""

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.diagram import read_diagram
from engine.diagram.gate import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS
from engine.diagram.model import Process
from engine.errors import DiagramRefused, EngineError
from engine.interpreter import advance, build
from engine.interpreter.stimulus import Start
from tests.diagrams import (
    Element,
    Raw,
    boundary,
    call,
    delegate_task,
    diagram,
    end,
    error,
    event_sub_process,
    exclusive,
    flow,
    flows,
    mapped_in,
    message,
    multi_instance,
    properties,
    receive_task,
    script_task,
    start,
    straight,
    sub_process,
    task,
    timer,
    user_task,
)

PLAIN = straight(user_task("work"))
BEGINNING, ENDING = PLAIN.split(b"<startEvent")[0], b"</process></definitions>"


def declared(prologue: bytes) -> bytes:
    return PLAIN.replace(b'<?xml version="1.0" encoding="UTF-8"?>', prologue)


def nested(depth: int) -> bytes:
    return BEGINNING + b"<subProcess>" * depth + b"</subProcess>" * depth + ENDING


REFUSED = {
    "nothing": b"",
    "no XML": b"PK\x03\x04",
    "XML that breaks off": PLAIN[:-20],
    "no BPMN": b"<html/>",
    "too many bytes": PLAIN + b" " * MAX_BYTES,
    "too many elements": BEGINNING + b"<task/>" * MAX_ELEMENTS + ENDING,
    "too deep": nested(MAX_DEPTH),
    "far too deep": BEGINNING + b"<a>" * 15_000,
    "an entity bomb": declared(b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'),
    "an external entity": declared(b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    "an external DTD": declared(b'<!DOCTYPE d SYSTEM "http://127.0.0.1:1/d.dtd">'),
    "an undeclared entity": PLAIN.replace(b"<startEvent", b"&a;<startEvent"),
    "an undeclared prefix": PLAIN.replace(b"<startEvent", b"<x:a/><startEvent"),
    "a NUL": PLAIN.replace(b"<startEvent", b"\x00<startEvent"),
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "UTF-7": declared(b'<?xml version="1.0" encoding="UTF-7"?>'),
    "GB 18030": declared(b'<?xml version="1.0" encoding="GB18030"?>'),
    "GB 18030 in fact": straight(user_task("work", name="审查")).decode().encode("gb18030"),
    "too many attributes": PLAIN.replace(
        b"<startEvent", b"<startEvent " + b" ".join(b'a%d="1"' % n for n in range(200))
    ),
    "a long namespace": PLAIN.replace(b"<startEvent", b'<startEvent xmlns:x="' + b"u" * 1_000 + b'"'),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_file_is_one_fault(what: str) -> None:
    with pytest.raises(DiagramRefused) as refusal:
        read_diagram(REFUSED[what])

    assert len(refusal.value.faults) == 1


def test_the_deepest_file_is_still_read() -> None:
    inner: Element | Raw = Raw("")
    for level in range(MAX_DEPTH - 3):
        inner = sub_process(f"level{level}", start(f"start{level}"), inner)

    assert len(read_diagram(diagram(start(), inner)).processes[0].nodes) == 2 * (MAX_DEPTH - 3) + 1


def in_attribute(name: bytes, text: bytes) -> bytes:
    return BEGINNING + b'<userTask id="u" ' + name + b'="' + text + b'"/>' + ENDING


def in_script(text: bytes) -> bytes:
    return BEGINNING + b'<scriptTask id="s"><script>' + text + b"</script></scriptTask>" + ENDING


SLOW = {
    "comments that never end": b"<!--" * 400_000,
    "instructions that never end": b"<?" * 800_000,
    "brackets": b"<" * 1_800_000,
    "elements": BEGINNING + b"<a/>" * 400_000 + ENDING,
    "nodes": BEGINNING + b"".join(b'<task id="t%d"/>' % n for n in range(MAX_ELEMENTS - 10)) + ENDING,
    "faults": BEGINNING + b"<transaction/>" * (MAX_ELEMENTS - 10) + ENDING,
    "candidate groups": in_attribute(b"camunda:candidateGroups", b"${a}," * 380_000),
    "candidate groups that never end": in_attribute(b"camunda:candidateGroups", b"${" * 900_000),
    "brackets in an expression": in_attribute(b"camunda:assignee", b"${" + b"(" * 1_800_000 + b"}"),
    "quotes in a script": in_script(b"\\'" * 900_000),
    "statements in a script": in_script(b"a = ${1};" * 200_000),
    "namespaces": b"<definitions " + b" ".join(b'xmlns:a%d="u%d"' % (n, n) for n in range(70_000)) + b"/>",
    "words like a namespace": in_attribute(b"name", b"xmlns" * 380_000),
    "a name that every fault repeats": in_attribute(b"name", b"n" * 1_900_000).replace(
        b'<userTask id="u"', b'<userTask id="u" camunda:dueDate="soon"'
    ),
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("what", SLOW)
def test_a_flood_costs_no_more_than_its_length(what: str) -> None:
    """Anything quadratic would need minutes for two megabytes."""
    with pytest.raises(DiagramRefused) as refusal:
        read_diagram(SLOW[what])

    assert max(len(fault.sentence.en) for fault in refusal.value.faults) < 1_000


RICH = diagram(
    *(start(), exclusive("choose", default="choose-end"), user_task("work", properties(act="review"), assignee="${a}")),
    *(delegate_task("seal", "seal"), script_task("note", "a = ${1}"), receive_task("wait", "paid"), end()),
    user_task("many", multi_instance(collection="departments", elementVariable="d", until="${nrOfInstances > 1}")),
    call("correct", "correction", mapped_in(source="a", target="b")),
    sub_process("inner", start("begin"), task("deep"), end("over", error("bad")), flows("begin", "deep", "over")),
    event_sub_process("withdraw", start("withdrawn", message("withdrawn")), end("gone"), flow("withdrawn", "gone")),
    boundary("late", "work", timer(duration="P5D"), interrupting=False),
    *(flow("choose", "work", "${a > 1}"), flow("choose", "end")),
    flows("start", "choose"),
    flows("work", "seal", "note", "wait", "many", "correct", "inner", "end"),
)


def test_the_rich_diagram_is_sound() -> None:
    assert read_diagram(RICH).warnings == ()


PIECES = st.binary(max_size=6) | st.sampled_from([b"<", b'"', b"${", b"}", b"<task/>", b"&lt;", b"\xe5\xae\xa1"])
EDITS = st.lists(st.tuples(st.integers(0, len(RICH)), st.integers(0, 40), PIECES), min_size=1, max_size=4)
WORDS = st.sampled_from(sorted(set(re.split(r'[\s<>="]+', RICH.decode())) - {""}))


def is_read_or_refused(source: bytes) -> bool:
    try:
        return bool(read_diagram(source).processes)
    except DiagramRefused as refusal:
        return bool(refusal.faults)


@given(EDITS)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(edits: list[tuple[int, int, bytes]]) -> None:
    damaged = RICH
    for at, length, piece in edits:
        damaged = damaged[:at] + piece + damaged[at + length :]

    assert is_read_or_refused(damaged)


@given(WORDS, WORDS)
@example("sourceRef", "gone")
@example("scriptTask", "isExecutable")
def test_a_file_with_one_word_for_another_is_read_or_refused_and_nothing_else(word: str, other: str) -> None:
    assert is_read_or_refused(RICH.decode().replace(word, other).encode())


Tree = ElementTree.Element


def inside(root: Tree, gone: Tree) -> Tree | None:
    """The element around another; None when it is gone already, or everything."""
    return next((element for element in root.iter() if gone in list(element)), None)


def exchange(root: Tree, one: Tree, other: Tree) -> None:
    one.attrib, other.attrib = other.attrib, one.attrib


def lend(root: Tree, one: Tree, other: Tree) -> None:
    one.attrib.update(list(other.attrib.items())[-1:])


def rename(root: Tree, one: Tree, other: Tree) -> None:
    one.tag = other.tag


def remove(root: Tree, one: Tree, other: Tree) -> None:
    if (around := inside(root, one)) is not None:
        around.remove(one)


def repeat(root: Tree, one: Tree, other: Tree) -> None:
    if (around := inside(root, one)) is not None:
        around.append(one)


def move(root: Tree, one: Tree, other: Tree) -> None:
    if (around := inside(root, one)) is not None and other not in list(one.iter()):
        around.remove(one)
        other.append(one)


EDIT = st.sampled_from([exchange, lend, rename, remove, repeat, move])
PLACE = st.integers(0, 200)


@given(st.lists(st.tuples(EDIT, PLACE, PLACE), min_size=1, max_size=5))
def test_a_file_with_parts_in_wrong_places_is_read_or_refused_and_what_is_read_runs(
    edits: list[tuple[Callable[[Tree, Tree, Tree], None], int, int]],
) -> None:
    root = ElementTree.fromstring(RICH)
    for edit, one, other in edits:
        elements = list(root.iter())
        edit(root, elements[one % len(elements)], elements[other % len(elements)])
    source = ElementTree.tostring(root)

    assert is_read_or_refused(source)
    with suppress(EngineError):
        for process in read_diagram(source).processes:
            begin(process)


def begin(process: Process) -> None:
    """Begins a process that was read; it may refuse to go on, and fails in no other way."""
    numbers = count(1)
    variables = {"a": 2, "d": 1, "departments": ["fire"]}
    advance(build(process), None, {}, Start(variables=variables), new_id=lambda: str(next(numbers)), functions={})
