"""What can happen to a running process instance from outside: the one thing `advance` is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.diagram.model import Moment


@dataclass(frozen=True, slots=True)
class Start:
    """The instance begins, at its none start event or at the named start event (message, timer, signal start).

    `starter` is the person who starts it, whom camunda:initiator names a variable for. `places`: it begins there and at
    no start event.
    """

    activity_id: str | None = None
    variables: Mapping[str, object] = field(default_factory=dict)
    starter: str | None = None
    places: Sequence["StartedBefore"] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """The work of one activity instance is done: user task, external task, delegate, called process.

    `variables` go to the innermost scope around the activity that already holds the name, else to the process; those
    of a called process are handed back as the call activity's camunda:out say. `local_variables` end with the activity:
    its output parameters alone read them.
    """

    id: str
    variables: Mapping[str, object] = field(default_factory=dict)
    local_variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrorThrown:
    """The work of one activity instance ended in a BPMN error. `variables` as for Completed."""

    id: str
    code: str
    message: str | None = None
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EscalationThrown:
    """The work of one activity instance threw an escalation; the work itself goes on unless that is interrupting.

    `must_be_caught`: nobody above the instance could catch it either, so that an uncaught one is refused (Camunda 7).
    """

    id: str
    code: str
    variables: Mapping[str, object] = field(default_factory=dict)
    must_be_caught: bool = False


@dataclass(frozen=True, slots=True)
class EventArrived:
    """What an event waits for has come: a message, a signal, or the instant of a timer. `id` is its work's.

    The work stays open when the event watches over an activity or scope without interrupting it, unless it is a timer
    that is no cycle.
    """

    id: str
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Continued:
    """The asynchronous job of one activity instance runs: camunda:asyncBefore or asyncAfter. `id` is its work's."""

    id: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The process that the last step called waits or has ended: the tokens that stood back behind the call go on."""


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A person's task was assigned or updated and goes on: its listeners are told. `id` is its work's."""

    id: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class VariablesChanged:
    """Variables are set from outside: the step writes them, and tries every condition that may see one of them.

    Without any variable every condition is tried.
    """

    variables: Mapping[str, object] = field(default_factory=dict)
    scope_id: str | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """One activity instance is cancelled with all below it, or the whole instance when `id` is None.

    A scope left without tokens is cancelled too; a multi-instance body ends if items of it had ended before.
    """

    id: str | None = None


@dataclass(frozen=True, slots=True)
class StartedBefore:
    """A token is put before an activity, in the running scope `scope_id` that contains it (None: the process).

    In the running body of the same parallel multi-instance activity it is one more item.
    """

    activity_id: str
    scope_id: str | None = None


Stimulus = (
    Start
    | Completed
    | ErrorThrown
    | EscalationThrown
    | EventArrived
    | Continued
    | Resumed
    | TaskChanged
    | VariablesChanged
    | Cancelled
    | StartedBefore
)
