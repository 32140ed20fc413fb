"""Decisions of DMN 1.3: which rules count (8.2.8), what is converted, what requires what, and every fault at once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.dmn import DecisionFailed, decide, evaluation, read_decisions
from engine.errors import DiagramRefused
from tests.decisions import dmn, literal, table

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SIZES = (["> 1000"], ['"large"']), (["> 5000"], ['"huge"']), (["> 100"], ['"large"'])


def decided(file: bytes, key: str, **variables: object) -> Any:
    found = decide(read_decisions(file), key, variables, now=NOW, zone=ZoneInfo("Asia/Shanghai"))
    return [dict(row) for row in found.rows]


def refusals(file: bytes) -> Mapping[str | None, str]:
    with pytest.raises(DiagramRefused) as refused:
        read_decisions(file)
    return {fault.element_id: fault.sentence.zh for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("policy", "sizes"),
    [
        ("FIRST", ["large"]),
        ("PRIORITY", ["huge"]),
        ("COLLECT", ["large", "huge", "large"]),
        ("RULE ORDER", ["large", "huge", "large"]),
        ("OUTPUT ORDER", ["huge", "large", "large"]),
    ],
)
def test_the_hit_policy_says_which_rules_count(policy: str, sizes: list[str]) -> None:
    file = dmn(table("size", ["area"], ["size"], *SIZES, hit_policy=policy, values='"huge","large","small"'))

    assert decided(file, "size", area=6000) == [{"size": one} for one in sizes]


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY"])
def test_rules_that_contradict_each_other_fail(policy: str) -> None:
    file = dmn(table("size", ["area"], ["size"], *SIZES, hit_policy=policy))

    with pytest.raises(DecisionFailed, match="1, 2, 3"):
        decided(file, "size", area=6000)


def test_any_of_several_that_agree_counts_once() -> None:
    file = dmn(table("size", ["area"], ["size"], *SIZES, hit_policy="ANY"))

    assert decided(file, "size", area=2000) == [{"size": "large"}]


@pytest.mark.parametrize(("aggregation", "fee"), [("SUM", 17), ("MIN", 2), ("MAX", 10), ("COUNT", 3)])
def test_what_is_collected_is_aggregated(aggregation: str, fee: int) -> None:
    rules = (["-"], ["10"]), (["> 5"], ["2"]), (["< 100"], ["area - 45"])
    file = dmn(table("fee", ["area"], ["fee"], *rules, hit_policy="COLLECT", aggregation=aggregation))

    assert decided(file, "fee", area=50) == [{"fee": fee}]


def test_nothing_is_aggregated_to_nothing_and_counted_to_zero() -> None:
    rules = ((["> 100"], ["1"]),)
    for aggregation, found in (("SUM", []), ("COUNT", [{"fee": 0}])):
        file = dmn(table("fee", ["area"], ["fee"], *rules, hit_policy="COLLECT", aggregation=aggregation))
        assert decided(file, "fee", area=50) == found


def test_the_default_counts_when_no_rule_does() -> None:
    file = dmn(table("size", ["area"], ["size"], *SIZES, default='"小"'))

    assert decided(file, "size", area=1) == [{"size": "小"}]


def test_values_are_converted_to_the_types_of_their_columns() -> None:
    inputs = [("area", "integer"), ("urgent", "boolean"), ("on", "date"), ("use", "string")]
    rule = ["= 120", "true", '>= date("2026-01-01")', '"7"'], ['"12"', "on"]
    file = dmn(table("typed", inputs, [("tenth", "integer"), ("since", "date")], rule))

    found = decided(file, "typed", area="120", urgent="true", on="2026-03-01", use=7)

    assert found == [{"tenth": 12, "since": date(2026, 3, 1)}]


@pytest.mark.parametrize(("kind", "value"), [("integer", "1.5"), ("boolean", "maybe"), ("date", "soon")])
def test_a_value_that_is_none_of_its_type_fails_and_names_the_column(kind: str, value: str) -> None:
    file = dmn(table("typed", [("it", kind)], ["out"], (["-"], ["1"])))

    with pytest.raises(DecisionFailed) as failed:
        decided(file, "typed", it=value)

    assert f"输入“it”：“{value}”不是 {kind}" in failed.value.detail.zh


def test_entries_that_are_converted_one_by_one_take_no_longer_than_a_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "MOST_SECONDS", 0.1)
    file = dmn(table("typed", ["1"], [("days", "date")], (["-"], ['for n in 1..50000 return "2026-01-01"'])))

    with pytest.raises(DecisionFailed):
        decided(file, "typed")


def test_what_is_required_is_decided_first_and_seen_by_name() -> None:
    rates = table("rates", ["use"], ["rate"], (['"住宅"'], ["95"]), (["-"], ["120"]), hit_policy="FIRST")
    shares = table("shares", ["1"], ["share"], (["-"], ["30"]), (["-"], ["70"]), hit_policy="COLLECT")
    fee = literal("fee", "rate * area * sum(share) / 100", requires=["rates", "shares"])

    assert decided(dmn(fee, shares, rates), "fee", use="住宅", area=10) == [{"result": 950}]


def test_a_cell_may_call_its_value_by_the_name_of_the_input_variable() -> None:
    file = dmn(table("size", ["area"], ["size"], (["cellInput > 100 and cellInput < 200"], ['"middle"'])))

    assert decided(file, "size", area=150) == [{"size": "middle"}]


def test_a_variable_that_is_not_there_fails_and_one_that_is_null_does_not() -> None:
    file = dmn(table("size", ["area"], ["size"], (["null"], ['"unknown"'])))

    assert decided(file, "size", area=None) == [{"size": "unknown"}]
    with pytest.raises(DecisionFailed, match="area"):
        decided(file, "size")


def test_what_a_case_has_beside_is_no_hindrance() -> None:
    assert decided(dmn(literal("two", "1 + 1")), "two", scan=b"%PDF", huge="x" * 2_000_000) == [{"result": 2}]


@pytest.mark.parametrize(
    "namespace",
    [
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    ],
    ids=["1.3", "1.2", "1.1"],
)
def test_the_versions_that_camunda_7_reads_are_read(namespace: str) -> None:
    assert decided(dmn(literal("two", "1 + 1"), namespace=namespace), "two") == [{"result": 2}]


def test_every_fault_is_told_at_once_with_element_and_line() -> None:
    broken = table("broken", ["area +"], ["size"], (["5 5"], ['"未完']), (["${area}", "-"], ["1"]))
    file = dmn(broken, literal("lonely", "1", requires=["nowhere"]))

    with pytest.raises(DiagramRefused) as refused:
        read_decisions(file)

    assert {fault.element_id for fault in refused.value.faults} == {"broken_2input0", "broken_rule2", "lonely"}
    assert all(fault.line for fault in refused.value.faults)


def test_every_cell_that_is_no_feel_is_told() -> None:
    faults = refusals(dmn(table("broken", ["area +"], ["size"], (["5 5"], ['"未完']), (["-"], ["function("]))))

    assert faults.keys() == {"broken_ie0", "broken_1input0", "broken_1output0", "broken_2output0"}


REFUSED = {
    "no decision": (dmn(), "没有决策"),
    "no logic": (dmn('<decision id="d" name="d" />'), "没有决策表"),
    "boxed context": (dmn('<decision id="d"><context id="c" /></decision>'), "文字表达式"),
    "knowledge": (dmn(literal("d", "1"), '<businessKnowledgeModel id="k" />'), "业务知识模型"),
    "circle": (dmn(literal("a", "1", requires=["b"]), literal("b", "1", requires=["a"])), "循环"),
    "twice": (dmn(literal("a", "1"), literal("a", "2")), "重复"),
    "hit policy": (dmn(table("d", ["a"], ["b"], hit_policy="BEST")), "BEST"),
    "priority without values": (dmn(table("d", ["a"], ["b"], hit_policy="PRIORITY")), "允许值"),
    "aggregation of two": (dmn(table("d", ["a"], ["b", "c"], hit_policy="COLLECT", aggregation="SUM")), "聚合"),
    "type": (dmn(table("d", [("a", "money")], ["b"])), "money"),
    "juel": (dmn(table("d", ["${a}"], ["b"])), "JUEL"),
    "language": (
        dmn(literal("d", "1").replace("<literalExpression", '<literalExpression expressionLanguage="groovy"')),
        "groovy",
    ),
    "days": (dmn(table("d", ["a"], ["b"], camunda_historyTimeToLive="soon")), "天数"),
    "no dmn": (b'<definitions xmlns="http://example.org/" />', "DMN"),
    "no xml": (b"not xml", "XML"),
    "entities": (b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>', "DOCTYPE"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_not_run_is_refused(what: str) -> None:
    file, words = REFUSED[what]

    assert any(words in sentence for sentence in refusals(file).values())
