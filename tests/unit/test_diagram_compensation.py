"""Compensation and transactions that cannot run as drawn: each broken rule is one fault at the element that breaks it.

The rules are those that Camunda 7 refuses, and what it would deploy but never run.
"""

from typing import Any

import pytest

from engine.diagram import read_diagram
from engine.diagram.model import EventKind
from tests.diagrams import (
    Element,
    around,
    boundary,
    cancel,
    compensation,
    diagram,
    element,
    end,
    error,
    event_sub_process,
    faults_of,
    flow,
    flows,
    node,
    only_process,
    start,
    straight,
    sub_process,
    throw,
    transaction,
    undone_by,
    user_task,
)


def scope(id: str, *inside: Any, kind: Any = sub_process) -> Element:
    """A sub-process with these parts beside a start and an end."""
    drawn: Element = kind(id, start(f"{id}_start"), end(f"{id}_end"), flow(f"{id}_start", f"{id}_end"), *inside)
    return drawn


def undoing(id: str, *inside: Any) -> Element:
    """A compensation event sub-process; its start event has the id."""
    return event_sub_process(f"{id}_es", start(id, compensation(), *inside), end(f"{id}_end"), flow(id, f"{id}_end"))


def associated(event: str, handler: str) -> Element:
    return element("association", id=f"{event}_{handler}", sourceRef=event, targetRef=handler)


def catching(id: str, host: str = "work", **attributes: Any) -> Element:
    return node("boundaryEvent", id, compensation(), attachedToRef=host, **attributes)


HANDLER = user_task("undo", isForCompensation=True)

COMPENSATION = {
    "a boundary event has a handler": (around(catching("odd")), "needs an association"),
    "an annotation is no handler": (
        around(catching("odd"), element("textAnnotation", id="note"), associated("odd", "note")),
        "needs an association",
    ),
    "a boundary event has one handler": (
        around(
            undone_by(user_task("undo"), "work", event="odd"),
            associated("odd", "undo_too"),
            undone_by(user_task("undo_too"), "other"),
            user_task("other"),
            flow("work", "other"),
        ),
        "the one activity",
    ),
    "a handler is marked": (
        around(catching("odd"), user_task("undo"), associated("odd", "undo")),
        "not marked for compensation",
    ),
    "a handler is beside its event": (
        around(catching("odd"), scope("inner", HANDLER), flow("work", "inner"), associated("odd", "undo")),
        "of another scope",
    ),
    "a handler has an event": (around(user_task("odd", isForCompensation=True)), "no compensation boundary event"),
    "nothing flows into a handler": (
        around(undone_by(user_task("odd"), "work"), flow("work", "odd")),
        "incoming or outgoing",
    ),
    "nothing flows out of a handler": (
        around(undone_by(user_task("odd"), "work"), flow("odd", "end")),
        "incoming or outgoing",
    ),
    "nothing flows out of a boundary event": (
        around(undone_by(user_task("undo"), "work", event="odd"), flow("odd", "end")),
        "outgoing flows",
    ),
    "a boundary event is not asynchronous": (
        around(catching("odd", asyncBefore=True), HANDLER, associated("odd", "undo")),
        "cannot be asynchronous",
    ),
    "a handler is not undone": (
        around(undone_by(user_task("undo"), "work"), undone_by(user_task("redo"), "undo", event="odd")),
        "never compensated itself",
    ),
    "an activity has one boundary event": (
        around(undone_by(user_task("undo"), "work"), undone_by(user_task("undo_too"), "work", event="odd")),
        "compensate the same activity",
    ),
    "a sub-process has one handler": (
        straight(
            scope("inner", undoing("odd")),
        ).replace(
            b"</process>",
            b"".join(str(part).encode() for part in undone_by(user_task("undo"), "inner")) + b"</process>",
        ),
        "compensate the same activity",
    ),
    "a sub-process has one event sub-process for it": (
        straight(scope("inner", undoing("one"), undoing("odd"))),
        "compensate the same activity",
    ),
    "a process is not undone": (around(undoing("odd")), "in no sub-process"),
    "an event sub-process is no handler": (
        around(event_sub_process("odd", start("s", error("x")), end("e"), flow("s", "e"), isForCompensation=True)),
        "event sub-process",
    ),
    "a compensation event sub-process interrupts": (
        straight(
            scope(
                "inner",
                event_sub_process("es", start("odd", compensation(), isInterrupting=False), end("e"), flow("odd", "e")),
            )
        ),
        "must interrupt",
    ),
    "compensation starts no process": (diagram(start("odd", compensation())), "kind compensation"),
    "compensation is not waited for in the flow": (
        straight(node("intermediateCatchEvent", "odd", compensation())),
        "kind compensation",
    ),
    "what is thrown for exists": (straight(throw("odd", compensation("nothing"))), "no activity of its own scope"),
    "what is thrown for is not inside a sub-process": (
        straight(scope("inner", user_task("deep")), throw("odd", compensation("deep"))),
        "no activity of its own scope",
    ),
    "what is thrown for is not around the sub-process": (
        straight(user_task("work"), scope("inner", throw("odd", compensation("work")))),
        "no activity of its own scope",
    ),
}

