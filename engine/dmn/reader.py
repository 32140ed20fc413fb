"""Reads a DMN file: its decisions and their requirements, or every fault there is, with its place."""

from collections.abc import Callable, Mapping

from engine.diagram.element import Element
from engine.diagram.gate import open_file, refused
from engine.dmn.cells import check_feel
from engine.dmn.graph import check_graph
from engine.dmn.model import Decision, Literal, Requirements, Table
from engine.dmn.reading import Reading, text_of
from engine.dmn.tables import read_literal, read_table
from engine.errors import DiagramRefused

MOST_DECISIONS = 100
LOGIC: Mapping[str, Callable[[Element, Element, Reading], Table | Literal]] = {
    "dmn:decisionTable": read_table,
    "dmn:literalExpression": read_literal,
}
WITHOUT_EFFECT = frozenset(
    {
        "dmn:allowedAnswers",
        "dmn:authorityRequirement",
        "dmn:description",
        "dmn:extensionElements",
        "dmn:informationRequirement",
        "dmn:question",
        "dmn:variable",
        "extensionElements",
    }
)
"""Of a decision's children those that are read elsewhere or only tell people something."""
KNOWLEDGE = frozenset({"dmn:businessKnowledgeModel", "dmn:decisionService"})


def read_decisions(source: bytes) -> Requirements:
    """Every decision of a DMN file, understood in full; else DiagramRefused with every fault there is."""
    root = open_file(source)
    if root.name != "dmn:definitions":
        raise refused(
            "文件不是 DMN 1.3（或 1.1、1.2）决策图。", "The file is no DMN 1.3 (1.1, 1.2).", root.line, root.column
        )
    reading = Reading(root.get("expressionLanguage"))
    for element in root.children:
        if element.name in KNOWLEDGE:
            reading.fault(
                element,
                "{it}是业务知识模型或决策服务，不会执行。请把它写成决策。",
                "{it} is a business knowledge model or a decision service, which does not run. Make it a decision.",
            )
    decisions = _decisions(root, reading)
    check_graph(decisions, reading)
    if not reading.faults:
        check_feel(decisions.values(), reading)
    if reading.faults:
        raise DiagramRefused(faults=sorted(reading.faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    return Requirements(
        key=root.id or "definitions",
        name=root.get("name"),
        category=root.get("namespace"),
        decisions=decisions,
    )


def _decisions(root: Element, reading: Reading) -> Mapping[str, Decision]:
    elements = root.all("dmn:decision")
    if not elements:
        reading.fault(root, "文件中没有决策。", "The file has no decision.")
    if len(elements) > MOST_DECISIONS:
        raise refused(f"文件超过 {MOST_DECISIONS} 个决策。", f"The file has more than {MOST_DECISIONS} decisions.")
    reading.index(root)
    read = [_decision(element, reading) for element in elements]
    return {decision.key: decision for decision in read if decision is not None}


def _decision(element: Element, reading: Reading) -> Decision | None:
    logic = [child for child in element.children if child.name in LOGIC]
    for child in element.children:
        if child.name not in LOGIC and child.name not in WITHOUT_EFFECT:
            reading.fault(
                child,
                "{it}不能执行；决策只能是决策表或文字表达式（literal expression）。",
                "{it} does not run; a decision is a decision table or a literal expression.",
            )
    if not logic:
        reading.fault(element, "{it}没有决策表，也没有表达式。", "{it} has neither a decision table nor an expression.")
        return None
    return Decision(
        key=element.id or "",
        name=element.get("name"),
        logic=LOGIC[logic[0].name](logic[0], element, reading),
        requires=tuple(_required(element, reading)),
        version_tag=element.get("camunda:versionTag"),
        history_days=reading.days(element, "camunda:historyTimeToLive"),
    )


def _required(element: Element, reading: Reading) -> list[str]:
    """The decisions it requires; input data is what the case brings, whatever it is called."""
    required = []
    for requirement in element.all("dmn:informationRequirement"):
        for reference in requirement.all("dmn:requiredDecision"):
            href = reference.get("href") or text_of(reference)
            if not href.startswith("#"):
                reading.fault(
                    reference,
                    f"{{it}}引用了其他文件中的决策“{href[:80]}”，所需的决策须在同一文件中。",
                    f"{{it}} requires the decision “{href[:80]}” of another file; it must be in the same file.",
                )
                continue
            required.append(href[1:])
    return required
