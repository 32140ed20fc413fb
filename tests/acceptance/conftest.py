"""An office of its own for every test, cloned from one in which the packages of processes/ are deployed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from engine import deployments
from engine.ports import ENGINE
from engine.queries.definitions import EVERYWHERE
from tests.acceptance import completion, planning, registration
from tests.acceptance.completion import CompletionAcceptance
from tests.acceptance.planning import PlanningPermit
from tests.acceptance.registration import Registration
from tests.conftest import migrate
from tests.databases import Step
from tests.served import opened, serving
from tests.terms import Terms
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


@pytest.fixture
def prepared() -> Sequence[Step]:
    """The packages are deployed in the office that a test gets."""
    return (migrate, furnish)


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


@pytest.fixture
def terms(database_url: str, world: World) -> Iterator[Terms]:
    with opened(database_url, world) as database:
        yield Terms(database, world)
