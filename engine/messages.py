"""Messages and signals from outside: a message finds exactly one receiver or is refused, a signal reaches all."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from engine import instances, outward
from engine.errors import Conflict, LostRace, Sentence
from engine.store import instance_rows
from engine.tables import InstanceState, ProcessInstance, Subscription
from engine.transaction import Transaction


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
    region: str = "000000",
) -> ProcessInstance:
    """Gives a message to the one that waits for it in a case tree, or under a business key, or starts a process.

    A running instance goes before a start event, as in Camunda 7. Raises NobodyWaits or SeveralWait, and then changes
    nothing; LostRace when another case began to wait in place of the one that was found.
    """
    waiting = _waiting(tx, name, root_id, business_key, region)
    if waiting is not None and waiting.root_id is not None:
        root = instance_rows.lock_tree_of(tx, waiting.root_id)
        waiting = _waiting(tx, name, root_id, business_key, region)
        if waiting is not None:
            return _arrive(tx, root, waiting, variables or {})
    starting = [] if root_id else _starting(tx, name, region)
    if not starting:
        raise NobodyWaits
    if len(starting) > 1:
        raise SeveralWait
    return instances.start(
        tx,
        starting[0].definition_id or "",
        region=region,
        business_key=business_key,
        variables=variables,
        activity_id=starting[0].activity_id,
    )


def _waiting(
    tx: Transaction, name: str, root_id: str | None, business_key: str | None, region: str
) -> Subscription | None:
    """Who waits now, looked up before the lock and again under it, where another message may have met it.

    Whoever names a case tree finds all of it, its called processes too; a business key is known in its region only.
    Raises SeveralWait.
    """
    query = select(Subscription).where(
        Subscription.kind == "message",
        Subscription.name == name,
        Subscription.root_id.is_not(None),
        outward.listens(),
    )
    of_whom = Subscription.region == region if root_id is None else Subscription.root_id == root_id
    query = query.where(of_whom)
    if business_key is not None:
        query = query.where(Subscription.business_key == business_key)
    found = tx.session.scalars(query.limit(2)).all()
    if len(found) > 1:
        raise SeveralWait
    return found[0] if found else None


def _starting(tx: Transaction, name: str, region: str) -> Sequence[Subscription]:
    return tx.session.scalars(
        select(Subscription).where(
            Subscription.kind == "message",
            Subscription.name == name,
            Subscription.root_id.is_(None),
            Subscription.region.in_((region, "000000")),
        )
    ).all()


def _arrive(
    tx: Transaction, root: ProcessInstance, met: Subscription, variables: Mapping[str, object]
) -> ProcessInstance:
    if met.root_id != root.id or met.instance_id is None:
        raise LostRace
    instance = instance_rows.in_tree(tx, root, met.instance_id)
    instances.meet(tx, root, instance, met, variables)
    return instance


def signal(tx: Transaction, name: str, variables: Mapping[str, object] | None = None) -> int:
    """Broadcasts a signal: every receiver hears it in a transaction of its own. How many there are."""
    receivers = outward.signal_receivers(tx, name)
    for receiver in receivers:
        outward.queue_signal(tx, receiver, variables or {})
    return len(receivers)


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
