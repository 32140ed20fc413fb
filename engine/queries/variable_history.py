"""What variables held: every change is kept, the last of each is what a variable holds or held at the end."""

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from engine.queries.scopes import has_value, is_named
from engine.tables import VariableChange

Column = InstrumentedAttribute[str]
Other = aliased(VariableChange)
_SAME = and_(
    Other.instance_id == VariableChange.instance_id,
    Other.scope_id == VariableChange.scope_id,
    Other.name == VariableChange.name,
)
LAST: ColumnElement[bool] = ~select(1).where(_SAME, Other.seq > VariableChange.seq).exists()
"""The change after which there is none of the same variable."""
FIRST: ColumnElement[bool] = ~select(1).where(_SAME, Other.seq < VariableChange.seq).exists()
CREATED_AT = (
    select(Other.changed_at).where(_SAME).order_by(Other.seq).limit(1).correlate(VariableChange).scalar_subquery()
)
"""When the variable got its first value."""


def held(
    instance_id: Column,
    scope_id: Column,
    name: str,
    how: str,
    value: object,
    names_ignore_case: bool = False,
    values_ignore_case: bool = False,
) -> ColumnElement[bool]:
    """A scope of a process instance has, or had at its end, a variable that compares so with a value. Raises KeyError
    for an operator that is none of OPERATORS."""
    here = and_(VariableChange.instance_id == instance_id, VariableChange.scope_id == scope_id)
    named = is_named(VariableChange, name, names_ignore_case)
    return select(1).where(here, named, LAST, has_value(VariableChange, how, value, values_ignore_case)).exists()
