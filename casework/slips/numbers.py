"""The numbers of slips: region, word, day and a serial number without gaps."""

from datetime import date

from sqlalchemy import update

from casework.tables import SlipNumberSequence
from engine.store.dialect import insert_missing
from engine.transaction import Transaction


def next_number(tx: Transaction, region: str, word: str, day: date) -> str:
    """The next number of a kind in a region on a day, such as 000000SL20261122000001; others wait for this command."""
    connection, kept = tx.session.connection(), SlipNumberSequence
    insert_missing(connection, kept, {"region": region, "word": word, "day": day, "last": 0, "revision": 1})
    raised = (
        update(kept)
        .where(kept.region == region, kept.word == word, kept.day == day)
        .values(last=kept.last + 1, revision=kept.revision + 1)
        .returning(kept.last)
    )
    last = tx.session.execute(raised, execution_options={"synchronize_session": False}).scalar_one()
    return f"{region}{word}{day:%Y%m%d}{last:06d}"
