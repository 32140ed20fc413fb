"""An office over HTTP whose watch looks when the test says so; a test that needs it imports `supervised`."""

from pathlib import Path

import pytest

from casework.supervision import watch
from engine import deployments, jobs
from engine.ports import ENGINE
from tests.clocked import at
from tests.served import REGION, Served

PACKAGE = Path(__file__).parent.parent / "processes" / "supervision"


@pytest.fixture
def supervised(served: Served) -> Served:
    """Monday 2 March 2026, 09:00, with the package of supervision orders deployed."""
    served.world.now = at("2026-03-02 09:00")
    files = {file.name: file.read_bytes() for file in PACKAGE.iterdir() if file.suffix in (".bpmn", ".form")}
    with served.database.begin(ENGINE) as tx:
        deployments.deploy(tx, files, region=REGION)
        watch.seed(tx)
    return served


def it_is(served: Served, text: str) -> None:
    """The office's time; everything that is due by then happens."""
    served.world.now = at(text)
    while jobs.run_due(served.database, "watch", only=jobs.own(served.database.ports)):
        pass
