"""Messages and signals from outside: a message finds exactly one receiver or is refused, a signal reaches all.

Which of those who wait the sender may know of is said by `narrowing`, conditions on Subscription; what they let be
brought, the port `may_bring`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select

from engine import instances, outward
from engine.errors import Conflict, Invalid, LostRace, NotFound, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.queries.waiting import at_execution
from engine.store import instance_rows
from engine.tables import InstanceState, ProcessInstance, Subscription
from engine.transaction import Transaction

MOST_RECEIVERS = 200
TOO_MANY = Sentence(
    f"同时等待该消息的超过 {MOST_RECEIVERS} 个，请用业务标识或流程实例缩小范围。",
    f"More than {MOST_RECEIVERS} receivers wait for this message; narrow it by a business key or an instance.",
)


class Reached(NamedTuple):
    """Whom a message reached: an instance that waited, or one that it started."""

    instance: ProcessInstance
    has_started: bool


class NobodyWaits(Conflict):
    """Nothing waits for this message."""

    code = "nobody-waits"
    title = Sentence("没有步骤在等待该消息。", "Nothing waits for this message.")


class SeveralWait(Conflict):
    """More than one receiver waits for this message; say which is meant."""

    code = "several-wait"
    title = Sentence(
        "有多个步骤在等待该消息，请指明对象。", "Several receivers wait for this message; say which is meant."
    )


def correlate(
    tx: Transaction,
    name: str,
    variables: Mapping[str, object] | None = None,
    *,
    root_id: str | None = None,
    business_key: str | None = None,
    region: str | None = EVERYWHERE,
    narrowing: Sequence[ColumnElement[bool]] = (),
) -> Reached:
    """Gives a message to the one that waits for it in a case tree, or under a business key, or starts a process.

    A running instance goes before a start event, as in Camunda 7. `region` None: of any region. Raises NobodyWaits or
    SeveralWait, and then changes nothing; LostRace when another case began to wait in place of the one that was found.
    """
    wanted = _wanted(name, root_id, business_key, region).where(*narrowing)
    waiting = _only(tx, wanted)
    if waiting is not None and waiting.root_id is not None:
        root = instance_rows.lock_tree_of(tx, waiting.root_id)
        waiting = _only(tx, wanted)
        if waiting is not None:
            return Reached(_arrive(tx, root, waiting, variables or {}), False)
    starting = [] if root_id else _starting(tx, name, region)
    if not starting:
        raise NobodyWaits
    if len(starting) > 1:
        raise SeveralWait
    return Reached(_start(tx, starting[0], business_key, region, variables), True)


def correlate_all(
    tx: Transaction,
    name: str,
    variables: Mapping[str, object] | None = None,
    *,
    root_id: str | None = None,
    business_key: str | None = None,
    region: str | None = EVERYWHERE,
    narrowing: Sequence[ColumnElement[bool]] = (),
) -> list[Reached]:
    """Gives a message to everyone who waits for it, and starts every process that it starts (Camunda's correlateAll).

    Nobody who waits is no mistake. Case trees are locked in the order of their ids. Raises Invalid for more than
    MOST_RECEIVERS at once.
    """
    wanted = _wanted(name, root_id, business_key, region).where(*narrowing)
    waiting = tx.session.execute(wanted.with_only_columns(Subscription.id, Subscription.root_id)).all()
    if len(waiting) > MOST_RECEIVERS:
        raise Invalid(TOO_MANY)
    roots = {root_id: instance_rows.lock_tree_of(tx, root_id) for root_id in sorted({one.root_id for one in waiting})}
    reached = []
    for one in waiting:
        still = tx.session.get(Subscription, one.id, populate_existing=True)
        if still is not None:
            reached.append(Reached(_arrive(tx, roots[one.root_id], still, variables or {}), False))
    starting = [] if root_id else _starting(tx, name, region)
    return reached + [Reached(_start(tx, one, business_key, region, variables), True) for one in starting]


def _start(
    tx: Transaction,
    starting: Subscription,
    business_key: str | None,
    region: str | None,
    variables: Mapping[str, object] | None,
) -> ProcessInstance:
    return instances.start(
        tx,
        starting.definition_id or "",
        region=region or starting.region,
        business_key=business_key,
        variables=variables,
        activity_id=starting.activity_id,
    )


def _wanted(name: str, root_id: str | None, business_key: str | None, region: str | None) -> Select[Subscription]:
    """Who waits for a message. Whoever names a case tree finds all of it, its called processes too; a business key is
    known in its region only."""
    query = select(Subscription).where(
        Subscription.kind == "message",
        Subscription.name == name,
        Subscription.root_id.is_not(None),
        outward.listens(),
    )
    if root_id is not None:
        query = query.where(Subscription.root_id == root_id)
    elif region is not None:
        query = query.where(Subscription.region == region)
    if business_key is not None:
        query = query.where(Subscription.business_key == business_key)
    return query.order_by(Subscription.created_at, Subscription.id)


def _only(tx: Transaction, wanted: Select[Subscription]) -> Subscription | None:
    """Who waits now, looked up before the lock and again under it, where another message may have met it.

    Raises SeveralWait.
    """
    found = tx.session.scalars(wanted.limit(2)).all()
    if len(found) > 1:
        raise SeveralWait
    return found[0] if found else None


def _starting(tx: Transaction, name: str, region: str | None) -> Sequence[Subscription]:
    """The processes that a message starts; one that serves everywhere is started in any region."""
    starting = select(Subscription).where(
        Subscription.kind == "message", Subscription.name == name, Subscription.root_id.is_(None)
    )
    if region is not None:
        starting = starting.where(Subscription.region.in_((region, EVERYWHERE)))
    return tx.session.scalars(starting.order_by(Subscription.created_at, Subscription.id)).all()


def _arrive(
    tx: Transaction, root: ProcessInstance, met: Subscription, variables: Mapping[str, object]
) -> ProcessInstance:
    if met.root_id != root.id or met.instance_id is None:
        raise LostRace
    tx.ports.may_bring(tx, [met], variables.keys())
    instance = instance_rows.in_tree(tx, root, met.instance_id)
    instances.meet(tx, root, instance, met, variables)
    return instance


def signal(
    tx: Transaction,
    name: str,
    variables: Mapping[str, object] | None = None,
    region: str | None = None,
    *,
    narrowing: Sequence[ColumnElement[bool]] = (),
) -> int:
    """Broadcasts a signal, to everybody or within a region: every receiver hears it in a transaction of its own.

    How many there are. What one of them does not let be brought, none of them hears.
    """
    receivers = [one for one in outward.signal_receivers(tx, name, *narrowing) if region in (None, one.region)]
    tx.ports.may_bring(tx, receivers, (variables or {}).keys())
    for receiver in receivers:
        outward.queue_signal(tx, receiver, variables or {})
    return len(receivers)


def trigger(
    tx: Transaction,
    waiting_id: str,
    kinds: Collection[str],
    name: str | None,
    variables: Mapping[str, object],
    *,
    narrowing: Sequence[ColumnElement[bool]] = (),
) -> None:
    """Wakes what waits at one activity instance, or at an instance itself, for a message or a signal (Camunda's
    messageEventReceived, signalEventReceived and signal). `name` None: whatever it waits for.

    Raises NotFound when nothing there waits so, SeveralWait when it waits for more than one such thing.
    """
    wanted = select(Subscription).where(at_execution(waiting_id), Subscription.kind.in_(kinds), *narrowing)
    wanted = wanted if name is None else wanted.where(Subscription.name == name)
    found = _only(tx, wanted)
    if found is None or found.root_id is None:
        raise NotFound
    root = instance_rows.lock_tree_of(tx, found.root_id)
    found = _only(tx, wanted)
    if found is None:
        raise NotFound
    _arrive(tx, root, found, variables)


def deliver_signal(tx: Transaction, subscription_id: str, variables: Mapping[str, object]) -> None:
    """An instance hears a signal, if it still waits."""
    found = tx.session.get(Subscription, subscription_id)
    if found is None or found.root_id is None:
        return
    root = instance_rows.lock_tree_of(tx, found.root_id)
    subscription = tx.session.get(Subscription, subscription_id, populate_existing=True)
    if subscription is not None and subscription.instance_id is not None:
        instance = instance_rows.in_tree(tx, root, subscription.instance_id)
        if instance.state == InstanceState.SUSPENDED:
            return
        instances.meet(tx, root, instance, subscription, variables)
