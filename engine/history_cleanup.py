"""The clean-up of history: what ended longer ago than its definition keeps it is forgotten whole.

What the host keeps as its records (the office's cases) is passed over for good. The work is done a few trees at a time,
each batch a short transaction of its own that waits for nobody.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Table, delete, select, update

from engine.columns import MILLISECOND
from engine.queries.definitions import EVERYWHERE
from engine.store import contents
from engine.store.dialect import insert_missing
from engine.tables import Base, Job, ProcessInstance, UserTask, VariableChange
from engine.transaction import Transaction

KIND = "clean-history"
EVERY = timedelta(hours=1)
BATCH = 20
JOB_ID = "00000000-0000-7000-8000-00000c1ea4e2"
"""One job for the whole server: its row's key keeps a second one out."""


def seed(tx: Transaction) -> None:
    """Puts the job among the jobs; twice is safe."""
    job = {"id": JOB_ID, "region": EVERYWHERE, "kind": KIND, "due_at": tx.now, "created_at": tx.now}
    defaults = {"priority": 0, "retries": 3, "failures": 0, "payload": {}, "revision": 1}
    insert_missing(tx.session.connection(), Job, job | defaults)


def hasten(tx: Transaction) -> Job:
    """Has the job done now instead of within the hour, also where it had given up; it forgets no more than it would."""
    tx.ports.may(tx, "history.delete", None)
    seed(tx)
    job = tx.session.get_one(Job, JOB_ID, with_for_update=True)
    job.due_at, job.retries = min(job.due_at or tx.now, tx.now), max(job.retries, 1)
    tx.flush()
    return job


def run(tx: Transaction, job: Job) -> None:
    """One batch; due again at once while there is more."""
    job.due_at = tx.now + (MILLISECOND if clean(tx) == BATCH else EVERY)


def clean(tx: Transaction) -> int:
    """Forgets what is over for long enough, but the host's records; how many trees it looked at."""
    over = select(ProcessInstance).where(ProcessInstance.removal_at <= tx.now)
    roots = [root.id for root in tx.lock_free_roots(over.limit(BATCH))]
    if roots:
        kept = tx.ports.records(tx, roots)
        _keep_for_good(tx, sorted(kept))
        forget(tx, [root for root in roots if root not in kept])
    return len(roots)


def _keep_for_good(tx: Transaction, root_ids: Sequence[str]) -> None:
    """No later clean-up looks at a record again."""
    kept = update(ProcessInstance).where(ProcessInstance.id.in_(root_ids)).values(removal_at=None)
    tx.session.execute(kept, execution_options={"synchronize_session": False})


def forget(tx: Transaction, root_ids: Sequence[str]) -> None:
    """Removes every row of these trees, of the engine and of the host, with the bytes that they alone refer to."""
    blobs = {blob for table, rows in _rows(root_ids) for blob in _blobs(tx, table, rows)}
    for table, rows in _rows(root_ids):
        tx.session.execute(delete(table).where(rows))
    contents.forget(tx, sorted(blobs - _handed_on(tx, blobs)))
    tx.session.expire_all()


def _handed_on(tx: Transaction, blobs: Collection[str]) -> set[str | None]:
    """The bytes that variables of other trees have too, which a signal or a message brought, or a restart."""
    if not blobs:
        return set()
    return set(tx.session.scalars(select(VariableChange.bytes_id).where(VariableChange.bytes_id.in_(blobs))))


def _rows(root_ids: Sequence[str]) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """The rows of these trees, table by table, those that refer to others first.

    Whatever belongs to a tree says so: by its root, by its instance, or by its task.
    """
    members = {
        "root_id": list(root_ids),
        "instance_id": select(ProcessInstance.id).where(ProcessInstance.root_id.in_(root_ids)),
        "task_id": select(UserTask.id).where(UserTask.root_id.in_(root_ids)),
    }
    belonging = [table for table in reversed(Base.metadata.sorted_tables) if members.keys() & table.columns.keys()]
    for table in sorted(belonging, key=lambda table: table is ProcessInstance.__table__):
        name = next(name for name in members if name in table.columns)
        yield table, table.columns[name].in_(members[name])


def _blobs(tx: Transaction, table: Table, rows: ColumnElement[bool]) -> Sequence[str]:
    """The bytes that rows of a table refer to."""
    named = [table.columns[name] for name in ("bytes_id", "blob_id") if name in table.columns]
    return [
        blob for column in named for blob in tx.session.scalars(select(column).where(rows, column.is_not(None))).all()
    ]
