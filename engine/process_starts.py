"""What starts a process by itself: message, signal and timer start events of the newest version of each definition."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select

from engine import definitions, instances, outward, retries, timers
from engine.diagram.model import EventKind, Node, Process, TimerKind
from engine.errors import DiagramRefused, ExpressionFailed, Fault, Forbidden, Sentence
from engine.expressions import ExpressionError
from engine.expressions.values import whole
from engine.interpreter.step import meaning
from engine.queries.definitions import EVERYWHERE
from engine.store.values import unpacked
from engine.tables import GROUP, USER, Job, ProcessDefinition, ProcessInstance, Starter, Subscription
from engine.transaction import Transaction

TIMER_JOB = "start_timer"
NO_STARTER = Sentence(
    "您不是该流程的候选发起人，不能发起。", "The process names who may start it, and you are not among them."
)


def rearm(tx: Transaction, definition: ProcessDefinition, previous_ids: Iterable[str]) -> None:
    """A new version waits for what starts it; the versions before it wait no more."""
    disarm(tx, list(previous_ids))
    process = definitions.load(tx, definition.id).process
    for node in process.nodes_in(process.key):
        if node.type == "startEvent" and node.event is not None:
            _arm(tx, definition, node)


def disarm(tx: Transaction, definition_ids: list[str]) -> None:
    """Definitions wait no more for what starts them."""
    tx.session.execute(
        delete(Subscription).where(Subscription.definition_id.in_(definition_ids), Subscription.root_id.is_(None))
    )
    # By statement: a worker may be finishing such a job, and then there is nothing left to delete.
    disarmed = delete(Job).where(Job.id.in_(timers_of(tx, definition_ids)))
    tx.session.execute(disarmed, execution_options={"synchronize_session": False})


def timers_of(tx: Transaction, definition_ids: Collection[str]) -> list[str]:
    """The jobs that start instances of these definitions when their time comes."""
    waiting = tx.session.execute(select(Job.id, Job.payload).where(Job.kind == TIMER_JOB)).all()
    return [job.id for job in waiting if job.payload["definition"] in definition_ids]


def _arm(tx: Transaction, definition: ProcessDefinition, node: Node) -> None:
    event = node.event
    if event is None:
        return
    try:
        if event.kind in (EventKind.MESSAGE, EventKind.SIGNAL) and event.name is not None:
            tx.add(_subscription(tx, definition, node, str(event.name.evaluate({}, {}))))
        elif event.kind == EventKind.CONDITIONAL:
            tx.add(_subscription(tx, definition, node, node.id))
        elif event.kind == EventKind.TIMER and event.timer is not None:
            tx.add(_job(tx, definition, node, event.timer.kind, event.timer.expression.evaluate({}, {})))
    except (ExpressionError, timers.TimerFault) as fault:
        raise DiagramRefused(faults=[Fault(fault.sentence, node.id, node.line)]) from fault


def _subscription(tx: Transaction, definition: ProcessDefinition, node: Node, name: str) -> Subscription:
    return Subscription(
        id=tx.new_id(),
        region=definition.region,
        kind=(node.event.kind if node.event else EventKind.NONE).value,
        name=name,
        definition_id=definition.id,
        activity_id=node.id,
        created_at=tx.now,
    )


def _job(tx: Transaction, definition: ProcessDefinition, node: Node, kind: TimerKind, value: object) -> Job:
    due = timers.due_at(kind, value, tx.now, tx.ports.zone)
    repeats = {"cycle": str(value), "remaining": due.remaining} if kind == TimerKind.CYCLE else {}
    cycle = None if node.retry_cycle is None else str(node.retry_cycle.evaluate({}, {}))
    priority = 0 if node.job_priority is None else whole(node.job_priority.evaluate({}, {}))
    return Job(
        id=tx.new_id(),
        region=definition.region,
        kind=TIMER_JOB,
        activity_id=node.id,
        due_at=due.at,
        priority=priority,
        retries=retries.tries(cycle),
        payload={"definition": definition.id, **repeats, **({"delays": cycle} if cycle else {})},
        created_at=tx.now,
    )


def named(definition_id: str, process: Process) -> list[Starter]:
    """Whom a process names as those who may start it, as rows."""
    if process.starters is None:
        return []
    kinds = ((USER, process.starters.users), (GROUP, process.starters.groups))
    return [
        Starter(definition_id=definition_id, kind=kind, name=name) for kind, names in kinds for name in sorted(names)
    ]


def start_by_person(tx: Transaction, definition_id: str, **given: Any) -> ProcessInstance:
    """Starts an instance for the actor, as `instances.start`. What starts by itself asks nobody. Raises Forbidden."""
    check_starter(tx, definition_id)
    return instances.start(tx, definition_id, **given)


def check_starter(tx: Transaction, definition_id: str) -> None:
    """Where a process names who may start it, in camunda:candidateStarterUsers and candidateStarterGroups, they do,
    whatever else they are, and nobody else. Raises Forbidden."""
    starters = definitions.load(tx, definition_id).process.starters
    actor = tx.actor
    if starters is None:
        tx.ports.may(tx, "instances.start", None)
    elif actor.login not in starters.users and not starters.groups & actor.groups:
        raise Forbidden(NO_STARTER)


def start_where(
    tx: Transaction,
    variables: Mapping[str, object],
    region: str = EVERYWHERE,
    *,
    business_key: str | None = None,
    definition_id: str | None = None,
) -> list[ProcessInstance]:
    """Starts every process whose conditional start event holds with these variables (Camunda's evaluate condition), or
    the one of `definition_id` if its does.

    A condition that reads a variable which is not among them does not hold.
    """
    waiting = select(Subscription).where(
        Subscription.kind == EventKind.CONDITIONAL.value,
        Subscription.root_id.is_(None),
        Subscription.region.in_({region, EVERYWHERE}),
        outward.listens(),
    )
    if definition_id is not None:
        waiting = waiting.where(Subscription.definition_id == definition_id)
    return [
        instances.start(
            tx,
            one.definition_id or "",
            region=region,
            business_key=business_key,
            variables=variables,
            activity_id=one.activity_id,
        )
        for one in tx.session.scalars(waiting.order_by(Subscription.created_at, Subscription.id)).all()
        if _holds(tx, one, variables)
    ]


def _holds(tx: Transaction, waiting: Subscription, variables: Mapping[str, object]) -> bool:
    event = definitions.load(tx, waiting.definition_id or "").node(waiting.activity_id).event
    if event is None or event.condition is None or not event.condition.names <= variables.keys():
        return False
    seen = {name: meaning(value) for name, value in variables.items()}
    try:
        return event.condition.evaluate_condition(seen, {})
    except ExpressionError as error:
        raise ExpressionFailed(error.sentence, element_id=waiting.activity_id) from error


def start_by_timer(tx: Transaction, job: Job) -> None:
    """The instant of a timer start event has come: one instance begins."""
    region = job.region or EVERYWHERE
    instances.start(tx, job.payload["definition"], region=region, activity_id=job.activity_id)


def start_by_signal(tx: Transaction, job: Job) -> None:
    """The version that waited for a signal when it was thrown begins, whatever was deployed since; one that has been
    suspended meanwhile has not heard it."""
    said = job.payload
    if tx.session.get_one(ProcessDefinition, said["definition"]).is_suspended:
        return
    instances.start(
        tx, said["definition"], region=job.region, variables=unpacked(said["variables"]), activity_id=said["activity"]
    )
