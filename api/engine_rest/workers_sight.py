"""What the worker of an external task reads beside it: the variables that the task sees, while its lock holds."""

from sqlalchemy import exists, or_, select

from casework.matrix import MATRIX
from casework.visibility import within_reach
from engine.errors import NotFound
from engine.queries import scopes
from engine.tables import ExternalTask, Variable
from engine.transaction import Transaction


def variable(tx: Transaction, execution_id: str, name: str) -> Variable | None:
    """What a task that the caller has locked sees under this name: any of a process instance, or the one whose
    execution is named (Camunda's workers ask the instance for it)."""
    held = select(ExternalTask).where(
        or_(ExternalTask.instance_id == execution_id, ExternalTask.id == execution_id),
        ExternalTask.locked_by == tx.actor.login,
        ExternalTask.locked_until > tx.now,
        within_reach(tx.actor, ExternalTask.root_id),
        exists().where(Variable.instance_id == ExternalTask.instance_id, Variable.name == name),
    )
    for task in tx.session.scalars(held.order_by(ExternalTask.id)).all():
        seen = scopes.visible(tx, scopes.around(tx, task.id, task.instance_id), [name])
        if name in seen:
            return seen[name]
    return None


def check_oversees(tx: Transaction) -> None:
    """Whoever only works on tasks knows of no others. Raises NotFound."""
    if not tx.actor.groups & MATRIX["instances.read"].roles:
        raise NotFound
