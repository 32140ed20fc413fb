"""Reads what an event waits for or throws. Knows one event at a time; which kind is allowed where is a rule."""

from collections.abc import Callable

from engine.diagram.calls import read_mapped
from engine.diagram.element import Element
from engine.diagram.model import EventDefinition, EventKind, Timer, TimerKind
from engine.diagram.reading import Reading
from engine.diagram.vocabulary import ACTIVITIES
from engine.expressions import Expression

NOTHING = EventDefinition(EventKind.NONE)
VARIABLE_EVENTS = frozenset({"create", "update"})
THROWING = frozenset({"intermediateThrowEvent", "endEvent"})
TIMES = {"timeDate": TimerKind.DATE, "timeDuration": TimerKind.DURATION, "timeCycle": TimerKind.CYCLE}


def read_event_definition(event: Element, reading: Reading) -> EventDefinition | None:
    """The one event definition of an event: a none event's when it has none, None when it has one that is refused."""
    definitions = [child for child in event.children if child.name in READERS]
    if len(definitions) > 1:
        reading.findings.fault(
            event,
            "{it}有多个事件定义，本引擎不支持。请画成多个事件。",
            "{it} has several event definitions, which is not supported. Draw several events.",
        )
    if not definitions:
        return None if any("ventDefinition" in child.name for child in event.children) else NOTHING
    return READERS[definitions[0].name](definitions[0], event.name in THROWING, reading)


def read_message(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    return EventDefinition(EventKind.MESSAGE, name=reading.required_match(definition, "message"))


def read_signal(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    """What throws a signal may hand over variables with it (Camunda's signal payload)."""
    payload = tuple(read_mapped(mapped, reading) for mapped in definition.extensions("camunda:in"))
    if payload and not throws:
        reading.findings.fault(
            definition,
            "{it}等待信号，不能附带变量（camunda:in）。请设在抛出信号的事件上。",
            "{it} waits for a signal and hands over no variables (camunda:in). Set them where it is thrown.",
        )
    if any(mapped.business_key is not None for mapped in payload):
        reading.findings.fault(
            definition,
            "{it}的信号不能附带业务标识（businessKey）。请改为变量。",
            "The signal of {it} hands over no business key. Hand it over as a variable.",
        )
    return EventDefinition(EventKind.SIGNAL, name=reading.required_match(definition, "signal"), payload=payload)


def read_error(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    return EventDefinition(
        EventKind.ERROR,
        name=read_code(definition, "error", throws, reading),
        code_variable=reading.variable_name(definition, "camunda:errorCodeVariable"),
        message_variable=reading.variable_name(definition, "camunda:errorMessageVariable"),
        message=reading.declarations.message(definition) if throws else None,
    )


def read_code(definition: Element, kind: str, throws: bool, reading: Reading) -> Expression | None:
    """What is thrown has a code; what catches without a reference catches any."""
    if throws:
        return reading.required_match(definition, kind)
    return reading.declarations.match(definition, kind)


def read_escalation(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    return EventDefinition(
        EventKind.ESCALATION,
        name=read_code(definition, "escalation", throws, reading),
        code_variable=reading.variable_name(definition, "camunda:escalationCodeVariable"),
    )


def read_conditional(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    text = definition.text_of("condition")
    if not text:
        reading.findings.fault(definition, "{it}没有填写条件。", "{it} has no condition.")
    return EventDefinition(
        EventKind.CONDITIONAL,
        condition=reading.compiler.condition(text, definition, "condition") if text else None,
        variable_name=reading.variable_name(definition, "camunda:variableName"),
        variable_events=read_variable_events(definition, reading),
    )


def read_variable_events(definition: Element, reading: Reading) -> frozenset[str]:
    """Which changes of a variable a condition is tried at: create and update; all when nothing is said."""
    said = frozenset(one.strip() for one in (definition.get("camunda:variableEvents") or "").split(",") if one.strip())
    if not said <= VARIABLE_EVENTS:
        reading.findings.fault(
            definition,
            "{it}的 variableEvents 只能是 create、update，用逗号分隔。变量被删除时条件总会重新判断。",
            "{it} has variableEvents other than create and update, separated by commas. A deletion always tries again.",
        )
    return said


def read_link(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    name = definition.get("name")
    if name is None:
        reading.findings.fault(
            definition, "{it}没有链接名称，无法配对。请填写。", "{it} has no link name to pair by. Give it one."
        )
    return EventDefinition(EventKind.LINK, name=reading.compiler.text(name or "", definition, "name"))


def read_terminate(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    return EventDefinition(EventKind.TERMINATE)


def read_compensation(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    """What throws may name the one activity that it undoes; what catches belongs to the activity it stands at."""
    activity = definition.get("activityRef")
    if activity is not None and not throws:
        reading.findings.fault(
            definition,
            "{it}捕获补偿，不能指定活动（activityRef）：它只属于所附着的活动。请删除。",
            "{it} catches compensation and cannot name an activity (activityRef): it belongs to its own. Remove it.",
        )
    return EventDefinition(EventKind.COMPENSATE, activity_ref=activity)


def read_handler(event: Element, reading: Reading) -> str | None:
    """The activity that a compensation boundary event is associated with: the one that undoes its host."""
    if event.first("compensateEventDefinition") is None:
        return None
    places = reading.findings.places
    associated = reading.associations.get(event.id or "", ())
    handlers = [id for id in associated if id in places and places[id].name in ACTIVITIES]
    if len(handlers) != 1:
        reading.findings.fault(
            event,
            "{it}必须用关联线（association）连到一个补偿活动，且只能一个。请画出由它指向补偿活动的关联线。",
            "{it} needs an association with the one activity that compensates. Draw it from the event to the activity.",
        )
    return handlers[0] if handlers else None


def read_cancel(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    return EventDefinition(EventKind.CANCEL)


def read_timer(definition: Element, throws: bool, reading: Reading) -> EventDefinition:
    """Exactly one of timeDate, timeDuration and timeCycle."""
    times = [child for child in definition.all(*TIMES) if child.text.strip()]
    if len(times) != 1:
        reading.findings.fault(
            definition,
            "{it}必须填写一个日期、时长或周期，且只能一个。",
            "{it} needs a date, a duration or a cycle, and only one of them.",
        )
        return EventDefinition(EventKind.TIMER)
    kind = TIMES[times[0].name]
    expression = reading.compiler.time(kind, times[0].text.strip(), times[0], times[0].name)
    return EventDefinition(EventKind.TIMER, timer=Timer(kind, expression))


READERS: dict[str, Callable[[Element, bool, Reading], EventDefinition]] = {
    "messageEventDefinition": read_message,
    "signalEventDefinition": read_signal,
    "errorEventDefinition": read_error,
    "escalationEventDefinition": read_escalation,
    "conditionalEventDefinition": read_conditional,
    "linkEventDefinition": read_link,
    "terminateEventDefinition": read_terminate,
    "compensateEventDefinition": read_compensation,
    "cancelEventDefinition": read_cancel,
    "timerEventDefinition": read_timer,
}
