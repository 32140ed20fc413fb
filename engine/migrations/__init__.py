"""Brings a database to the tables of this release. The history is one line, though each package keeps its own part.

Knows of no table: the caller hands in where the packages above the engine keep their revisions.
"""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from engine.store.dialect import WRITES

HERE = Path(__file__).parent
VERSIONS = HERE / "versions"


def upgrade(engine: Engine, *versions: Path) -> None:
    """Applies every revision that the database lacks, in one transaction; twice is safe.

    `versions` are the folders of revisions beside the engine's own.
    """
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        upgrade_within(connection, *versions)


def upgrade_within(connection: Connection, *versions: Path) -> None:
    """The same as a part of a transaction that goes on."""
    command.upgrade(configuration(connection, versions), "head")


def is_current(engine: Engine, *versions: Path) -> bool:
    """Whether the database has every revision of this release and none that it does not know."""
    with engine.connect() as connection:
        return set(applied(connection)) == set(newest(*versions))


def applied(connection: Connection) -> Sequence[str]:
    """The last revision that the database has, or the last of each line."""
    return MigrationContext.configure(connection).get_current_heads()


def newest(*versions: Path) -> Sequence[str]:
    """The last revision of this release, or the last of each line."""
    return ScriptDirectory.from_config(configuration(None, versions)).get_heads()


def configuration(connection: Connection | None, versions: tuple[Path, ...]) -> Config:
    """What Alembic needs to know, without a file of its own; `env.py` reads the connection back."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(folder) for folder in (VERSIONS, *versions)))
    return config
