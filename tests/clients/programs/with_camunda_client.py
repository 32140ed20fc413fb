"""camunda-client 0.15.0: starts, fetches, extends, completes as a worker; then the task of a person."""

import asyncio
import sys

import httpx
from camunda_client.clients import CamundaEngineClient, ExternalTaskClient
from camunda_client.clients.dto import AuthData
from camunda_client.utils import deserialize

base, topic, key, system, clerk, password = sys.argv[1:]


async def main() -> None:
    def of(login: str) -> dict[str, object]:
        auth = AuthData(username=login, password=password)
        return {"base_url": base, "auth_data": auth, "transport": httpx.AsyncHTTPTransport()}

    engine = CamundaEngineClient(**of(system))
    await engine.start_process(key, "camunda-client", {"copies": deserialize(2)})
    worker = ExternalTaskClient(worker_id="camunda-client", **of(system))
    [job] = await worker.fetch_and_lock([topic])
    await worker.complete(job.id)

    people = CamundaEngineClient(**of(clerk))
    [task] = await people.get_tasks()
    await people.submit_task_form(task.id, {"handed_over": deserialize(True)})
    assert await people.get_tasks() == []


asyncio.run(main())
