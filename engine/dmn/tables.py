"""Reads a decision table or a literal expression. Knows one decision at a time."""

from engine.diagram.element import Element
from engine.dmn.model import Aggregation, HitPolicy, Input, Literal, Output, Rule, Table
from engine.dmn.reading import Reading, text_of
from engine.dmn.types import TYPES

CELL_INPUT = "cellInput"
MOST_RULES = 2_000
MOST_COLUMNS = 50


def read_literal(element: Element, decision: Element, reading: Reading) -> Literal:
    """An expression and the variable of the decision that its value gets."""
    variable = decision.first("dmn:variable")
    name = variable.get("name") if variable is not None else None
    if name is None:
        reading.fault(
            decision,
            "{it}是文字表达式，须填写结果变量名（variable name）。",
            "{it} is a literal expression; it needs the name of a variable for its result.",
        )
    text = reading.feel(element, text_of(element))
    if not text and not text_of(element):
        reading.fault(element, "{it}没有内容。", "{it} is empty.")
    kind = element.get("typeRef") or (variable.get("typeRef") if variable is not None else None)
    return Literal(name or "result", text, _known(element, kind, reading))


def read_table(element: Element, decision: Element, reading: Reading) -> Table:
    """The columns and the rules, each with a cell for each column."""
    inputs = tuple(_input(one, reading) for one in element.all("dmn:input"))
    outputs = tuple(_output(one, decision, element, reading) for one in element.all("dmn:output"))
    rules = element.all("dmn:rule")
    if not outputs:
        reading.fault(element, "{it}没有输出列。", "{it} has no output.")
    if len(rules) > MOST_RULES or len(inputs) + len(outputs) > MOST_COLUMNS:
        reading.fault(
            element,
            f"{{it}}过大：最多 {MOST_RULES} 条规则、{MOST_COLUMNS} 列。",
            f"{{it}} is too large: at most {MOST_RULES} rules and {MOST_COLUMNS} columns.",
        )
    hit_policy, aggregation = _policy(element, len(outputs), reading)
    listed = [one for one in element.all("dmn:output") if text_of(one.first("dmn:outputValues"))]
    if hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not listed:
        reading.fault(
            element,
            f"{{it}}的命中策略是 {hit_policy}，输出列须列出允许值（outputValues），最重要的在前。",
            f"{{it}} has the hit policy {hit_policy}: an output must list its values, the most important first.",
        )
    read = tuple(_rule(one, number, inputs, outputs, reading) for number, one in enumerate(rules, 1))
    return Table(hit_policy, aggregation, inputs, outputs, read)


def _policy(element: Element, outputs: int, reading: Reading) -> tuple[HitPolicy, Aggregation | None]:
    said, aggregated = element.get("hitPolicy") or HitPolicy.UNIQUE, element.get("aggregation")
    if said not in [*HitPolicy]:
        choices = ", ".join(HitPolicy)
        reading.fault(
            element,
            f"{{it}}的命中策略“{said[:40]}”不存在，应为以下之一：{choices}。",
            f"{{it}} has the hit policy “{said[:40]}”; it is one of {choices}.",
        )
        return HitPolicy.UNIQUE, None
    if aggregated is None:
        return HitPolicy(said), None
    if said != HitPolicy.COLLECT or aggregated not in [*Aggregation] or outputs != 1:
        reading.fault(
            element,
            "{it}的聚合（SUM、MIN、MAX、COUNT）只用于命中策略 COLLECT 且只有一个输出列的表。",
            "{it} aggregates: SUM, MIN, MAX and COUNT are for the hit policy COLLECT with one output.",
        )
        return HitPolicy(said), None
    return HitPolicy(said), Aggregation(aggregated)


def _input(element: Element, reading: Reading) -> Input:
    expression = element.first("dmn:inputExpression")
    text = reading.feel(expression, text_of(expression)) if expression is not None else ""
    if not text_of(expression):
        reading.fault(element, "{it}没有填写输入表达式。", "{it} has no input expression.")
    return Input(
        id=element.id or "",
        label=element.get("label") or text,
        expression=text,
        type=_known(element, expression.get("typeRef") if expression is not None else None, reading),
        variable=element.get("camunda:inputVariable") or CELL_INPUT,
        line=element.line,
    )


def _output(element: Element, decision: Element, table: Element, reading: Reading) -> Output:
    """A column needs a name where it is not the only one; the only one has the decision's variable's, or its key."""
    several = len(table.all("dmn:output")) > 1
    name = element.get("name")
    if name is None and several:
        reading.fault(element, "{it}没有名称（name）。", "{it} has no name.")
    if name is not None and [one.get("name") for one in table.all("dmn:output")].count(name) > 1:
        reading.fault(element, "{it}的名称重复。", "{it} bears the name of another output.")
    variable = decision.first("dmn:variable")
    return Output(
        id=element.id or "",
        name=name or (variable.get("name") if variable is not None else None) or decision.id or "result",
        type=_known(element, element.get("typeRef"), reading),
        values=_feel(element.first("dmn:outputValues"), reading),
        default=_feel(element.first("dmn:defaultOutputEntry"), reading),
    )


def _feel(element: Element | None, reading: Reading) -> str | None:
    return (reading.feel(element, text_of(element)) or None) if text_of(element) and element is not None else None


def _rule(
    element: Element, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...], reading: Reading
) -> Rule:
    tests = [reading.feel(cell, text_of(cell)) for cell in element.all("dmn:inputEntry")]
    answers = [reading.feel(cell, text_of(cell)) for cell in element.all("dmn:outputEntry")]
    if len(tests) != len(inputs) or len(answers) != len(outputs):
        reading.fault(
            element,
            f"{{it}}（第 {number} 条）的单元格数与列数不符："
            f"条件 {len(tests)}/{len(inputs)}，结论 {len(answers)}/{len(outputs)}。",
            f"{{it}} (number {number}) has {len(tests)} of {len(inputs)} input entries and {len(answers)} of "
            f"{len(outputs)} output entries.",
        )
    return Rule(element.id or "", number, tuple(tests), tuple(answers), element.line)


def _known(element: Element, kind: str | None, reading: Reading) -> str | None:
    kind = kind.rpartition(":")[2] if kind else None  # DMN 1.1 writes feel:string
    if kind is None or kind in TYPES:
        return kind
    choices = ", ".join(TYPES)
    reading.fault(
        element,
        f"{{it}}的类型“{kind[:40]}”不存在，应为以下之一：{choices}。",
        f"{{it}} has the type “{kind[:40]}”; it is one of {choices}.",
    )
    return None
