"""What the engine asks of whoever hosts it. The composition root plugs these in; the engine names no office rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from engine.diagram.model import Heard, Node, Process
    from engine.events import Event
    from engine.tables import ExternalTask, Job, ProcessInstance, Subscription, UserTask
    from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, another system, or the engine itself. `groups` are department and role codes."""

    login: str
    name: str
    groups: frozenset[str] = frozenset()
    department: str | None = None
    on_behalf_of: str | None = None


ENGINE = Actor(login="lianban", name="联办引擎")


class May(Protocol):
    """Whether a person may do an act.

    Raises Forbidden, with the rule in a sentence, when not; NotFound when the caller may not even know of the
    subject. `act` is the command's name ("user_tasks.complete", "deployments.deploy"). Called inside the
    command's transaction, after its lock; reads only.
    """

    def __call__(self, tx: Transaction, act: str, subject: object | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person hands in on a task: the form's values, the outcome chosen, the reasons given.

    `attachments` are the ids of the files that go with it; None: those that are with the task already.
    """

    values: Mapping[str, object]
    outcome: str | None = None
    comment: str | None = None
    attachments: Sequence[str] | None = None


class WhoIs(Protocol):
    """The person of a login as they are now, None when there is none who may act. Reads only."""

    def __call__(self, tx: Transaction, login: str) -> Actor | None: ...


class CheckSubmission(Protocol):
    """Checks what a person hands in, puts its attachments to the task, and returns what else is to be kept.

    Raises Invalid with one fault per field, or for an outcome that the diagram does not offer; Conflict when the
    task waits for something else of the case. A `draft` may be incomplete. `document` is the pinned form's file,
    None when the task has none.
    """

    def __call__(
        self,
        tx: Transaction,
        task: UserTask,
        node: Node,
        document: bytes | None,
        submission: Submission,
        *,
        draft: bool,
    ) -> Submission: ...


class MayBring(Protocol):
    """Whether the actor may hand variables of these names to all of those that wait: for a message, a signal, a worker.

    Raises Forbidden, naming the variables, when one of them holds such a name by right. Called inside the command's
    transaction, before anything changes; reads only.
    """

    def __call__(
        self, tx: Transaction, waiting: Sequence[Subscription | ExternalTask], names: Collection[str]
    ) -> None: ...


class ReadResource(Protocol):
    """Reads a deployed file that is no diagram: a form's key, or None for a file that is no form.

    Raises DiagramRefused with all its faults. Called before anything is stored.
    """

    def __call__(self, name: str, content: bytes) -> str | None: ...


class DueAt(Protocol):
    """When a clock that a timer is bound to runs out: null while it is paused."""

    def __call__(self, tx: Transaction, instance: ProcessInstance, binding: str) -> datetime | None: ...


class ResolveGroups(Protocol):
    """Turns the role names a diagram gives ("fire") into the group codes of the instance's region."""

    def __call__(
        self, tx: Transaction, instance: ProcessInstance, node: Node, groups: Sequence[str]
    ) -> tuple[str, ...]: ...


class Delegate(Protocol):
    """A service task's registered handler.

    Runs outside any transaction. `key` is the same on every retry of the same work, so that a receiver can tell a
    repetition. Returns variables to set; raises BpmnError for an error the diagram may catch, anything else to be
    retried.
    """

    def __call__(self, variables: Mapping[str, object], *, key: str) -> Mapping[str, object]: ...


class Records(Protocol):
    """Which of these case trees, all of them over, the host keeps by rules of its own. Reads only."""

    def __call__(self, tx: Transaction, root_ids: Sequence[str]) -> Collection[str]: ...


class DiagramListener(Protocol):
    """A registered function that a camunda:executionListener or camunda:taskListener of a diagram names.

    Runs inside the transaction of the command that moves the token, under the lock of its case: it has to be quick, to
    talk to no other system and to come to the same result for the same arguments. `variables` are those seen from the
    activity; what it returns is set as by Camunda's setVariable. Whatever it raises refuses the command; an
    EngineError does so in its own words.
    """

    def __call__(self, variables: Mapping[str, object], *, heard: Heard) -> Mapping[str, object] | None: ...


class Errand(Protocol):
    """Work of a job that asks something of another system, so that it must not run inside a transaction.

    `order` reads what the work needs, in a transaction that changes nothing, and returns the call. The call runs
    outside any transaction, may take its time and may raise anything, to be retried. `settle` writes what came of it
    in the transaction that removes the job. After a crash, or when it was slower than its lease, the same job is
    called again: its id is the key by which the other system tells a repetition.
    """

    def order(self, tx: Transaction, job: Job) -> Callable[[], object]: ...

    def settle(self, tx: Transaction, job: Job, result: Any) -> None: ...


class Files(Protocol):
    """Where contents lie outside the database, each under a name that is never used twice.

    Every call may take its time and is made outside any transaction. Raises FilesUnreachable, and says neither in it
    nor in any log how the store is logged in to.
    """

    def prepare(self, *, is_new: bool) -> None:
        """Said before anything is written or removed. Raises FilesUnreachable too when this is not the store that files
        lie in, unless it `is_new` to us."""

    def write(self, name: str, content: bytes) -> None:
        """The content is there for good when this returns; writing it again changes nothing."""

    def read(self, name: str, most: int) -> bytes | None:
        """At most so many bytes of it, None when the store does not have it."""

    def remove(self, name: str) -> None:
        """It is not there any more, or never was."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a timer's expression yields when a clock decides: `due` of the clock named by `binding`."""

    binding: str


class BpmnError(Exception):
    """A delegate ends its work in a BPMN error that the diagram may catch."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code, self.message = code, message
        super().__init__(message or code)


SHANGHAI = ZoneInfo("Asia/Shanghai")

Listener = Callable[["Transaction", "Event"], None]
RunJob = Callable[["Transaction", "Job"], None]
Functions = Callable[["Transaction", "ProcessInstance"], Mapping[str, Callable[..., object]]]


def _anything(tx: Transaction, waiting: Sequence[Subscription | ExternalTask], names: Collection[str]) -> None:
    """Every name may be brought."""


def _no_functions(tx: Transaction, instance: ProcessInstance) -> Mapping[str, Callable[..., object]]:
    return {}


def _whoever(tx: Transaction, login: str) -> Actor | None:
    return Actor(login=login, name=login)


def _no_records(tx: Transaction, root_ids: Sequence[str]) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything the root lends to the engine. `who_is` tells as whom a person's order is carried out later.
    `function_names` are those that `functions` will offer to diagrams.

    `records` are never cleaned up by the engine; `history_time_to_live` is for how many days it keeps an instance that
    has ended where its diagram does not say so, None for ever. `job_kinds` are the host's own kinds of work, `errands`
    those of them that talk to another system. `file_kinds` maps a file name's suffix (".form") to its reader.
    `files` is where uploaded files lie, None: in the database.
    """

    now: Callable[[], datetime]
    may: May
    check_submission: CheckSubmission
    due_at: DueAt
    resolve_groups: ResolveGroups
    who_is: WhoIs = _whoever
    functions: Functions = _no_functions
    function_names: frozenset[str] = frozenset()
    may_bring: MayBring = _anything
    delegates: Mapping[str, Delegate] = field(default_factory=dict)
    diagram_listeners: Mapping[str, DiagramListener] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()
    records: Records = _no_records
    history_time_to_live: int | None = None
    job_kinds: Mapping[str, RunJob] = field(default_factory=dict)
    errands: Mapping[str, Errand] = field(default_factory=dict)
    file_kinds: Mapping[str, ReadResource] = field(default_factory=dict)
    files: Files | None = None
    zone: ZoneInfo = SHANGHAI

    def days_kept(self, process: Process) -> int | None:
        """For how many days an instance of a process is kept once it has ended; None for ever."""
        said = process.history_time_to_live
        return self.history_time_to_live if said is None else said
