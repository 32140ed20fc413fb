"""Decides: a decision and all it requires, over the variables of a case. Pure; bounded in time by FEEL's own bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import feel
from engine.dmn.graph import order
from engine.dmn.hit_policies import Ambiguous, Hit, Row, aggregated, counting
from engine.dmn.model import Decision, Input, Literal, Output, Requirements, Rule, Table
from engine.dmn.types import Unfit, converted
from engine.errors import EngineError, Sentence
from feel import FeelError, FeelFault

MOST_SECONDS = 2.0


class DecisionFailed(EngineError):
    """A decision cannot be made with these variables; nothing was changed."""

    code = "decision-failed"
    title = Sentence(
        "决策无法作出，未做任何更改。", "A decision cannot be made with these variables; nothing was changed."
    )


@dataclass(frozen=True, slots=True)
class Instance:
    """One decision that was made: the values of its inputs, the rules that counted, what it answered."""

    decision: Decision
    inputs: Sequence[Any]
    hits: Sequence[Hit]
    answered: Sequence[Row]

    @property
    def asked(self) -> Mapping[str, Any]:
        """The values of its inputs by their labels."""
        columns = self.decision.logic.inputs if isinstance(self.decision.logic, Table) else ()
        return {column.label: value for column, value in zip(columns, self.inputs, strict=True)}

    @property
    def rules(self) -> Sequence[int]:
        """The numbers of the rules that counted."""
        return [hit.rule.number for hit in self.hits]


@dataclass(frozen=True, slots=True)
class Decided:
    """The rows of the decision that was asked for, and everything decided on the way, in its order."""

    rows: Sequence[Row]
    instances: Sequence[Instance]


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question to a graph. `until` is when it has taken too long, on the machine's steady clock."""

    now: datetime
    zone: ZoneInfo
    until: float

    def at(self, decision: Decision, context: Mapping[str, object]) -> "_At":
        return _At(self, decision, context)


@dataclass(frozen=True, slots=True)
class _At:
    """One decision of the question, with the variables that it sees."""

    asking: _Asking
    decision: Decision
    context: Mapping[str, object]

    def failed(self, where: Sentence, why: Sentence | feel.Sentence) -> DecisionFailed:
        name, key = self.decision.name or self.decision.key, self.decision.key
        return DecisionFailed(
            Sentence(f"决策“{name}”（{key}）{where.zh}：{why.zh}", f"Decision “{name}” ({key}), {where.en}: {why.en}"),
            element_id=key,
        )

    def values(self, texts: Sequence[str], where: Sequence[Sentence]) -> list[Any]:
        """The values of expressions, each with the place to name when it has none."""
        self.in_time()
        found = feel.evaluate_all(texts, self.context, now=self.asking.now, zone=self.asking.zone, strict=True)
        return [self._checked(one, place) for one, place in zip(found, where, strict=True)]

    def passed(self, texts: Sequence[str], value: object, where: Sequence[Sentence]) -> list[bool]:
        self.in_time()
        place = {"now": self.asking.now, "zone": self.asking.zone}
        found = feel.unary_tests(texts, value, self.context, strict=True, **place)  # type: ignore[arg-type]
        return [bool(self._checked(one, place)) for one, place in zip(found, where, strict=True)]

    def in_time(self) -> None:
        if monotonic() > self.asking.until:
            slow = Sentence(f"计算超过 {MOST_SECONDS:g} 秒，已停止", f"it took longer than {MOST_SECONDS:g} seconds")
            raise self.failed(Sentence("", "as a whole"), slow)

    def _checked(self, found: Any, where: Sentence) -> Any:
        if isinstance(found, (FeelError, FeelFault)):
            raise self.failed(where, found.sentence)
        return found


def decide(
    requirements: Requirements, key: str, variables: Mapping[str, object], *, now: datetime, zone: ZoneInfo
) -> Decided:
    """What a decision answers, one row for each rule that counts (Camunda's DmnDecisionResult).

    What it requires is decided first; the results are variables for those above: each output by its name, a list
    where several rows count. Raises DecisionFailed, naming the decision and the rule or column.
    """
    asking = _Asking(now, zone, monotonic() + MOST_SECONDS)
    decisions = order(requirements.decisions, key)
    context = _named(decisions, variables)
    instances: list[Instance] = []
    try:
        for decision in decisions:
            at = asking.at(decision, context)
            made = (
                _of_table(at, decision.logic) if isinstance(decision.logic, Table) else _of_literal(at, decision.logic)
            )
            instances.append(made)
            context.update(_seen(decision, made.answered))
    except FeelError as error:
        raise at.failed(Sentence("", "as a whole"), error.sentence) from None
    return Decided(instances[-1].answered, instances)


def _named(decisions: Sequence[Decision], variables: Mapping[str, object]) -> dict[str, object]:
    """Only what some cell may name crosses to the evaluator: a case has much that no decision asks about."""
    texts = "\n".join(text for decision in decisions for text in decision.logic.texts)
    return {name: value for name, value in variables.items() if name in texts}


