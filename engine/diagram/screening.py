"""Holds a file against the three lists: every element and attribute that does not run and is no decoration is a fault.

Knows the vocabulary, not the meaning of what is in it.
"""

import re

from engine.diagram.element import STAND_IN_ID, Element
from engine.diagram.findings import Findings
from engine.diagram.labels import shortened
from engine.diagram.refusals import FOREIGN_PLATFORMS, REFUSED_ATTRIBUTES, REFUSED_ELEMENTS
from engine.diagram.vocabulary import (
    BOOLEANS,
    DECORATION,
    DECORATION_ATTRIBUTES,
    DECORATION_NAMESPACES,
    DEFAULTS,
    FLOW_ELEMENTS,
    REFUSED_NODES,
    RUNS,
    WARNED,
    Kind,
)
from engine.errors import Sentence

IDENTIFIED = FLOW_ELEMENTS | REFUSED_NODES | {"process", "message", "signal", "error", "escalation"}
NAME_OF_THINGS = re.compile(
    r"[^\W\d][\w.\-]{0,254}"
)  # an XML name without colon, which separates the parts of definition ids
UNCHECKED = frozenset({"documentation", "bpmndi:BPMNDiagram", "camunda:properties", "extensionElements"})
NOTHING = Kind()


def foreign_platform(root: Element) -> str | None:
    """The other engine that the file was drawn for, if it says so by its attributes, elements or target platform."""
    if root.get("modeler:executionPlatform") == "Camunda Cloud":
        return "Camunda 8"
    for element in root.walk():
        for name in (element.name, *element.attributes):
            uri = name[1:].partition("}")[0] if name.startswith("{") else ""
            if uri in FOREIGN_PLATFORMS:
                return FOREIGN_PLATFORMS[uri]
    return None


def screen(root: Element, findings: Findings) -> None:
    """Every element and attribute of the file, or of an extension in it, that would do nothing although it is drawn.
    Pools that do not run are pictures and are not looked into."""
    pending = [root]
    while pending:
        element = pending.pop()
        kind = RUNS.get(element.name, NOTHING)
        if element.name in RUNS:
            screen_attributes(element, kind, findings)
        screen_extensions(element, kind, findings)
        screen_children(element, kind, findings)
        pending.extend(child for child in reversed(element.children) if to_be_screened(child, kind))


def to_be_screened(child: Element, kind: Kind) -> bool:
    if child.name == "process" and not child.holds("isExecutable"):
        return False
    return child.name in kind.children or (child.name in DECORATION and child.name not in UNCHECKED)


def screen_children(element: Element, kind: Kind, findings: Findings) -> None:
    for child in element.children:
        if child.name in kind.children:
            continue
        if child.name in DECORATION:
            warn_of_mere_decoration(child, child.name, findings)
        else:
            refuse(child, child.name, REFUSED_ELEMENTS, findings)


def screen_extensions(element: Element, kind: Kind, findings: Findings) -> None:
    for holder in element.all("extensionElements"):
        for extension in holder.children:
            if extension.name in kind.extensions:
                screen(extension, findings)
            elif extension.name.startswith("{"):
                warn_of_foreign(extension, extension.name, findings)
            elif extension.name not in DECORATION and not extension.name.startswith(DECORATION_NAMESPACES):
                refuse(extension, extension.name, REFUSED_ELEMENTS, findings)


def screen_attributes(element: Element, kind: Kind, findings: Findings) -> None:
    for name, value in element.attributes.items():
        if name in kind.attributes:
            screen_boolean(element, name, value, findings)
        elif name in DECORATION_ATTRIBUTES:
            warn_of_mere_decoration(element, name, findings)
        elif name.startswith("{"):
            warn_of_foreign(element, name, findings)
        elif value not in DEFAULTS.get(name, ()) and not name.startswith(DECORATION_NAMESPACES):
            refuse(element, name, REFUSED_ATTRIBUTES, findings)


def screen_boolean(element: Element, name: str, value: str, findings: Findings) -> None:
    if name in BOOLEANS and value.strip() not in ("true", "false", "1", "0"):
        findings.fault(
            element,
            f"{{it}}的 {name} 只能是 true 或 false，而不是“{shortened(value)}”。",
            f"{{it}} has {name} “{shortened(value)}”; it is either true or false.",
        )


def refuse(element: Element, name: str, reasons: dict[str, Sentence], findings: Findings) -> None:
    reason = reasons.get(name) or Sentence(
        f"{{it}}含有 {shortened(name)}，本引擎不支持，画出来不会起作用。请删除它，或改用其他画法。",
        f"{{it}} has {shortened(name)}, which is not supported and would do nothing. Remove it or draw it another way.",
    )
    findings.fault(element, *reason)


def warn_of_mere_decoration(element: Element, name: str, findings: Findings) -> None:
    if name in WARNED:
        findings.warn(
            element,
            f"{{it}}中的 {name} 只作图示，不会执行。",
            f"{{it}} has {name}, which is only a picture and does not run.",
        )


def warn_of_foreign(element: Element, name: str, findings: Findings) -> None:
    findings.warn(
        element,
        f"{{it}}含有其他工具的扩展 {shortened(name)}，引擎会忽略它。",
        f"{{it}} has another tool's extension {shortened(name)}, which is ignored.",
    )


def screen_ids(root: Element, findings: Findings) -> None:
    """Everything that can be referred to has an id, and no two have the same. A missing one gets a stand-in, so that
    what is connected by the element is not refused as well."""
    runs = [part for part in root.children if part.name != "process" or part.holds("isExecutable")]
    for element in (element for part in runs for element in part.walk() if element.name in IDENTIFIED):
        if element.id in findings.places:
            line = findings.places[element.id].line
            findings.fault(
                element,
                f"id “{element.id}”重复：第 {line} 行已使用，请改成唯一的 id。",
                f"The id “{element.id}” is already used in line {line}; change one of them.",
            )
            continue
        if not NAME_OF_THINGS.fullmatch(element.id or ""):
            findings.fault(
                element,
                f"{{it}}里的 {element.name} 没有可用的 id："
                "以字母开头，只含字母、数字、点、横线和下划线，不超过 255 个字符。",
                f"A {element.name} in {{it}} has no usable id: an id starts with a letter and consists of at most 255 "
                "letters, digits, dots, hyphens and underscores.",
            )
        if not element.id:
            element.attributes["id"] = f"{STAND_IN_ID}{element.line}:{element.column}"
        findings.places[element.attributes["id"]] = element
