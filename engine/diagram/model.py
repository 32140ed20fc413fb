"""A BPMN diagram as the engine sees it: every process, node and flow in document order, every expression compiled.

Pure data. Knows nothing of XML, of storage or of the interpreter. Names are those of BPMN 2.0 and of Camunda 7.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from engine.errors import Fault
from engine.expressions import Expression
from engine.expressions.values import text, whole

ParameterValue: TypeAlias = "Expression | tuple[ParameterValue, ...] | Mapping[str, ParameterValue] | None"
"""What an input or output parameter yields: an expression, a camunda:list, a camunda:map, or null when it is empty."""


class EventKind(StrEnum):
    """What an event waits for or throws (BPMN 2.0, 10.5)."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITIONAL = "conditional"
    LINK = "link"
    TERMINATE = "terminate"
    COMPENSATE = "compensate"
    CANCEL = "cancel"


class TimerKind(StrEnum):
    """timeDate, timeDuration or timeCycle of a timer event definition."""

    DATE = "date"
    DURATION = "duration"
    CYCLE = "cycle"


class Binding(StrEnum):
    """Which version of a called process or a form is meant (camunda:calledElementBinding, camunda:formRefBinding)."""

    LATEST = "latest"
    DEPLOYMENT = "deployment"
    VERSION = "version"
    VERSION_TAG = "versionTag"


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer's definition, unevaluated: an ISO 8601 literal, a cron line, or an expression for either."""

    kind: TimerKind
    expression: Expression


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What one event waits for or throws.

    `name` is the message's or signal's name, the error's or escalation's code, or the link's name; None on an error or
    escalation catcher means any code. `activity_ref` is what a throwing compensation event undoes, None: all in its
    scope. `variable_name` limits a conditional event to changes of one variable. `code_variable` and `message_variable`
    receive a caught error's or escalation's code and message; `message` is what a thrown error says
    (camunda:errorMessage).
    """

    kind: EventKind
    name: Expression | None = None
    timer: Timer | None = None
    condition: Expression | None = None
    variable_name: str | None = None
    code_variable: str | None = None
    message_variable: str | None = None
    message: Expression | None = None
    variable_events: frozenset[str] = frozenset()
    payload: tuple["Mapped", ...] = ()
    activity_ref: str | None = None


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One assignment `name = ${…}` of a script task, of a camunda:expression or of a listener.

    `local name = ${…}` of a script task keeps it in the sub-process around it.
    """

    name: str
    value: Expression
    is_local: bool = False


class Moment(StrEnum):
    """When a listener is told: of an activity or process, a sequence flow, a user task (Camunda 7's events)."""

    START = "start"
    END = "end"
    TAKE = "take"
    CREATE = "create"
    ASSIGNMENT = "assignment"
    UPDATE = "update"
    COMPLETE = "complete"
    DELETE = "delete"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a listener is told of: the moment, and the activity, flow or process by id and name."""

    moment: Moment
    activity_id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """One camunda:executionListener or camunda:taskListener: a registered function's name, or a variable to set.

    `timer` and `id` belong to a timeout listener.
    """

    moment: Moment
    registered: str | None = None
    assigned: ScriptLine | None = None
    id: str | None = None
    timer: Timer | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision of a business rule task: camunda:decisionRef with its binding, and what becomes of its rows.

    `mapping` is camunda:mapDecisionResult; the mapped result goes under `result_variable`.
    """

    reference: Expression
    result_variable: str
    mapping: str
    binding: Binding = Binding.LATEST
    version: Expression | None = None


@dataclass(frozen=True, slots=True)
class ExpectedError:
    """camunda:errorEventDefinition: what a worker reports is the error of this code when the condition holds."""

    code: Expression
    condition: Expression


@dataclass(frozen=True, slots=True)
class Work:
    """How a service task, send task or throwing message event is carried out: by exactly one of the three.

    `topic` is camunda:type="external" work for a worker; `delegate` is the name in
    camunda:delegateExpression="${name}"; `assigned` is camunda:expression, whose value becomes a variable at once. A
    message event or send task with none of them throws its message. `result_variable` receives what a delegate returns.
    """

    topic: Expression | None = None
    delegate: str | None = None
    assigned: ScriptLine | None = None
    decided: Ruling | None = None
    result_variable: str | None = None
    errors: tuple[ExpectedError, ...] = ()
    priority: Expression | None = None


@dataclass(frozen=True, slots=True)
class FormDefault:
    """What a field of camunda:formData begins with where no variable of its name is seen; `type` is its component's."""

    name: str
    type: str
    value: Expression

    def typed(self, value: object) -> object:
        """A value of the expression in the type of its field. Raises ExpressionError."""
        return TYPED[self.type](value) if value is not None and self.type in TYPED else value


TYPED: Mapping[str, Callable[[object], object]] = {
    "number": whole,
    "checkbox": lambda value: value if isinstance(value, bool) else text(value) == "true",
}


