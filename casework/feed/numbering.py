"""Numbers changes in the order in which readers get them: only what is committed, and never before what was read.

A short transaction of its own, one at a time. What a slow command commits later is numbered later, so no reader is
ever past a change that it has not seen; and the commands that write changes wait for nobody.
"""

import secrets

from sqlalchemy import exists, func, select, update

from casework.tables import Change, ChangeSequence
from engine.store.dialect import insert_missing
from engine.transaction import Transaction

ONLY = 1
BATCH = 10_000
UNNUMBERED = exists().where(Change.position.is_(None))


def waits(tx: Transaction) -> bool:
    """Whether a committed change has no number yet."""
    return bool(tx.session.scalar(select(UNNUMBERED)))


def number(tx: Transaction) -> int:
    """Gives the committed changes their positions, in batches; how many got one."""
    sequence = locked(tx)
    place = func.row_number().over(order_by=Change.id) + sequence.last
    batch = (
        select(Change.id, place.label("position")).where(Change.position.is_(None)).order_by(Change.id).limit(BATCH)
    ).subquery()
    numbering = update(Change).where(Change.id == batch.c.id).values(position=batch.c.position)
    counted = {"synchronize_session": False, "preserve_rowcount": True}
    numbered: int = tx.session.execute(numbering, execution_options=counted).rowcount  # type: ignore[attr-defined]
    sequence.last += numbered
    sequence.revision += 1
    tx.flush()
    return numbered


def locked(tx: Transaction) -> ChangeSequence:
    """The sequence, under its lock; made when it is first asked for."""
    first = {"id": ONLY, "era": new_era(), "last": 0, "forgotten": 0, "revision": 1}
    insert_missing(tx.session.connection(), ChangeSequence, first)
    return tx.session.get_one(ChangeSequence, ONLY, with_for_update=True, populate_existing=True)


def new_era() -> str:
    return secrets.token_hex(4)
