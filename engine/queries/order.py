"""In which order lists stand where a column may be empty. Knows no resource."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, literal

from engine.columns import Instant

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Later than any instant a person gives: where no due instant stands, a list sorted by due ends."""


def or_never(instant: SQLColumnExpression[Any]) -> ColumnElement[datetime]:
    """The instant, or one after all others where there is none."""
    return func.coalesce(instant, literal(NEVER, Instant()), type_=Instant())
