"""The clocks of a case with everything that was done to them, as far as the reader may see it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from casework import case_view, clock_reasons, extensions, names
from casework.names import Directory
from casework.tables import Case, ClockExtension
from engine.errors import NotFound
from engine.transaction import Transaction


def of(tx: Transaction, case: Case) -> list[dict[str, Any]]:
    """Every clock that concerns the actor, in the order they started; who acted is told to officials alone."""
    read = case_view.read(tx, case)
    granted = extensions.of_case(tx, case.root_id)
    shown = case_view.deadlines(tx, read, names.directory(tx, ()))
    asked = {pause["asked_by"] for clock in shown for pause in clock["pauses"]}
    known = names.directory(tx, asked | {row.granted_by for row in granted})
    of_clock: defaultdict[str, list[ClockExtension]] = defaultdict(list)
    for row in granted:
        of_clock[row.clock_id].append(row)
    return [
        clock
        | {
            "pauses": [pause | _who(pause, known, is_told=read.sight.is_official) for pause in clock["pauses"]],
            "extensions": [_extension(row, known, is_told=read.sight.is_official) for row in of_clock[clock["id"]]],
        }
        for clock in shown
    ]


def one(tx: Transaction, case: Case, clock_id: str) -> dict[str, Any]:
    """One clock of a case. Raises NotFound when it does not concern the actor."""
    found = next((clock for clock in of(tx, case) if clock["id"] == clock_id), None)
    if found is None:
        raise NotFound
    return found


def _who(pause: Mapping[str, Any], known: Directory, *, is_told: bool) -> dict[str, Any]:
    if not is_told:
        return {"asked_by": None, "department": None}
    return {"asked_by": known.person(pause["asked_by"]), "department": known.department(pause["department"])}


def _extension(row: ClockExtension, known: Directory, *, is_told: bool) -> dict[str, Any]:
    return {
        "amount": row.amount,
        "reason": row.reason,
        "reason_name": clock_reasons.name_of(row.reason),
        "basis": row.basis,
        "document": row.document,
        "paper": row.paper,
        "granted_at": row.granted_at,
        "granted_by": known.person(row.granted_by) if is_told else None,
        "held_from": row.held_from,
        "reversed_at": row.reversed_at,
    }
