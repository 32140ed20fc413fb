"""Messages and signals from outside: a message finds exactly one receiver or is refused, a signal reaches all."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from engine import instances, outward
from engine.errors import Conflict, Sentence
from engine.store import instance_rows
from engine.tables import ProcessInstance, Subscription
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

    Raises NobodyWaits or SeveralWait, and then changes nothing. A running instance goes before a start event, as in
    Camunda 7.
    """
    waiting = _waiting(tx, name, root_id, business_key)
    if len(waiting) > 1:
        raise SeveralWait
    if waiting and waiting[0].root_id is not None:
        return _arrive(tx, waiting[0], waiting[0].root_id, variables or {})
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


def _waiting(tx: Transaction, name: str, root_id: str | None, business_key: str | None) -> Sequence[Subscription]:
    """Who waits now; whoever names a case tree finds all of it, its called processes too."""
    query = select(Subscription).where(
        Subscription.kind == "message", Subscription.name == name, Subscription.root_id.is_not(None)
    )
    if root_id is not None:
        query = query.where(Subscription.root_id == root_id)
    if business_key is not None:
        query = query.where(Subscription.business_key == business_key)
    return tx.session.scalars(query.limit(2)).all()


def _starting(tx: Transaction, name: str, region: str) -> Sequence[Subscription]:
    return tx.session.scalars(
        select(Subscription).where(
            Subscription.kind == "message",
            Subscription.name == name,
            Subscription.root_id.is_(None),
            Subscription.region.in_((region, "000000")),
        )
    ).all()


def _arrive(tx: Transaction, found: Subscription, root_id: str, variables: Mapping[str, object]) -> ProcessInstance:
    """Under the case's lock the subscription is looked up again: another message may have met it."""
    root = instance_rows.lock_tree_of(tx, root_id)
    subscription = tx.session.get(Subscription, found.id, populate_existing=True)
    if subscription is None or subscription.instance_id is None:
        raise NobodyWaits
    instance = instance_rows.in_tree(tx, root, subscription.instance_id)
    instances.meet(tx, root, instance, subscription, variables)
    return instance


def signal(tx: Transaction, name: str, variables: Mapping[str, object] | None = None) -> int:
    """Broadcasts a signal: every receiver hears it in a transaction of its own. How many there are."""
    receivers = outward.signal_receivers(tx, name)
    for receiver in receivers:
        outward.queue_signal(tx, receiver, variables or {})
    return len(receivers)


def deliver_signal(tx: Transaction, subscription_id: str, variables: Mapping[str, object]) -> None:
    """One receiver hears a signal, if it still waits: an instance goes on, a start event begins one."""
    found = tx.session.get(Subscription, subscription_id)
    if found is None:
        return
    if found.root_id is None:
        instances.start(
            tx, found.definition_id or "", region=found.region, variables=variables, activity_id=found.activity_id
        )
        return
    root = instance_rows.lock_tree_of(tx, found.root_id)
    subscription = tx.session.get(Subscription, subscription_id, populate_existing=True)
    if subscription is not None and subscription.instance_id is not None:
        instance = instance_rows.in_tree(tx, root, subscription.instance_id)
        instances.meet(tx, root, instance, subscription, variables)
