"""What each stimulus does to an instance: it sets tokens going, which the instance then moves until they wait again."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from engine.diagram.model import EventKind, Moment
from engine.errors import Conflict, NotFound, Sentence
from engine.interpreter import listening, mapping
from engine.interpreter.events import StartEvent
from engine.interpreter.instance import Instance
from engine.interpreter.modification import cancel, start_before
from engine.interpreter.step import WorkKind
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
    TaskChanged,
    VariablesChanged,
)
from engine.interpreter.throwing import catcher, throw_error, throw_escalation
from engine.interpreter.token import Token

NOT_CAUGHT = Sentence("流程图中没有事件捕获该升级。", "Nothing in the diagram catches this escalation.")
CARRIED_OUT = frozenset({WorkKind.USER_TASK, WorkKind.EXTERNAL_TASK, WorkKind.DELEGATE, WorkKind.CALL})
AWAITED = frozenset({WorkKind.MESSAGE, WorkKind.SIGNAL, WorkKind.TIMER})
TASKS = frozenset({WorkKind.USER_TASK})
POSTPONED = frozenset({WorkKind.CONTINUATION})


def open_work(instance: Instance, id: str, kinds: Collection[WorkKind]) -> Token:
    """The token that waits for this work. Raises NotFound, or Conflict when it waits for another kind of thing."""
    token = instance.tasks.get(id)
    if token is None or token.work is None:
        raise NotFound
    if token.work not in kinds:
        other = Sentence("该环节等待的不是这种操作。", "What waits here is waiting for something else.")
        raise Conflict(other, element_id=token.task_spec.node.id)
    return token


def take_in(token: Token, variables: Mapping[str, object]) -> bool:
    """The variables that came along are written first, and what their conditions set going runs until it waits.

    False when the token has been taken away by it.
    """
    token.task_spec.accept(token, variables)
    token.workflow.settle()
    return token.is_live


def start(instance: Instance, stimulus: Start) -> None:
    """The instance begins. Raises NotFound when the process has no such start event, Conflict when it has none."""
    root, definition = instance.root, instance.definition
    for name, value in stimulus.variables.items():
        instance.report(instance.variables.write(None, name, value, None))
    listening.tell(root, Moment.START)
    if stimulus.places:
        begin_at(instance, stimulus.places)
        return
    event = definition.root.start
    if stimulus.activity_id is not None:
        named = definition.specs.get(stimulus.activity_id)
        if not isinstance(named, StartEvent) or named.node.scope != definition.process.key:
            raise NotFound(element_id=stimulus.activity_id)
        event = named
    if event is not None and event.node.initiator is not None:
        instance.report(instance.variables.write(None, event.node.initiator, stimulus.starter, None))
    definition.root.open(root, event)


def begin_at(instance: Instance, places: Sequence[StartedBefore]) -> None:
    """The instance begins in the midst of the process, at one place after another. Raises NotFound, Conflict."""
    for place in reversed(places):
        start_before(instance, place)
    instance.arm(instance.definition.root.event_starts, instance.root)


def complete(instance: Instance, stimulus: Completed) -> None:
    """Somebody has carried the work out."""
    token = open_work(instance, stimulus.id, CARRIED_OUT)
    instance.answered = token.id
    if token.task_spec.output_parameters:
        mapping.keep(token, stimulus.local_variables)
    if take_in(token, stimulus.variables):
        listening.tell(token, Moment.COMPLETE)
        token.complete()


def tell(instance: Instance, stimulus: TaskChanged) -> None:
    """Somebody changed a task without ending it: its listeners are told."""
    token = open_work(instance, stimulus.id, TASKS)
    for moment in stimulus.moments:
        if token.is_live:
            listening.tell(token, moment)
            instance.settle()


def fail(instance: Instance, stimulus: ErrorThrown) -> None:
    """Whoever carried the work out reports a BPMN error."""
    token = open_work(instance, stimulus.id, CARRIED_OUT)
    instance.answered = token.id
    if take_in(token, stimulus.variables):
        throw_error(token, stimulus.code, stimulus.message)


def escalate(instance: Instance, stimulus: EscalationThrown) -> None:
    """Whoever carries the work out reports an escalation; the work goes on unless that is interrupting."""
    token = open_work(instance, stimulus.id, CARRIED_OUT)
    if stimulus.must_be_caught and catcher(token, EventKind.ESCALATION, stimulus.code) is None:
        raise Conflict(NOT_CAUGHT, element_id=token.task_spec.node.id)
    if take_in(token, stimulus.variables):
        throw_escalation(token, stimulus.code)


def arrive(instance: Instance, stimulus: EventArrived) -> None:
    """A message, signal or instant has come."""
    token = open_work(instance, stimulus.id, AWAITED)
    event: Any = token.task_spec
    if not event.stays(token):
        instance.answered = token.id
    if take_in(token, stimulus.variables):
        event.come(token)


def go_on(instance: Instance, stimulus: Continued) -> None:
    """The asynchronous job of a postponed token runs."""
    token = open_work(instance, stimulus.id, POSTPONED)
    instance.answered = token.id
    instance.resume(token)


def resume(instance: Instance, stimulus: Resumed) -> None:
    """The tokens that stood back behind a call go on."""
    instance.floor = 0


def change_variables(instance: Instance, stimulus: VariablesChanged) -> None:
    """Variables are set from outside; when none is named, every condition is tried."""
    if stimulus.scope_id is not None and all(
        t.is_done or t.scope_id != stimulus.scope_id for t in instance.tasks.values()
    ):
        raise NotFound
    for name, value in stimulus.variables.items():
        instance.report(instance.variables.write(stimulus.scope_id, name, value, None))
    if not stimulus.variables:
        waiting = instance.definition.conditional_tokens(instance.tasks)
        instance.set_going(waiting, lambda token: token.task_spec.try_condition(token))


REACTIONS: Mapping[type, Callable[[Instance, Any], None]] = {
    Start: start,
    Completed: complete,
    ErrorThrown: fail,
    EscalationThrown: escalate,
    EventArrived: arrive,
    Continued: go_on,
    Resumed: resume,
    TaskChanged: tell,
    VariablesChanged: change_variables,
    Cancelled: cancel,
    StartedBefore: start_before,
}


def obey(instance: Instance, stimulus: Stimulus) -> None:
    """Does what the stimulus says."""
    REACTIONS[type(stimulus)](instance, stimulus)
