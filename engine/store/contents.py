"""Contents: the bytes of uploaded files and of variables, each under an id that the row which means it refers to.

They are put into the database with the command that brings them, so that a row is never without its bytes; what may
lie in the host's file store goes there later (`engine.moving`).
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, literal, select

from engine.columns import Instant
from engine.errors import ContentLost, FilesUnreachable, NotFound
from engine.ports import Files
from engine.tables import Blob, ForgottenFile
from engine.transaction import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that were put away. Those of an uploaded file may lie in the file store: they are read when the transaction
    is over. Those of a variable are there at once."""

    id: str
    size: int
    sha256: str
    _here: bytes | None
    _name: str | None
    _files: Files | None

    def read(self) -> bytes:
        """All of them, as they were put. Raises FilesUnreachable while the file store is, ContentLost when they are no
        more what they were."""
        found = self._here if self._here is not None else self._fetched()
        if found is None or hashlib.sha256(found).hexdigest() != self.sha256:
            log.error("content %s is %s", self.id, "missing" if found is None else "not what was put")
            raise ContentLost
        return found

    def _fetched(self) -> bytes | None:
        """Never more than there should be."""
        if self._name is None:
            return None
        if self._files is None:
            raise FilesUnreachable
        return self._files.read(self._name, self.size + 1)


def put(tx: Transaction, content: bytes) -> str:
    """Keeps the bytes of a variable with this command; gives the id under which they are found."""
    return _put(tx, content, moves=False).id


def put_file(tx: Transaction, content: bytes) -> Content:
    """Keeps an uploaded file with this command. It may move into the file store: nobody reads it in a transaction."""
    return _put(tx, content, moves=True)


def _put(tx: Transaction, content: bytes, *, moves: bool) -> Content:
    kept = Content(tx.new_id(), len(content), hashlib.sha256(content).hexdigest(), content, None, tx.ports.files)
    tx.add(Blob(id=kept.id, size=kept.size, sha256=kept.sha256, content=content, moves=moves))
    tx.flush()
    return kept


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
    rows = tx.session.execute(select(Blob.id, Blob.size, Blob.sha256, Blob.content, Blob.name).where(Blob.id.in_(ids)))
    return {row.id: Content(*row, tx.ports.files) for row in rows}


def forget(tx: Transaction, ids: Sequence[str]) -> None:
    """Contents that no row means any more are gone with this command, what the file store has of them soon after."""
    if not ids:
        return
    named = select(Blob.name, literal(tx.now, Instant())).where(Blob.id.in_(ids), Blob.name.is_not(None))
    tx.session.execute(insert(ForgottenFile).from_select(["name", "forgotten_at"], named))
    tx.session.execute(delete(Blob).where(Blob.id.in_(ids)))
