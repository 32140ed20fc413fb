"""A whole office beside the command line, on either kind of database."""

from collections.abc import Iterator

import pytest

from tests.served import Served, serving
from tests.world import World


@pytest.fixture
def served(database_url: str, world: World) -> Iterator[Served]:
    with serving(database_url, world) as served:
        yield served
