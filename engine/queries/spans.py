"""How long something lasted, and in which month it began, as both databases compute it. Knows no resource."""

from typing import Any

from sqlalchemy import BigInteger, Integer, SQLColumnExpression
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

ZONE_HOURS = 8
"""China's one zone, in which a month begins."""


class Milliseconds(FunctionElement[int]):
    """From one instant to another."""

    type = BigInteger()
    inherit_cache = True
    name = "milliseconds"


def milliseconds(begin: SQLColumnExpression[Any], end: SQLColumnExpression[Any]) -> Milliseconds:
    """How many milliseconds lie between two instants; null where one is."""
    return Milliseconds(begin, end)


class Month(FunctionElement[int]):
    """The month of an instant, 1 to 12."""

    type = Integer()
    inherit_cache = True
    name = "month_of"


def month(instant: SQLColumnExpression[Any]) -> Month:
    """In which month of the year an instant lies in China."""
    return Month(instant)


def _compiled(element: FunctionElement[Any], compiler: SQLCompiler, options: dict[str, Any]) -> list[str]:
    return [compiler.process(clause, **options) for clause in element.clauses]


@compiles(Milliseconds)
def _of_timestamps(element: Milliseconds, compiler: SQLCompiler, **options: Any) -> str:
    begin, end = _compiled(element, compiler, options)
    return f"(extract(epoch from ({end} - {begin})) * 1000)::bigint"


@compiles(Milliseconds, "sqlite")
def _of_integers(element: Milliseconds, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite keeps milliseconds."""
    begin, end = _compiled(element, compiler, options)
    return f"({end} - {begin})"


@compiles(Month)
def _of_timestamp(element: Month, compiler: SQLCompiler, **options: Any) -> str:
    [instant] = _compiled(element, compiler, options)
    return f"extract(month from ({instant} at time zone 'UTC' + interval '{ZONE_HOURS} hours'))::integer"


@compiles(Month, "sqlite")
def _of_integer(element: Month, compiler: SQLCompiler, **options: Any) -> str:
    [instant] = _compiled(element, compiler, options)
    return f"cast(strftime('%m', {instant} / 1000, 'unixepoch', '+{ZONE_HOURS} hours') as integer)"
