"""A handler as operaton-tasks 1.0b3 serves it."""

from typing import Any

from operaton.tasks import task
from operaton.tasks.runtime import ExternalTaskComplete
from operaton.tasks.types import CompleteExternalTaskDto, VariableValueDto


@task(topic="seals")
async def engrave(taken: Any) -> ExternalTaskComplete:
    engraved = {"engraved": VariableValueDto(value=True, type="Boolean")}
    return ExternalTaskComplete(
        task=taken, response=CompleteExternalTaskDto(workerId=taken.workerId, variables=engraved)
    )
