"""Reads camunda:executionListener and camunda:taskListener: what is told when an activity, a task or a flow moves on.

A listener names a registered function, or sets one variable. Code and scripts of a diagram never run.
"""

from collections.abc import Mapping

from engine.diagram.assigning import read_assignment
from engine.diagram.element import Element
from engine.diagram.event_definitions import read_timer
from engine.diagram.labels import shortened
from engine.diagram.model import EventKind, Listener, Moment, Timer
from engine.diagram.reading import Reading
from engine.diagram.work import DELEGATE

START_AND_END = (Moment.START, Moment.END)
OF_TASKS = (Moment.CREATE, Moment.ASSIGNMENT, Moment.UPDATE, Moment.COMPLETE, Moment.DELETE, Moment.TIMEOUT)
MOMENTS: Mapping[str, tuple[Moment, ...]] = {
    "camunda:executionListener": START_AND_END,
    "camunda:taskListener": OF_TASKS,
}


def read_listeners(element: Element, reading: Reading) -> tuple[Listener, ...]:
    """The listeners of a node, flow or process, in document order."""
    return tuple(read_listener(listener, element, reading) for listener in element.extensions(*MOMENTS))


def read_listener(listener: Element, element: Element, reading: Reading) -> Listener:
    name, text = listener.get("delegateExpression"), listener.get("expression")
    if (name is None) == (text is None) and not has_refused_way(listener):
        reading.findings.fault(
            listener,
            "{it}的监听器须且只能填写 delegateExpression 或 expression 之一。",
            "A listener of {it} needs exactly one of delegateExpression and expression.",
        )
    moment = moment_of(listener, element, reading)
    return Listener(
        moment,
        registered=None if name is None else registered_name(name, listener, reading),
        assigned=None if text is None else read_assignment(text, listener, reading),
        id=listener.get("id"),
        timer=timer_of(listener, reading) if moment is Moment.TIMEOUT else None,
    )


def has_refused_way(listener: Element) -> bool:
    """Whether code or a script is named instead, which is a fault of its own."""
    return listener.get("class") is not None or listener.first("camunda:script") is not None


def moment_of(listener: Element, element: Element, reading: Reading) -> Moment:
    """The event of the listener; that of a sequence flow is always `take`."""
    text = listener.get("event")
    allowed = (Moment.TAKE,) if element.name == "sequenceFlow" else MOMENTS[listener.name]
    if text is None and len(allowed) == 1:
        return allowed[0]
    if text not in allowed:
        choices = ", ".join(allowed)
        reading.findings.fault(
            listener,
            f"{{it}}的监听器事件“{shortened(text or '')}”须为以下之一：{choices}。",
            f"A listener of {{it}} has the event “{shortened(text or '')}”; it is one of {choices}.",
        )
        return allowed[0]
    return Moment(text)


def registered_name(text: str, listener: Element, reading: Reading) -> str:
    """The name in `${name}`, which the server has to know."""
    match = DELEGATE.fullmatch(text)
    if match is None:
        reading.findings.fault(
            listener,
            "{it}的监听器的 delegateExpression 只能写成 ${名称}。",
            "delegateExpression of a listener of {it} must be written ${name}.",
        )
        return text
    if reading.listeners is not None and match[1] not in reading.listeners:
        known = ", ".join(sorted(reading.listeners)) or "—"
        reading.findings.fault(
            listener,
            f"{{it}}的监听器“{match[1]}”没有注册。已注册：{known}。",
            f"{{it}} names the listener “{match[1]}”, which is not registered. Registered: {known}.",
        )
    return match[1]


def timer_of(listener: Element, reading: Reading) -> Timer | None:
    """When a timeout listener is told, counted from the task's creation; its id tells it from others of the task."""
    definition = listener.first("timerEventDefinition")
    if definition is None or listener.get("id") is None:
        reading.findings.fault(
            listener,
            "{it}的 timeout 监听器须有 id 和定时定义（timerEventDefinition）。",
            "A timeout listener of {it} needs an id and a timerEventDefinition.",
        )
        return None
    read = read_timer(definition, throws=False, reading=reading)
    return read.timer if read.kind is EventKind.TIMER else None
