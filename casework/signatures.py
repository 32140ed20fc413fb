"""Signatures of several officers on one task: which of them count, and whether there are enough.

行政许可法 art. 34: at least two officers check on site. What is completed must be what was signed, word for word.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from casework.tables import Signature
from engine.errors import Conflict, Sentence
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

NOT_OF_DEPARTMENT = Sentence(
    "核查记录须由承办部门自己的两名以上工作人员签名（行政许可法第三十四条），其他部门的人员不能代签。",
    "Two or more officers of the department in charge sign its record (行政许可法 art. 34); other departments cannot.",
)


class Unsigned(Conflict):
    """Not enough officers have signed what is completed."""

    code = "unsigned"
    title = Sentence("签名人数不足。", "Not enough officers have signed.")


def digest(outcome: str | None, values: Mapping[str, object]) -> bytes:
    """What is signed, as 32 bytes: the outcome and the form's values, whatever the order of the fields."""
    said = json.dumps([outcome, values], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(said.encode()).digest()


def of_task(tx: Transaction, task_id: str) -> Sequence[Signature]:
    """All signatures of a task, those that count no more too, oldest first."""
    query = select(Signature).where(Signature.task_id == task_id).order_by(Signature.at, Signature.id)
    return tx.session.scalars(query).all()


def standing(tx: Transaction, task: UserTask, signed: Sequence[Signature]) -> frozenset[str]:
    """The ids of the signatures that count: of an open task those of the draft as it stands, of a completed one those
    of what was completed."""
    if task.state == TaskState.CREATED:
        return frozenset(one.id for one in signed if one.digest == digest(one.outcome, task.draft or {}))
    last = next((one.digest for one in reversed(signed) if one.login == task.ended_by), None)
    return frozenset(one.id for one in signed if one.digest == last)


def require(tx: Transaction, task: UserTask, signers: int, outcome: str | None, values: Mapping[str, object]) -> None:
    """Who completes a task signs it last. Raises Conflict for somebody of another department, Unsigned while others of
    the department have to sign the same."""
    check_department(tx, task)
    said = digest(outcome, values)
    signed = {one.login for one in of_task(tx, task.id) if one.digest == said and one.department == task.department}
    missing = signers - len(signed | {tx.actor.login})
    if missing > 0:
        raise Unsigned(_too_few(signers, missing))
    if tx.actor.login not in signed:
        add(tx, task, outcome, None, said)


def check_department(tx: Transaction, task: UserTask) -> None:
    """Raises Conflict for somebody of another department than the one in charge."""
    if task.department not in tx.actor.groups:
        raise Conflict(NOT_OF_DEPARTMENT)


def _too_few(signers: int, missing: int) -> Sentence:
    return Sentence(
        f"核查应由两名以上工作人员进行（行政许可法第三十四条）：本环节须有 {signers} 名承办人员对同一内容签名，"
        f"还差 {missing} 名。签名后改动过的内容须重新签名。",
        f"Two or more officers check (行政许可法 art. 34): {signers} officers of the department sign the same record, "
        f"{missing} still missing. What was changed after a signature has to be signed again.",
    )


def add(tx: Transaction, task: UserTask, outcome: str | None, comment: str | None, said: bytes) -> Signature:
    """One more signature, by the actor."""
    signature = Signature(
        id=tx.new_id(),
        region=task.region,
        root_id=task.root_id,
        task_id=task.id,
        department=task.department or "",
        login=tx.actor.login,
        at=tx.now,
        outcome=outcome,
        comment=comment,
        digest=said,
    )
    tx.add(signature)
    return signature
