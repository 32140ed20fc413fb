"""A case on either database, or on the one where commands do not wait for their turn before they look."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from engine.ports import Ports
from engine.transaction import Database
from tests.scenario import Scenario
from tests.world import World


@pytest.fixture
def scenario(database: Database, world: World) -> Scenario:
    return Scenario(database, world)


@pytest.fixture
def postgresql(postgresql_url: str, ports: Ports, world: World) -> Iterator[Scenario]:
    """A case on PostgreSQL."""
    with closing(Database(postgresql_url, ports)) as database:
        yield Scenario(database, world)
