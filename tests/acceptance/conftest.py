"""An office of its own for every test, cloned from one in which the packages of processes/ are deployed."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import deployments
from engine.ports import ENGINE
from engine.queries.definitions import EVERYWHERE
from tests.acceptance import completion, planning, registration
from tests.acceptance.completion import CompletionAcceptance
from tests.acceptance.planning import PlanningPermit
from tests.acceptance.registration import Registration
from tests.conftest import MIGRATED, ClonePostgreSQL
from tests.served import opened, serving
from tests.world import World

PACKAGES = (registration.PACKAGE, planning.PACKAGE, completion.PACKAGE)
NEW_YEAR = datetime(2026, 1, 4, 1, 0, tzinfo=UTC)


def furnish(url: str) -> None:
    """The demonstration's people, the calendar, and what `make run` deploys for these items."""
    world = World()
    world.now = NEW_YEAR
    with serving(url, world) as served:
        deployed = {name: files for package in PACKAGES for name, files in package.deployments}
        for name, files in deployed.items():
            with served.database.begin(ENGINE) as tx:
                deployments.deploy(tx, files, region=EVERYWHERE, name=name)


@pytest.fixture(scope="session")
def furnished_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("acceptance") / "furnished.db"
    shutil.copy(migrated_sqlite, path)
    furnish(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def furnished_postgresql(clone_postgresql: ClonePostgreSQL) -> Iterator[str]:
    """The name of a database to clone."""
    with clone_postgresql(MIGRATED) as url:
        furnish(url)
        yield url.rpartition("/")[2]


@pytest.fixture
def sqlite_url(furnished_sqlite: Path, tmp_path: Path) -> str:
    """An office on a SQLite file of this test's own."""
    return f"sqlite:///{shutil.copy(furnished_sqlite, tmp_path / 'lianban.db')}"


@pytest.fixture
def postgresql_url(clone_postgresql: ClonePostgreSQL, furnished_postgresql: str) -> Iterator[str]:
    """An office on a PostgreSQL database of this test's own."""
    with clone_postgresql(furnished_postgresql) as url:
        yield url


@pytest.fixture
def office(database_url: str, world: World) -> Iterator[Registration]:
    with opened(database_url, world) as database:
        yield Registration(database, world)


@pytest.fixture
def permits(database_url: str, world: World) -> Iterator[PlanningPermit]:
    with opened(database_url, world) as database:
        yield PlanningPermit(database, world)


@pytest.fixture
def acceptances(database_url: str, world: World) -> Iterator[CompletionAcceptance]:
    with opened(database_url, world) as database:
        yield CompletionAcceptance(database, world)
