"""Work for people."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.columns import NEVER, Id, JsonText, State
from engine.tables.base import Base


class TaskState(StrEnum):
    """The life of a user task.

    CREATED: open. COMPLETED: done by a person (complete), or as if by one (deem completed). CANCELLED: interrupted by
    the diagram.
    """

    CREATED = "CREATED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class DelegationState(StrEnum):
    """Where the delegation (委派) of a task stands, as in Camunda.

    PENDING: the assignee works on it for the owner (delegate). RESOLVED: it is back with its owner (resolve).
    """

    PENDING = "PENDING"
    RESOLVED = "RESOLVED"


class Party(NamedTuple):
    """Whom work can be given to: a `group` (department or role code) or a `user` (login)."""

    kind: str
    name: str


GROUP, USER = "group", "user"
IS_OPEN = text("state = 'CREATED'")
PRESSES = text("pressing_at IS NOT NULL")
WHERE_OPEN: Any = {"postgresql_where": PRESSES, "sqlite_where": PRESSES}


class UserTask(Base):
    """Work for a person. Its id is its activity instance's.

    `act` and `department` are the office's meaning as the diagram's properties give it; the engine only keeps them.
    `outcome` and `comment` are what the person said on completing it; `end_reason` says why it was closed unfinished.
    `description` is what the diagram documents about the step. `owner` is whoever delegated it. `reminders` counts how
    often somebody asked for it to be done, last at `reminded_at`; a reminder changes nothing of the work, so the
    revision stays. `pressing_at` is the instant by which lists of open work are sorted, as whoever measures time keeps
    it; null once the task is closed.
    """

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_root_id_state", "root_id", "state"),
        Index("ix_user_task_assignee_state", "assignee", "state"),
        Index("ix_user_task_open_department", "department", postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index("ix_user_task_department_ended_at", "department", "ended_at"),
        Index("ix_user_task_ended_by_ended_at", "ended_by", "ended_at"),
        Index("ix_user_task_held", "assignee", "pressing_at", "id", **WHERE_OPEN),
        UniqueConstraint("id", "pressing_at"),
        CheckConstraint("(state = 'CREATED') = (pressing_at IS NOT NULL)", name="ck_user_task_pressing_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    instance_id: Mapped[str] = mapped_column(Id)
    root_id: Mapped[str] = mapped_column(Id)
    definition_id: Mapped[str] = mapped_column(Id)
    activity_id: Mapped[str]
    name: Mapped[str | None]
    description: Mapped[str | None]
    act: Mapped[str | None]
    department: Mapped[str | None]
    state: Mapped[TaskState] = mapped_column(State(TaskState))
    assignee: Mapped[str | None]
    owner: Mapped[str | None]
    delegation_state: Mapped[DelegationState | None] = mapped_column(State(DelegationState))
    priority: Mapped[int] = mapped_column(default=50)
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    pressing_at: Mapped[datetime | None] = mapped_column(default=NEVER)
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
    """Who may claim a user task: a group or one person. Never changed, deleted when the task goes to another group.

    The database itself copies `pressing_at` from the task, so that an index gives each group what presses it most.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        ForeignKeyConstraint(["task_id", "pressing_at"], ["user_task.id", "user_task.pressing_at"], onupdate="CASCADE"),
        Index("ix_candidate_kind_name_task_id", "kind", "name", "task_id"),
        Index("ix_candidate_open", "kind", "name", "pressing_at", "task_id", **WHERE_OPEN),
    )

    task_id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    pressing_at: Mapped[datetime | None]

    task: Mapped[UserTask] = relationship()
