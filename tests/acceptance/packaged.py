"""An office that runs the packages as they stand in processes/: what any of their cases shows, over HTTP."""

from typing import Any

from werkzeug.test import TestResponse

from engine import jobs
from tests.served import Served


class Packaged(Served):
    """An office in which the packages that come with the product are deployed."""

    def inbox(self, login: str, number: str) -> list[dict[str, Any]]:
        """What somebody's inbox shows of a case."""
        rows: list[dict[str, Any]] = self.person(login).json(f"/inbox?case_number={number}")["rows"]
        return rows

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

    def open_steps(self, number: str, begins: str = "") -> list[tuple[str, str]]:
        """The department and name of each open step of a department whose name begins so."""
        of_departments = [one for one in self.case(number)["open_steps"] if one["department"]]
        steps = [(one["department"]["code"], one["name"]) for one in of_departments]
        return [(code, name) for code, name in steps if name.startswith(begins)]

    def step(self, number: str, login: str, name: str) -> str:
        """The id of a step in somebody's inbox."""
        [found] = [row["id"] for row in self.inbox(login, number) if row["name"] == name]
        return str(found)

    def completes(
        self, number: str, login: str, name: str, outcome: str | None, comment: str | None = None, **form: Any
    ) -> TestResponse:
        """What the door answers when somebody completes a step."""
        body = {"outcome": outcome, "comment": comment, "form": form}
        return self.person(login).post(f"/inbox/{self.step(number, login, name)}/complete", body)

    def is_done(
        self, number: str, login: str, name: str, outcome: str | None, comment: str | None = None, **form: Any
    ) -> None:
        """Somebody completes a step, and nothing stands against it."""
        answer = self.completes(number, login, name, outcome, comment, **form)
        assert answer.status_code == 200, answer.text
