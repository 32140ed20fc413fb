"""An office with two cases: one that the applicant handed in online, one that came over the counter."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest

from casework import cases
from casework.slips import Service, Slip, SlipKind, issue
from engine.events import Event
from engine.ports import ENGINE, Actor
from engine.transaction import Transaction
from tests.served import Served

REASON = {"reason": "申请事项依法不属于本机关职权范围"}


class Issuer:
    """Issues slips as a command of the office would."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.heard: list[Event] = []
        ports = served.database.ports
        served.database.ports = replace(ports, listeners=(*ports.listeners, self._hear))

    def _hear(self, tx: Transaction, event: Event) -> None:
        self.heard.append(event)

    @contextmanager
    def command(self, actor: Actor = ENGINE) -> Iterator[Transaction]:
        with self.served.database.begin(actor) as tx:
            yield tx

    def __call__(
        self,
        number: str,
        kind: SlipKind = SlipKind.DECLINE,
        facts: Mapping[str, object] = REASON,
        service: Service | None = None,
    ) -> Slip:
        with self.command() as tx:
            return issue(tx, cases.locked(tx, number, "cases.read"), kind, facts, service=service)


@pytest.fixture
def issues(served: Served) -> Issuer:
    served.opens()
    return Issuer(served)


Submits = Callable[[], str]


@pytest.fixture
def online(served: Served, issues: Issuer) -> Submits:
    return lambda: str(served.submits("applicant")["number"])


@pytest.fixture
def counter(served: Served, issues: Issuer) -> Submits:
    return lambda: str(served.submits("window")["number"])
