"""One order for many process instances, jobs or external tasks."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id, JsonText
from engine.tables.base import Base


class Batch(Base):
    """What a person ordered to be done to many things; each of its parts is a job, gone when it is done.

    `kind` is what is done, `said` what each part is told beside its subject; it may be long, and only a part reads it.
    `total` parts were ordered. `begun_at` is when the first part was done, `ended_at` when none was left. While it
    `is_suspended` no part is done.
    """

    __tablename__ = "batch"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(JsonText, deferred=True)
    total: Mapped[int]
    is_suspended: Mapped[bool] = mapped_column(default=False)
    ordered_by: Mapped[str]
    ordered_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
