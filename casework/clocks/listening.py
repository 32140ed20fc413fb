"""What happens in a case, as its clocks hear it."""

from casework import meaning
from casework.clocks import case_clocks, handing_on, pressing, shares
from casework.meaning import Does
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
        case UserTaskCreated():
            shares.created(tx, event)
        case UserTaskCompleted():
            shares.completed(tx, event)
        case UserTaskCancelled():
            shares.cancelled(tx, event)
        case UserTaskTransferred():
            handing_on.transferred(tx, event)
        case ActivityStarted() if meaning.of(event.properties).act == Does.CORRECT:
            case_clocks.correction_began(tx, event)
        case ActivityEnded() if meaning.of(event.properties).act == Does.CORRECT:
            case_clocks.correction_ended(tx, event)
        case ProcessInstanceEnded(parent_id=None):
            case_clocks.case_ended(tx, event)
