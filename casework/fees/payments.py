"""The payment message (缴费结果): a connected system says once, or several times, that a bill is paid."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework import tariff
from casework.fees import bills
from casework.tables import Bill, BillState
from engine import evidence, messages
from engine.errors import Conflict, Fault, Invalid, Sentence
from engine.store import instance_rows
from engine.store.dialect import take_turns
from engine.transaction import Transaction

MESSAGE = "fees-paid"
PAID = "bill.paid"
IS_VOID = Sentence(
    "该缴费通知已作废，不应再缴费；已收款项请退还缴款人。",
    "This bill is void and nothing is owed on it; return what was received to the payer.",
)
PAID_OTHERWISE = Sentence(
    "该缴费通知已由另一笔缴款缴清，请退还本笔款项。",
    "This bill has been paid by another payment; return this one to the payer.",
)
USED_ELSEWHERE = Sentence("该缴款流水号已用于另一张缴费通知。", "This payment number belongs to another bill.")


@dataclass(frozen=True, slots=True)
class Payment:
    """What the paying system says: its own number of the payment, the sum in fen, when it was paid."""

    number: str
    amount: int
    paid_at: datetime


def receive(tx: Transaction, bill_number: str, payment: Payment) -> Bill:
    """The bill is paid and the case goes on. The same message again changes nothing.

    Raises NotFound for an unknown bill, Invalid when the sum is another or the time lies ahead, Conflict when the bill
    is void or paid by another payment, or the payment was for another bill.
    """
    bill = bills.by_number(tx, bill_number)
    tx.ports.may(tx, "fees.receive_payment", bill)
    root = instance_rows.lock_tree_of(tx, bill.root_id)
    tx.session.refresh(bill)
    if bill.state == BillState.PAID and bill.payment_number == payment.number:
        _check_sum(bill, payment)
        return bill
    take_turns(tx.session.connection(), f"payment {payment.number}")
    _check_can_be_paid(tx, bill, payment)
    bill.state, bill.payment_number, bill.paid_at = BillState.PAID, payment.number, payment.paid_at
    bill.revision += 1
    evidence.record(tx, root, PAID, subject=bill.id, new=tariff.yuan(bill.total), document=payment.number)
    tx.flush()
    messages.correlate(tx, MESSAGE, root_id=bill.root_id)
    return bill


def _check_can_be_paid(tx: Transaction, bill: Bill, payment: Payment) -> None:
    if bill.state == BillState.VOID:
        raise Conflict(IS_VOID)
    if bill.state == BillState.PAID:
        raise Conflict(PAID_OTHERWISE)
    _check_sum(bill, payment)
    if payment.paid_at > tx.now:
        ahead = Sentence("缴款时间不能晚于现在。", "The time of payment cannot lie in the future.")
        raise Invalid(faults=[Fault(ahead, "paid_at")])
    if tx.session.scalar(select(Bill.id).where(Bill.payment_number == payment.number)):
        raise Conflict(USED_ELSEWHERE)


def _check_sum(bill: Bill, payment: Payment) -> None:
    if payment.amount != bill.total:
        due = tariff.yuan(bill.total)
        wrong = Sentence(f"应缴 {due} 元，须一次缴清。", f"{due} yuan are due, in one payment.")
        raise Invalid(faults=[Fault(wrong, "amount")])