@dataclass(frozen=True, slots=True)
class FormReference:
    """camunda:formRef with its binding, or camunda:formKey when `key` is set.

    `document` is camunda:formData as a form's file, with the `defaults` of its fields.
    """

    reference: Expression | None = None
    binding: Binding = Binding.LATEST
    version: Expression | None = None
    key: Expression | None = None
    document: bytes | None = None
    defaults: tuple[FormDefault, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who may work on a user task, by when: Camunda's attributes of a user task, unevaluated.

    `name` and `description` (its documentation) are the task's where they hold an expression.
    """

    name: Expression | None = None
    description: Expression | None = None
    assignee: Expression | None = None
    candidate_groups: tuple[Expression, ...] = ()
    candidate_users: tuple[Expression, ...] = ()
    due_date: Expression | None = None
    follow_up_date: Expression | None = None
    priority: Expression | None = None
    form: FormReference | None = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """One camunda:in or camunda:out of a call activity.

    `all_variables` copies everything; otherwise `source` (a variable's name or an expression) becomes `target`.
    `business_key` is set on camunda:in businessKey="…".
    """

    source: Expression | None = None
    source_name: str | None = None
    target: str | None = None
    all_variables: bool = False
    local: bool = False
    business_key: Expression | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """What a call activity calls: the process key, which version of it, and what is handed over both ways."""

    called_element: Expression
    binding: Binding = Binding.LATEST
    version: Expression | None = None
    ins: tuple[Mapped, ...] = ()
    outs: tuple[Mapped, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One camunda:inputParameter or camunda:outputParameter: a variable's name and where its value comes from."""

    name: str
    value: ParameterValue


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """multiInstanceLoopCharacteristics: over a collection or a number, in parallel or one after another."""

    sequential: bool
    collection: Expression | None = None
    element_variable: str | None = None
    cardinality: Expression | None = None
    completion_condition: Expression | None = None
    async_before: bool = False
    async_after: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` is None when it is unconditional."""

    id: str
    source: str
    target: str
    name: str | None = None
    condition: Expression | None = None
    listeners: tuple[Listener, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """One BPMN flow node. `type` is the BPMN element's local name ("userTask", "boundaryEvent", "subProcess" …).

    `event` of a send or receive task is the message that it throws or waits for; `assignment` of a start event holds
    only its form. `scope` is the id of the enclosing sub-process or process. `incoming` and `outgoing` are flow ids in
    document order. `interrupting` is cancelActivity of a boundary event or isInterrupting of an event
    sub-process's start event. `triggered_by_event` marks an event sub-process, `is_for_compensation` an activity that
    runs only to undo another; `compensated_by` of a compensation boundary event is the id of such a one.
    """

    id: str
    type: str
    scope: str
    name: str | None = None
    line: int = 0
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default_flow: str | None = None
    event: EventDefinition | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered_by_event: bool = False
    is_for_compensation: bool = False
    compensated_by: str | None = None
    loop: MultiInstance | None = None
    assignment: Assignment | None = None
    work: Work | None = None
    call: Call | None = None
    script: tuple[ScriptLine, ...] = ()
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    listeners: tuple[Listener, ...] = ()
    async_before: bool = False
    async_after: bool = False
    exclusive: bool = True
    retry_cycle: Expression | None = None
    job_priority: Expression | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    lane: str | None = None
    documentation: str | None = None
    initiator: str | None = None

    def hears(self, *moments: Moment) -> bool:
        """Whether a listener of the node is told at one of these moments."""
        return any(listener.moment in moments for listener in self.listeners)

    @property
    def stays_armed(self) -> bool:
        """Whether what the event waits for may come again: it does not interrupt, and a timer is a cycle."""
        timer = self.event.timer if self.event else None
        return not self.interrupting and (timer is None or timer.kind == TimerKind.CYCLE)


@dataclass(frozen=True, slots=True)
class Starters:
    """Who may start a process: camunda:candidateStarterUsers and camunda:candidateStarterGroups."""

    users: frozenset[str]
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Process:
    """One executable process. `nodes` and `flows` hold those of all its sub-processes too, in document order.

    `category` is the file's target namespace, as in Camunda; `description` the process's documentation.
    `history_time_to_live` are days. Without `starters` everybody may start it.
    """

    key: str
    name: str | None
    version_tag: str | None
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    properties: Mapping[str, str] = field(default_factory=dict)
    category: str | None = None
    description: str | None = None
    is_startable_in_tasklist: bool = True
    history_time_to_live: int | None = None
    starters: Starters | None = None
    listeners: tuple[Listener, ...] = ()
    line: int = 0

    def nodes_in(self, scope: str) -> tuple[Node, ...]:
        """The nodes directly inside a sub-process, or inside the process itself when `scope` is its key."""
        return tuple(node for node in self.nodes.values() if node.scope == scope)


@dataclass(frozen=True, slots=True)
class Diagram:
    """Everything in one BPMN file that can run, and what a designer should know although it can."""

    processes: tuple[Process, ...]
    warnings: tuple[Fault, ...] = ()
