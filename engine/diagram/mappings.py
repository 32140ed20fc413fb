"""Reads camunda:inputOutput: which local variables an activity begins with, and what it leaves to those around it."""

from typing import Any

from engine.diagram.element import Element
from engine.diagram.model import Parameter, ParameterValue
from engine.diagram.reading import Reading

STRUCTURED = ("camunda:list", "camunda:map")

Parameters = tuple[Parameter, ...]


def read_mappings(element: Element, reading: Reading) -> dict[str, Any]:
    """Inputs and outputs of a node, in document order; none where Camunda 7 allows none."""
    holders = element.extensions("camunda:inputOutput")
    inputs, outputs = (
        tuple(
            read_parameter(parameter, reading)
            for holder in holders
            for parameter in holder.all(f"camunda:{way}Parameter")
        )
        for way in ("input", "output")
    )
    if holders:
        check_place(element, outputs, reading)
    return {"inputs": inputs, "outputs": outputs}


def check_place(element: Element, outputs: Parameters, reading: Reading) -> None:
    """What Camunda 7 refuses: an event sub-process has no scope of its own before it begins, an end event nothing
    behind it, and the items of a multi-instance activity would overwrite each other."""
    if element.holds("triggeredByEvent"):
        reading.findings.fault(
            element,
            "{it}是事件子流程，不能设输入/输出映射。请设在其中的环节上。",
            "{it} is an event sub-process and maps no inputs or outputs. Map them at the activities in it.",
        )
    if outputs and element.name == "endEvent":
        reading.findings.fault(
            element,
            "{it}之后没有环节，不能设输出映射（outputParameter）。请删除。",
            "{it} has nothing behind it and maps no outputs (outputParameter). Remove them.",
        )
    if outputs and element.first("multiInstanceLoopCharacteristics") is not None:
        reading.findings.fault(
            element,
            "{it}是多实例，各实例会互相覆盖，不能设输出映射（outputParameter）。请在其后用脚本任务汇总。",
            "{it} is multi-instance: its instances would overwrite each other's outputs (outputParameter). Collect "
            "them in a script task instead.",
        )


def read_parameter(parameter: Element, reading: Reading) -> Parameter:
    name = reading.variable_name(parameter, "name")
    if name is None:
        reading.findings.fault(parameter, "{it}的输入/输出参数没有变量名。", "A parameter of {it} names no variable.")
    return Parameter(name or "", read_value(parameter, reading))


def read_value(holder: Element, reading: Reading) -> ParameterValue:
    """The text of a parameter, list item or map entry, or the list or map in it; nothing at all is null."""
    structured = holder.all(*STRUCTURED)
    if len(structured) + bool(holder.text.strip()) > 1:
        reading.findings.fault(
            holder,
            "{it}的一个参数只能有一个值：文字、列表（list）或映射（map）。",
            "A parameter of {it} has one value: a text, a list or a map.",
        )
    if structured:
        return read_structure(structured[0], reading)
    text = holder.text.strip()
    return reading.compiler.text(text, holder, "inputOutput") if text else None


def read_structure(structure: Element, reading: Reading) -> ParameterValue:
    if structure.name == "camunda:list":
        items = structure.all("camunda:value", *STRUCTURED)
        return tuple(
            read_structure(item, reading) if item.name in STRUCTURED else read_value(item, reading) for item in items
        )
    return {entry.get("key") or "": read_value(entry, reading) for entry in structure.all("camunda:entry")}
