"""Evidence: who did what to a case, when and on what ground, each act chained to the one before by its hash.

The chain belongs to a case (the root's row holds its end) and is written under the case's lock. It proves that no row
of it was changed, added or removed since; against somebody who may also rewrite the root's row it needs a copy of
`act_hash` kept elsewhere.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from engine.columns import EPOCH, MILLISECOND
from engine.events import (
    Event,
    ProcessInstanceEnded,
    ProcessInstanceStarted,
    UserTaskAssigned,
    UserTaskCompleted,
    UserTaskDelegated,
    UserTaskReminded,
    UserTaskResolved,
    UserTaskTransferred,
)
from engine.store import instance_rows
from engine.tables import Act, ProcessInstance
from engine.transaction import Transaction

FORMAT = 1
HANDED_OVER = "task.handed_over"


class Particulars(TypedDict, total=False):
    """What an act may say beside who, when and what was done.

    `old` and `new` are what `property` was and is. `basis` is the law it rests on (依据), `document` the number of the
    paper that says so (文号). `on_behalf_of` is the actor's own unless given.
    """

    subject: str | None
    property: str | None
    old: str | None
    new: str | None
    reason: str | None
    basis: str | None
    document: str | None
    on_behalf_of: str | None


def record(tx: Transaction, root: ProcessInstance, kind: str, **said: Unpack[Particulars]) -> Act:
    """Appends an act to the case whose root is locked. Nothing is read; the row is written with the command's others.

    `kind` is a thing and what was done to it ("task.claimed").
    """
    act = Act(
        root_id=root.id,
        seq=root.next_act,
        region=root.region,
        at=tx.now,
        actor=tx.actor.login,
        operation=tx.operation,
        kind=kind,
        previous_hash=root.act_hash,
        **said,
    )
    act.on_behalf_of = act.on_behalf_of or tx.actor.on_behalf_of
    tx.add(act)
    root.next_act += 1
    root.act_hash = digest(act)
    root.last_act_at = tx.now
    return act


def digest(act: Act) -> bytes:
    """SHA-256 of an act's canonical bytes: UTF-8 of a JSON list of its columns, the hash of the act before included."""
    columns = [
        FORMAT,
        act.root_id,
        act.seq,
        act.region,
        (act.at - EPOCH) // MILLISECOND,
        act.actor,
        act.on_behalf_of,
        act.operation,
        act.kind,
        act.subject,
        act.property,
        act.old,
        act.new,
        act.reason,
        act.basis,
        act.document,
        None if act.previous_hash is None else act.previous_hash.hex(),
    ]
    return hashlib.sha256(json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def verify(tx: Transaction, root_id: str) -> int | None:
    """Where the chain of a case no longer holds, None when it does. Raises NotFound.

    Everything before the number returned is proven; it is the first act touched, or the one before that.
    """
    root = instance_rows.of(tx, root_id)
    acts = {act.seq: act for act in tx.session.scalars(select(Act).where(Act.root_id == root_id))}
    vouched = {act.seq - 1: act.previous_hash for act in acts.values()} | {root.next_act - 1: root.act_hash}
    for seq in range(1, root.next_act):
        act = acts.pop(seq, None)
        if act is None or (seq in vouched and digest(act) != vouched[seq]):
            return seq
    return min(acts, default=None)


def listen(tx: Transaction, event: Event) -> None:
    """What people do to tasks, and the beginning and cancellation of a case, are acts (Camunda's operation log)."""
    noted = _NOTED.get(type(event))
    if noted is not None:
        noted(tx, event)


def _note_start(tx: Transaction, event: ProcessInstanceStarted) -> None:
    if event.parent_id is None:
        record(tx, _root(tx, event.root_id), "case.started", new=event.business_key)


def _note_end(tx: Transaction, event: ProcessInstanceEnded) -> None:
    if event.parent_id is None and event.cancelled:
        record(tx, _root(tx, event.root_id), "case.cancelled", reason=event.reason)


def _note_assignment(tx: Transaction, event: UserTaskAssigned) -> None:
    if event.reason is not None:
        kind = HANDED_OVER
    elif event.assignee is None:
        kind = "task.released"
    else:
        kind = "task.claimed" if event.assignee == tx.actor.login else "task.assigned"
    root = _root(tx, event.root_id)
    changed = {"property": "assignee", "old": event.previous, "new": event.assignee}
    record(tx, root, kind, subject=event.task_id, reason=event.reason, **changed)


def _note_transfer(tx: Transaction, event: UserTaskTransferred) -> None:
    is_elsewhere = event.department != event.previous_department
    record(
        tx,
        _root(tx, event.root_id),
        "task.transferred",
        subject=event.task_id,
        property="department" if is_elsewhere else "assignee",
        old=event.previous_department if is_elsewhere else event.previous_assignee,
        new=event.department if is_elsewhere else event.assignee,
        reason=event.reason,
    )


def _note_delegation(tx: Transaction, event: UserTaskDelegated) -> None:
    changed = {"property": "assignee", "old": event.owner, "new": event.assignee}
    record(tx, _root(tx, event.root_id), "task.delegated", subject=event.task_id, reason=event.reason, **changed)


def _note_resolution(tx: Transaction, event: UserTaskResolved) -> None:
    changed = {"property": "assignee", "old": event.delegate, "new": event.owner}
    record(tx, _root(tx, event.root_id), "task.resolved", subject=event.task_id, reason=event.comment, **changed)


def _note_reminder(tx: Transaction, event: UserTaskReminded) -> None:
    """`property` and `new` say who was reminded: the assignee, or the department while nobody holds the task."""
    reminded = {"property": "assignee" if event.assignee else "department", "new": event.assignee or event.department}
    record(tx, _root(tx, event.root_id), "task.reminded", subject=event.task_id, reason=event.message, **reminded)


def _note_completion(tx: Transaction, event: UserTaskCompleted) -> None:
    root, reason = _root(tx, event.root_id), event.comment
    record(tx, root, "task.completed", subject=event.task_id, property="outcome", new=event.outcome, reason=reason)


_NOTED: Mapping[type[Event], Callable[[Transaction, Any], None]] = {
    ProcessInstanceStarted: _note_start,
    ProcessInstanceEnded: _note_end,
    UserTaskAssigned: _note_assignment,
    UserTaskTransferred: _note_transfer,
    UserTaskDelegated: _note_delegation,
    UserTaskResolved: _note_resolution,
    UserTaskReminded: _note_reminder,
    UserTaskCompleted: _note_completion,
}


def _root(tx: Transaction, root_id: str) -> ProcessInstance:
    """The root that the command holds locked: in memory, so that no statement is sent."""
    return instance_rows.of(tx, root_id)
