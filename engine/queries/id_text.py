"""An id as the text that Python and JSON write, for a comparison with a column that keeps ids among other words."""

from typing import Any

from sqlalchemy import SQLColumnExpression, String, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

HYPHENATED = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


class IdText(FunctionElement[str]):
    """The canonical text of an id, with hyphens, in lower case."""

    type = String()
    inherit_cache = True
    name = "id_text"


def id_text(id: SQLColumnExpression[Any]) -> IdText:
    """The text of an id column."""
    return IdText(id)


@compiles(IdText)
def _from_uuid(element: IdText, compiler: SQLCompiler, **options: Any) -> str:
    """PostgreSQL's uuid writes itself so."""
    return compiler.process(cast(next(iter(element.clauses)), String), **options)


@compiles(IdText, "sqlite")
def _from_bytes(element: IdText, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite keeps the sixteen bytes."""
    digits = f"hex({compiler.process(next(iter(element.clauses)), **options)})"
    hyphenated = " || '-' || ".join(f"substr({digits}, {begin}, {length})" for begin, length in HYPHENATED)
    return f"lower({hyphenated})"
