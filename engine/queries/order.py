"""In which order lists stand where a column may be empty. Knows no resource."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from engine.columns import NEVER, Instant


def or_never(instant: SQLColumnExpression[Any]) -> ColumnElement[datetime]:
    """The instant, or one after all others where there is none."""
    return func.coalesce(instant, literal(NEVER, Instant()), type_=Instant())


class JustBefore(FunctionElement[datetime]):
    """The millisecond before an instant."""

    type = Instant()
    inherit_cache = True
    name = "just_before"


def just_before(instant: SQLColumnExpression[Any]) -> JustBefore:
    """Sorts before everything of the same instant, and after everything sooner."""
    return JustBefore(instant)


@compiles(JustBefore)
def _timestamp(element: JustBefore, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(next(iter(element.clauses)), **options)} - interval '1 millisecond')"


@compiles(JustBefore, "sqlite")
def _milliseconds(element: JustBefore, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite keeps milliseconds."""
    return f"({compiler.process(next(iter(element.clauses)), **options)} - 1)"
