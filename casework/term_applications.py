"""Applications within the office (内部申请): a handler asks for an extension (延期) or a special procedure (特别程序).

The case's diagram is told by a message and opens a common process, whose first step is the application itself, in the
handler's inbox, and whose second is the approval by the right person.
"""

from collections.abc import Sequence

from sqlalchemy import select

from casework import calendars, cases, clock_authority, extensions
from casework.clocks.reading import SHARES
from casework.logins import head_of
from casework.tables import Case
from engine import evidence
from engine.errors import Conflict, Forbidden, Sentence
from engine.store import instance_rows
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

APPLY = "clocks.apply"
EXTENSION, PROCEDURE = "extension-requested", "special-procedure-requested"
NOT_HANDLER = Sentence(
    "只有正在办理本件的部门可以申请延期或特别程序。",
    "Only a department that is at work on the case may apply for an extension or a special procedure.",
)
NOT_ACCEPTED = Sentence(
    "办件尚未受理或已作出决定，办理期限不在计算中。", "The case is not accepted yet, or decided: its term does not run."
)


def for_extension(tx: Transaction, number: str) -> Sequence[UserTask]:
    """A handler asks for an extension of the case's term; the application that is now to be filled in.

    Raises Forbidden for a department that is not at work on the case, Conflict when art. 42 allows no extension any
    more or nothing in the diagram waits for it.
    """
    case = cases.locked(tx, number, APPLY)
    department = _at_work(tx, case)
    extensions.check(tx, case, department)
    return _ask(tx, case, EXTENSION, department, clock_authority.approver(tx, case).group)


def for_procedure(tx: Transaction, number: str) -> Sequence[UserTask]:
    """A handler asks for a special procedure; the application that is now to be filled in. Raises likewise."""
    case = cases.locked(tx, number, APPLY)
    department = _at_work(tx, case)
    if case.accepted_at is None or case.decided_at is not None:
        raise Conflict(NOT_ACCEPTED)
    return _ask(tx, case, PROCEDURE, department, head_of(department))


def _at_work(tx: Transaction, case: Case) -> str:
    """The actor's department with a share open in the case, that of the actor's own task first; else the lead."""
    open_shares = tx.session.execute(
        select(UserTask.department, UserTask.assignee).where(
            UserTask.root_id == case.root_id, UserTask.state == TaskState.CREATED, UserTask.act.in_(SHARES)
        )
    ).all()
    own = [share for share in open_shares if share.department in tx.actor.groups]
    own.sort(key=lambda share: share.assignee != tx.actor.login)
    at_work = [share.department for share in own] or [clock_authority.lead_of(tx, case)]
    if at_work[0] not in tx.actor.groups:
        raise Forbidden(NOT_HANDLER)
    return str(at_work[0])


def _ask(tx: Transaction, case: Case, message: str, department: str, approver: str) -> Sequence[UserTask]:
    evidence.record(tx, instance_rows.of(tx, case.root_id), f"case.{message}", property="department", new=department)
    role = calendars.current(tx).role_of(department)
    said = {
        "term_department": role,
        "term_handler": tx.actor.login,
        "term_approver": approver.replace(department, role),
    }
    cases.tell(tx, case, message, said)
    opened = select(UserTask).where(
        UserTask.root_id == case.root_id, UserTask.assignee == tx.actor.login, UserTask.created_at == tx.now
    )
    return tx.session.scalars(opened).all()
