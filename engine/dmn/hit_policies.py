"""Which of the rules that match count, and what the table answers then (DMN 1.3, 8.2.8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.dmn.model import Aggregation, HitPolicy, Rule, Table
from engine.errors import Sentence

Row = Mapping[str, Any]


class Ambiguous(Exception):
    """More rules match than the hit policy allows, or what they say cannot be put together."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.en)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, and its answers by the names of the outputs."""

    rule: Rule
    row: Row


Ranks = Callable[[Hit], tuple[int, ...]]
"""How important a hit is by the values that its outputs list; the least number is the most important."""


def _unique(hits: Sequence[Hit], ranks: Ranks) -> Sequence[Hit]:
    if len(hits) > 1:
        raise Ambiguous(
            Sentence(
                f"命中策略为 UNIQUE，但规则 {_numbers(hits)} 同时成立。",
                f"The hit policy is UNIQUE, but the rules {_numbers(hits)} all match.",
            )
        )
    return hits


def _any(hits: Sequence[Hit], ranks: Ranks) -> Sequence[Hit]:
    if any(hit.row != hits[0].row for hit in hits):
        raise Ambiguous(
            Sentence(
                f"命中策略为 ANY，但规则 {_numbers(hits)} 同时成立而结论不同。",
                f"The hit policy is ANY, but the rules {_numbers(hits)} all match and differ.",
            )
        )
    return hits[:1]


def _numbers(hits: Sequence[Hit]) -> str:
    return ", ".join(str(hit.rule.number) for hit in hits[:20])


POLICIES: Mapping[HitPolicy, Callable[[Sequence[Hit], Ranks], Sequence[Hit]]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.FIRST: lambda hits, ranks: hits[:1],
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: lambda hits, ranks: sorted(hits, key=ranks)[:1],
    HitPolicy.OUTPUT_ORDER: lambda hits, ranks: sorted(hits, key=ranks),
    HitPolicy.RULE_ORDER: lambda hits, ranks: hits,
    HitPolicy.COLLECT: lambda hits, ranks: hits,
}


def counting(table: Table, hits: Sequence[Hit], ranks: Ranks) -> Sequence[Hit]:
    """The hits that count. Raises Ambiguous."""
    return POLICIES[table.hit_policy](hits, ranks)


def aggregated(table: Table, hits: Sequence[Hit]) -> list[Row]:
    """The rows of a table's answer; with an aggregation one row, or none where there is nothing to aggregate."""
    if table.aggregation is None:
        return [hit.row for hit in hits]
    name = table.outputs[0].name
    values = [hit.row[name] for hit in hits]
    if table.aggregation is Aggregation.COUNT:
        return [{name: len(values)}]
    if not values:
        return []
    if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in values):
        raise Ambiguous(Sentence(f"{table.aggregation} 只能用于数字。", f"{table.aggregation} is for numbers alone."))
    return [{name: AGGREGATIONS[table.aggregation](values)}]


AGGREGATIONS: Mapping[Aggregation, Callable[[Sequence[Any]], Any]] = {
    Aggregation.SUM: sum,
    Aggregation.MIN: min,
    Aggregation.MAX: max,
}
