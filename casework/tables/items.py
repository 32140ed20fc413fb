"""The catalogue of items."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id, State
from engine.tables import Base


class ItemState(StrEnum):
    """IN_FORCE: cases may start (publish). SUSPENDED 暂停: none starts, running ones go on. REPEALED 取消: for ever."""

    IN_FORCE = "IN_FORCE"
    SUSPENDED = "SUSPENDED"
    REPEALED = "REPEALED"


class Item(Base):
    """An item (事项) in one version. `document` is its item.toml as JSON; cases keep the version they began under."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("region", "code", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    code: Mapped[str] = mapped_column(Code)
    version: Mapped[int]
    state: Mapped[ItemState] = mapped_column(State(ItemState))
    in_force_on: Mapped[date | None]
    out_of_force_on: Mapped[date | None]
    name: Mapped[str]
    definition_key: Mapped[str]
    form_key: Mapped[str | None]
    deployment_id: Mapped[str | None] = mapped_column(Id, ForeignKey("deployment.id"))
    document: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
