"""Acceptance (受理): by a clerk or, where nobody told the applicant anything in time, by operation of law.

行政许可法 art. 32: who is not told within five days what is missing is accepted from the day of receipt. What moves the
diagram is not here.
"""

from datetime import datetime

from sqlalchemy import func, select

from casework import clocks, corrections, items, standing
from casework.item_document import ItemDocument
from casework.slips import occasions
from casework.tables import Case, CaseState, Correction, CorrectionState
from engine import evidence
from engine.errors import Conflict, Sentence
from engine.store import instance_rows
from engine.transaction import Transaction

ARTICLE = "行政许可法第三十二条"
ACCEPTED_BY_LAW = "case.accepted_by_law"
SILENCE = Sentence(
    f"逾期未告知须补正的内容，自收到申请材料之日起即为受理（{ARTICLE}）。",
    "Nobody told the applicant in time what is missing: accepted from the day of receipt "
    "(Administrative Licensing Law, article 32).",
)
ACCEPTED_ALREADY = Sentence(
    f"受理期限已过，依{ARTICLE}自收到申请材料之日起即为受理，不能再作不予受理决定。",
    "The time for acceptance is over: by article 32 of the Administrative Licensing Law the application is accepted "
    "from the day of receipt, and can no longer be declined.",
)


def accept(tx: Transaction, case: Case, item: ItemDocument) -> None:
    """A person accepts, or submission does (即办件); after the five days the law has done so already."""
    if item.is_licence and clocks.is_receipt_over(tx, case.root_id):
        accept_by_law(tx, case, item)
    else:
        _accepted(tx, case, item, tx.now)


def accept_by_law(tx: Transaction, case: Case, item: ItemDocument) -> None:
    """视为受理: accepted as of the day of receipt, with the slip; a notice that was not served asks for nothing."""
    case.is_accepted_by_law = True
    corrections.lapse_unserved(tx, case.root_id)
    _accepted(tx, case, item, _complete_since(tx, case))
    root, since = instance_rows.of(tx, case.root_id), case.accepted_at
    evidence.record(
        tx, root, ACCEPTED_BY_LAW, new=since.isoformat() if since else None, reason=SILENCE.zh, basis=ARTICLE
    )
    occasions.accepted(tx, case)


def _accepted(tx: Transaction, case: Case, item: ItemDocument, at: datetime) -> None:
    case.state, case.accepted_at = CaseState.ACCEPTED, at
    standing.moved(tx, case)
    clocks.case_accepted(tx, case, item)


def _complete_since(tx: Transaction, case: Case) -> datetime:
    """The receipt, or of what a notice served in time asked for."""
    answered = tx.session.scalar(
        select(func.max(Correction.answered_at)).where(
            Correction.root_id == case.root_id, Correction.state == CorrectionState.ANSWERED
        )
    )
    return max(case.received_at, answered or case.received_at)


def may_decline(tx: Transaction, case: Case) -> None:
    """Raises Conflict when the law has accepted the case."""
    is_licence = items.document(tx, case.item_id).is_licence
    if case.is_accepted_by_law or (is_licence and clocks.is_receipt_over(tx, case.root_id)):
        raise Conflict(ACCEPTED_ALREADY)
