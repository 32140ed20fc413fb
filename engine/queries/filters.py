"""How a list is narrowed: a resource says as data which filters it has and what each means. Knows no resource."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select

ESCAPE = "\\"
"""What stands in a pattern before a sign that means itself (Camunda 7's); SQLite has none unless it is told."""

Filters = Mapping[str, Callable[[Any], ColumnElement[bool]]]


def narrowed(statement: Select[*tuple[Any, ...]], filters: Filters, wanted: Mapping[str, Any]) -> Select[Any]:
    """The statement with every filter that was asked for; one that is None, or no filter's name, narrows nothing."""
    asked = conditions(filters, wanted)
    return statement.where(*asked) if asked else statement


def conditions(filters: Filters, wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What every filter that was asked for means."""
    return [meaning(wanted[name]) for name, meaning in filters.items() if wanted.get(name) is not None]
