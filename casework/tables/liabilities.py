"""Records of liability (责任记录): who let a limit pass whose silence the law holds for an answer."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id
from engine.tables import Base


class Liability(Base):
    """One default of a department (超时默认). Append-only.

    `holder` is who held the task when its time was over, null while nobody had claimed it; `heads` are the logins of
    the department's heads then, apart by blanks. `ground` is a code, `basis` the law that the item names.
    """

    __tablename__ = "liability"
    __table_args__ = (
        Index("ix_liability_department_at", "department", "at"),
        Index("ix_liability_root_id", "root_id"),
        Index("ix_liability_at", "at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    task_id: Mapped[str] = mapped_column(Id)
    department: Mapped[str | None] = mapped_column(Code)
    holder: Mapped[str | None] = mapped_column(Code)
    heads: Mapped[str]
    ground: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str]
    at: Mapped[datetime]
