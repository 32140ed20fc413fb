"""Numbered slips (文书): what the law wants given to the applicant in writing, and how each was served."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id, State
from engine.tables import Base


class SlipKind(StrEnum):
    """The kinds of slips.

    RECEIPT 收件凭证. ACCEPTANCE 受理通知书. CORRECTION 补正告知书. DECLINE 不予受理通知书. DEFERRAL 容缺受理通知书.
    SPECIAL_PROCEDURE 特别程序告知书. EXTENSION 延期告知书. PAYMENT 缴费通知书. DECISION 办结通知书. DELIVERY 送达回证.
    """

    RECEIPT = "receipt"
    ACCEPTANCE = "acceptance"
    CORRECTION = "correction"
    DECLINE = "decline"
    DEFERRAL = "deferral"
    SPECIAL_PROCEDURE = "special-procedure"
    EXTENSION = "extension"
    PAYMENT = "payment"
    DECISION = "decision"
    DELIVERY = "delivery"


class ServiceMeans(StrEnum):
    """How a slip reached its receiver (民事诉讼法 arts. 87–95).

    ELECTRONIC 电子送达. COUNTER 直接送达, at the window or in person. POST 邮寄送达. ENTRUSTED 委托送达, through
    another office. LEFT 留置送达, before witnesses, when it was not taken. PUBLIC_NOTICE 公告送达, when nothing else
    reached the receiver: served 30 days after it was published.
    """

    ELECTRONIC = "electronic"
    COUNTER = "counter"
    POST = "post"
    ENTRUSTED = "entrusted"
    LEFT = "left"
    PUBLIC_NOTICE = "public-notice"


class Slip(Base):
    """One slip. Until `served_at` it has no effect.

    `content` is what it says, a JSON object that never changes, and `digest` its SHA-256; `template` is the edition of
    the page it is printed on. `served_by` recorded the service.
    """

    __tablename__ = "slip"
    __table_args__ = (UniqueConstraint("number"), Index("ix_slip_root_id", "root_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[SlipKind] = mapped_column(State(SlipKind))
    number: Mapped[str] = mapped_column(Code)
    content: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    template: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(Code)
    means: Mapped[ServiceMeans | None] = mapped_column(State(ServiceMeans))
    receiver: Mapped[str | None]
    served_at: Mapped[datetime | None]
    served_by: Mapped[str | None] = mapped_column(Code)
    revision: Mapped[int] = mapped_column(default=1)


class SlipNumberSequence(Base):
    """The last serial number given to a kind of slip in a region on one day; raised under its lock, so without gaps."""

    __tablename__ = "slip_number_sequence"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    word: Mapped[str] = mapped_column(String(4), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
