"""What comes out of one stimulus: the new state and, in order, everything that happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.diagram.model import EventKind

LISTENED = "timer"  # the attribute in which a timeout listener's timer comes, which stands on no node
ROOT = None  # the scope id of the process instance itself


class WorkKind(StrEnum):
    """What an activity instance or an armed event waits for."""

    USER_TASK = "user_task"
    EXTERNAL_TASK = "external_task"
    DELEGATE = "delegate"
    CONTINUATION = "continuation"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class ActivityStarted:
    """An activity instance began. `parent_id` is its scope's activity instance, None directly in the process.

    The body of a multi-instance activity has its activity's id and the type "multiInstanceBody". The tokens that wait
    at a join are one activity instance, from the first arrival until the join fires.
    """

    id: str
    activity_id: str
    type: str
    parent_id: str | None


@dataclass(frozen=True, slots=True)
class ActivityEnded:
    """An activity instance ended; `cancelled` when it was interrupted.

    `is_remembered`: its own variables are needed until it is Forgotten, because it can be compensated.
    """

    id: str
    activity_id: str
    type: str
    cancelled: bool = False
    is_remembered: bool = False


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An activity instance that had ended was compensated, or cannot be any more: its variables are not needed."""

    id: str


@dataclass(frozen=True, slots=True)
class FlowTaken:
    """A token passed a sequence flow."""

    flow_id: str


class Spelled:
    """A value that is stored as it was sent; expressions see what it says."""

    __slots__ = ()

    @property
    def says(self) -> object:
        raise NotImplementedError


def meaning(value: object) -> object:
    """A value as an expression sees it."""
    return value.says if isinstance(value, Spelled) else value


@dataclass(frozen=True, slots=True)
class VariableSet:
    """A variable got a value in a scope: an activity instance's id, or None for the process instance."""

    scope_id: str | None
    name: str
    value: object
    activity_instance_id: str | None


@dataclass(frozen=True, slots=True)
class WorkOpened:
    """Something now waits outside the interpreter. `id` names it in the stimulus that ends it.

    `owner_id` is the activity instance that the work belongs to: the same id for a task, the host for a boundary
    event, the enclosing scope (None: the process) for an event sub-process, the activity instance that begins or has
    ended for a continuation. `scope_ids` lead from the innermost variable scope to the process: what its expressions
    may read. `attributes` are evaluated (topic, message name, business key, assignee, candidate_groups …), except a
    timer's definition, which stays on the node or under LISTENED. No two pieces of work have the same id.
    """

    id: str
    kind: WorkKind
    activity_id: str
    owner_id: str | None
    scope_ids: tuple[str, ...]
    attributes: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WorkCancelled:
    """What waited outside is no longer wanted."""

    id: str
    kind: WorkKind


@dataclass(frozen=True, slots=True)
class EventThrown:
    """A message or signal left the instance, or an escalation or error reached its edge uncaught.

    A signal has then already reached everything in this instance that waited for it. An uncaught escalation of a called
    process reaches its caller, with the process's variables; of a root it is only recorded.
    """

    kind: EventKind
    name: str
    activity_id: str
    variables: Mapping[str, object]


Change = (
    ActivityStarted | ActivityEnded | Forgotten | FlowTaken | VariableSet | WorkOpened | WorkCancelled | EventThrown
)


@dataclass(frozen=True, slots=True)
class Step:
    """The outcome of one stimulus: the document to store, what happened in order, and whether the instance is over.

    `error` is (code, message) when the instance ended by an error that only its caller can catch; `error_at` is the
    element that threw it. `is_unfinished`: other tokens stand back behind the call that was opened last; Resumed lets
    them go on once the called process waits or has ended (Camunda 7 runs it first).
    """

    state: str
    changes: tuple[Change, ...]
    ended: bool
    error: tuple[str, str | None] | None = None
    error_at: str | None = None
    is_unfinished: bool = False
