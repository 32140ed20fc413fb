"""The bill of a case (缴费通知): issued with a slip, read, made void. That it is paid, casework.fees.payments hears."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select

from casework import departments, items, notices, slips, tariff
from casework.slips import SlipKind
from casework.tables import Bill, BillLine, BillShare, BillState, Case
from casework.tariff import Charge, Uncountable
from engine import evidence
from engine.errors import ExpressionFailed, NotFound
from engine.store import instance_rows
from engine.store.variables import ScopeVariables
from engine.transaction import Transaction

ISSUED, VOIDED = "bill.issued", "bill.voided"


def charges(tx: Transaction, case: Case) -> list[Charge]:
    """What the item charges this case, by what is known of it now. Raises ExpressionFailed when that is too little."""
    fees = items.document(tx, case.item_id).fees
    if not fees:
        return []
    try:
        return tariff.charges(fees, ScopeVariables(tx, case.root_id)[None])
    except Uncountable as unknown:
        raise ExpressionFailed(unknown.sentence) from unknown


def issue(tx: Transaction, case: Case) -> Bill:
    """All that is owed on one bill, and the notice to pay it. The case is locked."""
    charged = charges(tx, case)
    total = sum(charge.amount for charge in charged)
    number = f"{case.number}-JF{_issued_before(tx, case) + 1}"
    bill = Bill(
        id=tx.new_id(),
        region=case.region,
        root_id=case.root_id,
        number=number,
        state=BillState.DUE,
        total=total,
        issued_at=tx.now,
        revision=1,
    )
    tx.add(bill)
    tx.flush()
    _write_lines(tx, bill, charged)
    root = instance_rows.of(tx, case.root_id)
    evidence.record(tx, root, ISSUED, subject=bill.id, new=tariff.yuan(total), document=number)
    listed = [
        {"name": charge.fee.name, "amount": tariff.yuan(charge.amount), "basis": charge.fee.basis} for charge in charged
    ]
    slips.issue(tx, case, SlipKind.PAYMENT, {"bill": number, "charges": listed, "total": tariff.yuan(total)})
    notices.fees_due(tx, case, number, tariff.yuan(total))
    return bill


def _issued_before(tx: Transaction, case: Case) -> int:
    return tx.session.scalars(select(func.count()).where(Bill.root_id == case.root_id)).one()


def _write_lines(tx: Transaction, bill: Bill, charged: Sequence[Charge]) -> None:
    codes = departments.codes_by_role(tx, bill.region)
    for seq, charge in enumerate(charged, 1):
        fee = charge.fee
        line = BillLine(
            bill_id=bill.id,
            seq=seq,
            code=fee.code,
            name=fee.name,
            name_en=fee.name_en,
            department=codes.get(fee.role, fee.role),
            basis=fee.basis,
            rate=fee.rate,
            quantity=_written(charge.quantity),
            amount=charge.amount,
        )
        shares = [
            BillShare(bill_id=bill.id, line=seq, seq=place, account=account, amount=amount)
            for place, (account, amount) in enumerate(charge.shares, 1)
        ]
        tx.add(line, *shares)


def _written(quantity: Decimal | None) -> str | None:
    return None if quantity is None else f"{quantity:f}"


def void(tx: Transaction, root_id: str) -> None:
    """The case waits for the payment no longer: what is still due is owed no more."""
    bill = latest(tx, root_id)
    if bill is not None and bill.state == BillState.DUE:
        bill.state = BillState.VOID
        bill.revision += 1
        evidence.record(tx, instance_rows.of(tx, root_id), VOIDED, subject=bill.id, document=bill.number)


def latest(tx: Transaction, root_id: str) -> Bill | None:
    """The case's newest bill."""
    tx.flush()
    newest = select(Bill).where(Bill.root_id == root_id).order_by(Bill.issued_at.desc(), Bill.id.desc()).limit(1)
    return tx.session.scalars(newest).first()


def by_number(tx: Transaction, number: str) -> Bill:
    """A bill by its number. Raises NotFound; whether the caller may see it is asked by the act that follows."""
    bill = tx.session.scalar(select(Bill).where(Bill.number == number))
    if bill is None:
        raise NotFound
    return bill


def lines_of(tx: Transaction, bill: Bill) -> Sequence[BillLine]:
    """The fees on a bill, in the item's order."""
    return tx.session.scalars(select(BillLine).where(BillLine.bill_id == bill.id).order_by(BillLine.seq)).all()


def shares_of(tx: Transaction, bill: Bill) -> Sequence[tuple[BillShare, BillLine]]:
    """Which account gets what of which fee (分户划转), in the item's order."""
    rows = tx.session.execute(
        select(BillShare, BillLine)
        .join(BillLine, (BillLine.bill_id == BillShare.bill_id) & (BillLine.seq == BillShare.line))
        .where(BillShare.bill_id == bill.id)
        .order_by(BillShare.line, BillShare.seq)
    )
    return [(share, line) for share, line in rows]
