"""Sequence flows and gateways that cannot run as drawn: each broken rule is one fault at the element that breaks it."""

import pytest

from tests.diagrams import (
    Element,
    around,
    boundary,
    catch,
    diagram,
    end,
    event_gateway,
    exclusive,
    faults_of,
    flow,
    flows,
    inclusive,
    message,
    parallel,
    receive_task,
    start,
    sub_process,
    timer,
    user_task,
)


def choice(gateway: Element, *ways_out: Element) -> bytes:
    return diagram(
        start(),
        gateway,
        user_task("yes"),
        user_task("no"),
        end(),
        flow("start", "choose"),
        *ways_out,
        flow("yes", "end"),
        flow("no", "end"),
    )


CONDITION = "${approved}"

FLOWS = {
    "a flow leads somewhere": (diagram(start(), flow("start", "gone")), "start-gone", "target"),
    "a flow comes from somewhere": (
        diagram(start(), end(), flows("start", "end"), flow("gone", "end")),
        "gone-end",
        "source",
    ),
    "a flow stays in its sub-process": (
        diagram(
            start(),
            sub_process("inner", start("begin"), end("over"), flow("begin", "over")),
            end(),
            flows("start", "inner", "end"),
            flow("begin", "end"),
        ),
        "begin-end",
        "crosses the border",
    ),
    "nothing flows into a start event": (around(flow("work", "start")), "start", "incoming flows"),
    "nothing flows out of an end event": (around(flow("end", "work")), "end", "outgoing flows"),
    "nothing flows into a boundary event": (
        around(boundary("late", "work", timer(duration="P5D")), flow("work", "late")),
        "late",
        "incoming flows",
    ),
    "a default flow leaves its node": (
        choice(
            exclusive("choose", default="start-choose"),
            flow("choose", "yes", CONDITION),
            flow("choose", "no", CONDITION),
        ),
        "choose",
        "does not leave it",
    ),
    "a default flow has no condition": (
        choice(
            exclusive("choose", default="choose-no"), flow("choose", "yes", CONDITION), flow("choose", "no", CONDITION)
        ),
        "choose-no",
        "cannot have a condition",
    ),
    "a parallel gateway asks no condition": (
        choice(parallel("choose"), flow("choose", "yes", CONDITION), flow("choose", "no")),
        "choose-yes",
        "never asks",
    ),
    "an event asks no condition": (
        diagram(start(), user_task("work"), end(), flow("start", "work", CONDITION), flow("work", "end")),
        "start-work",
        "never asks",
    ),
}

GATEWAYS = {
    "every way out of an exclusive gateway is decided": (
        choice(exclusive("choose"), flow("choose", "yes", CONDITION), flow("choose", "no")),
        "choose-no",
        "not its default flow",
    ),
    "the only way out of an exclusive gateway has no condition": (
        diagram(start(), exclusive("choose"), end(), flow("start", "choose"), flow("choose", "end", CONDITION)),
        "choose-end",
        "only way out",
    ),
    "an exclusive gateway leads somewhere": (around(exclusive("choose"), flow("work", "choose")), "choose", "stuck"),
    "an inclusive gateway leads somewhere": (around(inclusive("choose"), flow("work", "choose")), "choose", "stuck"),
    "an event-based gateway leads somewhere": (around(event_gateway("wait"), flow("work", "wait")), "wait", "stuck"),
    "an event-based gateway leads to events": (
        diagram(start(), event_gateway("wait"), user_task("work"), end(), flows("start", "wait", "work", "end")),
        "work",
        "waits for no event",
    ),
    "nothing else leads to the events of an event-based gateway": (
        diagram(
            start(),
            event_gateway("wait"),
            catch("paid", message("paid")),
            end(),
            flows("start", "wait", "paid", "end"),
            flow("start", "paid"),
        ),
        "paid",
        "any other incoming flow",
    ),
    "the receive task of an event-based gateway stands alone": (
        diagram(
            start(),
            event_gateway("wait"),
            receive_task("paid", "paid"),
            end(),
            boundary("late", "paid", timer(duration="P5D")),
            flows("start", "wait", "paid", "end"),
        ),
        "paid",
        "boundary events",
    ),
}

BROKEN = FLOWS | GATEWAYS


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_one_fault_at_its_element(rule: str) -> None:
    source, element_id, words = BROKEN[rule]

    faults = faults_of(source)

    assert [(at, words in sentence) for at, sentence in faults] == [(element_id, True)]
