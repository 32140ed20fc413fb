"""The daily clean-up: what was kept for a while and nobody came back for.

Answers under an Idempotency-Key, uploaded files that were never handed in, and the old end of the feed of changes. A
case's own files are records and are never touched.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from casework import feed
from casework.tables import Case, Material, SupervisionOrder
from engine.queries.definitions import EVERYWHERE
from engine.store import contents
from engine.store.dialect import insert_missing
from engine.tables import Answer, Job
from engine.transaction import Transaction

KIND = "clean"
KEPT = timedelta(days=7)
EVERY = timedelta(days=1)
BATCH = 500
JOB_ID = "00000000-0000-7000-8000-00000c1ea400"
"""One job for the whole office: its row's key keeps a second one out."""


def seed(tx: Transaction) -> None:
    """Puts the daily job among the jobs; twice is safe."""
    job = {"id": JOB_ID, "region": EVERYWHERE, "kind": KIND, "due_at": tx.now, "created_at": tx.now}
    defaults = {"priority": 0, "retries": 3, "failures": 0, "payload": {}, "revision": 1}
    insert_missing(tx.session.connection(), Job, job | defaults)


def records(tx: Transaction, root_ids: Sequence[str]) -> Collection[str]:
    """The engine's port: cases and supervision orders are the office's records, whatever their diagrams say."""
    ours = (table.root_id for table in (Case, SupervisionOrder))
    return {found for root_id in ours for found in tx.session.scalars(select(root_id).where(root_id.in_(root_ids)))}


def run(tx: Transaction, job: Job) -> None:
    """The engine's port for the job: cleans, and is due again a day from now."""
    clean(tx)
    job.due_at = tx.now + EVERY


def clean(tx: Transaction) -> None:
    """Forgets answers, and files of no case with their bytes, older than seven days; of changes those past ninety."""
    before = tx.now - KEPT
    tx.session.execute(delete(Answer).where(Answer.answered_at < before))
    feed.forget(tx)
    forgotten = select(Material.id, Material.blob_id).where(Material.root_id.is_(None), Material.uploaded_at < before)
    # Locked, so that a file which is being handed in at this moment is either gone or kept.
    batch = forgotten.limit(BATCH).with_for_update(skip_locked=True)
    while rows := tx.session.execute(batch).all():
        tx.session.execute(delete(Material).where(Material.id.in_([row.id for row in rows])))
        contents.forget(tx, [row.blob_id for row in rows])
