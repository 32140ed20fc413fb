"""camunda-client 0.15.0: starts, fetches, fails with a retry left, extends, completes; then the task of a person."""

import asyncio
import sys
from datetime import timedelta

import httpx
from camunda_client.clients import CamundaEngineClient, ExternalTaskClient
from camunda_client.clients.dto import AuthData
from camunda_client.clients.external_task.dto import ExternalTaskConfig
from camunda_client.utils import deserialize

base, topic, key, system, clerk, password = sys.argv[1:]


async def main() -> None:
    def of(login: str) -> dict[str, object]:
        auth = AuthData(username=login, password=password)
        return {"base_url": base, "auth_data": auth, "transport": httpx.AsyncHTTPTransport()}

    engine = CamundaEngineClient(**of(system))
    await engine.start_process(key, "camunda-client", {"copies": deserialize(2)})
    at_once = ExternalTaskConfig(retry_timeout=timedelta(0))
    worker = ExternalTaskClient(worker_id="camunda-client", config=at_once, **of(system))
    [job] = await worker.fetch_and_lock([topic])
    await worker.failure(job.id, error_message="blunt", retries=1)
    [again] = await worker.fetch_and_lock([topic])
    assert (again.id, again.retries) == (job.id, 1)
    await worker.extend_lock(job.id, new_duration=9_000)
    await worker.complete(job.id)

    people = CamundaEngineClient(**of(clerk))
    [task] = await people.get_tasks()
    await people.submit_task_form(task.id, {"handed_over": deserialize(True)})
    assert await people.get_tasks() == []


asyncio.run(main())
