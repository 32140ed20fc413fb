"""How people work together on a case beside its steps: who else may see it, who is asked, who is told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id
from engine.tables import Base

PartyKind = String(5)


class ConsultationState(StrEnum):
    """How a question stands.

    OPEN (ask). ANSWERED (answer). WITHDRAWN: whoever asked no longer wants to know (withdraw). CLOSED: its task was
    over before an answer came.
    """

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"


class CaseReader(Base):
    """A group or a person that may see a case without a task in it.

    `ground_id` is what gave the sight: the task that was handed on, the consultation, the copy. Never changed; deleted
    when the consultation is withdrawn.
    """

    __tablename__ = "case_reader"
    __table_args__ = (Index("ix_case_reader_kind_name_root_id", "kind", "name", "root_id"),)

    root_id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(PartyKind, primary_key=True)
    name: Mapped[str] = mapped_column(Code, primary_key=True)
    ground_id: Mapped[str] = mapped_column(Id, primary_key=True)


class Consultation(Base):
    """A question (征求意见) put to a group or a person in the course of a task, which stays where it is.

    Its state follows from its instants and the task's state, so that ending a task costs nothing for it.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        Index("ix_consultation_task_id", "task_id"),
        Index("ix_consultation_kind_name_asked_at", "kind", "name", "asked_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    task_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(PartyKind)
    name: Mapped[str] = mapped_column(Code)
    question: Mapped[str]
    asked_by: Mapped[str] = mapped_column(Code)
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[str | None] = mapped_column(Code)
    answered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Copy(Base):
    """A case sent to a group or a person for information (抄送), at most once from the case and from each of its tasks.

    `task_id` null: from the case as a whole. Append-only.
    """

    __tablename__ = "copy"
    __table_args__ = (
        Index("ix_copy_root_id", "root_id"),
        Index("ix_copy_kind_name_sent_at", "kind", "name", "sent_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    task_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(PartyKind)
    name: Mapped[str] = mapped_column(Code)
    message: Mapped[str | None]
    sent_by: Mapped[str] = mapped_column(Code)
    sent_at: Mapped[datetime]


class CopyReceipt(Base):
    """That somebody has read a copy (已阅); of a group's copy each of its people has their own. Append-only."""

    __tablename__ = "copy_receipt"

    copy_id: Mapped[str] = mapped_column(Id, ForeignKey("copy.id"), primary_key=True)
    login: Mapped[str] = mapped_column(Code, primary_key=True)
    read_at: Mapped[datetime]


class TaskComment(Base):
    """A remark (留言) on a user task, for those who may read it. Deleted by its author; its evidence stays."""

    __tablename__ = "task_comment"
    __table_args__ = (Index("ix_task_comment_task_id", "task_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    task_id: Mapped[str] = mapped_column(Id)
    message: Mapped[str]
    said_by: Mapped[str] = mapped_column(Code)
    said_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class Phrase(Base):
    """Words for an opinion that come up again and again (常用语).

    `kind` is `user` (a person's own), `group` (a department's) or `all` (everybody's, with an empty `name`).
    """

    __tablename__ = "phrase"
    __table_args__ = (UniqueConstraint("kind", "name", "text"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(PartyKind)
    name: Mapped[str] = mapped_column(Code)
    text: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
