"""Who may see a bill: whoever sees the case as a whole, and the connected systems that collect and settle it."""

from casework import cases, items, sight
from casework.fees import bills
from casework.tables import Bill, Case
from engine.errors import NotFound, Sentence
from engine.transaction import Transaction

NO_BILL = Sentence("本办件没有缴费通知。", "The case has no bill.")


def of_case(tx: Transaction, number: str) -> Bill:
    """The newest bill of a case. Raises NotFound when there is none or the caller may not see it."""
    case = cases.by_number(tx, number)
    tx.ports.may(tx, "cases.read", case)
    bill = bills.latest(tx, case.root_id)
    if bill is None or not _is_open(tx, case):
        raise NotFound(NO_BILL)
    return bill


def seen(tx: Transaction, number: str, act: str) -> Bill:
    """A bill by its number, if the caller may do the act to it. Raises NotFound, Forbidden."""
    bill = bills.by_number(tx, number)
    tx.ports.may(tx, act, bill)
    return bill


def _is_open(tx: Transaction, case: Case) -> bool:
    """An external participant such as a bank sees what the item names for it, and no more."""
    return sight.of(tx, case, items.document(tx, case.item_id)).fields is None
