"""What happens in a case, as its clocks hear it."""

from collections.abc import Callable, Mapping
from typing import Any

from casework import meaning
from casework.clocks import case_clocks, handing_on, pressing, shares
from casework.events import SlipServed
from casework.meaning import Does
from casework.tables import SlipKind
from engine.events import (
    ActivityEnded,
    ActivityStarted,
    Event,
    ProcessInstanceEnded,
    UserTaskCancelled,
    UserTaskCompleted,
    UserTaskCreated,
    UserTaskReminded,
    UserTaskTransferred,
)
from engine.transaction import Transaction

SORTS_ANEW = (UserTaskCreated, UserTaskTransferred, UserTaskReminded)
"""After these a task presses at another instant, or another clock measures it."""


def listen(tx: Transaction, event: Event) -> None:
    """Starts, pauses, resumes and ends clocks as the diagram goes on. A process that is no case's has none."""
    _keep_time(tx, event)
    if isinstance(event, SORTS_ANEW):
        tx.lastly(pressing.sort_steps, event.root_id)


def _keep_time(tx: Transaction, event: Event) -> None:
    match event:
        case ActivityStarted() | ActivityEnded():
            _applicants_turn(tx, event)
        case SlipServed(kind=SlipKind.CORRECTION):
            case_clocks.correction_served(tx, event)
        case ProcessInstanceEnded(parent_id=None):
            case_clocks.case_ended(tx, event)
        case _ if (keep := OF_TASKS.get(type(event))) is not None:
            keep(tx, event)


def _applicants_turn(tx: Transaction, event: ActivityStarted | ActivityEnded) -> None:
    """补正: the applicant has to hand something in, or has done so."""
    if meaning.of(event.properties).act != Does.CORRECT:
        return
    if isinstance(event, ActivityStarted):
        case_clocks.correction_began(tx, event)
    else:
        case_clocks.correction_ended(tx, event)


OF_TASKS: Mapping[type[Event], Callable[[Transaction, Any], None]] = {
    UserTaskCreated: shares.created,
    UserTaskCompleted: shares.completed,
    UserTaskCancelled: shares.cancelled,
    UserTaskTransferred: handing_on.transferred,
}