TRANSACTIONS = {
    "only a transaction is cancelled": (straight(scope("inner", end("odd", cancel()))), "not directly in one"),
    "a process is not cancelled": (diagram(start(), end("odd", cancel()), flow("start", "odd")), "not directly in one"),
    "a transaction is not cancelled from a sub-process in it": (
        diagram(
            start(),
            scope("tx", scope("inner", end("odd", cancel())), kind=transaction),
            boundary("left", "tx", cancel()),
            end(),
            flows("start", "tx", "end"),
            flow("left", "end"),
        ),
        "not directly in one",
    ),
    "a cancelled transaction can be left": (
        straight(scope("tx", end("odd", cancel()), kind=transaction)),
        "no cancel boundary event",
    ),
    "only a transaction is left by a cancel event": (around(boundary("odd", "work", cancel())), "attached to none"),
    "a transaction has one cancel event": (
        around(
            scope("tx", end("given_up", cancel()), kind=transaction),
            boundary("left", "tx", cancel()),
            boundary("odd", "tx", cancel()),
        ),
        "one cancel boundary event too many",
    ),
    "a cancel event interrupts": (
        around(
            scope("tx", end("given_up", cancel()), kind=transaction),
            boundary("odd", "tx", cancel(), interrupting=False),
        ),
        "must interrupt",
    ),
    "nothing is thrown by a cancel event on its way": (straight(throw("odd", cancel())), "kind cancel"),
    "a transaction is not started by an event": (
        around(transaction("odd", start("s"), end("e"), flow("s", "e"), triggeredByEvent=True)),
        "triggeredByEvent",
    ),
}
RULES = COMPENSATION | TRANSACTIONS


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_one_fault_at_its_element(rule: str) -> None:
    source, said = RULES[rule]
    ((at, sentence),) = faults_of(source)
    assert at == "odd"
    assert said in sentence


def test_a_fault_names_the_line_of_its_element() -> None:
    lines = around(catching("odd")).decode().splitlines()
    ((at, _),) = faults_of(around(catching("odd")))
    assert at == "odd"
    assert any('id="odd"' in line for line in lines)


def test_handlers_and_what_they_undo_are_read() -> None:
    process = only_process(
        around(
            undone_by(user_task("undo"), "work", event="event"),
            throw("again", compensation("work")),
            flow("work", "again"),
        )
    )
    event, handler, again = (process.nodes[id] for id in ("event", "undo", "again"))
    assert (event.event.kind if event.event else None) is EventKind.COMPENSATE
    assert (event.attached_to, event.compensated_by) == ("work", "undo")
    assert handler.is_for_compensation
    assert again.event is not None
    assert again.event.activity_ref == "work"


def test_an_event_sub_process_may_throw_for_what_is_around_it() -> None:
    stopped = event_sub_process(
        "stopped", start("s", error("stop")), throw("undo", compensation("work")), end("e"), flows("s", "undo", "e")
    )
    assert faults_of(around(undone_by(user_task("undo_work"), "work"), stopped)) == []


IDLE = {
    "nothing in the scope can be undone": straight(user_task("work"), throw("odd", compensation())),
    "what is named cannot be undone": around(
        undone_by(user_task("undo"), "work"),
        user_task("other"),
        throw("odd", compensation("other")),
        flows("work", "other", "odd"),
    ),
    "no end event cancels the transaction": around(
        scope("tx", kind=transaction), boundary("odd", "tx", cancel()), flow("work", "tx")
    ),
}


@pytest.mark.parametrize("what", IDLE)
def test_what_will_never_undo_anything_is_one_warning_at_its_element(what: str) -> None:
    assert [warning.element_id for warning in read_diagram(IDLE[what]).warnings] == ["odd"]


def test_a_handler_is_reached_by_what_it_undoes() -> None:
    assert read_diagram(around(undone_by(user_task("undo"), "work"))).warnings == ()
