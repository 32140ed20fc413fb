"""The one file that knows which database it talks to: opening it, locking, inserting or updating, lost races."""

import hashlib
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Select,
    String,
    Table,
    collate,
    create_engine,
    event,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from engine.columns import Instant

WRITES = "lianban_writes"
BUSY_SECONDS = 30
LOST_RACES = ("40001", "40P01", "55P03")
PRODUCTS = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
BYTE_ORDER = {"postgresql": "C", "sqlite": "BINARY"}
OTHERS = """
SELECT count(*) > 0 FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def open_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`, with the durability that an acknowledged act needs."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        # The connection used last is used first: PostgreSQL keeps the plans of prepared statements by connection.
        return create_engine(parsed, pool_size=pool_size, max_overflow=pool_size, pool_recycle=1800, pool_use_lifo=True)
    engine = create_engine(parsed, pool_size=pool_size, max_overflow=pool_size, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def product(connection: Connection) -> tuple[str, str]:
    """Which database it is, and in which version."""
    version = connection.dialect.server_version_info or ()
    return PRODUCTS[connection.dialect.name], ".".join(str(part) for part in version)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that will write takes the write lock at once: a later upgrade could fail for want of it."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def read_only(engine: Engine) -> Engine:
    """The same database for transactions that only read; PostgreSQL refuses a write in one."""
    return engine.execution_options(postgresql_readonly=True)


def of_one_moment(engine: Engine) -> Engine:
    """The same database for a transaction that reads for long and sees nothing of what is written meanwhile.

    SQLite's readers never see it: the write-ahead log keeps their moment.
    """
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def in_byte_order(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """A sort key that puts texts in the same order on every database, whatever language it was created for."""
    is_text = isinstance(getattr(column.type, "impl_instance", column.type), String)
    return collate(column, BYTE_ORDER[connection.dialect.name]) if is_text else column.expression


def number_on(connection: Connection, table: Table) -> None:
    """Lets the database's own numbering of a table's rows go on after rows that came with their numbers; SQLite looks
    for the highest anyway."""
    column = table.autoincrement_column
    if column is not None and connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        highest = select(func.max(column)).scalar_subquery()
        connection.execute(select(func.setval(sequence, func.coalesce(highest, 0) + 1, False)))


def is_in_use(engine: Engine) -> bool:
    """Whether another program has the database open, such as a server that runs. Nothing of this engine may be open."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            return bool(connection.exec_driver_sql(OTHERS).scalar_one())
    with closing(sqlite3.connect(engine.url.database or "", timeout=0, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return True
    return False


@contextmanager
def reading(session: Session) -> Iterator[None]:
    """A session that only reads, to its end. SQLite's transaction is rolled back when the session closes; PostgreSQL's,
    which could change nothing, ends well: with every ROLLBACK psycopg forgets the connection's prepared statements,
    and each would be parsed and planned anew."""
    if session.get_bind().dialect.name != "postgresql":
        yield
        return
    with session.begin():
        yield
        session.expunge_all()


class WriteGate:
    """Lets the writers of this process at SQLite's single write lock one after another; PostgreSQL needs no gate.

    SQLite's own waiting polls and is unfair: twenty officers signing at once would wait for each other's sleeps.
    """

    def __init__(self, engine: Engine) -> None:
        self._guards = engine.dialect.name == "sqlite"
        self._mutex = threading.Lock()
        self._queue: deque[threading.Lock] = deque()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Held from before the transaction begins until it is over; writers pass in the order they came."""
        if not self._guards:
            yield
            return
        turn = threading.Lock()
        turn.acquire()
        with self._mutex:
            self._queue.append(turn)
            if self._queue[0] is turn:
                turn.release()
        turn.acquire()
        try:
            yield
        finally:
            with self._mutex:
                self._queue.popleft()
                if self._queue:
                    self._queue[0].release()


def is_lost_race(error: DBAPIError) -> bool:
    """Whether the database gave up this transaction for another's sake, so that repeating it may succeed."""
    if isinstance(error, OperationalError) and isinstance(error.orig, sqlite3.OperationalError):
        return "locked" in str(error.orig) or "busy" in str(error.orig)
    return getattr(error.orig, "sqlstate", None) in LOST_RACES


def is_outage(error: BaseException) -> bool:
    """Whether the connection to the database broke: nobody's fault, and nothing was written unless it was committed."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def skip_locked(rows: Select[Any]) -> Select[Any]:
    """Locks the rows and leaves out those that another transaction holds; SQLite has one writer at a time anyway."""
    return rows.with_for_update(skip_locked=True)


def lease_clock(connection: Connection, now: datetime, *, plus: timedelta = timedelta()) -> ColumnElement[datetime]:
    """The instant that leases go by: PostgreSQL's, because the clocks of the machines that ask it may differ.

    SQLite serves the programs of one machine, by that machine's clock: `now`.
    """
    if connection.dialect.name == "postgresql":
        return func.now() + plus
    return literal(now + plus, Instant)


def take_turns(connection: Connection, at: str) -> None:
    """Waits until no other transaction is at the same thing, and holds it until this one is over.

    SQLite's writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(at.encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def look_over(connection: Connection, table: Any) -> None:
    """After many rows at once: PostgreSQL plans by what it last saw of a table, and would look by itself much later."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {table.__tablename__}"))


def upsert(
    connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]], keys: Sequence[str], update: Sequence[str]
) -> None:
    """Inserts rows, or updates the columns `update` of those whose `keys` exist; `revision` goes up with them."""
    connection.execute(_upsert(connection.dialect.name, table, tuple(keys), tuple(update)), list(rows))


def insert_missing(connection: Connection, table: Any, row: Mapping[str, Any]) -> bool:
    """Inserts one row unless its primary key exists; whether it did."""
    counted = {"preserve_rowcount": True}
    missing = _insert_missing(connection.dialect.name, table)
    return connection.execute(missing, dict(row), execution_options=counted).rowcount > 0


# Statements are built once: building one costs more than sending it.
@lru_cache
def _upsert(dialect: str, table: Any, keys: tuple[str, ...], update: tuple[str, ...]) -> Insert:
    statement = _insert(dialect, table)
    changes: dict[str, Any] = {name: statement.excluded[name] for name in update}
    if "revision" in table.__table__.c:
        changes["revision"] = table.__table__.c.revision + 1
    upserting: Insert = statement.on_conflict_do_update(index_elements=list(keys), set_=changes)
    return upserting


@lru_cache
def _insert_missing(dialect: str, table: Any) -> Insert:
    inserting: Insert = _insert(dialect, table).on_conflict_do_nothing()
    return inserting


def _insert(dialect: str, table: Any) -> Any:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
