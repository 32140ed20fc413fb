"""Forgets old changes. Those whom they concerned had ninety days to read them."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from casework.feed.numbering import locked, number
from casework.tables import Change
from engine.transaction import Transaction

KEPT = timedelta(days=90)


def forget(tx: Transaction) -> None:
    """Deletes the changes older than ninety days; a reader that has not come so far will be told.

    All are numbered first, so that what nobody has read yet is missed by its number.
    """
    while number(tx):
        pass
    old = Change.at < tx.now - KEPT
    sequence = locked(tx)
    sequence.forgotten = tx.session.scalar(select(func.max(Change.position)).where(old)) or sequence.forgotten
    sequence.revision += 1
    tx.session.execute(delete(Change).where(old), execution_options={"synchronize_session": False})
