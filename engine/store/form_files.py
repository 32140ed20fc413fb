"""The files of form versions; a version never changes, so each is read once and kept in memory."""

from threading import Lock

from sqlalchemy import select

from engine.tables import FormDefinition, Resource
from engine.transaction import Transaction

MOST_KEPT = 512
_kept: dict[str, bytes] = {}
_lock = Lock()


def content(tx: Transaction, form_id: str) -> bytes | None:
    """The bytes of a form version, None when there is no such version."""
    found = _kept.get(form_id)
    if found is None:
        file = select(Resource.content).join(FormDefinition, FormDefinition.resource_id == Resource.id)
        found = tx.session.scalar(file.where(FormDefinition.id == form_id))
        if found is not None:
            with _lock:
                while len(_kept) >= MOST_KEPT:
                    del _kept[next(iter(_kept))]
                _kept[form_id] = found
    return found
