"""Rules of events: which kinds an event may be of where it stands, and which must interrupt."""

from collections.abc import Iterator

from engine.diagram.findings import Finding, about
from engine.diagram.labels import KINDS
from engine.diagram.model import EventKind, Node, Process
from engine.diagram.rules.scopes import kind_of
from engine.diagram.vocabulary import ACTIVITIES, SUB_PROCESSES

WAITING = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL})
THROWN = frozenset({EventKind.ERROR, EventKind.ESCALATION})

# BPMN 2.0, table 10.93, less what does not run; start events depend on what they start.
PROCESS_START = WAITING | {EventKind.NONE}
SUB_PROCESS_START = frozenset({EventKind.NONE})
EVENT_SUB_PROCESS_START = WAITING | THROWN | {EventKind.COMPENSATE}
ALLOWED = {
    "intermediateCatchEvent": WAITING | {EventKind.LINK},
    "intermediateThrowEvent": frozenset(
        {
            EventKind.NONE,
            EventKind.MESSAGE,
            EventKind.SIGNAL,
            EventKind.ESCALATION,
            EventKind.LINK,
            EventKind.COMPENSATE,
        }
    ),
    "boundaryEvent": WAITING | THROWN | {EventKind.COMPENSATE, EventKind.CANCEL},
    "endEvent": THROWN
    | {
        EventKind.NONE,
        EventKind.MESSAGE,
        EventKind.SIGNAL,
        EventKind.TERMINATE,
        EventKind.COMPENSATE,
        EventKind.CANCEL,
    },
}
ALWAYS_INTERRUPTING = {("boundaryEvent", EventKind.CANCEL), ("startEvent", EventKind.COMPENSATE)}
CAN_ESCALATE = SUB_PROCESSES | {"callActivity", "userTask"}  # as Camunda 7


def allowed_kinds(process: Process, event: Node) -> frozenset[EventKind]:
    if event.type != "startEvent":
        return ALLOWED[event.type]
    scope = process.nodes.get(event.scope)
    if scope is None:
        return PROCESS_START
    return EVENT_SUB_PROCESS_START if scope.triggered_by_event else SUB_PROCESS_START


def kinds_fit_their_place(process: Process) -> Iterator[Finding]:
    for node in process.nodes.values():
        if node.event is None or node.type in ACTIVITIES:
            continue
        allowed = allowed_kinds(process, node)
        if node.event.kind not in allowed:
            kind, choices = KINDS[node.event.kind], [KINDS[kind] for kind in EventKind if kind in allowed]
            yield about(
                node,
                f"{{it}}在这里不能是{kind.zh}事件，只能是：{'、'.join(choice.zh for choice in choices)}。",
                f"{{it}} cannot be of the kind {kind.en} here, only {', '.join(choice.en for choice in choices)}.",
            )


def boundary_events_have_a_host(process: Process) -> Iterator[Finding]:
    for node in process.nodes.values():
        if node.type != "boundaryEvent":
            continue
        host = process.nodes.get(node.attached_to or "")
        if host is None or host.type not in ACTIVITIES or host.scope != node.scope:
            yield about(
                node,
                "{it}没有附着在同一流程层级的任务、子流程或调用活动上。请重新拖到活动的边上。",
                "{it} is attached to no task, sub-process or call activity of its own scope. Drag it onto one again.",
            )
        elif kind_of(node) is EventKind.ESCALATION and host.type not in CAN_ESCALATE:
            yield about(
                node,
                "{it}等待升级，但它附着的活动不会升级。请附着在子流程、调用活动或用户任务上。",
                "{it} waits for an escalation, which its host never throws. "
                "Attach it to a sub-process, call activity or user task.",
            )


def errors_interrupt(process: Process) -> Iterator[Finding]:
    """BPMN 2.0, 10.5.2 and 10.5.4: an error always interrupts what it is thrown in, a cancellation its transaction."""
    for node in process.nodes.values():
        if node.interrupting:
            continue
        kind = kind_of(node)
        if kind is EventKind.ERROR:
            yield about(
                node,
                "{it}捕获错误，必须是中断的（实线）。请改为中断，或改用升级事件。",
                "{it} catches an error and must interrupt (solid border). Make it interrupting, or use an escalation.",
            )
        elif (node.type, kind) in ALWAYS_INTERRUPTING:
            yield about(
                node,
                f"{{it}}是{KINDS[kind].zh}事件，必须是中断的（实线）。请改为中断。",
                f"{{it}} is of the kind {KINDS[kind].en} and must interrupt (solid border). Make it interrupting.",
            )


def only_event_sub_processes_choose_to_interrupt(process: Process) -> Iterator[Finding]:
    for node in process.nodes.values():
        if node.type != "startEvent" or node.interrupting:
            continue
        scope = process.nodes.get(node.scope)
        if scope is None or not scope.triggered_by_event:
            yield about(
                node,
                "{it}设为不中断，但它不在事件子流程里，没有可中断的内容。请删除 isInterrupting。",
                "{it} is non-interrupting but not in an event sub-process: there is nothing to interrupt. "
                "Remove isInterrupting.",
            )


def forms_are_shown(process: Process) -> Iterator[Finding]:
    """Only who starts the process fills in a form; nobody sees what begins inside it."""
    for node in process.nodes.values():
        if node.type == "startEvent" and node.scope != process.key and node.assignment and node.assignment.form:
            yield about(
                node,
                "{it}在子流程里，其表单不会显示给任何人。请删除表单，或画一个用户任务。",
                "{it} is inside a sub-process: nobody sees its form. Remove the form, or draw a user task.",
            )


EVENT_RULES = (
    kinds_fit_their_place,
    boundary_events_have_a_host,
    errors_interrupt,
    only_event_sub_processes_choose_to_interrupt,
    forms_are_shown,
)
