"""Moving contents into the host's file store, and removing there what was forgotten: an errand of the whole server.

Nothing is ever lost between the two places. What a content is called in the store is committed before anything is
written under it, so that a crash leaves nothing there that no row names; its bytes leave the database once they are
written; and a forgotten name is removed a day later, when no backup that began before still reads it.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import TypeVar

from sqlalchemy import bindparam, delete, select, update

from engine import retries
from engine.columns import MILLISECOND
from engine.ports import Files
from engine.queries.definitions import EVERYWHERE
from engine.store.dialect import insert_missing
from engine.tables import Blob, ForgottenFile, Job
from engine.tables.contents import TO_MOVE
from engine.transaction import Transaction

KIND = "move-contents"
EVERY = timedelta(minutes=1)
FORGOTTEN_FOR = timedelta(days=1)
MOST, MOST_BYTES, SECONDS = 20, 16 << 20, 30.0
"""What one errand carries. It begins nothing more after so many seconds: what it has done would be dropped, and done
again, if its lease ran out under it."""
DELAYS = "PT1M,PT5M,PT15M,PT1H,PT2H,PT4H"
"""How long a store that cannot be written is left in peace; after the last a person is called."""

JOB_ID = "00000000-0000-7000-8000-00000c1ea4f5"
"""One job for the whole server: its row's key keeps a second one out."""

One = TypeVar("One")
NAME = update(Blob).where(Blob.id == bindparam("one")).values(name=bindparam("called"))


@dataclass(frozen=True, slots=True)
class Load:
    """What is done between two transactions; `is_new`: the store holds nothing of ours yet."""

    contents: Mapping[str, tuple[str, bytes]]
    forgotten: Sequence[str]
    is_new: bool


def seed(tx: Transaction) -> None:
    """Puts the job among the jobs; twice is safe."""
    defaults = {"priority": 0, "failures": 0, "revision": 1}
    insert_missing(tx.session.connection(), Job, _due(tx, tx.now) | defaults)


def _due(tx: Transaction, at: object) -> dict[str, object]:
    tries = {"retries": retries.tries(DELAYS), "payload": {"delays": DELAYS}}
    return {"id": JOB_ID, "region": EVERYWHERE, "kind": KIND, "due_at": at, "created_at": tx.now} | tries


class Moving:
    """The engine's own errand, due again a minute after it was done, at once while there is more."""

    def order(self, tx: Transaction, job: Job) -> Callable[[], Load | None]:
        """The next contents that have a name, and names that were forgotten a day ago."""
        files = tx.ports.files
        if files is None:
            return lambda: None
        gone = select(ForgottenFile.name).where(ForgottenFile.forgotten_at < tx.now - FORGOTTEN_FOR).limit(MOST)
        contents, forgotten = _named(tx), tx.session.scalars(gone).all()
        is_any = bool(contents or forgotten)
        load = Load(contents, forgotten, is_new=is_any and _nothing_is_there(tx))
        return partial(_carry_out, files, load) if is_any else lambda: load

    def settle(self, tx: Transaction, job: Job, result: Load | None) -> None:
        """What was written leaves the database, what was removed is forgotten for good, and the next get names."""
        tx.flush()
        more = False
        if result is not None:
            _leave(tx, list(result.contents))
            tx.session.execute(delete(ForgottenFile).where(ForgottenFile.name.in_(result.forgotten)))
            more = bool(_name_next(tx) or result.contents or result.forgotten)
        tx.add(Job(**_due(tx, tx.now + (MILLISECOND if more else EVERY))))


def _named(tx: Transaction) -> Mapping[str, tuple[str, bytes]]:
    """As many as one errand carries, at least one; their bytes only."""
    sizes = select(Blob.id, Blob.size).where(TO_MOVE, Blob.name.is_not(None)).order_by(Blob.id).limit(MOST)
    chosen: list[str] = []
    room = MOST_BYTES
    for id, size in tx.session.execute(sizes):
        if chosen and size > room:
            break
        chosen.append(id)
        room -= size
    rows = tx.session.execute(select(Blob.id, Blob.name, Blob.content).where(Blob.id.in_(chosen)))
    return {row.id: (row.name, row.content) for row in rows}


def _nothing_is_there(tx: Transaction) -> bool:
    there = select(1).where(Blob.content.is_(None), Blob.name.is_not(None))
    return tx.session.scalar(there.limit(1)) is None


def _carry_out(files: Files, load: Load) -> Load:
    files.prepare(is_new=load.is_new)
    until = monotonic() + SECONDS
    written: dict[str, tuple[str, bytes]] = {}
    removed: list[str] = []
    for id, (name, content) in _begun_by(until, load.contents.items()):
        files.write(name, content)
        written[id] = (name, content)
    for name in _begun_by(until, load.forgotten):
        files.remove(name)
        removed.append(name)
    return replace(load, contents=written, forgotten=removed)


def _begun_by(until: float, some: Iterable[One]) -> Iterator[One]:
    """At least the first, so that the work goes on however slow the store is."""
    for number, one in enumerate(some):
        if number and monotonic() >= until:
            return
        yield one


def _leave(tx: Transaction, ids: Sequence[str]) -> None:
    left = update(Blob).where(Blob.id.in_(ids)).values(content=None)
    tx.session.execute(left, execution_options={"synchronize_session": False})


def _name_next(tx: Transaction) -> Sequence[str]:
    """Nothing is known of a content from its name, and nobody guesses it."""
    nameless = select(Blob.id).where(TO_MOVE, Blob.name.is_(None)).order_by(Blob.id).limit(MOST)
    found = tx.session.scalars(nameless).all()
    if found:
        tx.session.connection().execute(NAME, [{"one": id, "called": secrets.token_hex(16)} for id in found])
    return found
