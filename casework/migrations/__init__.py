"""The office's part of the database's history, and the whole of it: every table of the product is known here."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine

from engine import migrations

VERSIONS = Path(__file__).parent / "versions"


def upgrade(engine: Engine) -> None:
    """Brings a database to every table of this release; twice is safe."""
    migrations.upgrade(engine, VERSIONS)


def upgrade_within(connection: Connection) -> None:
    """The same as a part of a transaction that goes on."""
    migrations.upgrade_within(connection, VERSIONS)


def newest() -> Sequence[str]:
    """The last revision of this release."""
    return migrations.newest(VERSIONS)


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly the tables of this release."""
    return migrations.is_current(engine, VERSIONS)
