"""Locks and reads of process instances. A child is never locked alone: the root's row is the lock of the whole tree."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ScalarSelect, Select, bindparam, select

from engine.errors import NotFound
from engine.tables import RUNNING, ProcessInstance, UserTask
from engine.transaction import Transaction


def _root(root_id: object) -> Select[ProcessInstance]:
    return select(ProcessInstance).where(ProcessInstance.id == root_id)


OF_TASK = _root(select(UserTask.root_id).where(UserTask.id == bindparam("task_id")).scalar_subquery())


def lock_tree_of(tx: Transaction, instance_id: str | ScalarSelect[str]) -> ProcessInstance:
    """Locks the tree that an instance belongs to; its root. Raises NotFound."""
    root_id = select(ProcessInstance.root_id).where(ProcessInstance.id == instance_id).scalar_subquery()
    return tx.lock_root(_root(root_id))


def lock_tree_of_task(tx: Transaction, task_id: str) -> ProcessInstance:
    """Locks the tree that a user task belongs to; its root. Raises NotFound."""
    return tx.lock_root(OF_TASK, {"task_id": task_id})


def lock_free_trees(tx: Transaction, root_ids: Iterable[str]) -> Sequence[ProcessInstance]:
    """Locks those of these trees that no other command holds; their roots, in order."""
    return tx.lock_free_roots(select(ProcessInstance).where(ProcessInstance.id.in_(list(root_ids))))


def in_tree(tx: Transaction, root: ProcessInstance, instance_id: str) -> ProcessInstance:
    """An instance of a locked tree. Raises NotFound."""
    if instance_id == root.id:
        return root
    found = tx.session.scalar(
        select(ProcessInstance).where(ProcessInstance.id == instance_id, ProcessInstance.root_id == root.id)
    )
    if found is None:
        raise NotFound
    return found


def of(tx: Transaction, instance_id: str) -> ProcessInstance:
    """An instance, to read only. Raises NotFound."""
    found = tx.session.get(ProcessInstance, instance_id)
    if found is None:
        raise NotFound
    return found


def called_by(tx: Transaction, root: ProcessInstance, caller_id: str) -> ProcessInstance | None:
    """The running instance that an activity instance called."""
    return tx.session.scalar(
        select(ProcessInstance).where(
            ProcessInstance.root_id == root.id,
            ProcessInstance.caller_id == caller_id,
            ProcessInstance.state.in_(RUNNING),
        )
    )
