"""The office's fixtures."""

from collections.abc import Iterator

import pytest

from tests.office import office, office_ports
from tests.served import Served, serving
from tests.world import World

__all__ = ["office", "office_ports"]


@pytest.fixture
def served(database_url: str, world: World) -> Iterator[Served]:
    """The whole office, as the composition root wires it."""
    with serving(database_url, world) as served:
        yield served
