"""Files that lie outside the database: fetched into a backup, so that it holds everything wherever it is restored."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, select

from casework.backups.rows import Complete, Values
from casework.tables import Material
from engine.errors import ContentLost
from engine.ports import Files
from engine.store.contents import Content
from engine.tables import Blob


class Outside:
    """Completes the rows of contents, one at a time; `lost` are the ids of those that the store has no more."""

    def __init__(self, files: Files | None) -> None:
        self._files = files
        self.lost: list[str] = []

    def of(self, table: Table) -> Complete | None:
        """What a table's rows lack; only contents lie elsewhere."""
        return self._complete if table is Blob.__table__ else None

    def _complete(self, row: Values) -> Values:
        """The row as if its content had never left the database. Raises FilesUnreachable."""
        if row["content"] is not None:
            return row | {"name": None}
        try:
            content = Content(row["id"], row["size"], row["sha256"], None, row["name"], self._files).read()
        except ContentLost:
            self.lost.append(row["id"])
            return row | {"name": None}
        return row | {"content": content, "name": None}


def named(connection: Connection, content_ids: Sequence[str]) -> tuple[str, ...]:
    """Contents by the names of their files and the ids under which those are read."""
    files = select(Material.filename, Material.id).where(Material.blob_id.in_(content_ids)).order_by(Material.id)
    return tuple(f"{file.filename} ({file.id})" for file in connection.execute(files)) if content_ids else ()
