"""What an applicant sees of a case without a login (办件进度): number and query code are the key.

No personal data but a masked name, no opinions, no names of officials; a confidential case is not known here.
"""

import hmac
from typing import Any

from sqlalchemy import select

from casework import case_view, clocks, corrections, items, masking, names, step_names
from casework.numbers import QUERY_CODE_LENGTH
from casework.tables import Case, ClockKind
from engine.errors import NotFound, Sentence
from engine.tables import UserTask
from engine.transaction import Transaction

TOLD = frozenset(
    {
        ClockKind.RECEIPT,
        ClockKind.PROMISED,
        ClockKind.STATUTORY,
        ClockKind.CORRECTION,
        ClockKind.DEFERRAL,
        ClockKind.DELIVERY,
    }
)
NOBODYS_CODE = " " * QUERY_CODE_LENGTH


def opened(tx: Transaction, number: str, query_code: str) -> Case:
    """The case of a number and its code. Raises NotFound alike for a wrong number, a wrong code and a confidential
    case."""
    case = tx.session.scalar(select(Case).where(Case.number == number))
    expected = NOBODYS_CODE if case is None or case.is_confidential else case.query_code
    if not hmac.compare_digest(expected.encode(), query_code.strip().upper().encode()) or case is None:
        raise NotFound
    return case


def show(tx: Transaction, case: Case) -> dict[str, Any]:
    """The progress of a case that was opened."""
    item, departments = items.document(tx, case.item_id), names.departments(tx)
    return {
        "case": case,
        "item_name": Sentence(item.published["name"], item.published["name_en"]),
        "applicant_name": _masked_name(case),
        "steps": [_step(tx, step, departments) for step in case_view.steps_of(tx, case.root_id)],
        "deadlines": [one for one in clocks.describe_all(tx, case.root_id) if one["kind"] in TOLD],
        "correction": _open_notice(tx, case),
    }


def _masked_name(case: Case) -> str:
    """An organisation's name is in the public register; a person's is theirs."""
    return masking.name(case.applicant_name) if case.applicant_kind == "person" else case.applicant_name


def _step(tx: Transaction, step: UserTask, departments: Any) -> dict[str, Any]:
    return {
        "name": names.step(step_names.drawn(tx, step)),
        "department": departments.get(step.department),
        "state": step.state,
        "started_at": step.created_at,
        "ended_at": step.ended_at,
    }


def _open_notice(tx: Transaction, case: Case) -> dict[str, Any] | None:
    """The notice that waits for the applicant."""
    out = corrections.out(tx, case.root_id)
    return None if out is None else case_view.notice(out)
