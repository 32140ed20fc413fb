"""Who waits at an activity instance for a message or a signal."""

from sqlalchemy import ColumnElement, and_, or_

from engine.tables import Subscription


def at_execution(execution_id: str) -> ColumnElement[bool]:
    """What waits at an activity instance, or at a process instance itself."""
    itself = and_(Subscription.owner_id.is_(None), Subscription.instance_id == execution_id)
    return or_(Subscription.owner_id == execution_id, itself)
