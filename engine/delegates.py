"""Delegates: a service task's registered handler runs between two transactions, never inside one."""

from collections.abc import Mapping
from typing import NamedTuple

from engine import definitions, instances
from engine.errors import EngineError, Sentence
from engine.interpreter.stimulus import Completed, ErrorThrown, Stimulus
from engine.ports import ENGINE, BpmnError, Delegate
from engine.store import instance_rows
from engine.store.variables import ScopeVariables
from engine.tables import Job
from engine.transaction import Database, Transaction
from engine.work import incidents


class NoSuchDelegate(EngineError):
    """The diagram names a handler that this server does not have."""

    code = "no-such-delegate"
    title = Sentence(
        "服务器没有登记流程图所用的处理程序。", "The server has no handler of the name that the diagram uses."
    )


class _Ordered(NamedTuple):
    delegate: Delegate
    variables: Mapping[str, object]


def run(database: Database, job_id: str, worker: str) -> None:
    """Reads what the handler needs, runs it without a transaction, and applies what it returned.

    The handler gets the job's id as its key: a second run after a crash is recognisable as the same work. When the
    lease went to another worker meanwhile, the result is dropped.
    """
    with database.view(ENGINE) as tx:
        ordered = _ordered(tx, job_id, worker)
    if ordered is None:
        return
    try:
        result = ordered.delegate(ordered.variables, key=job_id)
        stimulus: Stimulus = Completed(job_id, dict(result or {}))
    except BpmnError as error:
        stimulus = ErrorThrown(job_id, error.code, error.message)
    with database.begin(ENGINE) as tx:
        _apply(tx, job_id, worker, stimulus)


def _ordered(tx: Transaction, job_id: str, worker: str) -> _Ordered | None:
    job = tx.session.get(Job, job_id)
    if job is None or job.locked_by != worker or job.instance_id is None:
        return None
    instance = instance_rows.of(tx, job.instance_id)
    node = definitions.load(tx, instance.definition_id).node(job.activity_id or "")
    name = (node.work.delegate if node.work else None) or ""
    delegate = tx.ports.delegates.get(name)
    if delegate is None:
        raise NoSuchDelegate(
            Sentence(f"没有名为“{name}”的处理程序。", f"There is no handler “{name}”."), element_id=node.id
        )
    visible = ScopeVariables(tx, instance.id).visible(job.payload.get("scopes", ()))
    return _Ordered(delegate, visible)


def _apply(tx: Transaction, job_id: str, worker: str, stimulus: Stimulus) -> None:
    found = tx.session.get(Job, job_id)
    if found is None or found.root_id is None:
        return
    root = instance_rows.lock_tree_of(tx, found.root_id)
    job = tx.session.get(Job, job_id, with_for_update=True, populate_existing=True)
    if job is None or job.locked_by != worker or job.instance_id is None:
        return
    if job.failures:
        tx.emit(*incidents.close(tx, [job.id]))
    tx.session.delete(job)
    instances.advance(tx, root, instance_rows.in_tree(tx, root, job.instance_id), stimulus)
