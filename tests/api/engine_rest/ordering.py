"""Somebody who orders batches by way of Camunda's API, and the worker that carries them out."""

from typing import Any

from engine import jobs
from tests.api.engine_rest.conftest import Tried

WORKER = "test"


class Ordering(Tried):
    """An office in which batches are ordered."""

    def orders(self, path: str, body: dict[str, Any], by: str = "admin") -> str:
        """The id of the batch that an order is answered with."""
        return str(self.does("POST", path, body, by=by, status=200)["id"])

    def works(self, parts: int = 100) -> int:
        """Carries out what is due; how many jobs that were."""
        return jobs.run_due(self.served.database, WORKER, limit=parts)

    def gives_up(self) -> None:
        """Carries out what is due until what fails is not tried any more."""
        for _ in range(5):
            self.works()
            self.served.world.days_pass(1)

    def progress(self, batch_id: str) -> tuple[int, int, int]:
        """What is left of a batch, what is done, what has failed for good."""
        [found] = self.reads(f"/batch/statistics?batchId={batch_id}")
        return found["remainingJobs"], found["completedJobs"], found["failedJobs"]

    def has_ended(self, batch_id: str) -> bool:
        return bool(self.reads(f"/history/batch/{batch_id}")["endTime"])

    def runs(self, instance_id: str) -> bool:
        return bool(self.admin.get(f"/engine-rest/process-instance/{instance_id}").status_code == 200)

    def definition(self) -> str:
        """The id of the newest version on the wire."""
        return str(self.reads("/process-definition/key/approval")["id"])
