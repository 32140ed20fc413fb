"""Filters of tasks that people keep under a name."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code
from engine.columns import Id, JsonText
from engine.tables import Base


class TaskFilter(Base):
    """A query of tasks and how a task list shows it, as Camunda's filters.

    `is_shared`: everybody may use it, because an administrator made it. Deleted by its owner.
    """

    __tablename__ = "task_filter"
    __table_args__ = (Index("ix_task_filter_owner", "owner"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    owner: Mapped[str] = mapped_column(Code)
    is_shared: Mapped[bool]
    query: Mapped[dict[str, Any]] = mapped_column(JsonText)
    properties: Mapped[dict[str, Any]] = mapped_column(JsonText)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
