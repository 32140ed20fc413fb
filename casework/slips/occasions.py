"""The slips that a case's course gives rise to: listens to what its process does, and issues what the law wants.

Heard after the case has moved on and its clocks run, so that a slip names the deadlines.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from casework import items, meaning
from casework.meaning import Does
from casework.slips.handing_over import handed_over
from casework.slips.issuing import issue
from casework.tables import Case, CaseState, Clock, ClockKind, Department, Material, Slip, SlipKind
from engine.events import Event, ProcessInstanceStarted, UserTaskCompleted
from engine.tables import UserTask
from engine.transaction import Transaction

RESULTLESS = frozenset({CaseState.DECLINED, CaseState.WITHDRAWN})
"""What is handed over then are the applicant's own papers."""


def listen(tx: Transaction, event: Event) -> None:
    """Issues the slip that an event of a case gives occasion for; a process that is no case's has none."""
    match event:
        case ProcessInstanceStarted(parent_id=None):
            if (case := tx.session.get(Case, event.root_id)) is not None:
                received(tx, case)
        case UserTaskCompleted():
            _completed(tx, event)


def received(tx: Transaction, case: Case) -> Slip:
    """收件凭证: what was handed in, and until when the applicant hears (行政许可法 art. 32). A case that nobody has to
    accept (即办件) is accepted with it."""
    until = _deadlines(tx, case.root_id, ClockKind.RECEIPT).get(ClockKind.RECEIPT)
    facts = {
        "materials": _handed_in(tx, case),
        "until": until and until.due_at,
        "is_provisional": bool(until and until.is_provisional),
    }
    receipt = issue(tx, case, SlipKind.RECEIPT, facts)
    if case.accepted_at is not None:
        accepted(tx, case)
    return receipt


def accepted(tx: Transaction, case: Case) -> Slip | None:
    """受理通知书, with the limits that now run; a case is accepted once. Where the law accepts by itself, nobody has
    found the papers complete, and the slip does not say so."""
    tx.flush()
    issued = select(Slip.id).where(Slip.root_id == case.root_id, Slip.kind == SlipKind.ACCEPTANCE)
    if tx.session.scalar(issued.limit(1)) is not None:
        return None
    found = _deadlines(tx, case.root_id, ClockKind.PROMISED, ClockKind.STATUTORY)
    promised, statutory = found.get(ClockKind.PROMISED), found.get(ClockKind.STATUTORY)
    facts = {
        "accepted_at": case.accepted_at,
        "promised_until": promised and promised.due_at,
        "is_promise_provisional": bool(promised and promised.is_provisional),
        "statutory_until": statutory and statutory.due_at,
        "is_statutory_provisional": bool(statutory and statutory.is_provisional),
        "is_by_law": case.is_accepted_by_law,
    }
    return issue(tx, case, SlipKind.ACCEPTANCE, facts)


def _accepted(tx: Transaction, case: Case, event: UserTaskCompleted) -> None:
    accepted(tx, case)


def _declined(tx: Transaction, case: Case, event: UserTaskCompleted) -> None:
    """不予受理通知书, with reasons and whom to turn to (art. 32)."""
    facts = {"reason": event.comment, "competent_authority": case.competent_authority}
    issue(tx, case, SlipKind.DECLINE, facts)


def _decided(tx: Transaction, case: Case, event: UserTaskCompleted) -> None:
    """办结通知书, in the name of the department that decides; a refusal with reasons and how to appeal (art. 38)."""
    task = tx.session.get_one(UserTask, event.task_id)
    department = tx.session.get(Department, task.department) if task.department else None
    facts = {
        "decision": case.decision,
        "decided_at": case.decided_at,
        "reason": event.comment,
        "authority": department and department.name,
        "results": [result["name"] for result in items.document(tx, case.item_id).published["results"]],
    }
    issue(tx, case, SlipKind.DECISION, facts)


def _delivered(tx: Transaction, case: Case, event: UserTaskCompleted) -> None:
    if case.state not in RESULTLESS:
        handed_over(tx, case, event)


COMPLETED: Mapping[tuple[Does | None, str | None], Callable[[Transaction, Case, UserTaskCompleted], None]] = {
    (Does.ACCEPT, "accept"): _accepted,
    (Does.ACCEPT, "decline"): _declined,
    (Does.DECIDE, "approve"): _decided,
    (Does.DECIDE, "deemed_approved"): _decided,
    (Does.DECIDE, "refuse"): _decided,
}
"""What a person's word on a step is an occasion for."""


def _completed(tx: Transaction, event: UserTaskCompleted) -> None:
    does = meaning.of(event.properties).act
    issues = _delivered if does == Does.DELIVER else COMPLETED.get((does, event.outcome))
    if issues is not None and (case := tx.session.get(Case, event.root_id)) is not None:
        issues(tx, case, event)


def _deadlines(tx: Transaction, root_id: str, *kinds: ClockKind) -> Mapping[ClockKind, Clock]:
    """The newest clock of each kind."""
    tx.flush()
    wanted = select(Clock).where(Clock.root_id == root_id, Clock.kind.in_(kinds)).order_by(Clock.started_at, Clock.id)
    return {clock.kind: clock for clock in tx.session.scalars(wanted)}


def _handed_in(tx: Transaction, case: Case) -> Sequence[str]:
    """The materials of the application, in the item's words."""
    called = {one["code"]: one["name"] for one in items.document(tx, case.item_id).published["materials"]}
    wanted = select(Material.kind, Material.filename).where(
        Material.root_id == case.root_id, Material.task_id.is_(None)
    )
    return [called.get(kind or "") or filename for kind, filename in tx.session.execute(wanted.order_by(Material.id))]
