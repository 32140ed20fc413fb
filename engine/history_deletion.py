"""A person deletes the history of a process that is over, before its time: all that there is of it goes."""

from engine import history_cleanup
from engine.errors import Conflict, Invalid, Sentence
from engine.store import instance_rows
from engine.tables import RUNNING
from engine.transaction import Transaction

RUNS = Sentence("该流程实例仍在运行，不能删除其历史。", "The process instance is still running: its history stays.")
CALLED = Sentence(
    "这是被调用的流程；请删除其最上层流程的历史。",
    "A process called this one: delete the history of the outermost process.",
)


def delete(tx: Transaction, instance_id: str) -> None:
    """Deletes what was kept of an instance and of all that it called. Raises NotFound, Conflict while it runs, Invalid
    for one that was called."""
    root = instance_rows.lock_tree_of(tx, instance_id)
    tx.ports.may(tx, "history.delete", root)
    if root.id != instance_rows.in_tree(tx, root, instance_id).id:
        raise Invalid(CALLED)
    if root.state in RUNNING:
        raise Conflict(RUNS)
    history_cleanup.forget(tx, [root.id])
