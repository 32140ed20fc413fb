"""Who put a name to what a department says, where the law wants more than one."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id
from engine.tables import Base


class Signature(Base):
    """An officer's signature on a task (行政许可法 art. 34). Append-only.

    `digest` is SHA-256 of what was signed: the outcome and the form's values. Once these change, the signature is of
    something else and counts no more.
    """

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("task_id", "login", "digest"), Index("ix_signature_root_id", "root_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    task_id: Mapped[str] = mapped_column(Id)
    department: Mapped[str] = mapped_column(Code)
    login: Mapped[str] = mapped_column(Code)
    at: Mapped[datetime]
    outcome: Mapped[str | None]
    comment: Mapped[str | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
