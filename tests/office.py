"""An office with its demonstration people behind the real permission matrix; a conftest that needs it imports it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from casework import departments, logins, permissions
from engine.ports import ENGINE, Actor, Ports
from engine.transaction import Database


@pytest.fixture
def office_ports(ports: Ports) -> Ports:
    return replace(ports, may=permissions.may, resolve_groups=departments.resolve_groups)


@pytest.fixture
def office(staffed_url: str, office_ports: Ports) -> Iterator[Database]:
    with closing(Database(staffed_url, office_ports)) as database:
        yield database


def actor(office: Database, login: str) -> Actor:
    """The person of a login, as the door would let them in."""
    with office.view(ENGINE) as tx:
        known = logins.by_login(tx, login)
    assert known is not None
    return known.actor
