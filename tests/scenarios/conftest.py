"""A scenario on either database."""

import pytest

from engine.transaction import Database
from tests.scenario import Scenario
from tests.world import World


@pytest.fixture
def scenario(database: Database, world: World) -> Scenario:
    return Scenario(database, world)
