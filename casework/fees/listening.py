"""What happens in a case, as its bills hear it: a step that waits for the payment begins and ends."""

from casework import clocks, items, meaning
from casework.clocks import Ground
from casework.fees import bills
from casework.meaning import Does
from casework.slips import SlipKind, SlipServed
from casework.tables import BillState, Case
from engine.events import ActivityEnded, ActivityStarted, Event
from engine.transaction import Transaction

PAYMENT = "payment"
BY_THE_TARIFF = "行政许可法第五十九条"


def listen(tx: Transaction, event: Event) -> None:
    """Issues the bill when the diagram waits for its payment; where the item says so, time stands still from the
    service of the notice until the payment."""
    match event:
        case ActivityStarted() if meaning.of(event.properties).act == Does.PAY:
            if case := tx.session.get(Case, event.root_id):
                bills.issue(tx, case)
        case SlipServed(kind=SlipKind.PAYMENT):
            _served(tx, event)
        case ActivityEnded() if meaning.of(event.properties).act == Does.PAY:
            clocks.resume(tx, event.root_id, Ground(PAYMENT))
            if event.cancelled:
                bills.void(tx, event.root_id)


def _served(tx: Transaction, served: SlipServed) -> None:
    case, bill = tx.session.get_one(Case, served.root_id), bills.latest(tx, served.root_id)
    is_due = bill is not None and bill.state == BillState.DUE
    if is_due and items.document(tx, case.item_id).pauses_for_payment:
        clocks.pause(tx, served.root_id, Ground(PAYMENT, BY_THE_TARIFF, served.number))
