"""What waits for a time, a message, a worker or a person's repair."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id, JsonText
from engine.tables.base import Base

IS_PART = text("batch_id IS NOT NULL")


class Job(Base):
    """The engine's own deferred work.

    `due_at` null: it waits for a paused clock. `locked_until` in the future: a worker holds it. `retries` 0: it waits
    for a person, with an incident. `is_suspended`: it waits until its instance or definition is activated. `binding`
    names the clock that moves it. `payload` belongs to the job's kind. `batch_id`: it is a part of a batch.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due_at", "due_at", "locked_until"),
        Index("ix_job_root_id_binding", "root_id", "binding"),
        Index("ix_job_batch_id", "batch_id", postgresql_where=IS_PART, sqlite_where=IS_PART),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(40))
    instance_id: Mapped[str | None] = mapped_column(Id)
    root_id: Mapped[str | None] = mapped_column(Id)
    activity_id: Mapped[str | None]
    batch_id: Mapped[str | None] = mapped_column(Id)
    due_at: Mapped[datetime | None]
    binding: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0)
    retries: Mapped[int] = mapped_column(default=3)
    failures: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
    is_suspended: Mapped[bool] = mapped_column(default=False)
    payload: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    locked_by: Mapped[str | None]
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class Subscription(Base):
    """A message or signal somebody waits for; without an instance, a start event that begins one. Deleted when met.

    `owner_id` is the activity instance that waits: the event itself, the activity that a boundary event watches, the
    sub-process around an event sub-process; null where that is the process instance.
    """

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_kind_name", "kind", "name", "business_key"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    business_key: Mapped[str | None]
    instance_id: Mapped[str | None] = mapped_column(Id)
    root_id: Mapped[str | None] = mapped_column(Id, index=True)
    definition_id: Mapped[str | None] = mapped_column(Id)
    owner_id: Mapped[str | None] = mapped_column(Id)
    activity_id: Mapped[str]
    created_at: Mapped[datetime]


class ExternalTask(Base):
    """Work for another system: fetched and locked by a worker, then completed or failed.

    Its id is its activity instance's. `worker` is what who locked it calls itself, `locked_by` its login. While it
    `is_suspended` with its instance, nobody fetches it.
    """

    __tablename__ = "external_task"
    __table_args__ = (Index("ix_external_task_topic", "topic", "locked_until"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    topic: Mapped[str]
    instance_id: Mapped[str] = mapped_column(Id)
    root_id: Mapped[str] = mapped_column(Id, index=True)
    definition_id: Mapped[str] = mapped_column(Id)
    activity_id: Mapped[str]
    worker: Mapped[str | None]
    locked_by: Mapped[str | None]
    locked_until: Mapped[datetime | None]
    retries: Mapped[int | None]
    priority: Mapped[int] = mapped_column(default=0)
    error_message: Mapped[str | None]
    error_details: Mapped[str | None]
    is_suspended: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class Incident(Base):
    """A job or external task out of retries, waiting for a person; closed by a retry that works or by a person.

    `annotation` is what somebody who looks after it noted.
    """

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_root_id", "root_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[str] = mapped_column(Id, index=True)
    instance_id: Mapped[str | None] = mapped_column(Id)
    root_id: Mapped[str | None] = mapped_column(Id)
    activity_id: Mapped[str | None]
    message: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    annotation: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=1)
