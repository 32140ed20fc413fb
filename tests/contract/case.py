"""Drives one process instance through the interpreter's port in the words of its diagram.

Every stimulus goes to `advance` and its step is applied to what a host would keep: the state, the variables, the open
work, the activity instances. Each step is checked against the promises of the port by the way: work is opened once and
answered once, an activity instance starts and ends once, and what is open afterwards is what the state holds.

With `reloading` nothing but the stored text survives a step: the definition is read again from its XML.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from engine.diagram import read_diagram
from engine.errors import DiagramRefused
from engine.interpreter import Definition, advance, build
from engine.interpreter.listening import Listeners
from engine.interpreter.step import (
    ActivityEnded,
    ActivityStarted,
    EventThrown,
    FlowTaken,
    Forgotten,
    Step,
    VariableSet,
    WorkCancelled,
    WorkKind,
    WorkOpened,
)
from engine.interpreter.stimulus import (
    Cancelled,
    Completed,
    Continued,
    ErrorThrown,
    EscalationThrown,
    EventArrived,
    Resumed,
    Start,
    StartedBefore,
    Stimulus,
    VariablesChanged,
)

FUNCTIONS: Mapping[str, Callable[..., object]] = {}
REPEATED = {WorkKind.MESSAGE, WorkKind.SIGNAL, WorkKind.TIMER}
BODY = "multiInstanceBody"


def definition_of(xml: bytes, key: str = "approval") -> Definition:
    try:
        diagram = read_diagram(xml)
    except DiagramRefused as refused:
        raise AssertionError([(fault.element_id, fault.sentence.en) for fault in refused.faults]) from None
    return build(next(process for process in diagram.processes if process.key == key))


class Case:
    """One instance. `trace` is what happened in the last step: +a started, -a ended, xa cancelled, >flow taken."""

    def __init__(
        self, xml: bytes, *, reloading: bool = False, key: str = "approval", listeners: Listeners | None = None
    ) -> None:
        self.xml, self.key, self.reloading, self.listeners = xml, key, reloading, listeners or {}
        self.definition = definition_of(xml, key)
        self.state: str | None = None
        self.scopes: defaultdict[str | None, dict[str, Any]] = defaultdict(dict)
        self.work: dict[str, WorkOpened] = {}
        self.running: dict[str, ActivityStarted] = {}
        self.history: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.remembered: set[str] = set()
        self.thrown: list[EventThrown] = []
        self.cancelled: list[str] = []
        self.trace: list[str] = []
        self.has_ended = False
        self.error: tuple[str, str | None] | None = None
        self._numbers = count(1)

    # What a person or the clock does

    def start(self, at: str | None = None, **variables: Any) -> "Case":
        return self.tell(Start(at, variables))

    def complete(self, activity: str, nth: int = 0, **variables: Any) -> "Case":
        return self.tell(Completed(self.open(activity, nth).id, variables))

    def arrives(self, activity: str, nth: int = 0, **variables: Any) -> "Case":
        return self.tell(EventArrived(self.open(activity, nth).id, variables))

    def message(self, name: str, **variables: Any) -> "Case":
        return self._named(WorkKind.MESSAGE, name, variables)

    def signal(self, name: str, **variables: Any) -> "Case":
        return self._named(WorkKind.SIGNAL, name, variables)

    def timer_fires(self, activity: str, nth: int = 0) -> "Case":
        assert self.open(activity, nth).kind is WorkKind.TIMER
        return self.arrives(activity, nth)

    def fail_with(self, activity: str, code: str, nth: int = 0, message: str | None = None, **variables: Any) -> "Case":
        return self.tell(ErrorThrown(self.open(activity, nth).id, code, message, variables))

    def escalate(self, activity: str, code: str, nth: int = 0, **variables: Any) -> "Case":
        return self.tell(EscalationThrown(self.open(activity, nth).id, code, variables))

    def go_on(self, activity: str, nth: int = 0) -> "Case":
        return self.tell(Continued(self.open(activity, nth).id))

    def set(self, **variables: Any) -> "Case":
        return self.tell(VariablesChanged(variables))

    def cancel(self, activity: str | None = None, nth: int = 0, type: str | None = None) -> "Case":
        return self.tell(Cancelled(None if activity is None else self.instances_of(activity, type)[nth]))

    def start_before(self, activity: str, scope: str | None = None, nth: int = 0, type: str | None = None) -> "Case":
        scope_id = None if scope is None else self.instances_of(scope, type)[nth]
        return self.tell(StartedBefore(activity, scope_id))

    # What can be seen

    @property
    def tasks(self) -> list[str]:
        """The user tasks that are open, in the order of their names."""
        return sorted(work.activity_id for work in self.work.values() if work.kind is WorkKind.USER_TASK)

    @property
    def tree(self) -> str:
        """The activity instances that run, nested, in the order of their names: "a, sp[b, b]"."""
        return self._inside(None)

    @property
    def variables(self) -> dict[str, Any]:
        """The process's own variables."""
        return self.scopes[None]

    @property
    def waits_for(self) -> list[str]:
        """The messages, signals and timers waited for, with the node that waits."""
        return sorted(
            f"{work.kind}:{work.attributes.get('name', '')}@{work.activity_id}"
            for work in self.work.values()
            if work.kind in REPEATED
        )

    def open(self, activity: str, nth: int = 0) -> WorkOpened:
        found = [work for work in self.work.values() if work.activity_id == activity]
        assert len(found) > nth, f"nothing is open at {activity}: {self.tree}"
        return found[nth]

    def instances_of(self, activity: str, type: str | None = None) -> list[str]:
        return [one.id for one in self.running.values() if one.activity_id == activity and type in (None, one.type)]

    def ends_of(self, activity: str) -> list[str]:
        """How each instance of an activity ended: "ended", "cancelled" or "open"."""
        return [how for id, how in self.history.items() if self.names[id] == activity]

    # How a step is applied

    def tell(self, stimulus: Stimulus) -> "Case":
        self.trace = []
        while self.step(stimulus).is_unfinished:
            stimulus = Resumed()
        return self

    def step(self, stimulus: Stimulus) -> Step:
        """One step only: what stands back behind a call is not let go on."""
        if self.reloading:
            self.definition = definition_of(self.xml, self.key)
        step = advance(
            self.definition,
            self.state,
            self.scopes,
            stimulus,
            new_id=self._new_id,
            functions=FUNCTIONS,
            listeners=self.listeners,
        )
        self._apply(step, stimulus)
        return step

    def _new_id(self) -> str:
        return f"{next(self._numbers):04}"

    def _apply(self, step: Step, stimulus: Stimulus) -> None:
        before = dict(self.work)
        for change in step.changes:
            self._note(change)
        self.state, self.has_ended, self.error = step.state, step.ended, step.error
        self._answered(before, stimulus)
        self._check()

    def _note(self, change: Any) -> None:
        match change:
            case ActivityStarted():
                self._begin(change)
            case ActivityEnded():
                self._end(change)
            case Forgotten(id):
                self.remembered.discard(id)
            case FlowTaken():
                self.trace.append(f">{change.flow_id}")
            case VariableSet():
                self.scopes[change.scope_id][change.name] = change.value
                self.trace.append(f"={change.name}")
            case EventThrown():
                self.thrown.append(change)
                self.trace.append(f"!{change.name}")
            case _:
                self._note_work(change)

    def _note_work(self, change: Any) -> None:
        match change:
            case WorkOpened():
                assert change.id not in self.work, "work is opened once"
                assert (
                    change.owner_id is None or change.owner_id in self.history or change.kind is WorkKind.CONTINUATION
                )
                self.work[change.id] = change
            case WorkCancelled():
                cancelled = self.work.pop(change.id)
                assert cancelled.kind is change.kind
                self.cancelled.append(cancelled.activity_id)

    def _begin(self, started: ActivityStarted) -> None:
        assert started.id not in self.history, "an activity instance starts once"
        around = {None, *self.running, *self.remembered}
        assert started.parent_id in around, "its scope runs, or is being compensated"
        self.running[started.id] = started
        self.history[started.id] = "open"
        self.names[started.id] = started.activity_id
        self.trace.append(f"+{name_of(started)}")

    def _end(self, change: ActivityEnded) -> None:
        ended = self.running.pop(change.id)
        self.history[change.id] = "cancelled" if change.cancelled else "ended"
        if change.is_remembered:
            self.remembered.add(change.id)
        self.trace.append(f"{'x' if change.cancelled else '-'}{name_of(ended)}")

    def _answered(self, before: Mapping[str, WorkOpened], stimulus: Stimulus) -> None:
        """The work that the stimulus answered is done, unless its event stays armed."""
        id = getattr(stimulus, "id", None)
        if id in self.work and id in before and id not in live_ids(self.state):
            assert not isinstance(stimulus, Cancelled | EscalationThrown), "cancelled work is reported"
            del self.work[id]

    def _check(self) -> None:
        live = live_ids(self.state)
        assert set(self.work) <= live, "no work is open that the state does not hold"
        assert set(self.running) == live_ids(self.state, "started"), "what has started and not ended is in the state"
        if self.has_ended:
            assert self.state == ""
            assert not self.work

    def _named(self, kind: WorkKind, name: str, variables: dict[str, Any]) -> "Case":
        found = [one.id for one in self.work.values() if one.kind is kind and one.attributes["name"] == name]
        assert found, f"nothing waits for {name}: {self.waits_for}"
        for id in found:
            if id in self.work:
                self.tell(EventArrived(id, variables))
        return self

    def _inside(self, parent: str | None) -> str:
        inner = [(name_of(one), one.id) for one in self.running.values() if one.parent_id == parent]
        return ", ".join(sorted(f"{name}[{inside}]" if (inside := self._inside(id)) else name for name, id in inner))


def name_of(started: ActivityStarted) -> str:
    """An activity's id; a multi-instance body's is marked as the body that it is."""
    return f"{started.activity_id}#body" if started.type == BODY else started.activity_id


def live_ids(state: str | None, *statuses: str) -> set[str]:
    """The ids of the state's tokens, or of those with one of these statuses."""
    return {row[0] for row in json.loads(state)["tokens"] if not statuses or row[3] in statuses} if state else set()


def live_nodes(state: str) -> Counter[str]:
    """How many tokens the state holds at each node."""
    document = json.loads(state)
    return Counter(document["nodes"][row[2]] for row in document["tokens"])
