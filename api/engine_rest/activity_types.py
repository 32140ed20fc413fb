"""What Camunda calls an activity's type: the BPMN element's name, and of events also what they wait for or throw."""

from collections.abc import Mapping

from engine.diagram.model import Node

BODY = "multiInstanceBody"
OF_EVENTS: Mapping[tuple[str, str], str] = {
    ("startEvent", "timer"): "startTimerEvent",
    ("startEvent", "message"): "messageStartEvent",
    ("startEvent", "signal"): "signalStartEvent",
    ("startEvent", "escalation"): "escalationStartEvent",
    ("startEvent", "compensate"): "compensationStartEvent",
    ("startEvent", "error"): "errorStartEvent",
    ("startEvent", "conditional"): "conditionalStartEvent",
    ("intermediateCatchEvent", "message"): "intermediateMessageCatch",
    ("intermediateCatchEvent", "timer"): "intermediateTimer",
    ("intermediateCatchEvent", "link"): "intermediateLinkCatch",
    ("intermediateCatchEvent", "signal"): "intermediateSignalCatch",
    ("intermediateCatchEvent", "conditional"): "intermediateConditional",
    ("intermediateThrowEvent", "none"): "intermediateNoneThrowEvent",
    ("intermediateThrowEvent", "signal"): "intermediateSignalThrow",
    ("intermediateThrowEvent", "compensate"): "intermediateCompensationThrowEvent",
    ("intermediateThrowEvent", "message"): "intermediateMessageThrowEvent",
    ("intermediateThrowEvent", "escalation"): "intermediateEscalationThrowEvent",
    ("endEvent", "none"): "noneEndEvent",
    ("endEvent", "error"): "errorEndEvent",
    ("endEvent", "cancel"): "cancelEndEvent",
    ("endEvent", "terminate"): "terminateEndEvent",
    ("endEvent", "message"): "messageEndEvent",
    ("endEvent", "signal"): "signalEndEvent",
    ("endEvent", "compensate"): "compensationEndEvent",
    ("endEvent", "escalation"): "escalationEndEvent",
    ("boundaryEvent", "timer"): "boundaryTimer",
    ("boundaryEvent", "message"): "boundaryMessage",
    ("boundaryEvent", "signal"): "boundarySignal",
    ("boundaryEvent", "compensate"): "compensationBoundaryCatch",
    ("boundaryEvent", "error"): "boundaryError",
    ("boundaryEvent", "escalation"): "boundaryEscalation",
    ("boundaryEvent", "cancel"): "cancelBoundaryCatch",
    ("boundaryEvent", "conditional"): "boundaryConditional",
}
"""By the BPMN element and the kind of its event definition (ActivityTypes of Camunda 7)."""
EVENTS = frozenset(element for element, _ in OF_EVENTS)


def type_of(element: str, node: Node | None) -> str:
    """Camunda's type of a visit to an element, whose node in the diagram says which event it is."""
    if element not in EVENTS or node is None or node.event is None:
        return element
    return OF_EVENTS.get((element, node.event.kind.value), element)


def activity_id(element: str, node_id: str) -> str:
    """Camunda's id of a visited activity: the body around the instances of a multi-instance activity has its own."""
    return f"{node_id}#{BODY}" if element == BODY else node_id
