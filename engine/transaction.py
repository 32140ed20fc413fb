"""One transaction per command: the session, the actor, the one present instant, the events, and the one commit.

The doors open `begin` or `view`; nothing below them commits.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.columns import to_millisecond
from engine.errors import LostRace, NotFound
from engine.events import Event
from engine.ids import IdSource
from engine.ports import Actor, Ports
from engine.store.dialect import (
    WRITES,
    WriteGate,
    is_lost_race,
    of_one_moment,
    open_engine,
    read_only,
    reading,
    skip_locked,
)
from engine.tables import ProcessInstance


class Transaction:
    """What a command works with. `operation` groups the evidence that one command writes."""

    def __init__(self, session: Session, actor: Actor, ports: Ports, ids: IdSource) -> None:
        self.session, self.actor, self.ports = session, actor, ports
        self._ids = ids
        self._now: datetime | None = None
        self._operation: str | None = None
        self._events: deque[Event] = deque()
        self._last: dict[tuple[Callable[[Transaction, str], None], str], None] = {}

    @property
    def now(self) -> datetime:
        """The one present instant of this command, in UTC to the millisecond; first read once the lock is held."""
        if self._now is None:
            self._now = to_millisecond(self.ports.now())
        return self._now

    @property
    def operation(self) -> str:
        """The id that all evidence of this command shares."""
        if self._operation is None:
            self._operation = self.new_id()
        return self._operation

    def new_id(self) -> str:
        """A UUIDv7 of this command's instant."""
        return self._ids(self.now)

    def lock_root(
        self, root: Select[ProcessInstance], parameters: Mapping[str, object] | None = None
    ) -> ProcessInstance:
        """Locks the root row of a case tree before anything of it is read; NotFound when there is none.

        The present is not earlier than the case's last act, whatever the machine's clock says. Locking again keeps what
        the command has changed since.
        """
        self.session.flush()
        locking = root.with_for_update()
        found = self.session.scalars(locking, parameters, execution_options={"populate_existing": True}).first()
        if found is None:
            raise NotFound
        self._is_after(found)
        return found

    def lock_free_roots(self, roots: Select[ProcessInstance]) -> Sequence[ProcessInstance]:
        """Locks those of many root rows that no other command holds, so that nobody waits for anybody; in their order.

        The present is not earlier than the last act of any of them.
        """
        self.session.flush()
        locking = skip_locked(roots.order_by(ProcessInstance.id))
        found = self.session.scalars(locking, execution_options={"populate_existing": True}).all()
        for root in found:
            self._is_after(root)
        return found

    def _is_after(self, root: ProcessInstance) -> None:
        present = to_millisecond(self.ports.now()) if self._now is None else self._now
        self._now = max(present, root.last_act_at or present)

    def emit(self, *events: Event) -> None:
        """Tells every listener, in order, after the command's rows are applied.

        They may not be written yet: a listener that asks the database for them flushes first.
        """
        waiting = bool(self._events)
        self._events.extend(events)
        if waiting:
            return
        while self._events:
            for listener in self.ports.listeners:
                listener(self, self._events[0])
            self._events.popleft()

    def add(self, *rows: Any) -> None:
        """Rows to insert with this command."""
        self.session.add_all(rows)

    def flush(self) -> None:
        """Writes what was added and changed, so that the next query sees it."""
        self.session.flush()

    def lastly(self, what: Callable[["Transaction", str], None], root_id: str) -> None:
        """Does something to a case just before the commit: once, however often the command asks for it."""
        self._last[what, root_id] = None

    def finish(self) -> None:
        """Does what was to be done last."""
        for what, root_id in self._last:
            self.flush()
            what(self, root_id)
        self._last.clear()


class Database:
    """A database with the ports of its host: where every door begins."""

    def __init__(self, url: str, ports: Ports, *, pool_size: int = 10) -> None:
        self.engine = open_engine(url, pool_size=pool_size)
        self.ports = ports
        self._writes = self.engine.execution_options(**{WRITES: True})
        self._reads = read_only(self.engine)
        self._gate = WriteGate(self.engine)
        self._ids = IdSource()

    @contextmanager
    def begin(self, actor: Actor) -> Iterator[Transaction]:
        """A command's transaction: leaving it commits, an exception rolls everything back.

        Raises LostRace when the database gave it up for another transaction.
        """
        with self._gate.passed(), Session(self._writes, autoflush=False, expire_on_commit=False) as session:
            try:
                tx = Transaction(session, actor, self.ports, self._ids)
                yield tx
                tx.finish()
                session.commit()
            except DBAPIError as error:
                if is_lost_race(error):
                    raise LostRace from error
                raise

    @contextmanager
    def view(self, actor: Actor) -> Iterator[Transaction]:
        """A read's transaction: takes no write lock and never changes anything."""
        with Session(self._reads, autoflush=False, expire_on_commit=False) as session, reading(session):
            yield Transaction(session, actor, self.ports, self._ids)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Every table as it was at one moment, however long the reading takes; nobody waits for it."""
        with of_one_moment(self.engine).connect() as connection:
            yield connection

    def close(self) -> None:
        """Gives back every connection."""
        self.engine.dispose()
