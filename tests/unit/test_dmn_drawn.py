"""A requirements diagram as Camunda Modeler saves it, with everything that can be drawn in it, decides as it reads."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.dmn import DecisionFailed, decide, read_decisions
from engine.errors import DiagramRefused
from tests.decisions import dmn, literal, table

HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" '
    'xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" '
    'xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/" '
    'xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="fire" name="消防" '
    'namespace="http://camunda.org/schema/1.0/dmn" exporter="Camunda Modeler" exporterVersion="5.50.1" '
    'modeler:executionPlatform="Camunda Platform" modeler:executionPlatformVersion="7.24.0">'
)
DRAWN = f"""<?xml version="1.0" encoding="UTF-8"?>
{HEAD}
  <inputData id="area" name="建筑面积"><variable id="area_v" name="建筑面积" typeRef="integer" /></inputData>
  <inputData id="use" name="用途" />
  <knowledgeSource id="law" name="消防法第十一条">
    <authorityRequirement id="a1"><requiredAuthority href="#order" /></authorityRequirement>
  </knowledgeSource>
  <knowledgeSource id="order" name="建设部令第51号"><type>规章</type><locationURI>http://law/51</locationURI></knowledgeSource>
  <decision id="risk" name="风险等级" camunda:historyTimeToLive="P180D" camunda:versionTag="2026">
    <description>按面积与用途</description>
    <question>哪一级？</question>
    <allowedAnswers>高、中、低</allowedAnswers>
    <variable id="risk_v" name="风险等级" typeRef="string" />
    <informationRequirement id="i1"><requiredInput href="#area" /></informationRequirement>
    <informationRequirement id="i2"><requiredInput href="#use" /></informationRequirement>
    <authorityRequirement id="a2"><requiredAuthority href="#law" /></authorityRequirement>
    <decisionTable id="risk_table" hitPolicy="PRIORITY" biodi:annotationsWidth="400">
      <input id="c1" label="面积" biodi:width="192" camunda:inputVariable="平米">
        <inputExpression id="c1e" typeRef="integer" expressionLanguage="feel"><text>建筑面积</text></inputExpression>
      </input>
      <input id="c2" label="用途">
        <inputExpression id="c2e" typeRef="string"><text>用途</text></inputExpression>
        <inputValues id="c2v"><text>"住宅","学校","医院"</text></inputValues>
      </input>
      <input id="c3" label="受理日">
        <inputExpression id="c3e" typeRef="date"><text>受理日</text></inputExpression>
      </input>
      <output id="o1" label="等级" name="等级" typeRef="string">
        <outputValues id="o1v"><text>"高","中","低"</text></outputValues>
      </output>
      <output id="o2" label="天数" name="天数" typeRef="integer" />
      <rule id="r1">
        <description>其余一律为低</description>
        <inputEntry id="r1a"><text></text></inputEntry>
        <inputEntry id="r1b"><text>-</text></inputEntry>
        <inputEntry id="r1c"><text></text></inputEntry>
        <outputEntry id="r1d"><text>"低"</text></outputEntry>
        <outputEntry id="r1e"><text>5</text></outputEntry>
      </rule>
      <rule id="r2">
        <inputEntry id="r2a"><text>平米 &gt;= 1000 and 平米 &lt; 5000</text></inputEntry>
        <inputEntry id="r2b"><text>"学校","医院"</text></inputEntry>
        <inputEntry id="r2c"><text>&gt;= date("2026-01-01")</text></inputEntry>
        <outputEntry id="r2d"><text>"高"</text></outputEntry>
        <outputEntry id="r2e"><text>建筑面积 / 100</text></outputEntry>
      </rule>
      <rule id="r3">
        <inputEntry id="r3a"><text>? &lt; 1000</text></inputEntry>
        <inputEntry id="r3b"><text>not("住宅")</text></inputEntry>
        <inputEntry id="r3c"><text>[date("2026-05-01")..date("2026-05-31")]</text></inputEntry>
        <outputEntry id="r3d"><text>"中"</text></outputEntry>
        <outputEntry id="r3e"><text></text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <decision id="fee" name="收费">
    <variable id="fee_v" name="金额" typeRef="integer" />
    <informationRequirement id="i3"><requiredDecision href="#risk" /></informationRequirement>
    <literalExpression id="fee_e" expressionLanguage="feel">
      <text>if 等级 = "高" then 天数 * 100 else 0</text>
    </literalExpression>
  </decision>
  <textAnnotation id="note"><text>每年核对一次</text></textAnnotation>
  <association id="as"><sourceRef href="#risk" /><targetRef href="#note" /></association>
  <dmndi:DMNDI><dmndi:DMNDiagram id="d">
    <dmndi:DMNShape id="s" dmnElementRef="risk"><dc:Bounds height="80" width="180" x="1" y="1" /></dmndi:DMNShape>
    <dmndi:DMNEdge id="e" dmnElementRef="i1"><di:waypoint x="1" y="1" /></dmndi:DMNEdge>
  </dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>"""


def decided(key: str, file: bytes = DRAWN.encode(), /, **variables: object) -> Any:
    now, zone = datetime(2026, 11, 22, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
    return [dict(row) for row in decide(read_decisions(file), key, variables, now=now, zone=zone).rows]


CASES: Mapping[str, tuple[dict[str, object], dict[str, object]]] = {
    "a range, alternatives and a date": (
        {"建筑面积": 1200, "用途": "学校", "受理日": "2026-05-01"},
        {"等级": "高", "天数": 12},
    ),
    "the value by ?, not() and an empty answer": (
        {"建筑面积": "999", "用途": "仓库", "受理日": date(2026, 5, 31)},
        {"等级": "中", "天数": None},
    ),
    "empty cells and dashes": ({"建筑面积": 999, "用途": "住宅", "受理日": "2026-05-01"}, {"等级": "低", "天数": 5}),
    "nothing known": ({"建筑面积": None, "用途": None, "受理日": None}, {"等级": "低", "天数": 5}),
}


@pytest.mark.parametrize("what", CASES)
def test_a_table_of_every_kind_of_cell_decides(what: str) -> None:
    asked, answered = CASES[what]

    assert decided("risk", **asked) == [answered]


def test_an_expression_sees_the_outputs_of_what_it_requires() -> None:
    assert decided("fee", 建筑面积=1200, 用途="医院", 受理日="2026-02-01") == [{"金额": 1200}]


def test_what_the_file_says_about_itself_is_kept() -> None:
    file = read_decisions(DRAWN.encode())

    risk = file.decisions["risk"]
    assert (file.key, file.name) == ("fire", "消防")
    assert (risk.name, risk.version_tag, risk.history_days) == ("风险等级", "2026", 180)
    assert file.decisions["fee"].requires == ("risk",)


def test_the_name_of_an_input_is_known_in_its_own_column_alone() -> None:
    """As in Camunda 7."""
    elsewhere = DRAWN.replace("建筑面积 / 100", "平米 / 100").encode()

    with pytest.raises(DecisionFailed, match="平米"):
        decided("risk", elsewhere, 建筑面积=1200, 用途="学校", 受理日="2026-05-01")


def in_language(where: str, language: str) -> bytes:
    return DRAWN.replace(f'<{where}"', f'<{where}" expressionLanguage="{language}"').encode()


@pytest.mark.parametrize("language", ["juel", "javascript", "groovy", "python", "jruby"])
@pytest.mark.parametrize(
    ("where", "element_id"),
    [
        ('inputExpression id="c2e', "c2e"),
        ('inputEntry id="r2a', "r2a"),
        ('outputEntry id="r2e', "r2e"),
        ('outputValues id="o1v', "o1v"),
    ],
    ids=["input", "condition", "answer", "values"],
)
def test_another_language_than_feel_is_refused_at_its_line(language: str, where: str, element_id: str) -> None:
    with pytest.raises(DiagramRefused) as refused:
        read_decisions(in_language(where, language))

    (fault,) = refused.value.faults
    assert fault.element_id == element_id
    assert language in fault.sentence.zh
    assert fault.line is not None
    assert f'id="{element_id}"' in DRAWN.splitlines()[fault.line - 1]


def test_a_file_whose_expressions_are_all_in_another_language_is_refused_unless_they_say_feel() -> None:
    """expressionLanguage of the file counts for what says nothing itself, as in Camunda 7."""
    file = dmn(literal("one", "1"), literal("two", "2")).replace(
        b"<definitions ", b'<definitions expressionLanguage="javascript" '
    )
    one_says = file.replace(
        b'<literalExpression id="one_e"', b'<literalExpression id="one_e" expressionLanguage="feel"'
    )

    with pytest.raises(DiagramRefused) as refused:
        read_decisions(one_says)

    assert [fault.element_id for fault in refused.value.faults] == ["two_e"]
    assert decided("one", file.replace(b'"javascript"', b'"https://www.omg.org/spec/DMN/20191111/FEEL/"')) == [
        {"result": 1}
    ]


def test_a_table_without_rules_answers_nothing_and_one_without_inputs_always() -> None:
    assert decided("none", dmn(table("none", ["1"], ["out"]))) == []
    assert decided("always", dmn(table("always", [], ["out"], ([], ['"是"'])))) == [{"out": "是"}]


def test_a_decision_with_a_business_knowledge_model_is_refused_in_words() -> None:
    model = '<businessKnowledgeModel id="rate" name="费率" />'
    needs = '<knowledgeRequirement id="k"><requiredKnowledge href="#rate" /></knowledgeRequirement>'
    file = dmn(literal("fee", "rate(1)").replace("<literal", f"{needs}<literal"), model)

    with pytest.raises(DiagramRefused) as refused:
        read_decisions(file)

    assert any("业务知识模型" in fault.sentence.zh for fault in refused.value.faults)