def _seen(decision: Decision, rows: Sequence[Row]) -> dict[str, object]:
    """The variables that the decisions above see (Camunda's DefaultDmnDecisionContext)."""
    several = isinstance(decision.logic, Table) and decision.logic.hit_policy.is_of_several
    if isinstance(decision.logic, Table) and decision.logic.aggregation is not None:
        several = False
    if not rows:
        names = [one.name for one in decision.logic.outputs] if isinstance(decision.logic, Table) else []
        return dict.fromkeys(names, [] if several else None)
    if len(rows) == 1 and not several:
        return dict(rows[0])
    return {name: [row[name] for row in rows] for name in rows[0]}


def _of_literal(at: _At, logic: Literal) -> Instance:
    where = Sentence("的表达式", "its expression")
    (value,) = at.values([logic.expression], [where])
    answer = {logic.name: _fit(at, value, logic.type, where)}
    return Instance(at.decision, (), (), [answer])


def _of_table(at: _At, table: Table) -> Instance:
    where = [Sentence(f"的输入“{one.label}”", f"input “{one.label}”") for one in table.inputs]
    found = at.values([one.expression for one in table.inputs], where)
    asked = [_fit(at, *each) for each in zip(found, [one.type for one in table.inputs], where, strict=True)]
    rules = _matching(at, table, asked)
    hits = [Hit(rule, row) for rule, row in zip(rules, _rows(at, table.outputs, rules), strict=True)]
    try:
        counted = counting(table, hits, _ranks(at, table, hits))
        rows = aggregated(table, counted)
    except Ambiguous as ambiguous:
        raise at.failed(Sentence("", "as a whole"), ambiguous.sentence) from None
    if not hits and any(one.default for one in table.outputs):
        rows = [_defaults(at, table)]
    return Instance(at.decision, asked, counted, rows)


def _matching(at: _At, table: Table, asked: Sequence[object]) -> list[Rule]:
    """The rules of which every cell holds: column by column, the rules that are left."""
    left = list(table.rules)
    for index, (column, value) in enumerate(zip(table.inputs, asked, strict=True)):
        left = _holding(at, column, value, index, left)
    return left


def _holding(at: _At, column: Input, value: object, index: int, rules: Sequence[Rule]) -> list[Rule]:
    if not any(rule.tests[index] not in ("", "-") for rule in rules):
        return list(rules)
    inner = _At(at.asking, at.decision, {**at.context, column.variable: value})
    where = [_at_rule(rule, column.label) for rule in rules]
    passed = inner.passed([rule.tests[index] for rule in rules], value, where)
    return [rule for rule, holds in zip(rules, passed, strict=True) if holds]


def _rows(at: _At, outputs: Sequence[Output], rules: Sequence[Rule]) -> list[Row]:
    """The answers of rules, all asked together; an empty cell is null."""
    cells = [(rule, output, text) for rule in rules for output, text in zip(outputs, rule.answers, strict=True)]
    where = [_at_rule(rule, output.name) for rule, output, _ in cells]
    found = iter(at.values([text or "null" for _, _, text in cells], where) if cells else ())
    return [{one.name: _fit(at, next(found), one.type, _at_rule(rule, one.name)) for one in outputs} for rule in rules]


def _defaults(at: _At, table: Table) -> Row:
    where = [Sentence(f"输出“{one.name}”的默认值", f"the default of “{one.name}”") for one in table.outputs]
    found = at.values([one.default or "null" for one in table.outputs], where)
    return {one.name: _fit(at, value, one.type, where[0]) for one, value in zip(table.outputs, found, strict=True)}


def _ranks(at: _At, table: Table, hits: Sequence[Hit]) -> Any:
    """How important a hit is: by the place of each answer among the values of its output."""
    listed = [one for one in table.outputs if one.values] if hits else []
    where = [Sentence(f"输出“{one.name}”的允许值", f"the values of “{one.name}”") for one in listed]
    values = at.values([f"[{one.values}]" for one in listed], where) if listed else []
    order = {one.name: known for one, known in zip(listed, values, strict=True)}

    def rank(hit: Hit) -> tuple[int, ...]:
        return tuple(
            known.index(hit.row[name]) if hit.row[name] in known else len(known) for name, known in order.items()
        )

    return rank


def _at_rule(rule: Rule, column: str) -> Sentence:
    return Sentence(f"第 {rule.number} 条规则的“{column}”", f"rule {rule.number}, “{column}”")


def _fit(at: _At, value: object, kind: str | None, where: Sentence) -> object:
    """The value as one of its column's type; of a list each entry, which may take an evaluation of its own."""
    if isinstance(value, list) and kind is not None:
        return [_fit(at, one, kind, where) for one in value]
    at.in_time()
    try:
        return converted(value, kind)
    except Unfit:
        shown = str(value)[:60]
        raise at.failed(
            where, Sentence(f"“{shown}”不是 {kind} 类型的值。", f"“{shown}” is no value of the type {kind}.")
        ) from None
