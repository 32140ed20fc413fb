"""An office that runs the packages as they stand in processes/: what any of their cases shows, over HTTP."""

from typing import Any

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
