"""Batches (Camunda 7): one command carried out for many subjects, each part a job, in a transaction of its own.

A part is done as the person who ordered it, with that person's present permissions: nobody can do by a batch what they
could not do one by one. What commands there are, and how they read what they are told, the host says.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from engine import retries
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Sentence
from engine.ports import RunJob
from engine.queries.definitions import EVERYWHERE
from engine.tables import Batch, Job
from engine.transaction import Transaction
from engine.work import incidents

PART = "batch-part"
MOST_PARTS = 10_000
PRIORITY = -10
"""What the law and the diagrams have due goes first."""
NOTHING = Sentence("没有可处理的对象，未建立批量操作。", "There is nothing that the batch would be for.")
TOO_MANY = Sentence(
    f"一个批量操作最多处理 {MOST_PARTS} 个对象，请缩小范围。",
    f"A batch is for at most {MOST_PARTS} subjects; narrow the query.",
)
GOES_ON = Sentence(
    "该批量操作尚未结束，请先终止。", "The batch is still under way: end it before its record is deleted."
)
ORDERER_GONE = Sentence(
    "安排该批量操作的人员已停用，其余部分不再执行；请由在岗人员重新安排。",
    "Whoever ordered the batch may act no more, so its parts are not done; somebody else has to order them.",
)

Command = Callable[[Transaction, str, Mapping[str, Any]], object]
"""Does to one subject, known by its id, what a batch was told."""


def order(tx: Transaction, kind: str, said: Mapping[str, Any], subject_ids: Sequence[str]) -> Batch:
    """Orders that something be done to each subject, in this order as far as nobody is in the way.

    `said` is JSON. Raises Invalid for no subject or too many.
    """
    tx.ports.may(tx, "batches.order", None)
    if not subject_ids:
        raise Invalid(NOTHING)
    if len(subject_ids) > MOST_PARTS:
        raise Invalid(TOO_MANY)
    batch = Batch(
        id=tx.new_id(),
        kind=kind,
        said=dict(said),
        total=len(subject_ids),
        ordered_by=tx.actor.login,
        ordered_at=tx.now,
        is_suspended=False,
    )
    tx.add(batch)
    tx.flush()
    tx.session.connection().execute(insert(Job), [_part(tx, batch, subject_id) for subject_id in subject_ids])
    return batch


def _part(tx: Transaction, batch: Batch, subject_id: str) -> dict[str, Any]:
    return {
        "id": tx.new_id(),
        "region": EVERYWHERE,
        "kind": PART,
        "batch_id": batch.id,
        "due_at": tx.now,
        "priority": PRIORITY,
        "retries": retries.tries(None),
        "payload": {"subject": subject_id},
        "created_at": tx.now,
    }


def carried_out_by(commands: Mapping[str, Command]) -> RunJob:
    """What the host's job kind PART does: the command of the batch's kind, as the person who ordered it."""

    def carry_out(tx: Transaction, job: Job) -> None:
        batch = tx.session.get_one(Batch, job.batch_id)
        orderer = tx.ports.who_is(tx, batch.ordered_by)
        if orderer is None:
            raise Forbidden(ORDERER_GONE)
        tx.actor = orderer
        commands[batch.kind](tx, job.payload["subject"], batch.said)
        _count_off(tx, batch.id, Job.id != job.id)

    return carry_out


def turn(tx: Transaction, batch_id: str, *, is_suspended: bool) -> None:
    """Stops a batch between two of its parts, or lets it go on. Raises NotFound. Doing it twice does it once."""
    tx.ports.may(tx, "batches.change", None)
    stopped = update(Job).where(Job.batch_id == batch_id)
    changed = stopped.values(is_suspended=is_suspended, revision=Job.revision + 1)
    tx.session.execute(changed, execution_options={"synchronize_session": False})
    batch = _under_way(tx, batch_id)
    batch.is_suspended = is_suspended
    batch.revision += 1


def end(tx: Transaction, batch_id: str) -> None:
    """Ends a batch; what is not done yet is not done any more, what was done stays done. Raises NotFound."""
    tx.ports.may(tx, "batches.change", None)
    left = select(Job.id, Job.failures).where(Job.batch_id == batch_id).order_by(Job.id)
    parts = tx.session.execute(left.with_for_update()).all()
    batch = _under_way(tx, batch_id)
    tx.emit(*incidents.close(tx, [part.id for part in parts if part.failures]))
    tx.session.execute(delete(Job).where(Job.batch_id == batch_id))
    batch.ended_at = tx.now
    batch.revision += 1


def forget(tx: Transaction, batch_id: str) -> None:
    """Deletes what is kept of a batch that has ended. Raises NotFound, Conflict while it is under way."""
    tx.ports.may(tx, "batches.change", None)
    batch = _locked(tx, batch_id)
    if batch.ended_at is None:
        raise Conflict(GOES_ON)
    tx.session.delete(batch)


def _count_off(tx: Transaction, batch_id: str, others: ColumnElement[bool]) -> None:
    """One part is done. Last in its transaction, under the batch's lock, so that of two parts that end together the
    later one finds that it is the last."""
    batch = _under_way(tx, batch_id)
    batch.begun_at = batch.begun_at or tx.now
    left = select(Job.id).where(Job.batch_id == batch_id, others).limit(1)
    if tx.session.scalar(left) is None:
        batch.ended_at = tx.now
    batch.revision += 1


def _under_way(tx: Transaction, batch_id: str) -> Batch:
    return _locked(tx, batch_id, Batch.ended_at.is_(None))


def _locked(tx: Transaction, batch_id: str, *which: ColumnElement[bool]) -> Batch:
    """A batch under its lock, which is taken after those of its parts. Raises NotFound."""
    tx.flush()
    wanted = select(Batch).where(Batch.id == batch_id, *which).with_for_update()
    found = tx.session.scalars(wanted, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound
    return found
