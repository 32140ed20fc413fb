"""A handler as operaton-tasks 1.0b3 serves it: fails once with a retry left, then extends its lock and completes."""

import asyncio
from datetime import datetime
from typing import Any

from operaton.tasks import task
from operaton.tasks.config import settings
from operaton.tasks.runtime import ExternalTaskComplete, ExternalTaskFailure
from operaton.tasks.types import CompleteExternalTaskDto, ExternalTaskFailureDto, VariableValueDto
from operaton.tasks.utils import operaton_session, request_with_auth_retry
from operaton.tasks.worker import extend_lock

settings.ENGINE_REST_LOCK_TTL_SECONDS *= 2  # of what is extended, not of what is fetched


@task(topic="seals")
async def engrave(taken: Any) -> ExternalTaskComplete | ExternalTaskFailure:
    if taken.retries is None:
        blunt = ExternalTaskFailureDto(workerId=taken.workerId, errorMessage="blunt", retries=1, retryTimeout=0)
        return ExternalTaskFailure(task=taken, response=blunt)
    assert await extended(taken) > taken.lockExpirationTime
    engraved = {"engraved": VariableValueDto(value=True, type="Boolean")}
    return ExternalTaskComplete(
        task=taken, response=CompleteExternalTaskDto(workerId=taken.workerId, variables=engraved)
    )


async def extended(taken: Any) -> datetime:
    """Until when the task is locked now, after the worker has extended the locks of what it works on."""
    async with operaton_session() as http:
        await extend_lock(http, {asyncio.current_task()})
        url = f"{settings.ENGINE_REST_BASE_URL}/external-task/{taken.id}"
        answer = await (await request_with_auth_retry(http, "GET", url)).json()
        return datetime.fromisoformat(answer["lockExpirationTime"])
