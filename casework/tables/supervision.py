"""Supervision (电子监察): cards, and orders to the units that have to answer for something."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.ladders import Light
from casework.tables.people import Code, RegionCode
from engine.columns import Id, State
from engine.tables import Base


class CardState(StrEnum):
    """The life of a card.

    ISSUED: by the ladder, or by a supervisor (issue). EXPLAINED: whom it was issued on has said why (explain). UPHELD:
    it stands (uphold). CANCELLED: it counts for nothing (cancel).
    """

    ISSUED = "ISSUED"
    EXPLAINED = "EXPLAINED"
    UPHELD = "UPHELD"
    CANCELLED = "CANCELLED"


class CardGround(StrEnum):
    """Why a card was issued. LIMIT: a clock came to a rung. IRREGULARITY: a supervisor found something."""

    LIMIT = "LIMIT"
    IRREGULARITY = "IRREGULARITY"


class Card(Base):
    """A card (黄牌、红牌 …) on a department, its heads, and whoever held the task at that instant.

    `at` is the instant of what it is for, however late it was issued. `holder` is empty while nobody had claimed the
    task; `heads` are the logins of the department's heads when it was issued, apart by blanks. `rung` is the key of the
    ladder's rung, empty for an irregularity, whose `words` say what it was.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("clock_id", "rung", "at", "department", "holder"),
        Index("ix_card_root_id", "root_id"),
        Index("ix_card_department_issued_at", "department", "issued_at", "id"),
        Index("ix_card_issued_at", "issued_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    clock_id: Mapped[str | None] = mapped_column(Id, ForeignKey("clock.id"))
    task_id: Mapped[str | None] = mapped_column(Id)
    ground: Mapped[CardGround] = mapped_column(State(CardGround))
    rung: Mapped[str] = mapped_column(Code, default="")
    signal: Mapped[Light] = mapped_column(State(Light))
    words: Mapped[str | None]
    basis: Mapped[str | None]
    department: Mapped[str] = mapped_column(Code)
    holder: Mapped[str] = mapped_column(Code, default="")
    heads: Mapped[str] = mapped_column(default="")
    state: Mapped[CardState] = mapped_column(State(CardState))
    at: Mapped[datetime]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(Code)
    explanation: Mapped[str | None]
    explained_by: Mapped[str | None] = mapped_column(Code)
    explained_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    decided_by: Mapped[str | None] = mapped_column(Code)
    decided_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class OrderOrigin(StrEnum):
    """What opened an order. CARD: a card. INSTRUCTION: a leader's instruction (批示). REPORT: a report's figure."""

    CARD = "CARD"
    INSTRUCTION = "INSTRUCTION"
    REPORT = "REPORT"


class OrderState(StrEnum):
    """The life of an order.

    OPEN: the unit has to answer. ANSWERED: a supervisor reviews the answer. CLOSED: it was accepted. A returned answer
    opens it again.
    """

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


SUPERVISION_ORDER = "supervision-order"
"""The key of the process that an order runs by."""


class SupervisionOrder(Base):
    """An order (督办单) to a unit; `root_id` is its process instance's id, whose clock measures its limit.

    `case_root_id` and `card_id` are what it is about, if anything. `level` is 1 for the unit's head and goes up when
    the limit passes without an answer.
    """

    __tablename__ = "supervision_order"
    __table_args__ = (
        UniqueConstraint("number", "region"),
        Index("ix_supervision_order_department", "department", "issued_at", "root_id"),
        Index("ix_supervision_order_issued_at", "issued_at", "root_id"),
        Index("ix_supervision_order_card_id", "card_id"),
    )

    root_id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    number: Mapped[str] = mapped_column(Code)
    origin: Mapped[OrderOrigin] = mapped_column(State(OrderOrigin))
    source: Mapped[str | None]
    card_id: Mapped[str | None] = mapped_column(Id, ForeignKey("card.id"))
    case_root_id: Mapped[str | None] = mapped_column(Id)
    department: Mapped[str] = mapped_column(Code)
    demand: Mapped[str]
    limit: Mapped[str] = mapped_column(String(12))
    level: Mapped[int] = mapped_column(default=1)
    state: Mapped[OrderState] = mapped_column(State(OrderState))
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(Code)
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
