"""Clocks (时限): one running measurement each, of a case, a department's share, a step, the applicant's time.

Limits come from the item, days from the calendar; what happens in the case starts, pauses and ends them. A clock is
paused, never suspended: suspending a process instance does not stop the legal time.
"""

from casework.clocks.acts import restart, start, stop, void, void_all
from casework.clocks.case_clocks import (
    case_accepted,
    case_decided,
    case_declined,
    case_received,
    case_withdrawn,
    is_receipt_over,
)
from casework.clocks.description import Signal, Standing, describe, describe_all, shown
from casework.clocks.exclusions import exclude
from casework.clocks.extensions import EXTENDABLE, by_id, extend, law_takes, promise_takes, shorten
from casework.clocks.grounds import WHOLE_CASE, Ground, NewClock, Reach, Scope
from casework.clocks.listening import listen
from casework.clocks.reading import Measured, Reading, all_of, read
from casework.clocks.standstills import hold, of_occasion, pause, release, resume, reverse, share_and_case
from casework.clocks.timers import FUNCTION_NAMES, due_at, functions

__all__ = [
    "EXTENDABLE",
    "FUNCTION_NAMES",
    "WHOLE_CASE",
    "Ground",
    "Measured",
    "NewClock",
    "Reach",
    "Reading",
    "Scope",
    "Signal",
    "Standing",
    "all_of",
    "by_id",
    "case_accepted",
    "case_decided",
    "case_declined",
    "case_received",
    "case_withdrawn",
    "describe",
    "describe_all",
    "due_at",
    "exclude",
    "extend",
    "functions",
    "hold",
    "is_receipt_over",
    "law_takes",
    "listen",
    "of_occasion",
    "pause",
    "promise_takes",
    "read",
    "release",
    "restart",
    "resume",
    "reverse",
    "share_and_case",
    "shorten",
    "shown",
    "start",
    "stop",
    "void",
    "void_all",
]
