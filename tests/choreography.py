"""Holds one command still while another runs into it, so that a race has the same outcome on every run."""

import sys

from sqlalchemy import text

from engine.store.dialect import WriteGate
from engine.transaction import Database

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def until_waiting(database: Database, commands: int = 1) -> None:
    """Comes back once so many commands wait for another's lock."""
    count = waiting_in_postgresql if database.engine.dialect.name == "postgresql" else waiting_at_the_gate
    while count(database) < commands:
        pass


def waiting_in_postgresql(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(connection.scalar(WAITING) or 0)


def waiting_at_the_gate(database: Database) -> int:
    """SQLite's writers of one process wait in Python: their innermost frame is the gate's."""
    gate = WriteGate.passed.__wrapped__.__code__  # type: ignore[attr-defined]
    return sum(frame.f_code is gate for frame in sys._current_frames().values())
