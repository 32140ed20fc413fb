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
from tests.acceptance.packaged import Packaged

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


class Registration(Packaged):
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
