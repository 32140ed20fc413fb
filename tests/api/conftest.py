"""The application that opens the demonstration office, with the tests' own routes beside the built-in ones."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.application import create_app
from engine.transaction import Database
from tests.api import probe
from tests.office import office, office_ports

__all__ = ["office", "office_ports"]


@pytest.fixture
def app(office: Database) -> Flask:
    return create_app(office, [probe.routes])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
