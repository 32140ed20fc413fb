"""How a case moves on: listens to what its process does, in the words of casework.meaning, and keeps the case's row."""

from collections.abc import Callable, Mapping
from typing import Any

from casework import (
    acceptance,
    clocks,
    corrections,
    deemed_acceptance,
    deeming,
    feed,
    items,
    meaning,
    rectifying,
    standing,
    tacit_approvals,
)
from casework.events import SlipServed
from casework.item_document import ItemDocument
from casework.meaning import Does
from casework.tables import Case, CaseState, CorrectionState, Decision
from engine import definitions
from engine.events import (
    ActivityEnded,
    ActivityStarted,
    Event,
    ProcessInstanceEnded,
    ProcessInstanceStarted,
    UserTaskCancelled,
    UserTaskCompleted,
    UserTaskCreated,
)
from engine.tables import UserTask
from engine.transaction import Transaction

PRECONDITION_FAILED = "precondition-failed"
FINAL = frozenset({CaseState.DECLINED, CaseState.WITHDRAWN})
SAID = frozenset({Does.ACCEPT, Does.DECIDE, Does.VERIFY})
DECISIONS: Mapping[str | None, Decision] = {
    "approve": Decision.APPROVED,
    deeming.APPROVED: Decision.APPROVED,
    "refuse": Decision.REFUSED,
}


def listen(tx: Transaction, event: Event) -> None:
    """Moves the case that the event belongs to; a process that is no case's is left alone."""
    heard = HEARD.get(type(event))
    if heard is not None:
        heard(tx, event)


def _case(tx: Transaction, root_id: str) -> Case | None:
    return tx.session.get(Case, root_id)


def _started(tx: Transaction, event: ProcessInstanceStarted) -> None:
    """收件: the receipt clock runs; a diagram without a step of acceptance is accepted on submission (即办件)."""
    if event.parent_id is not None or (case := _case(tx, event.root_id)) is None:
        return
    item = items.document(tx, case.item_id)
    feed.case_moved(tx, case)
    receipt = clocks.case_received(tx, case, item)
    if meaning.accepts_by_itself(definitions.load(tx, event.definition_id).process):
        acceptance.accept(tx, case, item)
    elif item.is_licence:
        deemed_acceptance.await_silence(tx, case, receipt.statutory_due_at)


def _created(tx: Transaction, event: UserTaskCreated) -> None:
    """What the law has accepted already needs no acceptance; what a declaration is held against the facts for is
    concluded (告知承诺)."""
    does = meaning.of(event.properties).act
    if does not in (Does.ACCEPT, Does.VERIFY) or (case := _case(tx, event.root_id)) is None:
        return
    if does == Does.ACCEPT and case.is_accepted_by_law:
        deemed_acceptance.follow(tx, case)
    elif does == Does.VERIFY and case.state == CaseState.DECIDED:
        case.state = CaseState.CONCLUDED
        standing.moved(tx, case)


def _completed(tx: Transaction, event: UserTaskCompleted) -> None:
    does = meaning.of(event.properties).act
    if does not in SAID or (case := _case(tx, event.root_id)) is None:
        return
    item = items.document(tx, case.item_id)
    if does == Does.ACCEPT and event.outcome == "decline":
        case.state = CaseState.DECLINED
        standing.moved(tx, case)
        clocks.case_declined(tx, case, item)
    elif does == Does.ACCEPT:
        _accepted(tx, case, item)
    elif does == Does.VERIFY and event.outcome == "revoke":
        case.decision = Decision.REVOKED
        standing.moved(tx, case)
    elif does == Does.DECIDE and event.outcome in DECISIONS:
        case.state, case.decided_at, case.decision = CaseState.DECIDED, tx.now, DECISIONS[event.outcome]
        standing.moved(tx, case)
        clocks.case_decided(tx, case, item)


