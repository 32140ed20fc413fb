"""Subscriptions: the messages and signals that an instance waits for."""

from collections.abc import Sequence

from sqlalchemy import delete

from engine import definitions
from engine.events import Event
from engine.interpreter.step import WorkOpened
from engine.run import Run
from engine.tables import ProcessInstance, Subscription
from engine.transaction import Transaction


def open_subscription(run: Run, work: WorkOpened) -> Sequence[Event]:
    """The instance waits for a message or a signal of this name, under its business key."""
    run.tx.add(
        Subscription(
            kind=work.kind.value,
            name=str(work.attributes["name"]),
            business_key=run.instance.business_key,
            owner_id=work.owner_id,
            **run.place(work),
        )
    )
    return ()


def delete_subscriptions(run: Run, ids: Sequence[str]) -> Sequence[Event]:
    """Nobody waits any more."""
    run.tx.session.execute(
        delete(Subscription).where(Subscription.id.in_(ids)), execution_options={"synchronize_session": False}
    )
    return ()


def met(tx: Transaction, instance: ProcessInstance, subscription: Subscription) -> None:
    """What an instance waited for has come: it stays open only for an event that does not interrupt."""
    node = definitions.load(tx, instance.definition_id).node(subscription.activity_id)
    if not node.stays_armed:
        tx.session.delete(subscription)
