"""Holds one command still while another runs into it, so that a race has the same outcome on every run."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from engine.store.dialect import WriteGate
from engine.transaction import Database, Transaction
from tests.world import OFFICER

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
PATIENCE = 60.0
DONE = "done"

Act = Callable[[], object]
Outcome = str | type[BaseException]


def until_waiting(database: Database, commands: int = 1, unless: Future[Any] | None = None) -> None:
    """Comes back once so many commands wait for another's lock, or `unless` is over; looks over its own connection."""

    def is_over() -> bool:
        return unless is not None and unless.done()

    if database.engine.dialect.name == "sqlite":
        while waiting_at_the_gate() < commands and not is_over():
            pass
        return
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as watch:
        while (watch.execute(WAITING).fetchone() or (0,))[0] < commands and not is_over():
            pass


def waiting_at_the_gate() -> int:
    """SQLite's writers of one process wait in Python: their innermost frame is the gate's."""
    gate = WriteGate.passed.__wrapped__.__code__  # type: ignore[attr-defined]
    return sum(frame.f_code is gate for frame in sys._current_frames().values())


@contextmanager
def held_before_commit(database: Database, act: Act) -> Iterator[Future[object]]:
    """An act in a thread of its own, stopped just before its first commit; it goes on when the block ends."""
    reached, released = threading.Event(), threading.Event()
    acting: set[int] = set()

    def stop(_: object) -> None:
        if threading.get_ident() in acting:
            acting.clear()
            reached.set()
            assert released.wait(PATIENCE)

    def begin() -> object:
        acting.add(threading.get_ident())
        return act()

    event.listen(database.engine, "commit", stop)
    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(begin)
        held.add_done_callback(lambda _: reached.set())
        try:
            assert reached.wait(PATIENCE)
            assert not held.done() or held.exception() is None, held.exception()
            assert not held.done(), "the first act never came to its commit"
            yield held
        finally:
            released.set()
            wait([held])
            event.remove(database.engine, "commit", stop)


def race(database: Database, first: Act, second: Act) -> tuple[Outcome, Outcome]:
    """The first act stops just before its commit, the second runs until it waits or is done, then the first commits.

    How each ended: DONE, or the class of what it raised.
    """
    with ThreadPoolExecutor(1) as thread:
        with held_before_commit(database, first) as one:
            other = thread.submit(second)
            until_waiting(database, unless=other)
        return outcome(one), outcome(other)


def outcome(future: Future[Any]) -> Outcome:
    error = future.exception(PATIENCE)
    return DONE if error is None else type(error)


def command(database: Database, run: Callable[[Transaction], object]) -> Act:
    """A command in a transaction of its own."""

    def act() -> object:
        with database.begin(OFFICER) as tx:
            return run(tx)

    return act