def _accepted(tx: Transaction, case: Case, item: ItemDocument) -> None:
    """受理, unless the law has done so already."""
    if case.accepted_at is None:
        acceptance.accept(tx, case, item)
        deemed_acceptance.no_longer(tx, case.root_id)


def _step_started(tx: Transaction, event: ActivityStarted) -> None:
    does = meaning.of(event.properties).act
    if does not in STEPS or (case := _case(tx, event.root_id)) is None:
        return
    STEPS[does](tx, case, event)


def _correct(tx: Transaction, case: Case, event: ActivityStarted) -> None:
    case.state = CaseState.CORRECTING
    standing.moved(tx, case)


def _withdraw(tx: Transaction, case: Case, event: ActivityStarted) -> None:
    case.state = CaseState.WITHDRAWN
    corrections.answered(tx, case.root_id, CorrectionState.LAPSED)
    clocks.case_withdrawn(tx, case, items.document(tx, case.item_id))
    standing.moved(tx, case)


def _deem_accepted(tx: Transaction, case: Case, event: ActivityStarted) -> None:
    """视为受理: drawn by the diagram, which goes on by itself; what else waits for acceptance ends after it."""
    if case.accepted_at is None:
        acceptance.accept_by_law(tx, case, items.document(tx, case.item_id))
        deemed_acceptance.no_longer(tx, case.root_id)
        deemed_acceptance.follow(tx, case)


STEPS: Mapping[Does | None, Callable[[Transaction, Case, ActivityStarted], None]] = {
    Does.CORRECT: _correct,
    Does.WITHDRAW: _withdraw,
    Does.DEEM_ACCEPT: _deem_accepted,
    Does.DEEM_APPROVE: tacit_approvals.fall_due,
}
"""What becomes of a case when such a step begins."""


def _step_ended(tx: Transaction, event: ActivityEnded) -> None:
    """The applicant has supplemented, and the case is again where it stood; a lapsed notice ends another way.

    While another step still waits for the applicant, so does the case.
    """
    if meaning.of(event.properties).act != Does.CORRECT or (case := _case(tx, event.root_id)) is None:
        return
    if rectifying.is_awaited(tx, event.root_id):
        return
    if case.state == CaseState.CORRECTING:
        case.state = _standing(case)
        standing.moved(tx, case)
    state = CorrectionState.LAPSED if event.cancelled else CorrectionState.ANSWERED
    corrections.answered(tx, case.root_id, state)


def _standing(case: Case) -> CaseState:
    """Where a case stands by what was done to it so far."""
    if case.decided_at is not None:
        return CaseState.DECIDED
    return CaseState.ACCEPTED if case.accepted_at is not None else CaseState.RECEIVED


def _cancelled(tx: Transaction, event: UserTaskCancelled) -> None:
    """前置未通过: a step that waited for a decision closes for that reason when the decision is a refusal."""
    if meaning.of(event.properties).after is None or (case := _case(tx, event.root_id)) is None:
        return
    if case.decision == Decision.REFUSED:
        tx.session.get_one(UserTask, event.task_id).end_reason = PRECONDITION_FAILED


def _ended(tx: Transaction, event: ProcessInstanceEnded) -> None:
    if event.parent_id is not None or (case := _case(tx, event.root_id)) is None:
        return
    case.ended_at = tx.now
    if case.accepted_at is None:
        deemed_acceptance.no_longer(tx, case.root_id)
    if event.cancelled:
        case.state = CaseState.WITHDRAWN
    elif case.state not in FINAL:
        case.state = CaseState.CONCLUDED
    standing.moved(tx, case)


HEARD: Mapping[type[Event], Callable[[Transaction, Any], None]] = {
    ProcessInstanceStarted: _started,
    UserTaskCreated: _created,
    UserTaskCompleted: _completed,
    UserTaskCancelled: _cancelled,
    ActivityStarted: _step_started,
    ActivityEnded: _step_ended,
    SlipServed: corrections.served,
    ProcessInstanceEnded: _ended,
}
