"""The watch: looks at every clock whose moment has come, a batch of cases at a time.

Several jobs share the work, so that several workers do. A batch is one short transaction: it takes the cases that
nobody else holds, waits for none, and the same job is due again at once while there is more. When a batch fails, each
of its cases gets a job of its own, so that one that cannot be dealt with holds up no other and waits for a person.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from casework.supervision import dockets
from casework.supervision.issuing import deal_with, deal_with_clock
from casework.tables import Clock
from engine.columns import MILLISECOND
from engine.queries.definitions import EVERYWHERE
from engine.store import instance_rows
from engine.store.dialect import insert_missing
from engine.tables import Job, ProcessInstance
from engine.transaction import Transaction

KIND = "supervise"
EVERY = timedelta(seconds=10)
BATCH, LOOKED_AT = 100, 1_000
SHIFTS = 4
FIRST_SHIFT = UUID("00000000-0000-7000-8000-00005e9e2100")
"""One job each for the whole office: its row's key keeps a second one out."""


def seed(tx: Transaction) -> None:
    """Puts the shifts of the watch among the jobs; twice is safe."""
    for shift in range(SHIFTS):
        job = {"id": str(UUID(int=FIRST_SHIFT.int + shift)), "region": EVERYWHERE, "kind": KIND}
        dates = {"due_at": tx.now, "created_at": tx.now}
        defaults = {"priority": 0, "retries": 3, "failures": 0, "payload": {}, "revision": 1}
        insert_missing(tx.session.connection(), Job, job | dates | defaults)


def run(tx: Transaction, job: Job) -> None:
    """The engine's port for the job: one batch, or the one case of a job of its own."""
    if job.root_id is not None:
        for docket in dockets.read(tx, [instance_rows.of(tx, job.root_id)]):
            for measured in docket.clocks:
                deal_with_clock(tx, docket, measured)
        return
    found = _one_by_one(tx, _claim(tx)) if job.failures else look(tx)
    job.due_at = tx.now + (EVERY if found < BATCH else MILLISECOND)


def _claim(tx: Transaction) -> Sequence[ProcessInstance]:
    """The cases whose clocks have waited longest for a look, but those that somebody holds at this moment."""
    waiting = select(Clock.root_id).where(Clock.moment_at <= tx.now).order_by(Clock.moment_at).limit(LOOKED_AT)
    return tx.lock_free_roots(select(ProcessInstance).where(ProcessInstance.id.in_(waiting)).limit(BATCH))


def look(tx: Transaction) -> int:
    """Deals with one batch of cases; how many it was."""
    roots = _claim(tx)
    for docket in dockets.read(tx, roots) if roots else ():
        deal_with(tx, docket)
    return len(roots)


def _one_by_one(tx: Transaction, roots: Sequence[ProcessInstance]) -> int:
    """Each case is looked at by a job of its own, which alone fails if it must."""
    tx.add(*(_of_one(tx, root) for root in roots))
    of_them = update(Clock).where(Clock.root_id.in_([root.id for root in roots]), Clock.moment_at <= tx.now)
    tx.session.execute(of_them.values(moment_at=None), execution_options={"synchronize_session": False})
    return len(roots)


def _of_one(tx: Transaction, root: ProcessInstance) -> Job:
    return Job(
        id=tx.new_id(), region=root.region, kind=KIND, root_id=root.id, due_at=tx.now, payload={}, created_at=tx.now
    )
