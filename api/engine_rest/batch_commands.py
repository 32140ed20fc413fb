"""What a batch of each type does to one of its subjects: what the address for a single one does, with its permission,
its sight and its evidence. A part is told in the words of the request, which are read again for each."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import marshmallow as ma

from api.engine_rest import jobs, process_instances
from api.engine_rest.event_subscriptions import refuse_office_message
from api.engine_rest.external_task_repair import RetriesDto, check_reach
from api.engine_rest.history_process_instances import LIST as PAST
from api.engine_rest.job_queries import LIST as JOBS
from api.engine_rest.jobs import JobRetriesDto
from api.engine_rest.modifications import ModificationDto, instructions, modified
from api.engine_rest.restarts import RestartDto, beginnings, restarted
from api.engine_rest.suspensions import SuspensionDto
from api.engine_rest.variables import MOST_VARIABLES, NAMED, VariableDto, Variables
from api.engine_rest.wire import Dto
from engine import batches, external_tasks, history_deletion, instances, messages, suspensions
from engine.errors import NotFound
from engine.store import instance_rows
from engine.tables import Subscription
from engine.transaction import Transaction


def _nothing(said: Mapping[str, Any]) -> None:
    """The body's own fields say all that can be wrong."""


class Kind(NamedTuple):
    """What each part is told, how its subject is looked up under the orderer's sight, and what is done to it.

    `once_gone`: a subject that is gone by then needs nothing more, and its part is done. `check` refuses at once what
    no part could do.
    """

    told: type[ma.Schema]
    seen: Callable[[Transaction, str], object]
    done: Callable[[Transaction, str, Mapping[str, Any]], object]
    once_gone: bool = False
    check: Callable[[Mapping[str, Any]], object] = _nothing


class DeletionDto(Dto):
    """Why instances are ended. Their listeners and mappings are part of how they end: they are not skipped."""

    delete_reason = ma.fields.String(load_default=None, validate=ma.validate.Length(max=4_000))


class SetVariablesDto(Dto):
    """Which variables."""

    variables = ma.fields.Dict(
        keys=ma.fields.String(validate=NAMED),
        values=VariableDto(),
        required=True,
        validate=ma.validate.Length(1, MOST_VARIABLES),
    )


class CorrelationDto(Dto):
    """A message, and what it brings along."""

    message_name = ma.fields.String(required=True, validate=ma.validate.Length(1))
    variables = Variables()


def _end(tx: Transaction, id: str, said: Mapping[str, Any]) -> None:
    instances.cancel(tx, id, said["delete_reason"] or process_instances.DELETED)


def _turn(tx: Transaction, id: str, said: Mapping[str, Any]) -> None:
    (suspensions.suspend if said["suspended"] else suspensions.activate)(tx, id)


def _set_variables(tx: Transaction, id: str, said: Mapping[str, Any]) -> None:
    instances.set_variables(tx, id, said["variables"])


def _correlate(tx: Transaction, id: str, said: Mapping[str, Any]) -> None:
    """Whatever of the instance waits for the message; nothing is no mistake (Camunda's correlateAll)."""
    tx.ports.may(tx, "messages.correlate", None)
    _check_message(said)
    root_id, its_own = instance_rows.of(tx, id).root_id, [Subscription.instance_id == id]
    messages.correlate_all(tx, said["message_name"], said["variables"], root_id=root_id, region=None, narrowing=its_own)


def _check_message(said: Mapping[str, Any]) -> None:
    refuse_office_message(said["message_name"])


def _delete_history(tx: Transaction, id: str, said: Mapping[str, Any]) -> None:
    history_deletion.delete(tx, id)


def _retry_task(tx: Transaction, id: str, said: Mapping[str, Any]) -> None:
    external_tasks.set_retries(tx, id, said["retries"])


RUNS, IS_KEPT, WAITS = process_instances.one, PAST.one, JOBS.one
KINDS: Mapping[str, Kind] = {
    "instance-deletion": Kind(DeletionDto, RUNS, _end, once_gone=True),
    "instance-update-suspension-state": Kind(SuspensionDto, RUNS, _turn, once_gone=True),
    "instance-modification": Kind(ModificationDto, RUNS, modified, check=instructions),
    "instance-restart": Kind(RestartDto, IS_KEPT, restarted, check=beginnings),
    "set-variables": Kind(SetVariablesDto, RUNS, _set_variables),
    "correlate-message": Kind(CorrelationDto, RUNS, _correlate, once_gone=True, check=_check_message),
    "set-job-retries": Kind(JobRetriesDto, WAITS, jobs.tried_again, once_gone=True),
    "set-external-task-retries": Kind(RetriesDto, check_reach, _retry_task, once_gone=True),
    "historic-instance-deletion": Kind(Dto, IS_KEPT, _delete_history, once_gone=True),
}


def _command(kind: Kind) -> batches.Command:
    def carry_out(tx: Transaction, id: str, said: Mapping[str, Any]) -> None:
        try:
            kind.seen(tx, id)
        except NotFound:
            if kind.once_gone:
                return
            raise
        kind.done(tx, id, kind.told().load(said))

    return carry_out


COMMANDS: Mapping[str, batches.Command] = {name: _command(kind) for name, kind in KINDS.items()}
