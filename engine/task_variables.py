"""Variables as a user task sees them, set and removed from outside while it is open.

A name is the task's own (`local`), or belongs to the innermost scope around it that has it, else to the process
(Camunda 7).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from engine import instances, user_tasks
from engine.diagram.model import Moment
from engine.interpreter.stimulus import VariablesChanged
from engine.queries import scopes
from engine.store import instance_rows
from engine.store.task_rows import lock_open
from engine.store.variables import remove
from engine.tables import ProcessInstance, UserTask
from engine.transaction import Transaction

ACT = "user_tasks.set_variables"


def change(tx: Transaction, task_id: str, values: Mapping[str, object], removed: Sequence[str], *, local: bool) -> None:
    """Sets and removes variables; what is in both is removed, what there is not is passed over.

    Conditions that are armed are tried again. Raises NotFound when the caller is no candidate, Conflict when the task
    is closed.
    """
    root, task = lock_open(tx, task_id, ACT)
    instance = instance_rows.in_tree(tx, root, task.instance_id)
    kept = {name: value for name, value in values.items() if name not in removed}
    for scope_id, names in _by_scope(tx, task, [*kept, *removed], local=local).items():
        _change(tx, root, instance, scope_id, {name: kept[name] for name in names if name in kept})
        remove(tx, instance, [name for name in names if name in removed], scope_id)
    instances.advance(tx, root, instance, VariablesChanged())
    if local:
        user_tasks.tell_listeners(tx, task, Moment.UPDATE)


def _change(
    tx: Transaction, root: ProcessInstance, instance: ProcessInstance, scope_id: str | None, values: dict[str, object]
) -> None:
    if values:
        instances.advance(tx, root, instance, VariablesChanged(values, scope_id))


def _by_scope(
    tx: Transaction, task: UserTask, names: Sequence[str], *, local: bool
) -> Mapping[str | None, Sequence[str]]:
    """The names by the scope that they belong to; None is the process."""
    if local:
        return {task.id: names}
    found = scopes.visible(tx, scopes.around(tx, task.id, task.instance_id), names)
    by_scope: defaultdict[str | None, list[str]] = defaultdict(list)
    for name in names:
        scope_id = found[name].scope_id if name in found else task.instance_id
        by_scope[None if scope_id == task.instance_id else scope_id].append(name)
    return by_scope
