"""What history adds up to: how long things took by month or quarter. Knows no resource."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, SQLColumnExpression, func

from engine.queries.spans import milliseconds, month
from engine.transaction import Transaction

MONTHS = {"month": 1, "quarter": 3}


class Lasted(NamedTuple):
    """How long what began in a period took, in milliseconds."""

    period: int
    minimum: int
    maximum: int
    average: int


def lasted(
    tx: Transaction,
    ended: Select[*tuple[Any, ...]],
    begin: SQLColumnExpression[Any],
    end: SQLColumnExpression[Any],
    unit: str,
) -> Sequence[Lasted]:
    """By the month or quarter in which it began, in whatever year (Camunda 7)."""
    span, months = milliseconds(begin, end), defaultdict(list)
    found = ended.with_only_columns(month(begin), func.min(span), func.max(span), func.sum(span), func.count())
    for of_year, *numbers in tx.session.execute(found.group_by(month(begin))):
        months[(of_year - 1) // MONTHS[unit] + 1].append([int(number) for number in numbers])
    return [_of_period(period, rows) for period, rows in sorted(months.items())]


def _of_period(period: int, rows: Sequence[Sequence[int]]) -> Lasted:
    least, most, sums, counts = zip(*rows, strict=True)
    return Lasted(period, min(least), max(most), sum(sums) // sum(counts))
