"""Contents: bytes, in the database or in the file store outside it."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id
from engine.tables.base import Base

TO_MOVE = text("moves AND content IS NOT NULL")


class Blob(Base):
    """The bytes of an uploaded file, or of a Bytes or File variable. Append-only, but for where they lie.

    `moves`: they may go into the file store; `name` is what they are called there, given before anything is written
    under it. Without `content` they lie there, or, with no `name`, were lost before the database was restored.
    """

    __tablename__ = "blob"
    __table_args__ = (Index("ix_blob_to_move", "id", postgresql_where=TO_MOVE, sqlite_where=TO_MOVE),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    moves: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str | None] = mapped_column(String(32))


class ForgottenFile(Base):
    """A name under which the file store may hold what no row means any more; deleted when the file is."""

    __tablename__ = "forgotten_file"
    __table_args__ = (Index("ix_forgotten_file_forgotten_at", "forgotten_at"),)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    forgotten_at: Mapped[datetime]
