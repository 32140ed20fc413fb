"""The office that runs the package enterprise-registration as it stands in processes/, used over HTTP.

What applicants and departments fill in is read from the package's own applications and first scenario.
"""

import io
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from werkzeug.test import TestResponse

import lianban
from casework.scenarios.package import Package
from casework.scenarios.reading import read_scenario, read_values
from engine import jobs
from tests.served import Served

PACKAGE = Package(lianban.PROCESSES / "enterprise-registration")
ITEM = PACKAGE.folder.name
LEAD = "market-regulation"
OTHERS = ("public-security", "taxation", "human-resources", "medical-insurance", "housing-fund", "bank")
ALL_SEVEN = (LEAD, *OTHERS)

APPLICATION = PACKAGE.folder / "scenarios" / "applications" / "hemu.yaml"

Body = dict[str, Any]


@cache
def files() -> Mapping[str, bytes]:
    """The package's diagram, forms and item, by name."""
    return dict(PACKAGE.deployments)[ITEM]


@cache
def signatures() -> Mapping[str, Body]:
    """How each department and the window complete their step in the package's first scenario."""
    steps = [step for step in read_scenario(PACKAGE.scenario_files[0]).steps if step.verb == "complete"]
    told: list[Any] = [step.argument for step in steps if step.refused is None]
    return {one["by"].removesuffix("-2"): {"outcome": one["outcome"], "form": one["form"]} for one in told}


def edited(name: str, replaced: Mapping[str, str]) -> bytes:
    """A file of the package with pieces of its text replaced, each of which has to be there once."""
    text = files()[name].decode()
    for old, new in replaced.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text.encode()


class Registration(Served):
    """An office in which one can register an enterprise."""

    def publishes(self, published: Mapping[str, bytes], login: str = "designer") -> TestResponse:
        """What the door answers to a deployment of these files."""
        sent = [(io.BytesIO(content), name) for name, content in published.items()]
        return self.person(login).post("/deployments", {"files": sent})

    def applies(self, materials: Iterable[Body] = (), **form: Any) -> Body:
        """Hands in the package's application, with single fields of its form replaced, and gives its receipt."""
        said = dict(read_values(APPLICATION))
        filled: Any = said["form"]
        return self.submits(item=ITEM, applicant=said["applicant"], form=filled | form, materials=list(materials))

    def is_received(self, **told: Any) -> str:
        """The number of a case that waits for acceptance."""
        return str(self.applies(**told)["number"])

    def is_accepted(self, **told: Any) -> str:
        """The number of a case that the departments work on."""
        number = self.is_received(**told)
        answer = self.person("window").post(f"/cases/{number}/accept")
        assert answer.status_code == 200, answer.text
        return number

    def inbox(self, login: str, number: str) -> list[dict[str, Any]]:
        """What somebody's inbox shows of a case."""
        rows: list[dict[str, Any]] = self.person(login).json(f"/inbox?case_number={number}")["rows"]
        return rows

    def signs(self, number: str, login: str, **changes: Any) -> TestResponse:
        """What the door answers when somebody completes the only task of a case as the first scenario does."""
        person = self.person(login)
        body = signatures()[login.removesuffix("-2")] | changes
        return person.post(f"/inbox/{person.task(number)}/complete", body)

    def is_signed(self, number: str, *logins: str, **changes: Any) -> None:
        """They complete their steps one after another, and nothing stands against it."""
        for login in logins:
            answer = self.signs(number, login, **changes)
            assert answer.status_code == 200, answer.text

    def case(self, number: str, login: str = "lead") -> dict[str, Any]:
        """A case as somebody sees it; the coordinator sees everything but identity numbers."""
        shown: dict[str, Any] = self.person(login).json(f"/cases/{number}")
        return shown

    def clocks(self, number: str) -> dict[str, dict[str, Any]]:
        """The clocks of a case by kind, those of departments by department."""
        shown = self.case(number)["deadlines"]
        return {one["department"]["code"] if one["department"] else one["kind"]: one for one in shown}

    def time_passes(self, days: float) -> None:
        """So many calendar days go by, and what falls due is done."""
        self.world.days_pass(days)
        jobs.run_due(self.database, "worker")
