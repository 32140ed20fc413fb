"""Reads what all flow nodes have in common: their ends, their jobs, their documentation and properties."""

import re

from engine.diagram.activities import READERS, read_plain
from engine.diagram.element import Element
from engine.diagram.listeners import read_listeners
from engine.diagram.loops import read_loop
from engine.diagram.mappings import read_mappings
from engine.diagram.model import Node
from engine.diagram.reading import Reading
from engine.expressions import Expression

REPEATED = re.compile(r"R[0-9]{1,3}/(P.+)")


def read_node(
    element: Element, scope: str, incoming: tuple[str, ...], outgoing: tuple[str, ...], reading: Reading
) -> Node:
    """One flow node, with whatever belongs to its type alone."""
    return Node(
        id=element.attributes["id"],
        type=element.name if element.name in READERS else "task",
        scope=scope,
        name=element.get("name"),
        line=element.line,
        incoming=incoming,
        outgoing=outgoing,
        default_flow=element.get("default"),
        is_for_compensation=element.holds("isForCompensation"),
        loop=read_loop(element, reading),
        async_before=element.holds("camunda:asyncBefore") or element.holds("camunda:async"),
        async_after=element.holds("camunda:asyncAfter"),
        exclusive=element.holds("camunda:exclusive", default=True),
        retry_cycle=read_retry_cycle(element, reading),
        job_priority=reading.priority(element, "camunda:jobPriority"),
        properties=properties_of(element),
        **read_mappings(element, reading),
        listeners=read_listeners(element, reading),
        lane=reading.lanes.get(element.attributes["id"]),
        documentation=element.text_of("documentation") or None,
        **READERS.get(element.name, read_plain)(element, reading),
    )


def read_retry_cycle(element: Element, reading: Reading) -> Expression | None:
    """Camunda's forms: R5/PT10M, or a list of delays such as PT1M,PT5M,PT1H, or an expression that yields one."""
    for retry in element.extensions("camunda:failedJobRetryTimeCycle"):
        text = retry.text.strip()
        expression = reading.compiler.text(text, element, "failedJobRetryTimeCycle")
        repeated = REPEATED.fullmatch(text)
        if expression.is_literal and expression.text:
            for delay in [repeated[1]] if repeated else text.split(","):
                reading.compiler.check_time("duration", delay.strip(), element, "failedJobRetryTimeCycle")
        return expression
    return None


def properties_of(element: Element) -> dict[str, str]:
    """The camunda:property pairs of an element: what the designer noted for others than the engine.

    One that is left empty says nothing: an element template writes those too that nobody filled in.
    """
    return {
        pair.attributes["name"]: pair.attributes["value"]
        for holder in element.extensions("camunda:properties")
        for pair in holder.all("camunda:property")
        if pair.get("name") and pair.get("value")
    }
