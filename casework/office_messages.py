"""The messages by which the office's own acts reach a case's diagram (docs/diagrams.md, Messages).

Each stands for an act with a person, a reason and evidence; whoever could send one from outside would do the act
without them. Knows no case.
"""

from collections.abc import Mapping

from casework import cases, corrections, renewals, term_applications
from casework.deferrals import promises
from casework.fees import payments

SENT_BY: Mapping[str, str] = {
    cases.WITHDRAWN: "POST /api/cases/{number}/withdraw",
    corrections.NOTICED: "POST /api/cases/{number}/correction-notice",
    term_applications.EXTENSION: "POST /api/cases/{number}/extension-applications",
    term_applications.PROCEDURE: "POST /api/cases/{number}/special-procedures",
    renewals.GRANTED: "POST /api/inbox/{task}/complete",
    cases.SUPPLEMENTED: "POST /api/cases/{number}/supplement",
    promises.OFFERED: "POST /api/cases/{number}/deferral",
    promises.HANDED_IN: "POST /api/cases/{number}/deferral/hand-in",
    payments.MESSAGE: "POST /api/bills/{bill}/payments",
}
"""Where the act is done that sends the message."""
