"""What every test may ask for: a migrated database of its own, on either kind, and the ports of its host."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from functools import cache

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
from tests.databases import Databases, SqliteFiles, Step, on_postgresql
from tests.served import Served, furnish, opened
from tests.world import World, ports_of

# The same examples in every run, so that a change fails on what it broke; `HYPOTHESIS_PROFILE=explore` looks further.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=5_000)
settings.register_profile("fuzz", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

KINDS = ["sqlite", "postgresql"]

Lend = Callable[..., AbstractContextManager[str]]


def migrate(url: str) -> None:
    """Makes this release's tables from the classes; `test_migrations` proves that the revisions make the same."""
    engine = open_engine(url)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        command.stamp(configuration(connection, (VERSIONS,)), "head")
    engine.dispose()


def staff(url: str) -> None:
    """Brings in the demonstration's people and the country's calendar."""
    with opened(url, World()) as database:
        furnish(database)


@pytest.fixture(scope="session")
def lend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lend]:
    """Lends databases of one kind, to which some steps were done; each xdist worker has a server of its own."""
    with ExitStack() as running:

        @cache
        def databases(kind: str) -> Databases:
            is_file = kind == "sqlite"
            return SqliteFiles(tmp_path_factory.mktemp(kind)) if is_file else running.enter_context(on_postgresql())

        yield lambda kind, *steps: databases(kind).lend(*steps)


@pytest.fixture
def prepared() -> Sequence[Step]:
    """What was done to the databases that a test of this folder gets."""
    return (migrate,)


@pytest.fixture
def sqlite_url(lend: Lend, prepared: Sequence[Step]) -> Iterator[str]:
    """A SQLite file of this test's own."""
    with lend("sqlite", *prepared) as url:
        yield url


@pytest.fixture
def postgresql_url(lend: Lend, prepared: Sequence[Step]) -> Iterator[str]:
    """A PostgreSQL database of this test's own."""
    with lend("postgresql", *prepared) as url:
        yield url


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of this test's own; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, lend: Lend) -> Iterator[str]:
    """A database without a table."""
    with lend(request.param) as url:
        yield url


@pytest.fixture(params=KINDS)
def staffed_url(request: pytest.FixtureRequest, lend: Lend) -> Iterator[str]:
    """A database of this test's own with the demonstration's people and the country's calendar; once on each kind."""
    with lend(request.param, migrate, staff) as url:
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
