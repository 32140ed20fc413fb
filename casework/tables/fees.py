"""Bills: what an applicant has to pay for a case, all departments on one sheet, and who gets it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id, State
from engine.tables import Base


class BillState(StrEnum):
    """The life of a bill.

    DUE: the applicant has to pay (issue). PAID: the payment message came (pay). VOID: nothing is owed any more, as when
    the application was taken back.
    """

    DUE = "DUE"
    PAID = "PAID"
    VOID = "VOID"


class Bill(Base):
    """One bill (缴费通知) of a case; amounts are in fen.

    `payment_number` is the paying system's own, by which a repeated message is known.
    """

    __tablename__ = "bill"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("payment_number"),
        Index("ix_bill_root_id", "root_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    number: Mapped[str] = mapped_column(Code)
    state: Mapped[BillState] = mapped_column(State(BillState))
    total: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    payment_number: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)


class BillLine(Base):
    """One fee on a bill, of one department, as the tariff stood when it was issued. Append-only.

    `rate` is of one unit where there is a `quantity`.
    """

    __tablename__ = "bill_line"

    bill_id: Mapped[str] = mapped_column(Id, ForeignKey("bill.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(Code)
    name: Mapped[str]
    name_en: Mapped[str]
    department: Mapped[str] = mapped_column(Code)
    basis: Mapped[str]
    rate: Mapped[int] = mapped_column(BigInteger)
    quantity: Mapped[str | None] = mapped_column(String(64))
    amount: Mapped[int] = mapped_column(BigInteger)


class BillShare(Base):
    """What one account gets of one line (分户划转); the shares of a line add up to its amount. Append-only."""

    __tablename__ = "bill_share"

    bill_id: Mapped[str] = mapped_column(Id, ForeignKey("bill.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
