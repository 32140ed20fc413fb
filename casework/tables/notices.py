"""What is told to whom outside the case's own pages."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id, State
from engine.tables import Base

IS_UNSENT = text("sender IS NOT NULL AND sent_at IS NULL")


class ReceiverKind(StrEnum):
    """Whom a notice is for. APPLICANT: whoever applied, or acts for them. DEPARTMENT, PERSON: named by `receiver`."""

    APPLICANT = "APPLICANT"
    DEPARTMENT = "DEPARTMENT"
    PERSON = "PERSON"


class Notice(Base):
    """One outgoing notice (通知) to one receiver. Its id is the key that its sender sees at every try.

    `receiver` is a login or a department's code, null for the applicant of the case; `name` and `phone` are theirs at
    that instant. `sender` null: nobody carries it anywhere, it is read here. Until it is sent, a job bears its id.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_root_id", "root_id"),
        Index("ix_notice_receiver_created_at", "receiver_kind", "receiver", "created_at"),
        Index("ix_notice_unsent", "created_at", postgresql_where=IS_UNSENT, sqlite_where=IS_UNSENT),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(40))
    receiver_kind: Mapped[ReceiverKind] = mapped_column(State(ReceiverKind))
    receiver: Mapped[str | None] = mapped_column(Code)
    name: Mapped[str | None]
    phone: Mapped[str | None]
    text_zh: Mapped[str]
    text_en: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Code)
    sender: Mapped[str | None] = mapped_column(Code)
    sent_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
