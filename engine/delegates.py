"""Delegates: a service task's registered handler is an errand; what it returns carries the case on."""

from collections.abc import Callable, Mapping
from functools import partial

from engine import definitions, instances
from engine.errors import EngineError, Sentence
from engine.interpreter.stimulus import Completed, ErrorThrown, Stimulus
from engine.ports import BpmnError, Delegate
from engine.store import instance_rows
from engine.store.variables import ScopeVariables
from engine.tables import Job
from engine.transaction import Transaction


class NoSuchDelegate(EngineError):
    """The diagram names a handler that this server does not have."""

    code = "no-such-delegate"
    title = Sentence(
        "服务器没有登记流程图所用的处理程序。", "The server has no handler of the name that the diagram uses."
    )


def order(tx: Transaction, job: Job) -> Callable[[], Stimulus]:
    """The handler with the variables it sees, and the job's id as its key. Raises NoSuchDelegate."""
    instance = instance_rows.of(tx, job.instance_id or "")
    node = definitions.load(tx, instance.definition_id).node(job.activity_id or "")
    name = (node.work.delegate if node.work else None) or ""
    delegate = tx.ports.delegates.get(name)
    if delegate is None:
        raise NoSuchDelegate(
            Sentence(f"没有名为“{name}”的处理程序。", f"There is no handler “{name}”."), element_id=node.id
        )
    result = node.work.result_variable if node.work else None
    visible = ScopeVariables(tx, instance.id).visible(job.payload.get("scopes", ()))
    return partial(_carried_out, delegate, visible, job.id, result)


def _carried_out(delegate: Delegate, variables: Mapping[str, object], key: str, result: str | None) -> Stimulus:
    try:
        returned = dict(delegate(variables, key=key) or {})
        return Completed(key, returned if result is None else {result: returned})
    except BpmnError as error:
        return ErrorThrown(key, error.code, error.message)


def settle(tx: Transaction, job: Job, result: Stimulus) -> None:
    """The service task is done, or ends in an error that the diagram may catch."""
    root = instance_rows.of(tx, job.root_id or "")
    instances.advance(tx, root, instance_rows.in_tree(tx, root, job.instance_id or ""), result)
