"""The product's database drivers without the product: connections as bare as they come, with its durability.

Imports nothing of the product: each process of the floor loads it.
"""

import sqlite3
from typing import Any

import psycopg

PATIENCE_SECONDS = 30


def connected(url: str, *, autocommit: bool = False) -> Any:
    """A connection of the driver; SQLite's begins no transaction unless it is told to."""
    if not url.startswith("sqlite"):
        return psycopg.connect(url, autocommit=autocommit)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=PATIENCE_SECONDS, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
