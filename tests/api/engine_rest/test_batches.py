"""Batches by way of Camunda's API (Camunda 7.24): ordered at once, carried out part by part, as who ordered them."""

from typing import Any

import pytest

from engine import jobs
from tests.api.engine_rest.conftest import Tried
from tests.diagrams import external_task, message, receive_task, straight, user_task
from tests.served import Served

CHAIN = straight(user_task("a"), user_task("b"))
WORKER = "test"


class Ordering(Tried):
    """Somebody who orders batches, and the worker that carries them out."""

    def orders(self, path: str, body: dict[str, Any], by: str = "admin") -> dict[str, Any]:
        """The batch that an order is answered with."""
        found: dict[str, Any] = self.does("POST", path, body, by=by, status=200)
        return found

    def works(self, parts: int = 100) -> int:
        """Carries out what is due; how many jobs that were."""
        return jobs.run_due(self.served.database, WORKER, limit=parts)

    def progress(self, batch_id: str) -> tuple[int, int, int]:
        """What is left of a batch, what is done, what has failed for good."""
        [found] = self.reads(f"/batch/statistics?batchId={batch_id}")
        return found["remainingJobs"], found["completedJobs"], found["failedJobs"]

    def is_gone(self, instance_id: str) -> bool:
        return bool(self.admin.get(f"/engine-rest/process-instance/{instance_id}").status_code == 404)


@pytest.fixture
def ordering(served: Served) -> Ordering:
    found = Ordering(served)
    found.deploy(CHAIN)
    return found


def test_a_batch_is_ordered_at_once_and_carried_out_part_by_part(ordering: Ordering) -> None:
    running = [ordering.start() for _ in range(3)]
    batch = ordering.orders("/process-instance/delete", {"processInstanceIds": running, "deleteReason": "作废"})
    assert (batch["type"], batch["totalJobs"], batch["createUserId"]) == ("instance-deletion", 3, "admin")
    assert ordering.progress(batch["id"]) == (3, 0, 0)

    assert ordering.works(parts=1) == 1
    assert ordering.progress(batch["id"]) == (2, 1, 0)
    assert [ordering.is_gone(one) for one in running] == [True, False, False]

    ordering.works()
    assert all(ordering.is_gone(one) for one in running)
    assert ordering.reads("/batch") == []
    [done] = ordering.reads("/history/batch?completed=true")
    assert done["endTime"] is not None
    reason = ordering.reads(f"/history/process-instance/{running[0]}")["deleteReason"]
    assert reason == "作废"
