"""How a case moves on: listens to what its process does, in the words of casework.meaning, and keeps the case's row."""

from collections.abc import Mapping

from casework import clocks, corrections, feed, items, meaning, rectifying
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
)
from engine.tables import UserTask
from engine.transaction import Transaction

PRECONDITION_FAILED = "precondition-failed"
FINAL = frozenset({CaseState.DECLINED, CaseState.WITHDRAWN})
DECISIONS: Mapping[str | None, Decision] = {"approve": Decision.APPROVED, "refuse": Decision.REFUSED}


def listen(tx: Transaction, event: Event) -> None:
    """Moves the case that the event belongs to; a process that is no case's is left alone."""
    match event:
        case ProcessInstanceStarted(parent_id=None):
            _started(tx, event)
        case UserTaskCompleted():
            _completed(tx, event)
        case UserTaskCancelled():
            _cancelled(tx, event)
        case ActivityStarted():
            _step_started(tx, event)
        case ActivityEnded():
            _step_ended(tx, event)
        case ProcessInstanceEnded(parent_id=None):
            _ended(tx, event)


def _case(tx: Transaction, root_id: str) -> Case | None:
    return tx.session.get(Case, root_id)


def _started(tx: Transaction, event: ProcessInstanceStarted) -> None:
    """收件: the receipt clock runs; a diagram without a step of acceptance is accepted on submission (即办件)."""
    if (case := _case(tx, event.root_id)) is None:
        return
    item = items.document(tx, case.item_id)
    feed.case_moved(tx, case)
    clocks.case_received(tx, case, item)
    if meaning.accepts_by_itself(definitions.load(tx, event.definition_id).process):
        _accept(tx, case, item)


def _moved(tx: Transaction, case: Case) -> None:
    """The case is in another state, and whoever follows it hears so."""
    case.revision += 1
    feed.case_moved(tx, case)


def _accept(tx: Transaction, case: Case, item: ItemDocument) -> None:
    case.state, case.accepted_at = CaseState.ACCEPTED, tx.now
    _moved(tx, case)
    clocks.case_accepted(tx, case, item)


def _completed(tx: Transaction, event: UserTaskCompleted) -> None:
    does = meaning.of(event.properties).act
    if does not in (Does.ACCEPT, Does.DECIDE) or (case := _case(tx, event.root_id)) is None:
        return
    item = items.document(tx, case.item_id)
    if does == Does.ACCEPT and event.outcome == "decline":
        case.state = CaseState.DECLINED
        _moved(tx, case)
        clocks.case_declined(tx, case, item)
    elif does == Does.ACCEPT:
        _accept(tx, case, item)
    elif event.outcome in DECISIONS:
        case.state, case.decided_at, case.decision = CaseState.DECIDED, tx.now, DECISIONS[event.outcome]
        _moved(tx, case)
        clocks.case_decided(tx, case, item)


def _step_started(tx: Transaction, event: ActivityStarted) -> None:
    does = meaning.of(event.properties).act
    if does not in (Does.CORRECT, Does.WITHDRAW) or (case := _case(tx, event.root_id)) is None:
        return
    if does == Does.CORRECT:
        case.state = CaseState.CORRECTING
    else:
        case.state = CaseState.WITHDRAWN
        corrections.answered(tx, case.root_id, CorrectionState.LAPSED)
        clocks.case_withdrawn(tx, case, items.document(tx, case.item_id))
    _moved(tx, case)


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
        _moved(tx, case)
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
    if (case := _case(tx, event.root_id)) is None:
        return
    case.ended_at = tx.now
    if event.cancelled:
        case.state = CaseState.WITHDRAWN
    elif case.state not in FINAL:
        case.state = CaseState.CONCLUDED
    _moved(tx, case)
