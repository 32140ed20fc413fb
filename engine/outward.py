"""Messages and signals that leave an instance: in the same tree at once, to any other tree as one job per receiver."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from engine.calls import Following
from engine.diagram.model import EventKind
from engine.interpreter.step import EventThrown
from engine.interpreter.stimulus import EventArrived
from engine.run import Run
from engine.store import instance_rows
from engine.store.values import packed
from engine.tables import InstanceState, Job, ProcessDefinition, ProcessInstance, Subscription
from engine.transaction import Transaction
from engine.work import subscriptions

MESSAGE_JOB = "throw_message"
SIGNAL_JOB = "throw_signal"


def throw(run: Run, thrown: Sequence[EventThrown]) -> list[Following]:
    """Passes on what a step threw outward; what it sets off within the tree."""
    if not thrown:
        return []
    run.tx.flush()
    following: list[Following] = []
    for one in thrown:
        if one.kind == EventKind.SIGNAL:
            following += _signal(run, one)
        elif one.kind == EventKind.MESSAGE:
            _queue_message(run, one)
    return following


def _queue_message(run: Run, message: EventThrown) -> None:
    payload = {"name": message.name, "business_key": run.instance.business_key}
    _queue(run.tx, run.instance.region, MESSAGE_JOB, {**payload, "variables": packed(message.variables)})


def _signal(run: Run, signal: EventThrown) -> list[Following]:
    following: list[Following] = []
    for waiting in signal_receivers(run.tx, signal.name):
        if waiting.instance_id == run.instance.id:
            continue
        if waiting.root_id == run.root.id and waiting.instance_id is not None:
            receiver = instance_rows.in_tree(run.tx, run.root, waiting.instance_id)
            subscriptions.met(run.tx, receiver, waiting)
            following.append(Following(receiver, EventArrived(waiting.id, signal.variables)))
        else:
            queue_signal(run.tx, waiting, signal.variables)
    return following


def signal_receivers(tx: Transaction, name: str, *narrowing: ColumnElement[bool]) -> Sequence[Subscription]:
    """Who waits for a signal of this name, in the order in which they began to; who is suspended hears none.

    `narrowing` are further conditions on Subscription.
    """
    return tx.session.scalars(
        select(Subscription)
        .where(Subscription.kind == "signal", Subscription.name == name, listens(), *narrowing)
        .order_by(Subscription.created_at, Subscription.id)
    ).all()


def listens() -> ColumnElement[bool]:
    """Subscriptions whose instance or definition is not suspended."""
    instance, definition = aliased(ProcessInstance), aliased(ProcessDefinition)
    stopped = select(1).where(instance.id == Subscription.instance_id, instance.state == InstanceState.SUSPENDED)
    withdrawn = select(1).where(definition.id == Subscription.definition_id, definition.is_suspended.is_(True))
    return ~stopped.exists() & ~withdrawn.exists()


def queue_signal(tx: Transaction, waiting: Subscription, variables: Mapping[str, object]) -> None:
    """One receiver of another tree hears the signal in a transaction of its own.

    A process that it starts is started in the version that waited, whatever is deployed before the job runs.
    """
    payload: dict[str, object] = {"subscription": waiting.id, "variables": packed(variables)}
    if waiting.root_id is None:
        payload |= {"definition": waiting.definition_id, "activity": waiting.activity_id}
    _queue(tx, waiting.region, SIGNAL_JOB, payload)


def _queue(tx: Transaction, region: str, kind: str, payload: dict[str, object]) -> None:
    tx.add(Job(id=tx.new_id(), region=region, kind=kind, due_at=tx.now, payload=payload, created_at=tx.now))
