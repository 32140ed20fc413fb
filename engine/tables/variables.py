"""Variables: their present values and every change."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id, Number
from engine.tables.base import Base

BYTES = text("bytes_id IS NOT NULL")


class Value:
    """A variable's value: its Camunda type, and the text, number or instant that filters look at."""

    type: Mapped[str] = mapped_column(String(20))
    value_info: Mapped[str | None]
    text: Mapped[str | None]
    number: Mapped[Decimal | None] = mapped_column(Number)
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
    __table_args__ = (Index("ix_variable_change_bytes_id", "bytes_id", postgresql_where=BYTES, sqlite_where=BYTES),)

    instance_id: Mapped[str] = mapped_column(Id, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scope_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str]
    activity_instance_id: Mapped[str | None] = mapped_column(Id)
    changed_at: Mapped[datetime]
