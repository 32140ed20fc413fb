"""One application; each test has a furnished office of its own behind it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from flask import Flask

import lianban
from api.auth import Doorkeeper
from api.routes import Hall
from api.waiting import WaitingRoom
from casework import logins
from engine.ports import ENGINE
from engine.transaction import Database
from tests.conftest import Lend, migrate
from tests.documents.furnished import EVERYBODY, furnish_fully, opened


@pytest.fixture(scope="session")
def app() -> Iterator[Flask]:
    """Built once: it knows of its database by the hall alone."""
    with closing(Database("sqlite:///unused", lianban.ports())) as database:
        yield lianban.create_app(database)


@pytest.fixture
def office(app: Flask, lend: Lend) -> Iterator[Database]:
    """The furnished office, in which nobody waits for work that is not there."""
    with lend("sqlite", migrate, furnish_fully) as url, opened(url) as database:
        app.extensions["lianban"] = Hall(database, Doorkeeper(database), WaitingRoom(0), "http://127.0.0.1/progress")
        yield database


@pytest.fixture
def token(office: Database) -> str:
    """A bearer token of somebody who may do everything."""
    with office.view(ENGINE) as tx:
        known = logins.by_login(tx, EVERYBODY)
    assert known is not None
    with office.begin(known.actor) as tx:
        issued, _ = logins.issue_token(tx, None, timedelta(days=1))
    return issued
