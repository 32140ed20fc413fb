"""Numbered slips (文书): what the applicant is given in writing, by number, and how it was served.

`issue(tx, case, SlipKind.EXTENSION, facts)` is all that a command needs; who wants to know of the service listens for
`casework.events.SlipServed`. Knows no clock: what a slip brings about is the business of whoever issues it.
"""

from casework.events import SlipServed
from casework.slips.issuing import issue
from casework.slips.kinds import FORMS, SlipForm
from casework.slips.serving import Service, serve
from casework.tables import ServiceMeans, Slip, SlipKind

__all__ = [
    "FORMS",
    "Service",
    "ServiceMeans",
    "Slip",
    "SlipForm",
    "SlipKind",
    "SlipServed",
    "issue",
    "serve",
]
