"""What the engine keeps: definitions, running instances, their open work, their variables and their history.

Every table either has a `revision` or is append-only. Ids are UUIDv7 text. `region` is the division that received
the case and is equal on all rows of a case tree.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, MetaData, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from engine.columns import Id, Instant, JsonText, State

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the product."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map = {datetime: Instant(), str: Text()}  # noqa: RUF012 - SQLAlchemy's own protocol


class InstanceState(StrEnum):
    """The life of a process instance.

    ACTIVE: started and not ended. COMPLETED: no token is left. CANCELLED: ended from outside, or with its caller.
    """

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class TaskState(StrEnum):
    """The life of a user task. CREATED: open. COMPLETED: done by a person. CANCELLED: interrupted by the diagram."""

    CREATED = "CREATED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class Deployment(Base):
    """One act of publishing files: who, when. Append-only."""

    __tablename__ = "deployment"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    name: Mapped[str | None]
    source: Mapped[str | None]
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str]


class Resource(Base):
    """One file of a deployment, byte for byte. Append-only."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("deployment_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    deployment_id: Mapped[str] = mapped_column(Id, ForeignKey("deployment.id"))
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ProcessDefinition(Base):
    """One executable process in one version. Append-only."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("region", "key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    key: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    name: Mapped[str | None]
    deployment_id: Mapped[str] = mapped_column(Id, ForeignKey("deployment.id"), index=True)
    resource_id: Mapped[str] = mapped_column(Id, ForeignKey("resource.id"))


class FormDefinition(Base):
    """One form in one version; a user task keeps the version it was created with. Append-only."""

    __tablename__ = "form_definition"
    __table_args__ = (UniqueConstraint("region", "key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    key: Mapped[str]
    version: Mapped[int]
    deployment_id: Mapped[str] = mapped_column(Id, ForeignKey("deployment.id"), index=True)
    resource_id: Mapped[str] = mapped_column(Id, ForeignKey("resource.id"))


class ProcessInstance(Base):
    """One run of a definition.

    `tokens` is the interpreter's own document, empty once the instance is over. `next_seq` numbers its activity
    instances. On a root, `next_act` numbers the acts of the whole case, `act_hash` is the last act's hash and
    `last_act_at` the instant before which nothing later may be dated.
    """

    __tablename__ = "process_instance"

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


IS_OPEN = text("state = 'CREATED'")


class UserTask(Base):
    """Work for a person. Its id is its activity instance's.

    `act` and `department` are the office's meaning as the diagram's properties give it; the engine only keeps them.
    `outcome` and `comment` are what the person said on completing it; `end_reason` says why it was closed unfinished.
    """

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_root_id_state", "root_id", "state"),
        Index("ix_user_task_assignee_state", "assignee", "state"),
        Index("ix_user_task_open_department", "department", postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index("ix_user_task_department_ended_at", "department", "ended_at"),
        Index("ix_user_task_ended_by_ended_at", "ended_by", "ended_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    instance_id: Mapped[str] = mapped_column(Id)
    root_id: Mapped[str] = mapped_column(Id)
    definition_id: Mapped[str] = mapped_column(Id)
    activity_id: Mapped[str]
    name: Mapped[str | None]
    act: Mapped[str | None]
    department: Mapped[str | None]
    state: Mapped[TaskState] = mapped_column(State(TaskState))
    assignee: Mapped[str | None]
    owner: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=50)
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    end_reason: Mapped[str | None]
    outcome: Mapped[str | None]
    comment: Mapped[str | None]
    form_id: Mapped[str | None] = mapped_column(Id)
    form_key: Mapped[str | None]
    draft: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    revision: Mapped[int] = mapped_column(default=1)


class Candidate(Base):
    """Who may claim a user task: a group (department or role code) or one person's login. Append-only."""

    __tablename__ = "candidate"
    __table_args__ = (Index("ix_candidate_kind_name_task_id", "kind", "name", "task_id"),)

    task_id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)


class Value:
    """A variable's value: its Camunda type, and the text, number or instant that filters look at."""

    type: Mapped[str] = mapped_column(String(20))
    value_info: Mapped[str | None]
    text: Mapped[str | None]
    number: Mapped[Decimal | None] = mapped_column(Numeric(30, 10, asdecimal=True))
    instant: Mapped[datetime | None]
    bytes_id: Mapped[str | None] = mapped_column(Id)


class Variable(Value, Base):
    """The present value of a variable in a scope: the process instance, or one activity instance within it."""

    __tablename__ = "variable"
    __table_args__ = (
        Index("ix_variable_instance_id", "instance_id"),
        Index("ix_variable_name_text", "name", "text", postgresql_where=text("length(text) < 200")),
    )

    scope_id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    instance_id: Mapped[str] = mapped_column(Id)
    revision: Mapped[int] = mapped_column(default=1)


class VariableChange(Value, Base):
    """One change of one variable, by which activity instance. Append-only."""

    __tablename__ = "variable_change"

    instance_id: Mapped[str] = mapped_column(Id, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scope_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str]
    activity_instance_id: Mapped[str | None] = mapped_column(Id)
    changed_at: Mapped[datetime]


class Blob(Base):
    """The bytes of a Bytes, File or Object variable. Append-only."""

    __tablename__ = "blob"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Job(Base):
    """The engine's own deferred work.

    `due_at` null: it waits for a paused clock. `locked_until` in the future: a worker holds it. `retries` 0: it waits
    for a person, with an incident. `binding` names the clock that moves it. `payload` belongs to the job's kind.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due_at", "due_at", "locked_until"),
        Index("ix_job_root_id_binding", "root_id", "binding"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(40))
    instance_id: Mapped[str | None] = mapped_column(Id)
    root_id: Mapped[str | None] = mapped_column(Id)
    activity_id: Mapped[str | None]
    due_at: Mapped[datetime | None]
    binding: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0)
    retries: Mapped[int] = mapped_column(default=3)
    failures: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    locked_by: Mapped[str | None]
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class Subscription(Base):
    """A message or signal somebody waits for; without an instance, a start event that begins one. Deleted when met."""

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
    activity_id: Mapped[str]
    created_at: Mapped[datetime]


class ExternalTask(Base):
    """Work for another system: fetched and locked by a worker, then completed or failed.

    Its id is its activity instance's.
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
    locked_until: Mapped[datetime | None]
    retries: Mapped[int | None]
    priority: Mapped[int] = mapped_column(default=0)
    error_message: Mapped[str | None]
    error_details: Mapped[str | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class Incident(Base):
    """A job or external task out of retries, waiting for a person; closed by a retry that works or by a person."""

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
    revision: Mapped[int] = mapped_column(default=1)


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
