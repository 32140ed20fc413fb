"""Process instances: start, advance, set variables, cancel.

Every command locks the root's row before it reads. Whatever a step sets off within the same tree (called processes,
their ends, their errors) is carried through in the same transaction; listeners hear of it after all rows are written.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import monotonic

from engine import calls, decisions, definitions, steps
from engine.calls import NOT_STARTABLE, Following, new_instance
from engine.errors import Conflict, EngineError, NotFound, Sentence, Suspended
from engine.events import Event, ProcessInstanceStarted
from engine.interpreter import DECIDE
from engine.interpreter import advance as interpret
from engine.interpreter.stimulus import Cancelled, EventArrived, Start, StartedBefore, Stimulus, VariablesChanged
from engine.run import Run, lent
from engine.store import instance_rows, variables
from engine.store.variables import ScopeVariables
from engine.tables import RUNNING, InstanceState, ProcessDefinition, ProcessInstance, Subscription
from engine.transaction import Transaction
from engine.work import subscriptions

MOST_STEPS = 2_000
MOST_SECONDS = 10.0
OVER = Sentence("该流程实例已经结束。", "The process instance is over.")
STOPPED = Sentence(
    "该流程实例已挂起，须先由系统管理员激活。",
    "The process instance is suspended: an administrator has to activate it first.",
)
ADMINISTRATORS_DO = (VariablesChanged, Cancelled, StartedBefore)
"""What is done to an instance also while it is suspended (Camunda 7)."""


class RunsAway(EngineError):
    """What one act sets off has no end, or takes too long while others wait; nothing was changed."""

    code = "runs-away"
    title = Sentence(
        "一次操作引起的步骤过多或耗时过长，例如流程相互调用或循环作出决策，未做任何更改。",
        "What one act sets off is too much, such as processes that call each other or decisions in a loop; nothing was "
        "changed.",
    )


def start(
    tx: Transaction,
    definition_id: str,
    *,
    region: str,
    business_key: str | None = None,
    variables: Mapping[str, object] | None = None,
    activity_id: str | None = None,
    instance_id: str | None = None,
) -> ProcessInstance:
    """Starts an instance at its none start event, or at the start event `activity_id`, and runs it until it waits.

    `instance_id` is an id that the caller already gave it. Raises ExpressionFailed, NoFlowTaken or UncaughtError when
    the diagram cannot run with these variables, Suspended while nothing of the definition may start.
    """
    definition = tx.session.get(ProcessDefinition, definition_id)
    if definition is None:
        raise NotFound
    if definition.is_suspended:
        raise Suspended(NOT_STARTABLE)
    instance = new_instance(tx, definition_id, region, business_key, instance_id=instance_id)
    advance(tx, instance, instance, Start(activity_id, dict(variables or {}), calls.starter_of(tx)))
    return instance


def set_variables(
    tx: Transaction, instance_id: str, variables: Mapping[str, object], scope_id: str | None = None
) -> None:
    """Sets variables from outside; armed conditions are tried again. Raises NotFound, Conflict when it is over."""
    root = instance_rows.lock_tree_of(tx, instance_id)
    instance = instance_rows.in_tree(tx, root, instance_id)
    tx.ports.may(tx, "instances.set_variables", instance)
    advance(tx, root, instance, VariablesChanged(dict(variables), scope_id))


def remove_variables(tx: Transaction, instance_id: str, names: Sequence[str], scope_id: str | None = None) -> None:
    """Removes variables from outside; armed conditions are tried again. What there is not is passed over (Camunda 7).

    Raises NotFound, Conflict when it is over.
    """
    root = instance_rows.lock_tree_of(tx, instance_id)
    instance = instance_rows.in_tree(tx, root, instance_id)
    tx.ports.may(tx, "instances.set_variables", instance)
    variables.remove(tx, instance, names, scope_id)
    advance(tx, root, instance, VariablesChanged())


def cancel(tx: Transaction, instance_id: str, reason: str) -> None:
    """Ends an instance from outside, with everything open in it. Raises NotFound, Conflict when it is over."""
    root = instance_rows.lock_tree_of(tx, instance_id)
    instance = instance_rows.in_tree(tx, root, instance_id)
    tx.ports.may(tx, "instances.cancel", instance)
    instance.end_reason = reason
    advance(tx, root, instance, Cancelled())


def meet(
    tx: Transaction,
    root: ProcessInstance,
    instance: ProcessInstance,
    subscription: Subscription,
    variables: Mapping[str, object],
) -> None:
    """What a subscription waits for has come."""
    subscriptions.met(tx, instance, subscription)
    advance(tx, root, instance, EventArrived(subscription.id, dict(variables)))


def stays_armed(tx: Transaction, instance: ProcessInstance, activity_id: str | None) -> bool:
    """Whether an event of the diagram may come again after it came."""
    return definitions.load(tx, instance.definition_id).node(activity_id or "").stays_armed


def advance(
    tx: Transaction, root: ProcessInstance, instance: ProcessInstance, stimulus: Stimulus, *first: Event
) -> None:
    """Tells an instance of a locked tree that something happened, and carries the consequences through the tree.

    What a step sets off goes before what was set off earlier (Camunda 7): a called process runs until it waits, then
    its caller's other tokens. Listeners hear `first` before what follows from it. Raises Conflict when the instance is
    over, Suspended when it stands still, RunsAway; whatever is refused leaves nothing changed, because the caller's
    transaction is rolled back.
    """
    if instance.state not in RUNNING:
        raise Conflict(OVER)
    waiting = deque([Following(instance, stimulus, is_first=True)])
    events: list[Event] = list(first)
    steps_left, until = MOST_STEPS, monotonic() + MOST_SECONDS
    while waiting:
        steps_left -= 1
        if not steps_left or monotonic() > until:
            raise RunsAway
        following = waiting.popleft()
        applied = _step(tx, root, following, until)
        if applied is not None:
            events += applied.events
            waiting.extendleft(reversed(applied.following))
    root.last_act_at = tx.now
    tx.emit(*events)
    tx.flush()


def _in_time(until: float, decide: Callable[..., object]) -> Callable[..., object]:
    """Decisions, none of which is begun after `until` on the machine's steady clock."""

    def decided(*asked: object) -> object:
        if monotonic() > until:
            raise RunsAway
        return decide(*asked)

    return decided


