"""Reads how a service task, send task or throwing message event is carried out: by worker, delegate or expression."""

import re
from collections.abc import Callable, Mapping

from engine.diagram.assigning import read_assignment
from engine.diagram.compiling import STAND_IN
from engine.diagram.decisions import decided_by_table
from engine.diagram.element import Element
from engine.diagram.model import ExpectedError, ScriptLine, Work
from engine.diagram.reading import Reading

ERROR = "camunda:errorEventDefinition"
RESULT = "camunda:resultVariable"
DELEGATE = re.compile(r"[$#]\{\s*([^\W\d]\w*)\s*\}")


def read_work(element: Element, reading: Reading) -> Work | None:
    """The one way that is written; None when there is none, and a message is thrown instead."""
    ways = [names for names in WAYS if any(element.get(name) is not None for name in names)]
    if len(ways) > 1:
        reading.findings.fault(
            element,
            "{it}同时填写了外部任务、处理程序（delegateExpression）、表达式（expression）、决策（decisionRef）中的几种，"
            "只能保留一种。",
            "{it} is both: of an external task, a delegateExpression, an expression and a decision keep one.",
        )
    return READERS[ways[0]](element, reading) if ways else None


def carried_out_by_handler(element: Element, reading: Reading) -> Work:
    """camunda:delegateExpression="${name}"; what the handler returns goes under a camunda:resultVariable."""
    name = delegate_name(element.get("camunda:delegateExpression") or "", element, reading)
    return Work(delegate=name, result_variable=reading.variable_name(element, RESULT))


def evaluated(element: Element, reading: Reading) -> Work:
    """camunda:expression: its value becomes the result variable, or it sets one itself."""
    text, result = element.get("camunda:expression") or "", reading.variable_name(element, RESULT)
    if result is not None:
        return Work(assigned=ScriptLine(result, reading.compiler.text(text, element, "expression")))
    return Work(assigned=read_assignment(text, element, reading))


def external_work(element: Element, reading: Reading) -> Work:
    """camunda:type="external" with a topic; its worker sets variables by itself."""
    way = element.get("camunda:type")
    if way != "external":
        reading.findings.fault(
            element,
            "{it}的 camunda:type 只能是 external。",
            "{it} has a camunda:type other than external, the only one that runs.",
        )
    if element.get(RESULT) is not None:
        reading.findings.fault(
            element,
            "{it}是外部任务，结果变量（resultVariable）不会被赋值。请由外部任务直接提交变量。",
            "{it} is an external task, whose result variable would never be set. Let the worker submit the variable.",
        )
    topic = reading.compiler.attribute(element, "camunda:topic")
    if topic is None:
        reading.findings.fault(
            element,
            "{it}是外部任务，但没有主题（topic）。请填写。",
            "{it} is an external task without a topic. Give it one.",
        )
    return Work(
        topic=topic,
        priority=reading.priority(element, "camunda:taskPriority"),
        errors=tuple(expected_error(one, reading) for one in element.extensions(ERROR)),
    )


def expected_error(definition: Element, reading: Reading) -> ExpectedError:
    """camunda:errorEventDefinition, of which both parts are wanted."""
    text = definition.get("expression")
    if text is None:
        reading.findings.fault(
            definition,
            "{it}的错误定义（errorEventDefinition）没有条件（expression）。",
            "An errorEventDefinition of {it} has no expression to tell when it is meant.",
        )
    return ExpectedError(
        code=reading.required_match(definition, "error"),
        condition=reading.compiler.condition(text or "", definition, "expression") if text else STAND_IN,
    )


def delegate_name(text: str, element: Element, reading: Reading) -> str:
    match = DELEGATE.fullmatch(text)
    if match is None:
        reading.findings.fault(
            element,
            "{it}的 delegateExpression 只能写成 ${名称}。",
            "delegateExpression of {it} must be written ${name}.",
        )
        return text
    if reading.delegates is not None and match[1] not in reading.delegates:
        known = ", ".join(sorted(reading.delegates)) or "—"
        reading.findings.fault(
            element,
            f"{{it}}的处理程序“{match[1]}”没有注册。已注册：{known}。",
            f"{{it}} names the handler “{match[1]}”, which is not registered. Registered: {known}.",
        )
    return match[1]


def require_work(element: Element, work: Work | None, reading: Reading) -> None:
    if work is None and not reading.is_refused(element):
        reading.findings.fault(
            element,
            '{it}没有说明由谁执行。请设为外部任务（topic），填写 delegateExpression="${名称}"，'
            "或填写表达式（expression）和结果变量（resultVariable）。",
            '{it} does not say who carries it out. Give it a topic, a delegateExpression="${name}", or an expression '
            "with a resultVariable.",
        )


READERS: Mapping[tuple[str, ...], Callable[[Element, Reading], Work]] = {
    ("camunda:type", "camunda:topic"): external_work,
    ("camunda:delegateExpression",): carried_out_by_handler,
    ("camunda:expression",): evaluated,
    ("camunda:decisionRef",): decided_by_table,
}
WAYS = tuple(READERS)
