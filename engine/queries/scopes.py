"""Which variables an activity sees: its own, those of each scope around it, and the process instance's."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select

from engine.queries.filters import ESCAPE
from engine.store.values import columns
from engine.tables import ActivityInstance, ProcessInstance, Variable, VariableChange
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
    return _in_scope(ProcessInstance.id, Variable.name == name, Variable.type == said["type"], *compared)


def compares(
    name: str,
    how: str,
    value: object,
    names_ignore_case: bool = False,
    values_ignore_case: bool = False,
    *,
    scope: SQLColumnExpression[Any] = ProcessInstance.id,
) -> ColumnElement[bool]:
    """A process instance, or another scope, has a variable that compares so with a value: as a number with a number, as
    an instant with an instant, as a text with a text. Raises KeyError for an operator that is none of OPERATORS.

    Upper and lower case of names, or of texts, are told apart unless ignored.
    """
    return _in_scope(scope, *is_so(name, how, value, names_ignore_case, values_ignore_case))


def is_so(
    name: str, how: str, value: object, names_ignore_case: bool = False, values_ignore_case: bool = False
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """A variable has this name and compares so, as `compares` does it."""
    return is_named(Variable, name, names_ignore_case), has_value(Variable, how, value, values_ignore_case)


def is_named(of: type[Variable | VariableChange], name: str, ignores_case: bool) -> ColumnElement[bool]:
    """A variable, or a change of one, has this name."""
    return func.lower(of.name) == name.lower() if ignores_case else of.name == name


def has_value(of: type[Variable | VariableChange], how: str, value: object, ignores_case: bool) -> ColumnElement[bool]:
    """What a variable holds, or held since a change of it, compares so, as `compares` does it."""
    said = columns(value)
    name = next((name for name in reversed(COMPARED) if said[name] is not None), None)
    if name is None:
        return of.type == said["type"]  # type: ignore[no-any-return]
    if ignores_case and isinstance(said[name], str):
        return OPERATORS[how](func.lower(getattr(of, name)), said[name].lower())
    return OPERATORS[how](getattr(of, name), said[name])


def _in_scope(scope: SQLColumnExpression[Any], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(1).where(Variable.scope_id == scope, *conditions).exists()
