"""Ordering batches: each address says of which type, and which subjects it can be about.

Subjects are found when the batch is ordered, under the caller's sight. What is done to no case is refused at once where
one is among them.
"""

from typing import Any, NamedTuple

from flask import request

from api import bodies, wire
from api.engine_rest import batches, process_instances
from api.engine_rest.batch_commands import KINDS
from api.engine_rest.batches import BatchShown
from api.engine_rest.lists import titled
from api.engine_rest.modifications import ModificationDto, ModificationsDto, of_definition
from api.engine_rest.restarts import RestartsDto
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.subjects import (
    EXTERNAL_TASKS,
    JOBS,
    JOBS_OF_INSTANCES,
    PAST_INSTANCES,
    RUNNING_INSTANCES,
    TO_RESTART,
    Subjects,
    refuse_the_offices,
)
from engine import batches as orders
from engine.transaction import Transaction

routes = CamundaRoutes("batch-order", "Ordering batches.")

Answer = dict[str, Any]
ACT = "batches.order"


class Address(NamedTuple):
    """Where a batch is ordered: its title in both languages, its type, its subjects; `of_cases`: theirs too."""

    path: str
    zh: str
    en: str
    kind: str
    subjects: Subjects
    of_cases: bool = False


ADDRESSES = (
    Address(
        "/process-instance/delete", "批量终止流程实例", "End process instances in a batch", "instance-deletion",
        RUNNING_INSTANCES,
    ),
    Address(
        "/process-instance/delete-historic-query-based", "批量终止流程实例", "End process instances in a batch",
        "instance-deletion", RUNNING_INSTANCES,
    ),
    Address(
        "/process-instance/suspended-async", "批量挂起或激活流程实例",
        "Suspend or activate process instances in a batch", "instance-update-suspension-state", RUNNING_INSTANCES,
    ),
    Address(
        "/process-instance/variables-async", "批量修改流程变量", "Set variables of process instances in a batch",
        "set-variables", RUNNING_INSTANCES,
    ),
    Address(
        "/process-instance/message-async", "批量投递消息", "Correlate a message with process instances in a batch",
        "correlate-message", RUNNING_INSTANCES, of_cases=True,
    ),
    Address(
        "/process-instance/job-retries", "批量设置作业重试次数", "Set the retries of instances' jobs in a batch",
        "set-job-retries", JOBS_OF_INSTANCES, of_cases=True,
    ),
    Address(
        "/process-instance/job-retries-historic-query-based", "批量设置作业重试次数",
        "Set the retries of instances' jobs in a batch", "set-job-retries", JOBS_OF_INSTANCES, of_cases=True,
    ),
    Address(
        "/job/retries", "批量设置作业重试次数", "Set the retries of jobs in a batch", "set-job-retries", JOBS,
        of_cases=True,
    ),
    Address(
        "/external-task/retries-async", "批量设置外部任务重试次数", "Set the retries of external tasks in a batch",
        "set-external-task-retries", EXTERNAL_TASKS, of_cases=True,
    ),
    Address(
        "/history/process-instance/delete", "批量删除流程历史", "Delete the history of process instances in a batch",
        "historic-instance-deletion", PAST_INSTANCES,
    ),
)  # fmt: skip


def ordered(tx: Transaction, kind: str, said: Answer, subject_ids: list[str], *, of_cases: bool = False) -> Answer:
    """The batch that the request in hand orders; it keeps what each part is to be told, in the request's own words."""
    KINDS[kind].check(said)
    if not of_cases:
        refuse_the_offices(tx, subject_ids)
    body = wire.parsed(bodies.whole(request) or b"{}")
    told = [field.data_key or name for name, field in KINDS[kind].told().fields.items()]
    return batches.shown(orders.order(tx, kind, {name: body[name] for name in told if name in body}, subject_ids))


def _named(path: str) -> str:
    """What the body is called in the OpenAPI document: PostProcessInstanceDelete."""
    return "Post" + "".join(word.capitalize() for word in path.replace("/", "-").split("-"))


def _state(address: Address) -> None:
    body = KINDS[address.kind].told.from_dict(address.subjects.fields, name=_named(address.path))

    @routes.post(address.path, address.zh, ACT, body=body, answer=BatchShown)
    @titled(address.en)
    def order(tx: Transaction, said: Answer) -> Answer:
        return ordered(tx, address.kind, said, address.subjects.meant(tx, said), of_cases=address.of_cases)


for address in ADDRESSES:
    _state(address)


@routes.post("/modification/executeAsync", "批量修改流程实例", ACT, body=ModificationsDto, answer=BatchShown)
def modify_several(tx: Transaction, body: Answer) -> Answer:
    """Modify process instances of one definition in a batch"""
    of_it = of_definition(body["process_definition_id"])
    return ordered(tx, "instance-modification", body, RUNNING_INSTANCES.meant(tx, body, of_it))


@routes.post(
    "/process-instance/<instance_id>/modification-async",
    "以批量操作修改流程实例",
    ACT,
    body=ModificationDto,
    answer=BatchShown,
)
def modify(tx: Transaction, body: Answer, instance_id: str) -> Answer:
    """Modify a process instance in a batch of its own"""
    process_instances.one(tx, instance_id)
    return ordered(tx, "instance-modification", body, [instance_id])


@routes.post(
    "/process-definition/<definition>/restart-async", "批量重新启动流程实例", ACT, body=RestartsDto, answer=BatchShown
)
def restart(tx: Transaction, body: Answer, definition: str) -> Answer:
    """Restart process instances of a definition in a batch"""
    return ordered(tx, "instance-restart", body, TO_RESTART.meant(tx, body, of_definition(definition)))
