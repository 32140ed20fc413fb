"""Copies for information (抄送): somebody is shown a case and says that they have read of it. Nothing waits for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, select

from casework import cases, items, names, parties, readers, sight, task_notices
from casework.notices import NoticeKind
from casework.paging import Mark, Order, fetch
from casework.tables import Case, Copy, CopyReceipt
from engine import evidence
from engine.errors import NotFound, Sentence
from engine.store import instance_rows, task_rows
from engine.store.dialect import insert_missing
from engine.tables import USER, Party, ProcessInstance, UserTask
from engine.transaction import Transaction

FOR_INFORMATION = Sentence("请知悉。", "For your information.")
MINE = CopyReceipt.read_at.label("read_at")
UNREAD = case((CopyReceipt.read_at.is_(None), 1), else_=0)
UNREAD_FIRST = Order((UNREAD, Copy.sent_at, Copy.id), newest_first=True)


def send_from_task(tx: Transaction, task_id: str, to: Sequence[Party], message: str | None = None) -> list[Copy]:
    """Shows the case to these from a task, open or done; whoever has a copy from this task gets no second one.

    Raises NotFound when the task is not the caller's, Invalid for an unknown receiver.
    """
    _, task = task_rows.lock(tx, task_id, "user_tasks.copy")
    return _send(tx, task.root_id, to, message, task)


def send(tx: Transaction, number: str, to: Sequence[Party], message: str | None = None) -> list[Copy]:
    """Shows a case as a whole to these; whoever has such a copy of it gets no second one.

    Raises NotFound for a case out of sight, Invalid for an unknown receiver.
    """
    return _send(tx, cases.locked(tx, number, "copies.send").root_id, to, message, None)


def _send(tx: Transaction, root_id: str, to: Sequence[Party], message: str | None, task: UserTask | None) -> list[Copy]:
    for place, party in enumerate(to):
        parties.check(tx, party, f"to[{place}]")
    same = select(Copy).where(Copy.root_id == root_id, Copy.task_id == (task.id if task else None))
    there = {Party(one.kind, one.name): one for one in tx.session.scalars(same)}
    for party in to:
        if party not in there:
            there[party] = _new(tx, root_id, party, message, task)
    tx.flush()
    return [there[party] for party in dict.fromkeys(to)]


def _new(tx: Transaction, root_id: str, to: Party, message: str | None, task: UserTask | None) -> Copy:
    root, about = instance_rows.of(tx, root_id), tx.session.get(Case, root_id)
    copy = Copy(
        id=tx.new_id(),
        region=root.region,
        root_id=root_id,
        task_id=task.id if task else None,
        kind=to.kind,
        name=to.name,
        message=message,
        sent_by=tx.actor.login,
        sent_at=tx.now,
    )
    tx.add(copy)
    readers.admit(tx, root_id, copy.id, to)
    _record(tx, root, copy, "sent", to)
    task_notices.tell(tx, to, NoticeKind.CASE_COPIED, message or FOR_INFORMATION, case=about, task=task)
    return copy


def _record(tx: Transaction, root: ProcessInstance, copy: Copy, what: str, to: Party | None = None) -> None:
    evidence.record(
        tx,
        root,
        f"copy.{what}",
        subject=copy.task_id,
        property=parties.column_of(to) if to else None,
        new=to.name if to else None,
        reason=copy.message if to else None,
    )


def read(tx: Transaction, copy_id: str) -> Copy:
    """已阅: the actor has read the copy; again changes nothing. Raises NotFound for a copy to somebody else."""
    root = instance_rows.lock_tree_of(tx, select(Copy.root_id).where(Copy.id == copy_id).scalar_subquery())
    copy = tx.session.get_one(Copy, copy_id)
    if not parties.is_one(Party(copy.kind, copy.name), tx.actor):
        raise NotFound
    receipt = {"copy_id": copy.id, "login": tx.actor.login, "read_at": tx.now}
    if insert_missing(tx.session.connection(), CopyReceipt, receipt):
        _record(tx, root, copy, "read")
    return copy


def listed(
    tx: Transaction, *, is_read: bool | None, after: Mark | None, limit: int
) -> tuple[Sequence[dict[str, Any]], Mark | None]:
    """A page of the copies sent to the actor or the actor's departments: unread ones first, then the newest."""
    mine = and_(CopyReceipt.copy_id == Copy.id, CopyReceipt.login == tx.actor.login)
    statement: Select[*tuple[Any, ...]] = (
        select(Copy, MINE, Case.number.label("case_number"), Case.title, UserTask.name.label("step"))
        .outerjoin(CopyReceipt, mine)
        .outerjoin(Case, Case.root_id == Copy.root_id)
        .outerjoin(UserTask, UserTask.id == Copy.task_id)
        .where(parties.includes(Copy.kind, Copy.name, tx.actor))
    )
    if is_read is not None:
        statement = statement.where(CopyReceipt.read_at.is_not(None) if is_read else CopyReceipt.read_at.is_(None))
    page = fetch(tx, statement, UNREAD_FIRST, after=after, limit=limit)
    known = names.directory(tx, {row.Copy.sent_by for row in page.rows})
    return [
        {
            "id": row.Copy.id,
            "case_number": row.case_number,
            "title": row.title,
            "step": names.step(row.step),
            "message": row.Copy.message,
            "sent_by": known.person(row.Copy.sent_by),
            "sent_at": row.Copy.sent_at,
            "read_at": row.read_at,
        }
        for row in page.rows
    ], page.after


def of_case(tx: Transaction, number: str) -> Sequence[dict[str, Any]]:
    """Every copy of a case with its receipts, oldest first; who sees no opinions sees those they sent themselves."""
    about = cases.by_number(tx, number)
    tx.ports.may(tx, "copies.read", about)
    statement = select(Copy).where(Copy.root_id == about.root_id).order_by(Copy.sent_at, Copy.id)
    if not sight.of(tx, about, items.document(tx, about.item_id)).sees_opinions:
        statement = statement.where(Copy.sent_by == tx.actor.login)
    return _with_receipts(tx, tx.session.scalars(statement).all())


def _with_receipts(tx: Transaction, copies: Iterable[Copy]) -> Sequence[dict[str, Any]]:
    sent = {copy.id: copy for copy in copies}
    receipts = tx.session.scalars(
        select(CopyReceipt).where(CopyReceipt.copy_id.in_(sent)).order_by(CopyReceipt.read_at, CopyReceipt.login)
    ).all()
    people = {one.name for one in sent.values() if one.kind == USER}
    known = names.directory(tx, people.union((one.sent_by for one in sent.values()), (one.login for one in receipts)))
    return [
        {
            "id": one.id,
            "to": parties.shown(known, Party(one.kind, one.name)),
            "message": one.message,
            "sent_by": known.person(one.sent_by),
            "sent_at": one.sent_at,
            "read": [
                {"by": known.person(receipt.login), "at": receipt.read_at}
                for receipt in receipts
                if receipt.copy_id == one.id
            ],
        }
        for one in sent.values()
    ]
