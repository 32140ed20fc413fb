"""Scopes, events and links that cannot run as drawn: each broken rule is one fault at the element that breaks it."""

import pytest

from tests.diagrams import (
    around,
    boundary,
    catch,
    diagram,
    end,
    error,
    escalation,
    event_sub_process,
    external_task,
    faults_of,
    flow,
    flows,
    link,
    message,
    multi_instance,
    node,
    start,
    straight,
    sub_process,
    task,
    terminate,
    throw,
    timer,
)


def begun_by(*inside: object, **attributes: object) -> bytes:
    """An event sub-process with these start events."""
    return around(event_sub_process("objection", *inside, end("over"), **attributes))


SCOPES = {
    "a process begins": (diagram(end()), "approval", "no start event"),
    "a process begins in one way": (around(start("second")), "second", "too many"),
    "a sub-process begins": (straight(sub_process("inner", end("over"))), "inner", "no start event"),
    "a sub-process begins in one way": (
        straight(sub_process("inner", start("one"), start("two"), end("over"))),
        "two",
        "too many",
    ),
    "an embedded sub-process waits for nothing": (
        straight(sub_process("inner", start("paid", message("paid")), end("over"))),
        "paid",
        "only none",
    ),
    "an event sub-process begins": (begun_by(), "objection", "no start event"),
    "an event sub-process begins by one event": (
        begun_by(start("one", message("one")), start("two", message("two"))),
        "two",
        "too many",
    ),
    "an event sub-process begins by an event": (begun_by(start("one")), "one", "cannot be of the kind none"),
    "nothing flows into an event sub-process": (
        around(event_sub_process("objection", start("one", message("one"))), flow("work", "objection")),
        "objection",
        "incoming or outgoing",
    ),
    "an event sub-process is not repeated": (
        begun_by(start("one", message("one")), multi_instance(cardinality=2)),
        "objection",
        "no multi-instance",
    ),
    "an event sub-process has no boundary": (
        around(
            event_sub_process("objection", start("one", message("one"))),
            boundary("late", "objection", timer(duration="P5D")),
        ),
        "objection",
        "no boundary event",
    ),
}

EVENTS = {
    "an error begins no process": (diagram(start("bad", error("bad"))), "bad", "kind error"),
    "a catch event waits for something": (straight(catch("nothing")), "nothing", "kind none"),
    "a throw event does not end the process": (
        straight(throw("stop", terminate())),
        "stop",
        "kind terminate",
    ),
    "an error is thrown by an end event": (straight(throw("bad", error("bad"))), "bad", "kind error"),
    "a boundary event waits for something": (
        around(node("boundaryEvent", "edge", attachedToRef="work")),
        "edge",
        "kind none",
    ),
    "a boundary event has a host": (around(boundary("late", "gone", timer(duration="P5D"))), "late", "attached to no"),
    "a boundary event's host is an activity": (
        around(boundary("late", "start", timer(duration="P5D"))),
        "late",
        "attached to no",
    ),
    "a boundary event's host is in its scope": (
        around(
            sub_process("inner", start("begin"), task("deep"), end("over"), flows("begin", "deep", "over")),
            flow("work", "inner"),
            boundary("late", "deep", timer(duration="P5D")),
        ),
        "late",
        "attached to no",
    ),
    "an escalation is awaited where one can be thrown": (
        diagram(
            start(),
            external_task("send", "mail"),
            end(),
            flows("start", "send", "end"),
            boundary("up", "send", escalation("up")),
        ),
        "up",
        "never throws",
    ),
    "an error interrupts its host": (
        around(boundary("bad", "work", error("bad"), interrupting=False)),
        "bad",
        "must interrupt",
    ),
    "an error interrupts its scope": (
        begun_by(start("bad", error("bad"), isInterrupting=False)),
        "bad",
        "must interrupt",
    ),
    "nobody sees the form of what begins inside": (
        begun_by(start("bad", message("paid"), formRef="receipt", formRefBinding="latest")),
        "bad",
        "nobody sees its form",
    ),
    "only an event sub-process can let its scope go on": (
        diagram(start(isInterrupting=False), end(), flows("start", "end")),
        "start",
        "nothing to interrupt",
    ),
    "what starts a process is known before it": (
        diagram(start("paid", message("paid ${number}"))),
        "paid",
        "reads variables",
    ),
    "when a process starts is known before it": (
        diagram(start("daily", timer(date="${day}"))),
        "daily",
        "reads variables",
    ),
    "a message starts a process in one way": (
        diagram(start("one", message("paid")), start("two", message("paid"))),
        "two",
        "catch the same",
    ),
    "one boundary event catches a message": (
        around(boundary("one", "work", message("paid")), boundary("two", "work", message("paid"))),
        "two",
        "catch the same",
    ),
    "one boundary event catches any escalation": (
        around(boundary("one", "work", escalation("up")), boundary("any", "work", escalation())),
        "any",
        "catch the same",
    ),
    "one event sub-process catches an error": (
        around(
            event_sub_process("first", start("one", error("bad")), end("o1")),
            event_sub_process("second", start("two", error("bad")), end("o2")),
        ),
        "two",
        "catch the same",
    ),
}

LINKS = {
    "a link leads somewhere": (around(throw("away", link("A")), flow("work", "away")), "away", "no catching link"),
    "a link stays in its scope": (
        around(
            throw("away", link("A")),
            flow("work", "away"),
            sub_process("inner", start("begin"), end("over"), flow("begin", "over"), catch("here", link("A"))),
            flow("work", "inner"),
        ),
        "away",
        "no catching link",
    ),
    "a link leads to one place": (
        around(throw("away", link("A")), flow("work", "away"), catch("here", link("A")), catch("there", link("A"))),
        "there",
        "same name",
    ),
    "nothing flows out of a link": (
        around(throw("away", link("A")), catch("here", link("A")), flows("work", "away", "end")),
        "away",
        "outgoing flows",
    ),
    "nothing flows into a link's end": (
        around(throw("away", link("A")), catch("here", link("A")), flow("work", "away"), flow("work", "here")),
        "here",
        "incoming flows",
    ),
}

BROKEN = SCOPES | EVENTS | LINKS


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_one_fault_at_its_element(rule: str) -> None:
    source, element_id, words = BROKEN[rule]

    faults = faults_of(source)

    assert [(at, words in sentence) for at, sentence in faults] == [(element_id, True)]


def test_nothing_is_reckoned_before_a_process_starts() -> None:
    source = diagram(start("daily", timer(date="${workingDays(3)}")), end(), flows("daily", "end"))

    [(at, said)] = faults_of(source, functions={"workingDays"})

    assert (at, "calls functions" in said) == ("daily", True)
