"""Reads how a service task, send task or throwing message event is carried out: a worker's topic or a delegate."""

import re

from engine.diagram.element import Element
from engine.diagram.model import Work
from engine.diagram.reading import Reading

DELEGATE = re.compile(r"[$#]\{\s*([^\W\d]\w*)\s*\}")


def read_work(element: Element, reading: Reading) -> Work | None:
    """camunda:type="external" with a topic, or camunda:delegateExpression="${name}"; None when neither is written."""
    way, delegate = element.get("camunda:type"), element.get("camunda:delegateExpression")
    if way is not None and delegate is not None:
        reading.findings.fault(
            element,
            "{it}同时是外部任务又指定了处理程序，只能二选一。",
            "{it} is both an external task and a delegate's; keep one of the two.",
        )
    if delegate is not None:
        return Work(delegate=delegate_name(delegate, element, reading))
    if way is not None or element.get("camunda:topic") is not None:
        return external_work(way, element, reading)
    return None


def external_work(way: str | None, element: Element, reading: Reading) -> Work:
    if way != "external":
        reading.findings.fault(
            element,
            "{it}的 camunda:type 只能是 external。",
            "{it} has a camunda:type other than external, the only one that runs.",
        )
    topic = reading.compiler.attribute(element, "camunda:topic")
    if topic is None:
        reading.findings.fault(
            element,
            "{it}是外部任务，但没有主题（topic）。请填写。",
            "{it} is an external task without a topic. Give it one.",
        )
    return Work(topic=topic, priority=reading.priority(element, "camunda:taskPriority"))


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
            '{it}没有说明由谁执行。请设为外部任务（topic），或填写 delegateExpression="${名称}"。',
            '{it} does not say who carries it out. Give it a topic, or a delegateExpression="${name}".',
        )