def _step(tx: Transaction, root: ProcessInstance, following: Following, until: float) -> steps.Applied | None:
    """One step of one instance; None when what it was told of was interrupted meanwhile by the steps before it."""
    instance, stimulus = following.instance, following.stimulus
    if instance.state not in RUNNING:
        return None
    if instance.state == InstanceState.SUSPENDED and not isinstance(stimulus, ADMINISTRATORS_DO):
        raise Suspended(STOPPED)
    runnable = definitions.load(tx, instance.definition_id)
    variables = ScopeVariables(tx, instance.id)
    try:
        step = interpret(
            runnable.definition,
            instance.tokens or None,
            variables,
            stimulus,
            new_id=tx.new_id,
            functions={**lent(tx, instance), DECIDE: _in_time(until, decisions.lent(tx, root, instance, runnable))},
            ends_call=partial(calls.ends_call, tx, root, instance),
            listeners=tx.ports.diagram_listeners,
        )
    except NotFound:
        if following.is_first:
            raise
        return None
    run = Run(tx, root, instance, runnable, variables)
    applied = steps.apply(run, step, cancelled=isinstance(stimulus, Cancelled) and stimulus.id is None)
    if isinstance(stimulus, Start):
        applied.events.insert(
            0,
            ProcessInstanceStarted(
                **run.where,
                definition_id=runnable.id,
                business_key=instance.business_key,
                parent_id=instance.parent_id,
            ),
        )
    return applied
