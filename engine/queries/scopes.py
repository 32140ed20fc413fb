"""Which variables an activity sees: its own, those of each scope around it, and the process instance's."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, select

from engine.store.values import columns
from engine.tables import ActivityInstance, ProcessInstance, Variable
from engine.transaction import Transaction

COMPARED = ("text", "number", "instant")


def around(tx: Transaction, activity_instance_id: str, instance_id: str) -> list[str]:
    """The scopes of an activity, from itself to the process instance. One statement."""
    inner = (
        select(ActivityInstance.id, ActivityInstance.parent_id)
        .where(ActivityInstance.id == activity_instance_id)
        .cte("scope", recursive=True)
    )
    outward = inner.union_all(
        select(ActivityInstance.id, ActivityInstance.parent_id).join(inner, ActivityInstance.id == inner.c.parent_id)
    )
    parents: Mapping[str, str | None] = {row.id: row.parent_id for row in tx.session.execute(select(outward))}
    chain, at = [], parents.get(activity_instance_id)
    while at is not None:
        chain.append(at)
        at = parents.get(at)
    return [activity_instance_id, *chain, instance_id]


def visible(tx: Transaction, scopes: Sequence[str], names: Iterable[str] | None = None) -> Mapping[str, Variable]:
    """The variables seen from the first scope, by name, or those of these names: an inner one hides an outer one."""
    statement = select(Variable).where(Variable.scope_id.in_(scopes))
    rows = tx.session.scalars(statement if names is None else statement.where(Variable.name.in_(names))).all()
    return {row.name: row for row in sorted(rows, key=lambda row: -scopes.index(row.scope_id))}


def holds(name: str, value: object) -> ColumnElement[bool]:
    """A process instance has a variable of this value."""
    said = columns(value)
    compared = [getattr(Variable, column) == said[column] for column in COMPARED if said[column] is not None]
    here = and_(Variable.scope_id == ProcessInstance.id, Variable.name == name, *compared)
    return select(1).where(here, Variable.type == said["type"]).exists()
