"""What is kept as proof: the acts of a case, and the answers given under a key."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id
from engine.tables.base import Base


class Act(Base):
    """Evidence: who did what to which case, and on what ground. Append-only; chained by hash per case."""

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_region_at", "region", "at"),)

    root_id: Mapped[str] = mapped_column(Id, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    actor: Mapped[str]
    on_behalf_of: Mapped[str | None]
    operation: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    subject: Mapped[str | None]
    property: Mapped[str | None]
    old: Mapped[str | None]
    new: Mapped[str | None]
    reason: Mapped[str | None]
    basis: Mapped[str | None]
    document: Mapped[str | None]
    previous_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Answer(Base):
    """The answer a caller got under an Idempotency-Key; kept seven days. Append-only."""

    __tablename__ = "answer"

    actor: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    method: Mapped[str] = mapped_column(String(8))
    path: Mapped[str]
    body_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int]
    answer: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(index=True)
