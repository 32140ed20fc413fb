"""Holds one command still while another runs into it, so that a race has the same outcome on every run."""

import sys

import psycopg

from engine.store.dialect import WriteGate
from engine.transaction import Database

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def until_waiting(database: Database, commands: int = 1) -> None:
    """Comes back once so many commands wait for another's lock; looks over a connection of its own."""
    if database.engine.dialect.name == "sqlite":
        while waiting_at_the_gate() < commands:
            pass
        return
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as watch:
        while (watch.execute(WAITING).fetchone() or (0,))[0] < commands:
            pass


def waiting_at_the_gate() -> int:
    """SQLite's writers of one process wait in Python: their innermost frame is the gate's."""
    gate = WriteGate.passed.__wrapped__.__code__  # type: ignore[attr-defined]
    return sum(frame.f_code is gate for frame in sys._current_frames().values())
