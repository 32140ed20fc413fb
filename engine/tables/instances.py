"""Process instances and one row for each visit of an activity."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id, State
from engine.tables.base import Base


class InstanceState(StrEnum):
    """The life of a process instance.

    ACTIVE: started and not ended. SUSPENDED: stopped by an administrator (suspend) until it is activated. COMPLETED: no
    token is left. CANCELLED: ended from outside, or with its caller.
    """

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


RUNNING = frozenset({InstanceState.ACTIVE, InstanceState.SUSPENDED})
"""The states of an instance that is not over."""


IS_REMOVED = text("removal_at IS NOT NULL")


class ProcessInstance(Base):
    """One run of a definition.

    `tokens` is the interpreter's own document, empty once the instance is over. `next_seq` numbers its activity
    instances. `restarted_from` is the instance that it does anew. On a root, `removal_at` is when its history may be
    cleaned up, null for never, `next_act` numbers the acts of the whole case, `act_hash` is the last act's hash and
    `last_act_at` the instant before which nothing later may be dated.
    """

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_process_instance_removal_at", "removal_at", postgresql_where=IS_REMOVED, sqlite_where=IS_REMOVED),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    root_id: Mapped[str] = mapped_column(Id, index=True)
    parent_id: Mapped[str | None] = mapped_column(Id)
    caller_id: Mapped[str | None] = mapped_column(Id)
    definition_id: Mapped[str] = mapped_column(Id, ForeignKey("process_definition.id"), index=True)
    business_key: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[InstanceState] = mapped_column(State(InstanceState))
    tokens: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    restarted_from: Mapped[str | None] = mapped_column(Id)
    removal_at: Mapped[datetime | None]
    next_seq: Mapped[int] = mapped_column(default=1)
    next_act: Mapped[int] = mapped_column(default=1)
    act_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    last_act_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class ActivityInstance(Base):
    """One visit to an activity: inserted when it starts, closed when it ends. `seq` orders those of one instance."""

    __tablename__ = "activity_instance"
    __table_args__ = (Index("ix_activity_instance_instance_id_seq", "instance_id", "seq"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[str] = mapped_column(Id)
    root_id: Mapped[str] = mapped_column(Id, index=True)
    parent_id: Mapped[str | None] = mapped_column(Id)
    activity_id: Mapped[str]
    type: Mapped[str]
    called_instance_id: Mapped[str | None] = mapped_column(Id)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    cancelled: Mapped[bool] = mapped_column(Boolean, default=False)
    seq: Mapped[int]
