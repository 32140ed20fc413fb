"""The catalogue of items."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id, State
from engine.tables import Base


class ItemState(StrEnum):
    """IN_FORCE: cases may start (publish, resume). SUSPENDED 暂停: none starts, running ones go on (suspend).

    REPEALED 取消: none starts any more, for ever (repeal).
    """

    IN_FORCE = "IN_FORCE"
    SUSPENDED = "SUSPENDED"
    REPEALED = "REPEALED"


class Item(Base):
    """An item (事项) in one version. `document` is its item.toml as JSON; cases keep the version they began under.

    The version counts from `counts_from` on: the day it says it is in force, not before the day it was published.
    Append-only.
    """

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("region", "code", "version"), Index("ix_item_code", "code"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    code: Mapped[str] = mapped_column(Code)
    version: Mapped[int]
    in_force_on: Mapped[date | None]
    out_of_force_on: Mapped[date | None]
    counts_from: Mapped[date]
    name: Mapped[str]
    definition_key: Mapped[str]
    form_key: Mapped[str | None]
    deployment_id: Mapped[str | None] = mapped_column(Id, ForeignKey("deployment.id"))
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    document: Mapped[str]


class ItemChange(Base):
    """An item was suspended, resumed or repealed: from which day, why, and on what paper (文号). Append-only.

    `seq` numbers the changes of an item; `counts_from` never goes back from one to the next.
    """

    __tablename__ = "item_change"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[ItemState] = mapped_column(State(ItemState))
    counts_from: Mapped[date]
    reason: Mapped[str]
    document_number: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
