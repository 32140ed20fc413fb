"""What became of tries that failed."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id
from engine.tables.base import Base


class Failure(Base):
    """One try of a job or an external task that failed. Append-only.

    `kind` is the job's, or the external task's topic where `worker` is whoever tried. `retries` were left after it.
    `details` is all that the worker said.
    """

    __tablename__ = "failure"
    __table_args__ = (Index("ix_failure_source_id", "source_id"), Index("ix_failure_root_id", "root_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    source_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    worker: Mapped[str | None]
    instance_id: Mapped[str | None] = mapped_column(Id)
    root_id: Mapped[str | None] = mapped_column(Id)
    activity_id: Mapped[str | None]
    priority: Mapped[int]
    retries: Mapped[int]
    due_at: Mapped[datetime | None]
    message: Mapped[str]
    details: Mapped[str | None]
    failed_at: Mapped[datetime]
