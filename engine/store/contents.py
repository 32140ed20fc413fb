"""Contents: the bytes of uploaded files and of variables, each under an id that the row which means it refers to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from engine.errors import NotFound
from engine.tables import Blob
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that were put away. Those of an upload may lie outside the database and have to be waited for: they are
    read when the transaction is over."""

    _bytes: bytes

    def read(self) -> bytes:
        """All of them."""
        return self._bytes


def put(tx: Transaction, content: bytes) -> str:
    """Keeps bytes with this command; gives the id under which they are found."""
    blob = Blob(id=tx.new_id(), content=content)
    tx.add(blob)
    tx.flush()
    return blob.id


def get(tx: Transaction, id: str) -> Content:
    """What was put. Raises NotFound."""
    found = several(tx, [id])
    if id not in found:
        raise NotFound
    return found[id]


def several(tx: Transaction, ids: Sequence[str]) -> Mapping[str, Content]:
    """Of these contents those that there are, with one statement."""
    if not ids:
        return {}
    rows = tx.session.execute(select(Blob.id, Blob.content).where(Blob.id.in_(ids)))
    return {row.id: Content(row.content) for row in rows}


def forget(tx: Transaction, ids: Sequence[str]) -> None:
    """Contents that no row means any more are gone with this command."""
    if ids:
        tx.session.execute(delete(Blob).where(Blob.id.in_(ids)))
