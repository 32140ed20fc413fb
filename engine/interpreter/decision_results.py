"""What becomes of a decision's rows in a diagram: camunda:mapDecisionResult."""

from collections.abc import Callable, Mapping, Sequence

from engine.errors import Sentence
from engine.expressions import ExpressionError

Rows = Sequence[Mapping[str, object]]


def _single_entry(rows: Rows) -> object:
    row = _single_result(rows)
    if row is None:
        return None
    if len(row) != 1:
        raise ExpressionError(
            Sentence(
                "决策结果有多个输出，不能映射为 singleEntry。", "The decision has several outputs, no singleEntry."
            )
        )
    return next(iter(row.values()))


def _single_result(rows: Rows) -> Mapping[str, object] | None:
    if len(rows) > 1:
        raise ExpressionError(
            Sentence(
                f"决策结果有 {len(rows)} 行，不能映射为单一结果。",
                f"The decision has {len(rows)} results where a single one is asked for.",
            )
        )
    return dict(rows[0]) if rows else None


def _collected(rows: Rows) -> list[object]:
    if any(len(row) != 1 for row in rows):
        raise ExpressionError(
            Sentence(
                "决策结果有多个输出，不能映射为 collectEntries。",
                "The decision has several outputs, no collectEntries.",
            )
        )
    return [value for row in rows for value in row.values()]


MAPPINGS: Mapping[str, Callable[[Rows], object]] = {
    "singleEntry": _single_entry,
    "singleResult": _single_result,
    "collectEntries": _collected,
    "resultList": lambda rows: [dict(row) for row in rows],
}
"""Camunda's four; the last is the default. Each raises ExpressionError where the rows do not fit it."""
