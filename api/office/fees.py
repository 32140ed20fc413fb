"""Fees (收费) at the door: the bill of a case, the split list, the message that it is paid."""

import re
from typing import Any

import marshmallow as ma

from api.office.fields import Called, DepartmentShown, in_language
from api.routes import Routes
from api.wire import Instant
from casework import fees, names, tariff
from casework.fees import Payment
from casework.names import Directory
from casework.tables import Bill, BillLine, BillState
from casework.words import BILL_STATES
from engine.errors import Sentence
from engine.transaction import Transaction

YUAN = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
NO_AMOUNT = Sentence(
    '应为元，至多两位小数，例如 "1200.00"。', 'Write yuan with at most two decimals, such as "1200.00".'
)

routes = Routes("fees", "Fees (收费).")


class Money(ma.fields.String):
    """An amount in yuan, written to the cent: "1200.00". A number could lose a cent on the way."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else tariff.yuan(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not YUAN.fullmatch(text):
            raise ma.ValidationError([NO_AMOUNT])
        return tariff.fen(text)


class LineShown(ma.Schema):
    """One fee of one department: for so many units at this rate, on this ground."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    department = ma.fields.Nested(DepartmentShown, required=True)
    basis = ma.fields.String(required=True)
    rate = Money(required=True)
    quantity = ma.fields.String(allow_none=True)
    amount = Money(required=True)


class BillShown(ma.Schema):
    """A bill (缴费通知): what the applicant has to pay for a case, all departments together."""

    number = ma.fields.String(required=True)
    state = ma.fields.Enum(BillState, required=True)
    state_name = Called(BILL_STATES, of="state", required=True)
    total = Money(required=True)
    issued_at = Instant(required=True)
    paid_at = Instant(allow_none=True)
    payment_number = ma.fields.String(allow_none=True)
    lines = ma.fields.List(ma.fields.Nested(LineShown), required=True)


class ShareShown(ma.Schema):
    """What one account gets of one fee."""

    fee = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    department = ma.fields.Nested(DepartmentShown, required=True)
    account = ma.fields.String(required=True)
    amount = Money(required=True)


class SplitList(ma.Schema):
    """How a bill is divided among the accounts (分户划转清单); the shares add up to the total."""

    number = ma.fields.String(required=True)
    state = ma.fields.Enum(BillState, required=True)
    total = Money(required=True)
    shares = ma.fields.List(ma.fields.Nested(ShareShown), required=True)


class PaymentMessage(ma.Schema):
    """What the paying system says. `number` is its own of the payment: the same message again changes nothing."""

    number = ma.fields.String(required=True, validate=ma.validate.Regexp(r"[A-Za-z0-9._-]{1,64}\Z"))
    amount = Money(required=True)
    paid_at = Instant(required=True)


@routes.get("/cases/<number>/bill", "办件缴费通知", "fees.read", answer=BillShown)
def show_bill_of_case(tx: Transaction, number: str) -> dict[str, Any]:
    """Show the latest bill of a case"""
    return _shown(tx, fees.of_case(tx, number))


@routes.get("/bills/<number>", "缴费通知", "fees.read", answer=BillShown)
def show_bill(tx: Transaction, number: str) -> dict[str, Any]:
    """Show a bill"""
    return _shown(tx, fees.seen(tx, number, "fees.read"))


@routes.get("/bills/<number>/split", "分户划转清单", "fees.read_split", answer=SplitList)
def show_split(tx: Transaction, number: str) -> dict[str, Any]:
    """Show how a bill is divided among the accounts

    The shares add up to the cent: each is rounded down, and the cents left over go one by one to the greatest
    remainders, of equal ones to the account that the item names first.
    """
    bill = fees.seen(tx, number, "fees.read_split")
    known = names.directory(tx, ())
    shares = [
        {
            "fee": line.code,
            "name": in_language(line.name, line.name_en),
            "department": known.department(line.department),
            "account": share.account,
            "amount": share.amount,
        }
        for share, line in fees.shares_of(tx, bill)
    ]
    return {"number": bill.number, "state": bill.state, "total": bill.total, "shares": shares}


@routes.post("/bills/<number>/payments", "缴费结果", "fees.receive_payment", body=PaymentMessage, answer=BillShown)
def receive_payment(tx: Transaction, body: dict[str, Any], number: str) -> dict[str, Any]:
    """Say that a bill is paid; the case goes on

    In one payment. The same message again answers the same and changes nothing.
    """
    return _shown(tx, fees.receive(tx, number, Payment(body["number"], body["amount"], body["paid_at"])))


def _shown(tx: Transaction, bill: Bill) -> dict[str, Any]:
    known = names.directory(tx, ())
    row = {column.key: getattr(bill, column.key) for column in bill.__table__.columns}
    return row | {"lines": [_line(line, known) for line in fees.lines_of(tx, bill)]}


def _line(line: BillLine, known: Directory) -> dict[str, Any]:
    row = {column.key: getattr(line, column.key) for column in line.__table__.columns}
    called = {"name": in_language(line.name, line.name_en), "department": known.department(line.department)}
    return row | called
