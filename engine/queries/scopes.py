"""Which variables an activity sees: its own, those of each scope around it, and the process instance's."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from engine.queries.filters import ESCAPE
from engine.store.values import columns
from engine.tables import ActivityInstance, ProcessInstance, Variable
from engine.transaction import Transaction

COMPARED = ("text", "number", "instant")
OPERATORS: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
    "like": lambda column, pattern: column.like(pattern, escape=ESCAPE),
    "notLike": lambda column, pattern: column.not_like(pattern, escape=ESCAPE),
}


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
    return _of_instance(name, Variable.type == said["type"], *compared)


def compares(name: str, how: str, value: object) -> ColumnElement[bool]:
    """A process instance has a variable that compares so with a value: as a number with a number, as an instant with
    an instant, as a text with a text. Raises KeyError for an operator that is none of OPERATORS."""
    said = columns(value)
    column = next((column for column in reversed(COMPARED) if said[column] is not None), None)
    if column is None:
        return _of_instance(name, Variable.type == said["type"])
    return _of_instance(name, OPERATORS[how](getattr(Variable, column), said[column]))


def _of_instance(name: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    here = and_(Variable.scope_id == ProcessInstance.id, Variable.name == name)
    return select(1).where(here, *conditions).exists()
