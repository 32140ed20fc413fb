"""What every test may ask for: a migrated database of its own, on either kind, and the ports of its host."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from alembic import command
from hypothesis import settings

import casework.tables  # noqa: F401 - the office's tables are made too
from casework.migrations import VERSIONS
from engine.migrations import configuration
from engine.ports import Ports
from engine.store.dialect import open_engine
from engine.tables import Base
from engine.transaction import Database
from tests.postgres import postgresql_server
from tests.served import Served, furnish, opened
from tests.world import World, ports_of

# The same examples in every run, so that a change fails on what it broke; `HYPOTHESIS_PROFILE=explore` looks further.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

KINDS = ["sqlite", "postgresql"]
EMPTY, MIGRATED = "template0", "migrated"
NUMBERS = count(1)


def migrate(url: str) -> None:
    """Makes this release's tables from the classes; `test_migrations` proves that the revisions make the same."""
    engine = open_engine(url)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        command.stamp(configuration(connection, (VERSIONS,)), "head")
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A migrated SQLite file of this test's own."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'lianban.db')}"


ClonePostgreSQL = Callable[[str], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def clone_postgresql() -> Iterator[ClonePostgreSQL]:
    """Lends databases of one server, cloned from a template; each xdist worker has its own server."""
    with (
        postgresql_server() as server,
        psycopg.connect(f"{server}/postgres", autocommit=True) as administration,
    ):

        @contextmanager
        def clone(template: str) -> Iterator[str]:
            name = f"test_{next(NUMBERS)}"
            administration.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
            yield f"{server}/{name}"
            administration.execute(f"DROP DATABASE {name} WITH (FORCE)")

        administration.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE {EMPTY}")
        migrate(f"{server}/{MIGRATED}")
        yield clone


@pytest.fixture
def postgresql_url(clone_postgresql: ClonePostgreSQL) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    with clone_postgresql(MIGRATED) as url:
        yield url


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with request.getfixturevalue("clone_postgresql")(EMPTY) as url:
            yield url


@pytest.fixture(scope="session")
def staffed_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("staffed") / "lianban.db"))
    staff(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def staffed_postgresql(clone_postgresql: ClonePostgreSQL) -> Iterator[str]:
    with clone_postgresql(MIGRATED) as url:
        staff(url)
        yield url.rpartition("/")[2]


def staff(url: str) -> None:
    """Brings in the demonstration's people and the country's calendar."""
    with opened(url, World()) as database:
        furnish(database)


@pytest.fixture(params=KINDS)
def staffed_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own with the demonstration's people and the country's calendar; once on each kind."""
    template = request.getfixturevalue(f"staffed_{request.param}")
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'lianban.db')}"
    else:
        with request.getfixturevalue("clone_postgresql")(template) as url:
            yield url


@pytest.fixture
def served(staffed_url: str, world: World) -> Iterator[Served]:
    """The whole office over HTTP, as the composition root wires it."""
    with opened(staffed_url, world) as database:
        yield Served(database, world)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ports(world: World) -> Ports:
    return ports_of(world)


@pytest.fixture
def database(database_url: str, ports: Ports) -> Iterator[Database]:
    with closing(Database(database_url, ports)) as database:
        yield database
